// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <memory>

#include "analysis/comparison/comparison.h"
#include "ui/charts/ratio_chart.h"
#include "ui/pages/compare_entries.h"

class QHBoxLayout;
class QLabel;

namespace ui {

class ElidedLabel;

/// Curvature and sharpness of each setting over the baseline's, with the error of the ratio where both sides have one of the same kind: r sqrt((ea/a)^2 + (eb/b)^2).
/// Left out: rows whose baseline is not positive, and settings without a value.
std::vector<RatioGroup> ratioGroups(const analysis::Comparison& comparison, const std::vector<CompareEntry>& entries);

/// The card with the bars relative to the baseline.
class RatioCard : public QFrame {
  Q_OBJECT
 public:
  explicit RatioCard(QWidget* parent = nullptr);
  void show(std::shared_ptr<const analysis::Comparison> comparison, const std::vector<CompareEntry>& entries);
  void setColours(const ChartColours& colours) { chart_->setColours(colours); }
  RatioChart* chart() const { return chart_; }
  QString footer() const;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showLegend(const std::vector<CompareEntry>& entries);
  void fitLegend();
  RatioChart* chart_;
  ElidedLabel *subtitle_, *note_;
  QHBoxLayout* header_;
  std::vector<QLabel*> legend_, legendNames_;
};

}  // namespace ui
