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
  bool live = false;    ///< a dotted vertical line marks where it is
  bool second = false;  ///< a second curve of its run (averages, validation): no name, no markers, never smoothed
  std::vector<double> residuals = {};  ///< a bar at every point; hollow above a tenth of the value. Empty, or as many as points
  std::vector<double> band = {};       ///< half height of a pale band along the curve, never smoothed. Empty, or as many as points
};

/// Something that happened to a run: a thin vertical line with a tool tip.
struct EventMark {
  double x = 0;
  QColor colour;
  QString text;
  bool operator==(const EventMark&) const = default;
};

/// A dashed line in the colour of text, with its name at its right end. It does not decide on the range; what is above it is cut.
struct LimitLine {
  QString name;
  std::vector<QPointF> points;
};

/// What a chart of curves shows.
struct CurvesPicture {
  std::vector<RunCurve> curves;
  double smoothing = 0;
  bool logY = false;
  QString xTitle, yTitle;
  std::vector<EventMark> events = {};
  std::vector<LimitLine> limits = {};
};

/// An exponential mean along the curve, started at its first value, with its start corrected: weight 0 leaves it as it is, 0.98 is very smooth.
std::vector<QPointF> smoothed(const std::vector<QPointF>& points, double weight);

/// At most `buckets` pairs of points, the lowest and highest of each stretch of x, so that no spike is lost.
std::vector<QPointF> decimated(const std::vector<QPointF>& points, int buckets);

/// Curves of several runs: raw values pale under the smoothed ones, a marker every so often, the names in the corner that
/// is free. A log axis drops and counts values <= 0.
class CurvesChart : public AxesChart {
  Q_OBJECT
 public:
  using AxesChart::AxesChart;
  void show(CurvesPicture picture);
  std::int64_t dropped() const { return dropped_; }
  const std::vector<RunCurve>& curves() const { return picture_.curves; }
  const std::vector<EventMark>& events() const { return picture_.events; }
  const std::vector<LimitLine>& limits() const { return picture_.limits; }

 protected:
  void redraw() override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Range {
    double left, right, low, high;
  };
  Range range() const;
  void addBand(const RunCurve& curve, double lowest);
  void addCurve(const RunCurve& curve);
  void addMeasured(const RunCurve& curve, double lowest);
  void addName(const RunCurve& curve);
  void addEvent(const EventMark& event, const Range& range);
  void addLimit(const LimitLine& limit, const Range& range);
  QGraphicsSimpleTextItem* text(const QString& words, const QColor& colour);
  std::vector<QPointF> drawnPoints() const;
  void placeNames();

  CurvesPicture picture_;
  std::vector<std::pair<QGraphicsSimpleTextItem*, QPointF>> names_, limitNames_;
  QGraphicsRectItem* plate_ = nullptr;  ///< behind the names
  std::int64_t dropped_ = 0;
};

}  // namespace ui
