// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "analysis/figure/box.h"
#include "analysis/figure/figure.h"

namespace analysis {

using Point3 = std::array<double, 3>;

/// Points of the scene's box (x and y in [-1, 1], z up from 0) in a drawing, in the perspective of the window's camera.
class ReliefProjection {
 public:
  ReliefProjection(const ReliefCamera& camera, const Box& box);
  std::array<double, 2> operator()(const Point3& point) const;
  /// Towards the camera, from the middle of the box: -1 or 1.
  double nearX() const { return eye_[0] > 0 ? 1 : -1; }
  double nearY() const { return eye_[1] > 0 ? 1 : -1; }
  double depth(const Point3& point) const;  ///< distance along the view

 private:
  Point3 eye_, forward_, right_, up_;
  Box box_;
  double tangent_, aspect_;
};

}  // namespace analysis
