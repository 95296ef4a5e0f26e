// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChartView>
#include <QString>
#include <utility>
#include <vector>

#include "ui/charts/curve_look.h"

class QHorizontalBarSeries;

namespace ui {

/// A run's figure of every layer, in network order; NaN where there is none.
struct LayerBars {
  QString name;
  CurveLook look;
  std::vector<std::pair<QString, double>> layers;
  bool operator==(const LayerBars&) const = default;
};

/// Bars of several runs side by side within every layer, from 0 on a linear axis (bars on a log axis lie), first layer at the top, values beside them.
class LayerChart : public QChartView {
  Q_OBJECT
 public:
  explicit LayerChart(QWidget* parent = nullptr);
  void setColours(const ChartColours& colours);
  void show(std::vector<LayerBars> runs, const QString& title);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void redraw();
  void fitBars();  ///< never thicker than they should be, however few
  std::vector<LayerBars> runs_;
  QString title_;
  ChartColours colours_;
  QHorizontalBarSeries* bars_ = nullptr;
  qsizetype layerCount_ = 0;
};

}  // namespace ui
