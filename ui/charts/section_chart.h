// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "ui/charts/axes_chart.h"

namespace ui {

/// A run's curve in the section.
struct SectionCurve {
  QString name;
  CurveLook look;
  std::vector<QPointF> points;
  double at = 0;  ///< where the probe is on this curve: with units of its own, another place than on the others
  bool operator==(const SectionCurve&) const = default;
};

/// Loss along a line for every run, with a vertical line at the probe and a hollow mark where it meets each curve.
class SectionChart : public AxesChart {
  Q_OBJECT
 public:
  using AxesChart::AxesChart;
  /// The vertical line is at `at`; `valueTitle` names the ordinate.
  void show(std::vector<SectionCurve> curves, double at, const QString& axisTitle, const QString& valueTitle, bool logY);
  std::int64_t dropped() const { return dropped_; }  ///< values <= 0 that a log axis cannot show

 protected:
  void redraw() override;

 private:
  void addCurve(const SectionCurve& curve);
  std::vector<SectionCurve> curves_;
  double at_ = 0;
  QString title_, valueTitle_ = QStringLiteral("loss");
  bool logY_ = false;
  std::int64_t dropped_ = 0;
};

}  // namespace ui
