// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/surface_traces.h"

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

using Point = std::array<double, 3>;

constexpr double kLineLift = 0.006;   ///< of what is draped on the surface
constexpr int kModelLines = 17, kModelPoints = 65, kShaftPoints = 33;
constexpr double kHeadLength = 0.07, kHeadWidth = 0.032;

class Builder {
 public:
  Builder(const SurfaceTraces& traces, const analysis::SurfaceGrid& grid, const HeightField& field, const HeightScale& scale)
      : traces_(traces), grid_(grid), field_(field), scale_(scale) {}

  TraceGeometry build() {
    for (const SurfaceTraces::Path& path : traces_.paths) addPath(path);
    for (const SurfaceTraces::Pin& pin : traces_.pins) addPin(pin);
    addWalk();
    for (const SurfaceTraces::Arrow& arrow : traces_.arrows) addArrow(arrow);
    if (traces_.model && traces_.losses) addModel();
    return std::move(out_);
  }

 private:
  /// Empty outside of the box.
  std::optional<std::array<double, 2>> place(double x, double y) const {
    const std::array<double, 2> at{toScene(grid_.x, x), toScene(grid_.y, y)};
    constexpr double kEdge = 1 + 1e-9;
    if (!(std::abs(at[0]) <= kEdge && std::abs(at[1]) <= kEdge)) return std::nullopt;
    return at;
  }
  /// NaN where the scale refuses the loss.
  double height(double loss) const { return std::clamp(scale_.fraction(loss), 0.0, 1.0) * kBoxHeight; }
  /// Of a loss, or of the surface where heights are something else or the loss has none.
  double heightAt(const std::array<double, 2>& at, double loss) const {
    const double z = traces_.losses ? height(loss) : std::nan("");
    return std::isfinite(z) ? z : field_.interpolate(at[0], at[1]);
  }

  void addPath(const SurfaceTraces::Path& path) {
    TraceGeometry::Path& p = out_.paths.emplace_back();
    p.colour = path.colour;
    std::optional<Point> last;
    for (std::size_t i = 0; i < path.points.size(); ++i) {
      const analysis::TrajectoryPoint& point = path.points[i];
      const auto at = place(point.x, point.y);
      const double z = at ? heightAt(*at, point.loss) : std::nan("");
      if (!std::isfinite(z)) {
        ++out_.outside;
        last.reset();
        continue;
      }
      const Point here{(*at)[0], (*at)[1], z + kPathLift};
      const bool before = i < path.upTo;
      (before ? p.balls : p.later).push_back(here);
      if (last) extend(before ? p.before : p.after, *last, here);
      if (const double under = height(point.planeLoss); traces_.losses && std::isfinite(under)) p.stems.push_back({{here[0], here[1], under}, here});
      last = here;
    }
  }

  static void extend(ScenePolylines& lines, const Point& from, const Point& to) {
    if (lines.empty() || lines.back().back() != from) lines.push_back({from});
    lines.back().push_back(to);
  }

  void addPin(const SurfaceTraces::Pin& pin) {
    const auto at = place(pin.at.x(), pin.at.y());
    const double z = at ? heightAt(*at, pin.loss) : std::nan("");
    if (std::isfinite(z)) out_.pins.push_back({{(*at)[0], (*at)[1], z}, pin.label, pin.computed});
    else ++out_.outside;
  }

  void addWalk() {
    std::optional<Point> last;
    for (std::size_t i = 0; i < traces_.walk.size(); ++i) {
      const auto at = place(traces_.walk[i].x(), traces_.walk[i].y());
      const double z = at ? heightAt(*at, i < traces_.walkLosses.size() ? traces_.walkLosses[i] : std::nan("")) : std::nan("");
      if (!std::isfinite(z)) {
        last.reset();
        continue;
      }
      const Point here{(*at)[0], (*at)[1], z + kLineLift};
      if (last) extend(out_.walk, *last, here);
      last = here;
    }
    out_.walker = last;
  }

  /// From the centre along the surface, with a head of two strokes; then up to the true loss.
  void addArrow(const SurfaceTraces::Arrow& arrow) {
    const auto from = place(0, 0), to = place(arrow.to.x(), arrow.to.y());
    if (!from || !to) {
      ++out_.outside;
      return;
    }
    TraceGeometry::Arrow a{.shaft = {}, .label = arrow.label, .colour = arrow.colour};
    const double dx = (*to)[0] - (*from)[0], dy = (*to)[1] - (*from)[1], length = std::hypot(dx, dy);
    std::vector<Point> line;
    for (int i = 0; i < kShaftPoints; ++i) {
      const double t = static_cast<double>(i) / (kShaftPoints - 1);
      if (const Point p = draped((*from)[0] + t * dx, (*from)[1] + t * dy); std::isfinite(p[2])) line.push_back(p);
    }
    if (line.empty()) return;
    a.end = line.back();
    a.shaft.push_back(std::move(line));
    if (length > 1e-6) {
      const double head = std::min(kHeadLength, 0.5 * length), wide = head * kHeadWidth / kHeadLength;
      for (const double side : {-1.0, 1.0})
        a.shaft.push_back({a.end, draped((*to)[0] - head * dx / length - side * wide * dy / length, (*to)[1] - head * dy / length + side * wide * dx / length)});
    }
    if (arrow.trueLoss && traces_.losses)
      if (const double z = height(*arrow.trueLoss); std::isfinite(z)) {
        a.shaft.push_back({a.end, {(*to)[0], (*to)[1], z}});
        a.end[2] = std::max(a.end[2], z);
      }
    std::erase_if(a.shaft, [](const auto& l) { return std::ranges::any_of(l, [](const Point& p) { return !std::isfinite(p[2]); }); });
    out_.arrows.push_back(std::move(a));
  }

  Point draped(double x, double y) const { return {x, y, field_.interpolate(x, y) + kLineLift}; }

  /// Lines along x and y where the model is within the range of heights.
  void addModel() {
    for (int axis = 0; axis < 2; ++axis)
      for (int k = 0; k < kModelLines; ++k) {
        std::optional<Point> last;
        for (int i = 0; i < kModelPoints; ++i) {
          const double along = -1 + 2.0 * i / (kModelPoints - 1), across = -1 + 2.0 * k / (kModelLines - 1);
          const double x = axis == 0 ? along : across, y = axis == 0 ? across : along;
          const double f = scale_.fraction(traces_.model->value(fromScene(grid_.x, x), fromScene(grid_.y, y)));
          if (!(f >= 0 && f <= 1)) {
            last.reset();
            continue;
          }
          const Point here{x, y, f * kBoxHeight};
          if (last) extend(out_.model, *last, here);
          last = here;
        }
      }
  }

  const SurfaceTraces& traces_;
  const analysis::SurfaceGrid& grid_;
  const HeightField& field_;
  const HeightScale& scale_;
  TraceGeometry out_;
};

}  // namespace

TraceGeometry traceGeometry(const SurfaceTraces& traces, const analysis::SurfaceGrid& grid, const HeightField& field, const HeightScale& scale) {
  return Builder(traces, grid, field, scale).build();
}

}  // namespace ui
