// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/draw_relief.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/figure/contour.h"
#include "analysis/figure/draw_panel.h"
#include "analysis/figure/relief_mesh.h"
#include "analysis/figure/relief_projection.h"

namespace analysis {
namespace {

constexpr std::size_t kMostPieces = 70;  ///< a side: cells of small grids are painted in pieces
constexpr double kAbove = 0.015;       ///< of what lies on the surface

double inBox(const std::vector<double>& axis, double v) { return 2 * (v - axis.front()) / (axis.back() - axis.front()) - 1; }

/// The field in the box, with its mesh.
class Relief {
 public:
  explicit Relief(const Field& f) : field_(f) {
    std::vector<double> fractions;
    std::vector<std::uint8_t> diverged;
    for (const double v : f.values) {
      const double t = colourFraction(f, v);
      fractions.push_back(f.scale == Scale::log && v <= 0 ? 0 : t);
      diverged.push_back(std::isinf(v) ? 1 : 0);
    }
    mesh_ = reliefMesh(f.x, f.y, fractions, diverged);
  }
  const Field& field() const { return field_; }
  std::size_t columns() const { return field_.x.size(); }
  std::size_t rows() const { return field_.y.size(); }
  std::size_t index(std::size_t row, std::size_t column) const { return row * columns() + column; }
  bool drawn(std::size_t row, std::size_t column) const {
    for (const std::size_t i : {index(row, column), index(row, column + 1), index(row + 1, column), index(row + 1, column + 1)})
      if (std::isnan(field_.values[i])) return false;
    return true;
  }
  /// Between the corners of a cell: u along x, v along y.
  Point3 point(std::size_t row, std::size_t column, double u, double v) const { return mixed(mesh_.points, row, column, u, v); }
  Point3 colour(std::size_t row, std::size_t column, double u, double v) const { return mixed(mesh_.colours, row, column, u, v); }

  /// The point on the surface over a place of the plane; false outside and over holes.
  bool over(double x, double y, Point3& out) const {
    const auto cell = [](const std::vector<double>& axis, double at) {
      const auto next = std::upper_bound(axis.begin(), axis.end(), at);
      return std::min<std::size_t>(axis.size() - 2, static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, next - axis.begin() - 1)));
    };
    if (!(x >= field_.x.front() && x <= field_.x.back() && y >= field_.y.front() && y <= field_.y.back())) return false;
    const std::size_t c = cell(field_.x, x), r = cell(field_.y, y);
    if (!drawn(r, c)) return false;
    out = point(r, c, (x - field_.x[c]) / (field_.x[c + 1] - field_.x[c]), (y - field_.y[r]) / (field_.y[r + 1] - field_.y[r]));
    out[2] += kAbove;
    return true;
  }

 private:
  Point3 mixed(const std::vector<float>& of, std::size_t row, std::size_t column, double u, double v) const {
    Point3 out{};
    for (std::size_t k = 0; k < 3; ++k)
      out[k] = (1 - v) * ((1 - u) * of[3 * index(row, column) + k] + u * of[3 * index(row, column + 1) + k]) +
               v * ((1 - u) * of[3 * index(row + 1, column) + k] + u * of[3 * index(row + 1, column + 1) + k]);
    return out;
  }
  const Field& field_;
  ReliefMesh mesh_;
};

void moveTo(const Canvas& c, const std::array<double, 2>& p) { cairo_move_to(c.context(), p[0], p[1]); }
void lineTo(const Canvas& c, const std::array<double, 2>& p) { cairo_line_to(c.context(), p[0], p[1]); }
void line(const Canvas& c, const ReliefProjection& at, const Point3& a, const Point3& b) {
  moveTo(c, at(a)), lineTo(c, at(b));
  cairo_stroke(c.context());
}

