// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "ui/charts/axes_chart.h"

namespace ui {

/// A run in a scatter plot.
struct ScatterPoint {
  std::string folder;
  QString name;
  CurveLook look;
  double x = 0, y = 0;
  bool selected = false;
  bool operator==(const ScatterPoint&) const = default;
};

/// A measure against another, a marker a run in its look. The x axis is logarithmic where all values are positive and spread over more than a factor of 30. The
/// name of a run appears where the pointer is; a click says which it was.
class ScatterChart : public AxesChart {
  Q_OBJECT
 public:
  using AxesChart::AxesChart;
  void show(std::vector<ScatterPoint> points, const QString& xTitle, const QString& yTitle);
  const std::vector<ScatterPoint>& points() const { return points_; }
  bool logarithmic() const;
  int left() const { return left_; }  ///< points with a value that is not finite: not drawn

 signals:
  void clicked(const std::string& folder);

 protected:
  void redraw() override;

 private:
  void addPoint(const ScatterPoint& point);
  std::vector<ScatterPoint> points_;
  QString xTitle_, yTitle_;
  int left_ = 0;
};

}  // namespace ui
