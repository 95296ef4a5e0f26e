// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "ui/pages/curvature_model.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QTableView;

namespace ui {

/// A table as the cards hold it: no frame, no grid, rows 24 high, whole rows selected.
QTableView* makeCardTable(QAbstractItemModel* model);

/// The card with the eigenpairs of one run, each with residual and verdict. Its header takes the run chooser of the page.
class EigenpairCard : public QFrame {
  Q_OBJECT
 public:
  /// `chooser` is put at the right of the header.
  explicit EigenpairCard(QWidget* chooser, QWidget* parent = nullptr);
  void setSpectrum(const std::shared_ptr<const analysis::SpectrumResult>& result);
  EigenpairModel* model() const { return model_; }

 private:
  EigenpairModel* model_;
  QLabel* summary_;
};

}  // namespace ui
