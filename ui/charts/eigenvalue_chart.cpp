// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/eigenvalue_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {

void EigenvalueChart::show(std::vector<EigenvalueMarks> runs, bool logY, const QString& indexTitle) {
  runs_ = std::move(runs);
  logY_ = logY;
  title_ = indexTitle;
  dropped_ = 0;
  for (EigenvalueMarks& run : runs_) {
    if (logY_) dropped_ += static_cast<std::int64_t>(std::erase_if(run.marks, [](const auto& mark) { return mark.value <= 0; }));
  }
  redraw();
}

void EigenvalueChart::redraw() {
  double last = 1, low = std::numeric_limits<double>::infinity(), high = -low;
  for (const EigenvalueMarks& run : runs_) {
    for (const auto& mark : run.marks) {
      last = std::max(last, mark.index);
      const double below = mark.value - mark.residual;
      low = std::min(low, logY_ && below <= 0 ? mark.value / 2 : below);
      high = std::max(high, mark.value + mark.residual);
    }
  }
  if (low > high) {
    low = logY_ ? 0.1 : -1;
    high = logY_ ? 10 : 0;
  } else if (logY_) {
    low /= 1.3;
    high *= 1.3;
    if (high < 10 * low) {  // at least one labelled power of ten
      low = std::pow(10, std::floor(std::log10(low)));
      high = std::max(high, 10 * low);
    }
  } else {
    high = std::max(high, 0.0);
    low = std::min(low, 0.0);
    const double margin = 0.06 * std::max(high - low, 1e-12);
    low -= margin;
    high += margin;
  }
  reset({0.5, last + 0.5}, {low, high}, logY_, title_, logY_ ? QStringLiteral("\u03BB (log)") : QStringLiteral("\u03BB"));
  const double count = static_cast<double>(runs_.size());
  for (std::size_t i = 0; i < runs_.size(); ++i) addRun(runs_[i], 0.16 * (static_cast<double>(i) - (count - 1) / 2), low);
}

void EigenvalueChart::addRun(const EigenvalueMarks& run, double shift, double lowest) {
  for (const auto& mark : run.marks) {
    const double x = mark.index + shift, from = std::max(lowest, mark.value - mark.residual), to = mark.value + mark.residual, cap = 0.04;
    QLineSeries* bar = line(QPen(run.look.colour, 1));
    bar->replace({{x - cap, from}, {x + cap, from}, {x, from}, {x, to}, {x - cap, to}, {x + cap, to}});
    add(bar);
  }
  for (const bool converged : {true, false}) {
    QScatterSeries* points = scatter(run.look, !converged, 8);
    points->setName(run.name);
    for (const auto& mark : run.marks) {
      if (mark.converged == converged) points->append(mark.index + shift, mark.value);
    }
    if (points->count() > 0) {
      add(points);
    } else {
      delete points;
    }
  }
}

}  // namespace ui