/// The contour lines of one cell, on the surface.
void drawCellContours(const Canvas& c, const ReliefProjection& at, const Relief& relief, std::size_t row, std::size_t column) {
  const Field& f = relief.field();
  Field cell{{f.x[column], f.x[column + 1]}, {f.y[row], f.y[row + 1]}, {}, f.from, f.to, f.scale, {}};
  for (const std::size_t r : {row, row + 1})
    for (const std::size_t k : {column, column + 1}) cell.values.push_back(f.values[relief.index(r, k)]);
  c.colour({0, 0, 0, 0.5});
  cairo_set_line_width(c.context(), 0.45);
  for (const double level : f.levels)
    for (const Segment& s : contourSegments(cell, level)) {
      Point3 a, b;
      if (relief.over(s[0].x, s[0].y, a) && relief.over(s[1].x, s[1].y, b)) a[2] -= kAbove, b[2] -= kAbove, line(c, at, a, b);
    }
}

void drawCell(const Canvas& c, const ReliefProjection& at, const Relief& relief, std::size_t row, std::size_t column, std::size_t pieces) {
  const double step = 1.0 / static_cast<double>(pieces);
  for (std::size_t a = 0; a < pieces; ++a)
    for (std::size_t b = 0; b < pieces; ++b) {
      // From the far side of the cell to the near one.
      const double v = static_cast<double>(at.nearY() < 0 ? pieces - 1 - a : a) * step, u = static_cast<double>(at.nearX() < 0 ? pieces - 1 - b : b) * step;
      moveTo(c, at(relief.point(row, column, u, v))), lineTo(c, at(relief.point(row, column, u + step, v)));
      lineTo(c, at(relief.point(row, column, u + step, v + step))), lineTo(c, at(relief.point(row, column, u, v + step)));
      cairo_close_path(c.context());
      const Point3 colour = relief.colour(row, column, u + step / 2, v + step / 2);
      c.colour({colour[0], colour[1], colour[2], 1});
      cairo_fill_preserve(c.context());
      cairo_set_line_width(c.context(), 0.3);  // closes the seams that antialiasing leaves
      cairo_stroke(c.context());
    }
  drawCellContours(c, at, relief, row, column);
}

void drawSurface(const Canvas& c, const ReliefProjection& at, const Relief& relief) {
  struct Cell {
    std::size_t row, column;
    double depth;
  };
  std::vector<Cell> cells;
  for (std::size_t r = 0; r + 1 < relief.rows(); ++r)
    for (std::size_t k = 0; k + 1 < relief.columns(); ++k)
      if (relief.drawn(r, k)) {
        Point3 foot = relief.point(r, k, 0.5, 0.5);
        foot[2] = 0;  // cells that stand behind each other are told apart by where they stand
        cells.push_back({r, k, at.depth(foot)});
      }
  std::ranges::stable_sort(cells, [](const Cell& a, const Cell& b) { return a.depth > b.depth; });
  const std::size_t pieces = std::clamp<std::size_t>(kMostPieces / std::max(relief.columns(), relief.rows()), 1, 6);
  cairo_set_line_join(c.context(), CAIRO_LINE_JOIN_ROUND);
  for (const Cell& cell : cells) drawCell(c, at, relief, cell.row, cell.column, pieces);
}

