// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <vector>

#include "ui/charts/eigenvalue_chart.h"

class QButtonGroup;
class QLabel;

namespace ui {

/// The card with the eigenvalues at both ends of all runs, residuals as bars.
class EigenvalueCard : public QFrame {
  Q_OBJECT
 public:
  explicit EigenvalueCard(QWidget* parent = nullptr);
  void show(std::vector<EigenvalueMarks> top, std::vector<EigenvalueMarks> bottom);
  void setColours(const ChartColours& colours);
  EigenvalueChart* top() const { return top_; }
  EigenvalueChart* bottom() const { return bottom_; }

 private:
  void refresh();
  std::vector<EigenvalueMarks> topMarks_, bottomMarks_;
  EigenvalueChart *top_, *bottom_;
  QButtonGroup* scale_;
  QLabel *legend_, *note_;
};

}  // namespace ui
