// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QSizeF>

#include "analysis/figure/relief_projection.h"

namespace ui {

using analysis::Point3;

/// Turns about the middle of the box; up is always +z, so it never rolls. Angles in degrees.
struct OrbitCamera {
  double azimuth = -125;
  double elevation = 43;  ///< 5 .. 89
  double distance = 8.25;
  double viewAngle = 24;  ///< vertical, for views that are not narrow (analysis::viewBasis)
  Point3 focalPoint{0.02, -0.02, 0.36};
  bool parallel = false;  ///< orthographic: what lies in the focal plane is as large as in perspective

  analysis::ViewBasis basis(double aspect) const;
  Point3 position() const { return basis(1).eye; }
  Point3 forward() const { return basis(1).forward; }  ///< unit, from the eye to the focal point
  /// Left drag by pixels: -0.4 degrees of azimuth, 0.4 of elevation a pixel.
  void drag(double dx, double dy);
  /// Wheel: positive steps come nearer, 10 % each.
  void zoom(double steps);
  bool operator==(const OrbitCamera&) const = default;

  /// `from` with the projection of this one.
  OrbitCamera movedTo(OrbitCamera from) const {
    from.parallel = parallel;
    return from;
  }
  static OrbitCamera front();
  static OrbitCamera right();
  static OrbitCamera top();
  static OrbitCamera iso() { return {}; }
};

/// A line through the scene; points are origin + t direction, t > 0.
struct Ray {
  Point3 origin, direction;
};

/// Scene to widget pixels and back, the same perspective (or parallel projection) as VTK's camera. Narrow views see a wider angle, so that nothing is cut off.
class Projection {
 public:
  Projection(const OrbitCamera& camera, QSizeF size);
  QPointF toPixels(const Point3& point) const;
  Ray rayThrough(QPointF pixels) const;
  double viewAngle() const;  ///< vertical, in degrees, after widening
  double parallelScale() const { return halfHeight_; }  ///< half the height of a parallel view, in scene units

 private:
  double aspect_ = 1;
  analysis::ViewBasis view_;
  double halfHeight_ = 1;
  bool parallel_ = false;
  QSizeF size_;
};

}  // namespace ui