/// Floor, the two walls behind, ticks and names.
void drawFrame(const Canvas& c, const ReliefProjection& at, const Panel& panel) {
  const Field& f = panel.fields.front();
  const double nx = at.nearX(), ny = at.nearY(), top = kReliefHeight;
  cairo_set_line_width(c.context(), 0.5);
  c.colour(kGridInk);
  const auto xs = niceTicks(f.x.front(), f.x.back(), 5, Scale::linear), ys = niceTicks(f.y.front(), f.y.back(), 5, Scale::linear), zs = niceTicks(f.from, f.to, 5, f.scale);
  for (const double v : xs) line(c, at, {inBox(f.x, v), -1, 0}, {inBox(f.x, v), 1, 0}), line(c, at, {inBox(f.x, v), -ny, 0}, {inBox(f.x, v), -ny, top});
  for (const double v : ys) line(c, at, {-1, inBox(f.y, v), 0}, {1, inBox(f.y, v), 0}), line(c, at, {-nx, inBox(f.y, v), 0}, {-nx, inBox(f.y, v), top});
  for (const double v : zs) {
    const double z = colourFraction(f, v) * top;
    line(c, at, {-1, -ny, z}, {1, -ny, z}), line(c, at, {-nx, -1, z}, {-nx, 1, z});
  }
  c.colour(kAxisInk);
  for (const double s : {-1.0, 1.0}) line(c, at, {-1, s, 0}, {1, s, 0}), line(c, at, {s, -1, 0}, {s, 1, 0});
  for (const auto& [x, y] : {std::pair{-nx, -ny}, std::pair{nx, -ny}, std::pair{-nx, ny}}) line(c, at, {x, y, 0}, {x, y, top});

  const auto label = [&](const Point3& place, const std::string& text, Align align = Align::centre) {
    const auto p = at(place);
    c.text(p[0], p[1] + 2.5, text, align);
  };
  c.font(Font::plain, 7), c.colour(kSecondInk);
  // Numbers lean away from the floor, so that those of two axes do not meet at the corner.
  const auto side = [&](const Point3& edge, const Point3& outside) { return at(outside)[0] > at(edge)[0] + 1 ? Align::left : at(outside)[0] < at(edge)[0] - 1 ? Align::right : Align::centre; };
  for (const double v : xs) label({inBox(f.x, v), 1.08 * ny, -0.02}, tickText(v), side({inBox(f.x, v), ny, 0}, {inBox(f.x, v), 1.08 * ny, 0}));
  for (const double v : ys) label({1.08 * nx, inBox(f.y, v), -0.02}, tickText(v), side({nx, inBox(f.y, v), 0}, {1.08 * nx, inBox(f.y, v), 0}));
  // The height's numbers stand at the corner that is farthest right.
  Point3 corner{-nx, ny, 0};
  if (at({nx, -ny, 0})[0] > at(corner)[0]) corner = {nx, -ny, 0};
  for (const double v : zs) label({1.05 * corner[0], 1.05 * corner[1], colourFraction(f, v) * top}, tickText(v), Align::left);
  c.font(Font::plain, 8), c.colour(kInk);
  label({0, 1.5 * ny, -0.04}, panel.x.label), label({1.5 * nx, 0, -0.04}, panel.y.label);
}

void drawOnTop(const Canvas& c, const ReliefProjection& at, const Relief& relief, const Series& s) {
  std::vector<std::array<double, 2>> places;
  for (std::size_t i = 0; i < s.x.size(); ++i)
    if (Point3 p; relief.over(s.x[i], s.y[i], p)) places.push_back(at(p));
  if (s.style.line != LineStyle::none && places.size() > 1)
    for (const double more : {1.6, 0.0}) {  // a dark rim under it: it may leave the surface's colours
      moveTo(c, places.front());
      for (const auto& p : places) lineTo(c, p);
      SeriesStyle style = s.style;
      style.width += more;
      if (more > 0) style.colour = {0.1, 0.1, 0.12, 0.6}, style.line = LineStyle::solid;
      c.stroke(style);
    }
  for (const auto& p : places) c.marker(p[0], p[1], s.style);
}

}  // namespace

void drawRelief(const Canvas& c, const Panel& panel, const Box& box) {
  double top = box.y + 4;
  c.font(Font::bold, 9), c.colour(kInk);
  for (const std::string& text : c.wrap(panel.title, box.width - 16)) c.text(box.x + 8, top + 9, text), top += 12;
  const Field& f = panel.fields.front();
  if (f.x.size() < 2 || f.y.size() < 2) return;
  const ReliefProjection at(*panel.relief, {box.x, top, box.width, box.bottom() - top - 8});
  const Relief relief(f);
  cairo_set_line_cap(c.context(), CAIRO_LINE_CAP_ROUND);
  drawFrame(c, at, panel);
  drawSurface(c, at, relief);
  for (const Series& s : panel.series) drawOnTop(c, at, relief, s);
  cairo_set_line_cap(c.context(), CAIRO_LINE_CAP_BUTT);
}

}  // namespace analysis
