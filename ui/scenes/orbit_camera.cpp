// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/orbit_camera.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ui {
namespace {

constexpr double kLeastAspect = 1.1;
double radians(double degrees) { return degrees * std::numbers::pi / 180; }
double dot(const Point3& a, const Point3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Point3 minus(const Point3& a, const Point3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

}  // namespace

Point3 OrbitCamera::position() const {
  const double a = radians(azimuth), e = radians(elevation);
  return {focalPoint[0] + distance * std::cos(e) * std::cos(a), focalPoint[1] + distance * std::cos(e) * std::sin(a),
          focalPoint[2] + distance * std::sin(e)};
}

Point3 OrbitCamera::forward() const {
  const double a = radians(azimuth), e = radians(elevation);
  return {-std::cos(e) * std::cos(a), -std::cos(e) * std::sin(a), -std::sin(e)};
}

void OrbitCamera::drag(double dx, double dy) {
  azimuth = std::remainder(azimuth - 0.4 * dx, 360);
  elevation = std::clamp(elevation + 0.4 * dy, 5.0, 89.0);
}

void OrbitCamera::zoom(double steps) { distance = std::clamp(distance * std::pow(0.9, steps), 3.0, 24.0); }

OrbitCamera OrbitCamera::front() { return {.azimuth = -90, .elevation = 5}; }
OrbitCamera OrbitCamera::right() { return {.azimuth = 0, .elevation = 5}; }
OrbitCamera OrbitCamera::top() { return {.azimuth = -90, .elevation = 89}; }

Projection::Projection(const OrbitCamera& camera, QSizeF size) : eye_(camera.position()), parallel_(camera.parallel), size_(size) {
  const double a = radians(camera.azimuth);
  forward_ = camera.forward();
  right_ = {-std::sin(a), std::cos(a), 0};
  up_ = {right_[1] * forward_[2] - right_[2] * forward_[1], right_[2] * forward_[0] - right_[0] * forward_[2],
         right_[0] * forward_[1] - right_[1] * forward_[0]};
  aspect_ = size.width() / std::max(1.0, size.height());
  tangent_ = std::tan(radians(camera.viewAngle) / 2) * std::max(1.0, kLeastAspect / std::max(aspect_, 0.1));
  halfHeight_ = tangent_ * camera.distance;
}

QPointF Projection::toPixels(const Point3& point) const {
  const Point3 p = minus(point, eye_);
  const double depth = parallel_ ? halfHeight_ : dot(p, forward_) * tangent_;
  return {(dot(p, right_) / (depth * aspect_) + 1) / 2 * size_.width(), (1 - dot(p, up_) / depth) / 2 * size_.height()};
}

Ray Projection::rayThrough(QPointF pixels) const {
  const double half = parallel_ ? halfHeight_ : tangent_;
  const double x = (2 * pixels.x() / size_.width() - 1) * half * aspect_;
  const double y = (1 - 2 * pixels.y() / size_.height()) * half;
  Ray ray{.origin = eye_, .direction = forward_};
  for (std::size_t i = 0; i < 3; ++i) (parallel_ ? ray.origin : ray.direction)[i] += x * right_[i] + y * up_[i];
  return ray;
}

double Projection::viewAngle() const { return 2 * std::atan(tangent_) * 180 / std::numbers::pi; }

}  // namespace ui
