// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "ui/charts/axes_chart.h"

namespace ui {

/// A run's curve over steps (or epochs, seconds, gradients); x ascends.
struct RunCurve {
  QString name;
  CurveLook look;
  std::vector<QPointF> points;
  bool live = false;  ///< a dotted vertical line marks where it is
};

/// An exponential mean along the curve, started at its first value, with its start corrected: weight 0 leaves it as it is, 0.98 is very smooth.
std::vector<QPointF> smoothed(const std::vector<QPointF>& points, double weight);

/// At most `buckets` pairs of points, the lowest and highest of each stretch of x, so that no spike is lost.
std::vector<QPointF> decimated(const std::vector<QPointF>& points, int buckets);

/// Curves of several runs: raw values pale under the smoothed ones, a marker every so often, the names in the corner that is free. A log axis drops and counts values <= 0.
class CurvesChart : public AxesChart {
  Q_OBJECT
 public:
  using AxesChart::AxesChart;
  void show(std::vector<RunCurve> curves, double smoothing, bool logY, const QString& xTitle, const QString& yTitle);
  std::int64_t dropped() const { return dropped_; }
  const std::vector<RunCurve>& curves() const { return curves_; }

 protected:
  void redraw() override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void addCurve(const RunCurve& curve);
  void placeNames();

  std::vector<RunCurve> curves_;
  std::vector<std::pair<QGraphicsSimpleTextItem*, QPointF>> names_;
  double smoothing_ = 0;
  bool logY_ = false;
  QString xTitle_, yTitle_;
  std::int64_t dropped_ = 0;
};

}  // namespace ui
