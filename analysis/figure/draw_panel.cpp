// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/draw_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/figure/contour.h"
#include "analysis/figure/draw_field.h"
#include "analysis/figure/draw_relief.h"

namespace analysis {
namespace {

constexpr double kMarkerSpacing = 36;  ///< points between markers on a line

/// An axis with its range settled, mapped to where it is drawn.
struct Mapping {
  Scale scale = Scale::linear;
  double from = 0, to = 1, start = 0, end = 1;

  bool shows(double v) const { return std::isfinite(v) && (scale == Scale::linear || v > 0); }
  double at(double v) const {
    const double t = scale == Scale::linear ? (v - from) / (to - from) : std::log(v / from) / std::log(to / from);
    return start + t * (end - start);
  }
};

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void add(double v) { low = std::min(low, v), high = std::max(high, v); }
};

Mapping fitted(const Axis& axis, const std::vector<const std::vector<double>*>& data, bool pad) {
  Mapping m{axis.scale, axis.from, axis.to};
  if (axis.from != axis.to) return m;
  Range r;
  for (const auto* values : data)
    for (const double v : *values)
      if (m.shows(v)) r.add(v);
  if (!(r.high >= r.low)) r = {axis.scale == Scale::log ? 0.1 : 0.0, 1.0};
  if (axis.scale == Scale::log) {
    const double factor = r.high > r.low ? std::pow(r.high / r.low, 0.04) : 2;
    return {axis.scale, r.low / (pad ? factor : 1), r.high * (pad ? factor : 1)};
  }
  const double extra = r.high > r.low ? 0.04 * (r.high - r.low) : std::max(1e-12, 0.5 * std::abs(r.high));
  const bool widen = pad || !(r.high > r.low);
  return {axis.scale, r.low - (widen ? extra : 0), r.high + (widen ? extra : 0)};
}

std::vector<double> ticksOf(const Axis& axis, const Mapping& m) {
  std::vector<double> ticks = niceTicks(m.from, m.to, 6, m.scale);
  if (axis.integers) std::erase_if(ticks, [](double v) { return v != std::round(v); });
  return ticks;
}

/// How far left of the plot the y axis' numbers reach.
double tickWidth(const Canvas& c, const Axis& axis, const Mapping& y) {
  double width = 0;
  c.font(Font::plain, 7.5);
  for (const double v : ticksOf(axis, y)) width = std::max(width, c.textWidth(tickText(v)));
  return width + 5;
}

void drawAxes(const Canvas& c, const Panel& panel, const Box& plot, const Mapping& x, const Mapping& y) {
  cairo_set_line_width(c.context(), 0.6);
  c.font(Font::plain, 7.5);
  for (const double v : ticksOf(panel.x, x)) {
    const double at = x.at(v);
    if (panel.fields.empty()) c.colour(kGridInk), c.line(at, plot.y, at, plot.bottom());
    c.colour(kAxisInk), c.line(at, plot.bottom(), at, plot.bottom() + 3);
    c.colour(kSecondInk), c.text(at, plot.bottom() + 11.5, tickText(v), Align::centre);
  }
  for (const double v : ticksOf(panel.y, y)) {
    const double at = y.at(v);
    if (panel.fields.empty()) c.colour(kGridInk), c.line(plot.x, at, plot.right(), at);
    c.colour(kAxisInk), c.line(plot.x - 3, at, plot.x, at);
    c.colour(kSecondInk), c.text(plot.x - 5, at + 2.7, tickText(v), Align::right);
  }
  c.colour(kAxisInk);
  c.line(plot.x, plot.y, plot.x, plot.bottom());
  c.line(plot.x, plot.bottom(), plot.right(), plot.bottom());
  const double numbers = tickWidth(c, panel.y, y);
  c.font(Font::plain, 8.5);
  c.colour(kInk);
  c.text(plot.x + plot.width / 2, plot.bottom() + 23, panel.x.label, Align::centre);
  c.textUpwards(plot.x - numbers - 7, plot.y + plot.height / 2, panel.y.label);
}

/// Draws a series; returns how many of its values the axes cannot show.
std::int64_t drawSeries(const Canvas& c, const Series& s, const Mapping& x, const Mapping& y) {
  std::int64_t dropped = 0;
  bool open = false;
  cairo_new_path(c.context());
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    const bool shown = x.shows(s.x[i]) && y.shows(s.y[i]);
    if (!shown) ++dropped;
    if (shown && open) cairo_line_to(c.context(), x.at(s.x[i]), y.at(s.y[i]));
    if (shown && !open) cairo_move_to(c.context(), x.at(s.x[i]), y.at(s.y[i]));
    open = shown;
  }
  if (s.style.line == LineStyle::none) cairo_new_path(c.context());
  else c.stroke(s.style);
  double last = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    if (!x.shows(s.x[i]) || !y.shows(s.y[i])) continue;
    const double px = x.at(s.x[i]), py = y.at(s.y[i]);
    if (s.style.line != LineStyle::none && px - last < kMarkerSpacing) continue;
    last = px;
    if (i < s.error.size() && s.error[i] > 0 && y.shows(s.y[i] + s.error[i])) {
      const double low = y.shows(s.y[i] - s.error[i]) ? y.at(s.y[i] - s.error[i]) : y.start, high = y.at(s.y[i] + s.error[i]);
      cairo_set_line_width(c.context(), 0.8);
      c.colour(s.style.colour);
      c.line(px, low, px, high), c.line(px - 2.5, low, px + 2.5, low), c.line(px - 2.5, high, px + 2.5, high);
    }
    c.marker(px, py, s.style);
  }
  return dropped;
}

