// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/layer_chart.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QChart>
#include <QGraphicsLayout>
#include <QHorizontalBarSeries>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "analysis/figure/figure.h"

namespace ui {
namespace {

constexpr double kThickest = 16;
constexpr int kBarHeight = 13, kLayerGap = 10, kAxisHeight = 48;

/// Every layer that some run has, in the order of the first run that has it.
QStringList layerNames(const std::vector<LayerBars>& runs) {
  QStringList names;
  for (const LayerBars& run : runs) {
    for (const auto& [name, value] : run.layers)
      if (!names.contains(name)) names << name;
  }
  return names;
}

}  // namespace

LayerChart::LayerChart(QWidget* parent) : QChartView(new QChart, parent) {
  chart()->legend()->hide();
  chart()->setAnimationOptions(QChart::NoAnimation);
  chart()->setMargins({2, 2, 8, 2});
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  chart()->setBackgroundRoundness(0);
  setFrameShape(QFrame::NoFrame);
  setRenderHint(QPainter::Antialiasing);
}

void LayerChart::setColours(const ChartColours& colours) {
  colours_ = colours;
  chart()->setBackgroundBrush(colours.background);
  chart()->setBackgroundPen(Qt::NoPen);
  setBackgroundBrush(colours.background);
  redraw();
}

void LayerChart::show(std::vector<LayerBars> runs, const QString& title) {
  if (runs == runs_ && title == title_) return;
  runs_ = std::move(runs);
  title_ = title;
  redraw();
}

void LayerChart::redraw() {
  chart()->removeAllSeries();
  for (QAbstractAxis* axis : chart()->axes()) {
    chart()->removeAxis(axis);
    delete axis;
  }
  QStringList names = layerNames(runs_);
  std::ranges::reverse(names);  // the axis counts from below
  auto* bars = new QHorizontalBarSeries;
  double low = 0, high = 0;
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    auto* set = new QBarSet(run->name);
    for (const QString& name : names) {
      const auto found = std::ranges::find(run->layers, name, &std::pair<QString, double>::first);
      const double value = found == run->layers.end() || !std::isfinite(found->second) ? 0 : found->second;
      set->append(value);
      low = std::min(low, value), high = std::max(high, value);
    }
    set->setBrush(run->look.colour);
    set->setPen(Qt::NoPen);
    set->setLabelColor(colours_.text);
    QFont small = font();
    small.setPixelSize(10);
    set->setLabelFont(small);
    bars->append(set);
  }
  bars_ = bars;
  layerCount_ = names.size();
  bars->setLabelsVisible(true);
  bars->setLabelsPrecision(3);
  bars->setLabelsPosition(QAbstractBarSeries::LabelsOutsideEnd);
  chart()->addSeries(bars);

  QFont ticks = font();
  ticks.setPixelSize(11);
  auto* layers = new QBarCategoryAxis;
  layers->append(names);
  auto* values = new QValueAxis;
  const double span = std::max(high - low, 1e-12), from = low < 0 ? low - 0.18 * span : 0, to = high + 0.18 * span;  // room for the figures
  values->setRange(from, to);
  if (const auto places = analysis::niceTicks(from, to, 4, analysis::Scale::linear); places.size() >= 2) {
    values->setTickType(QValueAxis::TicksDynamic);
    values->setTickAnchor(0);
    values->setTickInterval(places[1] - places[0]);
    values->setLabelFormat(QStringLiteral("%g"));
  }
  for (QAbstractAxis* axis : {static_cast<QAbstractAxis*>(layers), static_cast<QAbstractAxis*>(values)}) {
    axis->setLabelsFont(ticks);
    axis->setLabelsColor(colours_.secondText);
    axis->setLinePen(QPen(colours_.axis, 1));
    axis->setGridLinePen(QPen(colours_.grid, 1));
    axis->setTitleFont(ticks);
    axis->setTitleBrush(colours_.text);
  }
  layers->setGridLineVisible(false);
  values->setTitleText(title_);
  chart()->addAxis(layers, Qt::AlignLeft);
  chart()->addAxis(values, Qt::AlignBottom);
  bars->attachAxis(layers);
  bars->attachAxis(values);
  setMinimumHeight(kAxisHeight + static_cast<int>(names.size()) * (kLayerGap + kBarHeight * static_cast<int>(std::max<std::size_t>(1, runs_.size()))));
  fitBars();
}

void LayerChart::fitBars() {
  if (bars_ == nullptr || layerCount_ == 0 || runs_.empty()) return;
  const double room = std::max(1.0, chart()->plotArea().height()) / static_cast<double>(layerCount_);  // of a layer, in pixels
  bars_->setBarWidth(std::min(0.8, kThickest * static_cast<double>(runs_.size()) / room));
}

void LayerChart::resizeEvent(QResizeEvent* event) {
  QChartView::resizeEvent(event);
  fitBars();
}

}  // namespace ui
