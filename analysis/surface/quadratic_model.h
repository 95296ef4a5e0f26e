// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "analysis/surface/surface_grid.h"

namespace analysis {

/// What the eigenvalues of the axes say the loss is: L(0,0) + 1/2 lambda_1 (x ||d1||)^2 + 1/2 lambda_2 (y ||d2||)^2. Of the samples' loss, not of the test set's; the
/// gradient's slope is not in it. Two eigenvectors of one matrix have no term in x y.
struct QuadraticModel {
  double centre = 0;
  std::optional<double> lambdaX, lambdaY;  ///< empty: that axis is no eigenvector, and the model holds on the other axis alone
  double lengthX = 1, lengthY = 1;         ///< ||d1||, ||d2||
  double residualX = 0, residualY = 0;     ///< ||H q - lambda q||: some eigenvalue lies that near to lambda
  /// NaN where it does not hold: away from the axis of the only eigenvector.
  double value(double x, double y) const;
  bool overPlane() const { return lambdaX && lambdaY; }
  bool operator==(const QuadraticModel&) const = default;
};

/// A model, or why there is none (or none over the whole plane), in a sentence.
struct QuadraticAnswer {
  std::optional<QuadraticModel> model;
  std::string why;
};

/// From the grid's axis reports. Free.
QuadraticAnswer quadraticModel(const SurfaceGrid& grid);

}  // namespace analysis