/// Rows of swatch and name under the title; returns their height.
double drawLegend(const Canvas& c, const Panel& panel, double left, double top, double right) {
  c.font(Font::plain, 8);
  double x = left, y = top + 8;
  for (const Series& s : panel.series) {
    if (s.label.empty()) continue;
    const double width = 26 + c.textWidth(s.label) + 12;
    if (x > left && x + width > right) x = left, y += 11;
    cairo_move_to(c.context(), x, y - 3);
    cairo_line_to(c.context(), x + 22, y - 3);
    if (s.style.line == LineStyle::none) cairo_new_path(c.context());
    else c.stroke(s.style);
    c.marker(x + 11, y - 3, s.style);
    c.colour(kInk);
    c.text(x + 26, y, s.label);
    x += width;
  }
  return y - top + 5;
}

}  // namespace

void drawPanel(const Canvas& c, const Panel& panel, const Box& box) {
  if (panel.relief && !panel.fields.empty()) return drawRelief(c, panel, box);
  double top = box.y + 4;
  c.font(Font::bold, 9);
  c.colour(kInk);
  for (const std::string& line : c.wrap(panel.title, box.width - 16)) c.text(box.x + 8, top + 9, line), top += 12;
  top += 3;
  if (panel.legend) top += drawLegend(c, panel, box.x + 8, top, box.right() - 8);
  c.font(Font::plain, 7.5);
  std::vector<std::string> note = c.wrap(panel.note, box.width - 16);
  const double noteHeight = 10.0 * static_cast<double>(std::max<std::size_t>(note.size(), 1));

  std::vector<const std::vector<double>*> xs, ys;
  for (const Series& s : panel.series) xs.push_back(&s.x), ys.push_back(&s.y);
  for (const Field& f : panel.fields) xs.push_back(&f.x), ys.push_back(&f.y);
  Mapping x = fitted(panel.x, xs, false), y = fitted(panel.y, ys, panel.fields.empty());
  const double left = tickWidth(c, panel.y, y) + 19;
  const Box plot{box.x + left, top + 3, box.width - left - 12, box.bottom() - top - 33 - noteHeight};
  x.start = plot.x, x.end = plot.right(), y.start = plot.bottom(), y.end = plot.y;

  drawAxes(c, panel, plot, x, y);
  std::int64_t dropped = 0;
  cairo_save(c.context());
  cairo_rectangle(c.context(), plot.x, plot.y - 3, plot.width + 3, plot.height + 6);
  cairo_clip(c.context());
  for (const Field& f : panel.fields) drawField(c, f, {x.at(f.x.front()), y.at(f.y.back()), x.at(f.x.back()) - x.at(f.x.front()), y.at(f.y.front()) - y.at(f.y.back())});
  for (const Series& s : panel.series) dropped += drawSeries(c, s, x, y);
  cairo_restore(c.context());

  c.font(Font::plain, 7.5);
  c.colour(kSecondInk);
  if (dropped > 0) note = c.wrap((panel.note.empty() ? "" : panel.note + "; ") + fmt::format("{} values cannot be drawn on these axes", dropped), box.width - 16);
  double baseline = plot.bottom() + 33;
  for (const std::string& line : note) c.text(box.x + 8, baseline, line), baseline += 10;
}

void drawColourBar(const Canvas& c, const Field& field, const std::string& label, const Box& box) {
  constexpr int kSteps = 128;
  const double step = box.height / kSteps;
  cairo_set_antialias(c.context(), CAIRO_ANTIALIAS_NONE);
  for (int i = 0; i < kSteps; ++i) c.fill({box.x, box.bottom() - (i + 1) * step, 12, step + 0.3}, viridis((i + 0.5) / kSteps));
  cairo_set_antialias(c.context(), CAIRO_ANTIALIAS_DEFAULT);
  cairo_set_line_width(c.context(), 0.5);
  c.colour({0, 0, 0, 0.45});
  for (const double level : field.levels)
    if (const double y = box.bottom() - colourFraction(field, level) * box.height; y >= box.y && y <= box.bottom()) c.line(box.x, y, box.x + 12, y);
  c.font(Font::plain, 7.5);
  for (const double v : niceTicks(field.from, field.to, 6, field.scale)) {
    const double y = box.bottom() - colourFraction(field, v) * box.height;
    c.colour(kAxisInk), c.line(box.x + 12, y, box.x + 15, y);
    c.colour(kSecondInk), c.text(box.x + 17, y + 2.7, tickText(v));
  }
  c.font(Font::plain, 8.5);
  c.colour(kInk);
  c.textUpwards(box.x + 50, box.y + box.height / 2, label);
}

}  // namespace analysis
