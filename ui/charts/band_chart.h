// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "ui/charts/axes_chart.h"

namespace ui {

/// A measured curve with its error, and a value beyond it that was not measured.
struct BandCurve {
  QString name;
  CurveLook look;
  std::vector<QPointF> points;
  std::vector<double> errors = {};                  ///< half height of the band; empty, or as many as points
  std::optional<QPointF> extrapolated = {};         ///< hollow, joined by a dotted line: never drawn as if it were measured
  double extrapolationError = 0;
  bool operator==(const BandCurve&) const = default;
};

/// How the axes of a BandChart stand.
struct BandAxes {
  QString xTitle, yTitle;
  bool logX = false, logY = false, fromZero = false;  ///< fromZero: a linear x axis starts at 0
  bool operator==(const BandAxes&) const = default;
};

/// Curves with a pale band of one standard error, marks at the measured points, hollow marks at extrapolated ones. A log axis drops and counts values <= 0.
class BandChart : public AxesChart {
  Q_OBJECT
 public:
  using AxesChart::AxesChart;
  void show(std::vector<BandCurve> curves, const BandAxes& axes);
  std::int64_t dropped() const { return dropped_; }

 protected:
  void redraw() override;

 private:
  void addBand(const BandCurve& curve, double lowest);
  void addExtrapolation(const BandCurve& curve, double lowest);
  std::vector<BandCurve> curves_;
  BandAxes axes_;
  std::int64_t dropped_ = 0;
};

}  // namespace ui
