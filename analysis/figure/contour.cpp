// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/contour.h"

#include <cmath>
#include <limits>

namespace analysis {
namespace {

/// The four corners of a cell, anticlockwise from the lower left.
struct Cell {
  std::array<PlanePoint, 4> at;
  std::array<double, 4> value;
};

PlanePoint crossing(const Cell& c, std::size_t edge, double level) {
  const std::size_t next = (edge + 1) % 4;
  const double t = (level - c.value[edge]) / (c.value[next] - c.value[edge]);
  return {c.at[edge].x + t * (c.at[next].x - c.at[edge].x), c.at[edge].y + t * (c.at[next].y - c.at[edge].y)};
}

void addCell(const Cell& c, double level, std::vector<Segment>& out) {
  std::vector<std::size_t> crossed;  // edges, in order
  for (std::size_t e = 0; e < 4; ++e)
    if ((c.value[e] >= level) != (c.value[(e + 1) % 4] >= level)) crossed.push_back(e);
  if (crossed.size() == 2) out.push_back({crossing(c, crossed[0], level), crossing(c, crossed[1], level)});
  if (crossed.size() < 4) return;
  const double middle = (c.value[0] + c.value[1] + c.value[2] + c.value[3]) / 4;
  // Edge 0 joins corners 0 and 1. Where the middle is on corner 0's side, corners 1 and 3 are cut off: edges 0-1 and 2-3; else corners 0 and 2.
  const bool withFirst = (middle >= level) == (c.value[0] >= level);
  const std::size_t shift = withFirst ? 0 : 3;
  for (const std::size_t e : {shift, (shift + 2) % 4}) out.push_back({crossing(c, e, level), crossing(c, (e + 1) % 4, level)});
}

}  // namespace

std::vector<Segment> contourSegments(const Field& field, double level) {
  std::vector<Segment> out;
  const std::size_t columns = field.x.size(), rows = field.y.size();
  for (std::size_t r = 0; r + 1 < rows; ++r)
    for (std::size_t i = 0; i + 1 < columns; ++i) {
      const auto v = [&](std::size_t row, std::size_t column) { return field.values[row * columns + column]; };
      const Cell c{{{{field.x[i], field.y[r]}, {field.x[i + 1], field.y[r]}, {field.x[i + 1], field.y[r + 1]}, {field.x[i], field.y[r + 1]}}},
                   {v(r, i), v(r, i + 1), v(r + 1, i + 1), v(r + 1, i)}};
      bool finite = true;
      for (const double value : c.value) finite = finite && std::isfinite(value);
      if (finite) addCell(c, level, out);
    }
  return out;
}

double colourFraction(const Field& field, double value) {
  if (field.scale == Scale::linear) return (value - field.from) / (field.to - field.from);
  if (!(value > 0) || !(field.from > 0)) return std::numeric_limits<double>::quiet_NaN();
  return std::log(value / field.from) / std::log(field.to / field.from);
}

}  // namespace analysis
