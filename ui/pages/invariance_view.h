// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/pages/invariance_model.h"

class QComboBox;
class QLabel;
class QTableView;

namespace ui {

/// The invariance lab of one run: which measure is invariant under which transformation, and one transformation's measures before and after. It computes nothing.
class InvarianceView : public QWidget {
  Q_OBJECT
 public:
  explicit InvarianceView(QWidget* parent = nullptr);
  void show(const QString& run, std::shared_ptr<const analysis::InvarianceResult> result);
  void setColours(const QColor& ok, const QColor& second, const QColor& error);

  InvarianceMatrix* matrix() const { return matrix_; }
  InvarianceModel* measures() const { return measures_; }
  QString verified() const;  ///< what was checked of the outputs

 private:
  QWidget* makeMatrix();
  QWidget* makeMeasures();
  void refreshOutcome();

  std::shared_ptr<const analysis::InvarianceResult> result_;
  InvarianceMatrix* matrix_;
  InvarianceModel* measures_;
  QTableView* matrixTable_;
  QComboBox* outcome_;
  QLabel *about_, *verified_, *where_;
};

}  // namespace ui
