// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "analysis/figure/box.h"
#include "analysis/figure/figure.h"

namespace analysis {

using Point3 = std::array<double, 3>;

/// Where a camera stands and which way it looks; the three directions are orthonormal, right is level.
struct ViewBasis {
  Point3 eye, forward, right, up;
  double tangent = 1;  ///< of half the vertical angle; drawings narrower than 1.1 see a wider one, so that nothing is cut off
};
ViewBasis viewBasis(const ReliefCamera& camera, const Point3& focalPoint, double aspect);

/// Points of the scene's box (x and y in [-1, 1], z up from 0) in a drawing, in the perspective of the window's camera.
class ReliefProjection {
 public:
  ReliefProjection(const ReliefCamera& camera, const Box& box);
  std::array<double, 2> operator()(const Point3& point) const;
  /// Towards the camera, from the middle of the box: -1 or 1.
  double nearX() const { return view_.eye[0] > 0 ? 1 : -1; }
  double nearY() const { return view_.eye[1] > 0 ? 1 : -1; }
  double depth(const Point3& point) const;  ///< distance along the view

 private:
  Box box_;
  double aspect_;
  ViewBasis view_;
};

}  // namespace analysis
