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

ViewBasis viewBasis(const ReliefCamera& camera, const Point3& focalPoint, double aspect) {
  const double a = camera.azimuth * std::numbers::pi / 180, e = camera.elevation * std::numbers::pi / 180;
  ViewBasis view;
  view.forward = {-std::cos(e) * std::cos(a), -std::cos(e) * std::sin(a), -std::sin(e)};
  view.right = {-std::sin(a), std::cos(a), 0};
  const auto& [fx, fy, fz] = view.forward;
  const auto& [rx, ry, rz] = view.right;
  view.up = {ry * fz - rz * fy, rz * fx - rx * fz, rx * fy - ry * fx};
  for (std::size_t k = 0; k < 3; ++k) view.eye[k] = focalPoint[k] - camera.distance * view.forward[k];
  view.tangent = std::tan(camera.viewAngle * std::numbers::pi / 360) * std::max(1.0, kLeastAspect / std::max(aspect, 0.1));
  return view;
}

ReliefProjection::ReliefProjection(const ReliefCamera& camera, const Box& box)
    : box_(box), aspect_(box.width / std::max(1.0, box.height)), view_(viewBasis(camera, kMiddle, aspect_)) {}

double ReliefProjection::depth(const Point3& point) const { return dot(minus(point, view_.eye), view_.forward); }

std::array<double, 2> ReliefProjection::operator()(const Point3& point) const {
  const Point3 p = minus(point, view_.eye);
  const double depth = dot(p, view_.forward) * view_.tangent;
  return {box_.x + (dot(p, view_.right) / (depth * aspect_) + 1) / 2 * box_.width, box_.y + (1 - dot(p, view_.up) / depth) / 2 * box_.height};
}

}  // namespace analysis
