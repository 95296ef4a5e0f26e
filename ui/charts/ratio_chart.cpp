// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ratio_chart.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "analysis/figure/figure.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

constexpr double kThickest = 14, kThinnest = 6, kGroupGap = 8, kTop = 18, kAxis = 34, kFigure = 52, kCap = 3;
constexpr double kLongestLabel = 0.46;  ///< of the width

QFont smallFont(const QWidget* widget, bool bold = false) {
  QFont font = widget->font();
  font.setPixelSize(11);
  font.setBold(bold);
  return font;
}

}  // namespace

bool RatioBar::operator==(const RatioBar& o) const {
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  return name == o.name && look == o.look && same(ratio, o.ratio) && same(error, o.error) && toolTip == o.toolTip;
}

RatioChart::RatioChart(QWidget* parent) : QWidget(parent) {
  setAccessibleName(QStringLiteral("Measures relative to the baseline"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::MinimumExpanding);
}

void RatioChart::show(std::vector<RatioGroup> groups, const QString& baseline, const CurveLook& look, int digits) {
  groups_ = std::move(groups);
  baseline_ = baseline;
  look_ = look;
  digits_ = digits;
  QStringList words;
  for (const RatioGroup& group : groups_)
    for (const RatioBar& bar : group.bars)
      if (std::isfinite(bar.ratio)) words << QStringLiteral("%1 %2 %3").arg(group.name, bar.name, QString::fromStdString(numberText(bar.ratio, 3)));
  setAccessibleDescription(words.join(QStringLiteral("; ")));
  updateGeometry();
  update();
}

void RatioChart::setColours(const ChartColours& colours) {
  colours_ = colours;
  update();
}

QSize RatioChart::minimumSizeHint() const {
  double height = kTop + kAxis;
  for (const RatioGroup& group : groups_) height += kGroupGap + kThinnest * static_cast<double>(group.bars.size());
  return {200, std::max(110, static_cast<int>(height))};
}

double RatioChart::axisEnd() const {
  double most = 1.08;
  for (const RatioGroup& group : groups_)
    for (const RatioBar& bar : group.bars)
      if (std::isfinite(bar.ratio)) most = std::max(most, bar.ratio + (std::isfinite(bar.error) ? bar.error : 0));
  return most;
}

double RatioChart::labelWidth() const {
  const QFontMetricsF metrics(smallFont(this));
  double widest = 0;
  for (const RatioGroup& group : groups_) widest = std::max(widest, metrics.horizontalAdvance(group.name));
  return std::min(widest, kLongestLabel * width());
}

QRectF RatioChart::plot() const {
  const double left = 16 + labelWidth();
  return {left, kTop, std::max(1.0, width() - left - kFigure), std::max(1.0, height() - kTop - kAxis)};
}

double RatioChart::barHeight() const {
  double bars = 0;
  for (const RatioGroup& group : groups_) bars += static_cast<double>(group.bars.size());
  const double room = plot().height() - kGroupGap * static_cast<double>(groups_.size());
  return bars > 0 ? std::clamp(room / bars, kThinnest, kThickest) : kThickest;
}

double RatioChart::place(double ratio) const { return plot().left() + plot().width() * ratio / axisEnd(); }

QRectF RatioChart::barRect(std::size_t group, std::size_t bar) const {
  const double high = barHeight();
  double bars = 0;
  for (const RatioGroup& each : groups_) bars += static_cast<double>(each.bars.size());
  // What is left over goes between the groups.
  const double gap = groups_.empty() ? 0 : std::max(kGroupGap, (plot().height() - high * bars) / static_cast<double>(groups_.size()));
  double y = plot().top() + gap / 2;
  for (std::size_t g = 0; g < group; ++g) y += high * static_cast<double>(groups_[g].bars.size()) + gap;
  const double ratio = groups_[group].bars[bar].ratio;
  if (!std::isfinite(ratio)) return {};
  return {plot().left(), y + high * static_cast<double>(bar), place(std::max(0.0, ratio)) - plot().left(), high - 1};
}

void RatioChart::drawAxis(QPainter& painter) const {
  const QRectF area = plot();
  const auto ticks = analysis::niceTicks(0, axisEnd(), std::max(2, static_cast<int>(area.width() / 45)), analysis::Scale::linear);
  painter.setFont(smallFont(this));
  for (const double tick : ticks) {
    if (tick < 0 || tick > axisEnd()) continue;
    painter.setPen(QPen(colours_.grid, 1));
    if (tick > 0) painter.drawLine(QPointF(place(tick), area.top()), QPointF(place(tick), area.bottom()));
    painter.setPen(colours_.secondText);
    painter.drawText(QRectF(place(tick) - 40, area.bottom() + 3, 80, 14), Qt::AlignCenter, QString::fromStdString(numberText(tick, 3)));
  }
  painter.setPen(QPen(colours_.axis, 1));
  painter.drawLine(area.bottomLeft(), area.bottomRight());
  painter.drawLine(area.topLeft(), area.bottomLeft());
  painter.setPen(colours_.text);
  painter.drawText(QRectF(area.center().x() - 80, area.bottom() + 17, 160, 15), Qt::AlignCenter, QStringLiteral("ratio to the baseline"));
  painter.setPen(QPen(look_.colour, 1.6));
  painter.drawLine(QPointF(place(1), area.top() - 2), QPointF(place(1), area.bottom()));
  painter.setFont(smallFont(this, true));
  const QString words = painter.fontMetrics().elidedText(baseline_, Qt::ElideRight, static_cast<int>(0.6 * area.width())) + QStringLiteral(" = 1");
  const double wide = painter.fontMetrics().horizontalAdvance(words);
  painter.drawText(QRectF(std::clamp(place(1) - wide / 2, 2.0, width() - wide - 2), 2, wide + 2, 14), Qt::AlignLeft | Qt::AlignVCenter, words);
}

void RatioChart::drawBar(QPainter& painter, std::size_t g, std::size_t b) const {
  const RatioBar& bar = groups_[g].bars[b];
  const QRectF rect = barRect(g, b);
  if (!std::isfinite(bar.ratio)) return;
  painter.setPen(Qt::NoPen);
  painter.setBrush(bar.look.colour);
  if (rect.width() > 0) painter.drawRoundedRect(rect, std::min(2.0, rect.width() / 2), std::min(2.0, rect.width() / 2));
  double end = rect.right();
  if (std::isfinite(bar.error) && bar.error > 0) {
    const double low = place(std::max(0.0, bar.ratio - bar.error)), high = place(bar.ratio + bar.error), y = rect.center().y();
    painter.setPen(QPen(colours_.text, 1));
    painter.drawLine(QPointF(low, y), QPointF(high, y));
    for (const double x : {low, high}) painter.drawLine(QPointF(x, y - kCap), QPointF(x, y + kCap));
    end = std::max(end, high);
  }
  if (rect.height() < 9) return;  // no room for a figure: it is in the tool tip
  painter.setFont(smallFont(this));
  painter.setPen(colours_.secondText);
  painter.drawText(QRectF(end + 5, rect.top() - 3, kFigure + 20, rect.height() + 6), Qt::AlignLeft | Qt::AlignVCenter, QString::fromStdString(numberText(bar.ratio, digits_)));
}

void RatioChart::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), colours_.background);
  if (groups_.empty()) return;
  drawAxis(painter);
  const QFontMetricsF metrics(smallFont(this));
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    QRectF whole;
    for (std::size_t b = 0; b < groups_[g].bars.size(); ++b) {
      drawBar(painter, g, b);
      whole = whole.united(barRect(g, b).adjusted(0, 0, 1, 0));
    }
    if (whole.isEmpty()) continue;
    painter.setFont(smallFont(this));
    painter.setPen(colours_.text);
    const QString name = metrics.elidedText(groups_[g].name, Qt::ElideRight, labelWidth());
    painter.drawText(QRectF(8, whole.center().y() - 8, labelWidth(), 16), Qt::AlignRight | Qt::AlignVCenter, name);
  }
}

bool RatioChart::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (std::size_t b = 0; b < groups_[g].bars.size(); ++b) {
      const QRectF bar = barRect(g, b);
      if (bar.isNull() || help->pos().y() < bar.top() || help->pos().y() > bar.bottom()) continue;
      const RatioBar& what = groups_[g].bars[b];
      QToolTip::showText(help->globalPos(), what.toolTip.isEmpty() ? QStringLiteral("%1, %2: \u00D7 %3").arg(what.name, groups_[g].name, QString::fromStdString(numberText(what.ratio, 6))) : what.toolTip, this);
      return true;
    }
  QToolTip::hideText();
  return true;
}

}  // namespace ui
