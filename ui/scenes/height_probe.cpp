// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/height_probe.h"

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

/// The part of the ray inside the box, as [begin, end] of its parameter; begin > end where it misses.
std::array<double, 2> clipToBox(const Ray& ray, const HeightField& field) {
  const std::array<double, 3> low{field.x.front(), field.y.front(), -1e-6}, high{field.x.back(), field.y.back(), kBoxHeight + 1e-6};
  double begin = 0, end = 1e9;
  for (std::size_t i = 0; i < 3; ++i) {
    if (ray.direction[i] == 0) {
      if (ray.origin[i] < low[i] || ray.origin[i] > high[i]) return {1, 0};
      continue;
    }
    const double a = (low[i] - ray.origin[i]) / ray.direction[i], b = (high[i] - ray.origin[i]) / ray.direction[i];
    begin = std::max(begin, std::min(a, b));
    end = std::min(end, std::max(a, b));
  }
  return {begin, end};
}

/// Index of the drawn cell that holds `value`, and where in it (0..1); -1 outside.
struct Place {
  std::int64_t cell = -1;
  double within = 0;
};

Place placeOn(const std::vector<double>& axis, std::int64_t stride, double value) {
  if (axis.size() < 2) return {};
  const double slack = 1e-9 * (axis.back() - axis.front());
  if (value < axis.front() - slack || value > axis.back() + slack) return {};
  const auto last = static_cast<std::int64_t>(axis.size()) - 1;
  std::int64_t cell = 0;
  while (cell + stride < last && axis[static_cast<std::size_t>(cell + stride)] <= value) cell += stride;
  const double a = axis[static_cast<std::size_t>(cell)], b = axis[static_cast<std::size_t>(std::min(cell + stride, last))];
  return {cell, std::clamp((value - a) / (b - a), 0.0, 1.0)};
}

/// The loss at (0, 0) in the snapshot's own split.
double centreLoss(const SurfaceSnapshot& surface) {
  if (!surface.test) return surface.grid->centre;
  const auto indexOfZero = [](const std::vector<double>& axis) {
    return std::ranges::min_element(axis, {}, [](double v) { return std::abs(v); }) - axis.begin();
  };
  return surface.values().loss[static_cast<std::size_t>(indexOfZero(surface.grid->y) * surface.grid->columns() + indexOfZero(surface.grid->x))];
}

}  // namespace

std::optional<std::array<double, 2>> firstCrossing(const HeightField& field, const Ray& ray) {
  if (field.columns() < 2 || field.rows() < 2) return std::nullopt;
  const auto [begin, end] = clipToBox(ray, field);
  if (begin > end) return std::nullopt;
  const auto along = [&](double t, std::size_t i) { return ray.origin[i] + t * ray.direction[i]; };
  const auto above = [&](double t) {
    const double x = std::clamp(along(t, 0), field.x.front(), field.x.back()), y = std::clamp(along(t, 1), field.y.front(), field.y.back());
    return along(t, 2) - field.interpolate(x, y);
  };
  const double cell = 2.0 / static_cast<double>(std::max(field.columns(), field.rows()) - 1);
  const double speed = std::sqrt(ray.direction[0] * ray.direction[0] + ray.direction[1] * ray.direction[1] + ray.direction[2] * ray.direction[2]);
  const double step = 0.5 * cell / speed;
  double low = begin, lowValue = above(begin);
  while (low < end) {
    const double high = std::min(low + step, end), highValue = above(high);
    if (lowValue >= 0 && highValue <= 0) {
      double a = low, b = high;
      for (int i = 0; i < 50; ++i) {
        const double middle = (a + b) / 2;
        (above(middle) >= 0 ? a : b) = middle;
      }
      return std::array<double, 2>{std::clamp(along(b, 0), field.x.front(), field.x.back()), std::clamp(along(b, 1), field.y.front(), field.y.back())};
    }
    low = high;
    lowValue = highValue;
  }
  return std::nullopt;
}

std::optional<ProbeReading> readSurface(const SurfaceSnapshot& surface, double x, double y, double snap) {
  const analysis::SurfaceGrid& grid = *surface.grid;
  SurfaceSnapshot losses = surface;
  losses.layer = SurfaceLayer::loss;  // which points are there does not depend on the layer
  const std::vector<double>& shown = surface.shown();
  const Place column = placeOn(grid.x, surface.stride, x);
  const bool line = grid.rows() == 1;
  const Place row = line ? Place{0, 0} : placeOn(grid.y, surface.stride, y);
  if (column.cell < 0 || row.cell < 0) return std::nullopt;
  const auto near = [&](double within) { return within <= snap || within >= 1 - snap; };
  const bool onPoint = near(column.within) && near(row.within);
  const double u = onPoint ? std::round(column.within) : column.within, v = onPoint ? std::round(row.within) : row.within;
  ProbeReading reading{.x = x, .y = line ? 0 : y, .loss = 0, .accuracy = 0, .value = shown.empty() ? std::nan("") : 0, .aboveCentre = 0, .computed = onPoint};
  for (int corner = 0; corner < 4; ++corner) {
    const double weight = (corner % 2 != 0 ? u : 1 - u) * (corner / 2 != 0 ? v : 1 - v);
    if (weight == 0) continue;
    const std::int64_t r = row.cell + (corner / 2 != 0 ? surface.stride : 0), c = column.cell + (corner % 2 != 0 ? surface.stride : 0);
    if (r >= grid.rows() || c >= grid.columns() || pointState(losses, r, c) == PointState::missing) return std::nullopt;
    const auto index = static_cast<std::size_t>(r * grid.columns() + c);
    reading.loss += weight * surface.values().loss[index];
    if (index < surface.values().accuracy.size()) reading.accuracy += weight * surface.values().accuracy[index];
    if (index < shown.size()) reading.value += weight * shown[index];
    if (onPoint) {
      reading.computed = !grid.isInterpolated(index);
      reading.x = grid.x[static_cast<std::size_t>(c)];
      reading.y = grid.y[static_cast<std::size_t>(r)];
    }
  }
  reading.aboveCentre = reading.loss - centreLoss(surface);
  return reading;
}

}  // namespace ui
