// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/orbit_camera.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ui {
namespace {

double dot(const Point3& a, const Point3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Point3 minus(const Point3& a, const Point3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

}  // namespace

analysis::ViewBasis OrbitCamera::basis(double aspect) const {
  return analysis::viewBasis({.azimuth = azimuth, .elevation = elevation, .distance = distance, .viewAngle = viewAngle}, focalPoint, aspect);
}

void OrbitCamera::drag(double dx, double dy) {
  azimuth = std::remainder(azimuth - 0.4 * dx, 360);
  elevation = std::clamp(elevation + 0.4 * dy, 5.0, 89.0);
}

void OrbitCamera::zoom(double steps) { distance = std::clamp(distance * std::pow(0.9, steps), 3.0, 24.0); }

OrbitCamera OrbitCamera::front() { return {.azimuth = -90, .elevation = 5}; }
OrbitCamera OrbitCamera::right() { return {.azimuth = 0, .elevation = 5}; }
OrbitCamera OrbitCamera::top() { return {.azimuth = -90, .elevation = 89}; }

Projection::Projection(const OrbitCamera& camera, QSizeF size)
    : aspect_(size.width() / std::max(1.0, size.height())), view_(camera.basis(aspect_)), halfHeight_(view_.tangent * camera.distance), parallel_(camera.parallel), size_(size) {}

QPointF Projection::toPixels(const Point3& point) const {
  const Point3 p = minus(point, view_.eye);
  const double depth = parallel_ ? halfHeight_ : dot(p, view_.forward) * view_.tangent;
  return {(dot(p, view_.right) / (depth * aspect_) + 1) / 2 * size_.width(), (1 - dot(p, view_.up) / depth) / 2 * size_.height()};
}

Ray Projection::rayThrough(QPointF pixels) const {
  const double half = parallel_ ? halfHeight_ : view_.tangent;
  const double x = (2 * pixels.x() / size_.width() - 1) * half * aspect_;
  const double y = (1 - 2 * pixels.y() / size_.height()) * half;
  Ray ray{.origin = view_.eye, .direction = view_.forward};
  for (std::size_t i = 0; i < 3; ++i) (parallel_ ? ray.origin : ray.direction)[i] += x * view_.right[i] + y * view_.up[i];
  return ray;
}

double Projection::viewAngle() const { return 2 * std::atan(view_.tangent) * 180 / std::numbers::pi; }

}  // namespace ui
