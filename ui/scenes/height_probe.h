// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>

#include "ui/scenes/orbit_camera.h"
#include "ui/scenes/surface_mesh.h"

namespace ui {

/// What a surface says at a point of its plane.
struct ProbeReading {
  double x = 0, y = 0;  ///< data coordinates
  double loss = 0, accuracy = 0;
  double value = 0;        ///< of the layer that is shown; NaN where it is not computed
  double aboveCentre = 0;  ///< loss minus the loss at (0, 0)
  bool computed = false;   ///< at a grid point that was evaluated; else at one that is interpolated, or bilinear between four
  bool operator==(const ProbeReading&) const = default;
};

/// Scene x and y where a ray first meets the bilinear height field, exact to rounding: half a cell a step, then bisection.
/// Empty where it misses the drawn part. Cost: some microseconds.
std::optional<std::array<double, 2>> firstCrossing(const HeightField& field, const Ray& ray);

/// Loss and accuracy at a data coordinate, raw values. Within `snap` cells of a drawn grid point its own values are taken and x, y moved onto it.
/// Empty outside of the grid or where a corner is missing.
std::optional<ProbeReading> readSurface(const SurfaceSnapshot& surface, double x, double y, double snap = 1e-9);

}  // namespace ui
