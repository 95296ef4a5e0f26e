// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QSizeF>
#include <array>

namespace ui {

using Point3 = std::array<double, 3>;

/// Turns about the middle of the box; up is always +z, so it never rolls. Angles in degrees.
struct OrbitCamera {
  double azimuth = -125;
  double elevation = 43;  ///< 5 .. 89
  double distance = 8.25;
  double viewAngle = 24;  ///< vertical, for views at least kLeastAspect wide
  Point3 focalPoint{0.02, -0.02, 0.36};

  Point3 position() const;
  /// Left drag by pixels: -0.4 degrees of azimuth, 0.4 of elevation a pixel.
  void drag(double dx, double dy);
  /// Wheel: positive steps come nearer, 10 % each.
  void zoom(double steps);
  bool operator==(const OrbitCamera&) const = default;

  static OrbitCamera front();
  static OrbitCamera right();
  static OrbitCamera top();
  static OrbitCamera iso() { return {}; }
};

/// A line through the scene; points are origin + t direction, t > 0.
struct Ray {
  Point3 origin, direction;
};

/// Scene to widget pixels and back, the same perspective as VTK's camera. Narrow views see a wider angle, so that nothing is cut off.
class Projection {
 public:
  Projection(const OrbitCamera& camera, QSizeF size);
  QPointF toPixels(const Point3& point) const;
  Ray rayThrough(QPointF pixels) const;
  double viewAngle() const;  ///< vertical, in degrees, after widening

 private:
  Point3 eye_, forward_, right_, up_;
  double tangent_ = 1, aspect_ = 1;
  QSizeF size_;
};

}  // namespace ui
