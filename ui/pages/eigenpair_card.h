// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "ui/pages/card.h"
#include "ui/pages/curvature_model.h"

class QLabel;
class QTableView;

namespace ui {

/// A table as the cards hold it: no frame, no grid, rows 24 high, whole rows selected.
QTableView* makeCardTable(QAbstractItemModel* model);

/// The card with the eigenpairs of one run, each with residual and verdict.
class EigenpairCard : public QFrame {
  Q_OBJECT
 public:
  explicit EigenpairCard(QWidget* parent = nullptr);
  void setSpectrum(const QString& run, const std::shared_ptr<const analysis::SpectrumResult>& result);
  EigenpairModel* model() const { return model_; }

 private:
  EigenpairModel* model_;
  QLabel* run_;
  ElidedLabel* summary_;
};

}  // namespace ui
