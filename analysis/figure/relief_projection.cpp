// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/relief_projection.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace analysis {
namespace {

constexpr Point3 kMiddle{0.02, -0.02, 0.36};
constexpr double kLeastAspect = 1.1;   ///< narrower drawings see a wider angle

double dot(const Point3& a, const Point3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Point3 minus(const Point3& a, const Point3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

}  // namespace

ReliefProjection::ReliefProjection(const ReliefCamera& camera, const Box& box) : box_(box) {
  const double a = camera.azimuth * std::numbers::pi / 180, e = camera.elevation * std::numbers::pi / 180;
  forward_ = {-std::cos(e) * std::cos(a), -std::cos(e) * std::sin(a), -std::sin(e)};
  right_ = {-std::sin(a), std::cos(a), 0};
  up_ = {right_[1] * forward_[2] - right_[2] * forward_[1], right_[2] * forward_[0] - right_[0] * forward_[2], right_[0] * forward_[1] - right_[1] * forward_[0]};
  for (std::size_t k = 0; k < 3; ++k) eye_[k] = kMiddle[k] - camera.distance * forward_[k];
  aspect_ = box.width / std::max(1.0, box.height);
  tangent_ = std::tan(camera.viewAngle * std::numbers::pi / 360) * std::max(1.0, kLeastAspect / std::max(aspect_, 0.1));
}

double ReliefProjection::depth(const Point3& point) const { return dot(minus(point, eye_), forward_); }

std::array<double, 2> ReliefProjection::operator()(const Point3& point) const {
  const Point3 p = minus(point, eye_);
  const double depth = dot(p, forward_) * tangent_;
  return {box_.x + (dot(p, right_) / (depth * aspect_) + 1) / 2 * box_.width, box_.y + (1 - dot(p, up_) / depth) / 2 * box_.height};
}

}  // namespace analysis
