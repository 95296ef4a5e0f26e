// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/unknown.h"

namespace analysis {

/// A vector of theta's space seen on a plane: the nearest x d1 + y d2, and how much of it that is.
struct PlaneVector {
  std::string name;        ///< "perturbation", "gradient", "perturbed gradient", "step"
  double norm = 0;         ///< before it was scaled to the length that is drawn
  double x = 0, y = 0;     ///< coordinates of its nearest point in the plane, by least squares, when it is `length` long
  double length = 0;       ///< rho for all of them, so that they can be drawn from one point
  double inPlane = 0;      ///< length of that nearest point over `length`, 0..1: the rest is out of the picture
};

/// One step of SAM (or of the gradient penalty) at the checkpoint, on the surface's samples and not on a batch: e = rho g / ||g||, g = grad L(theta).
///
/// vectors: the perturbation e; downhill with length rho: the gradient g1 = grad L(theta), the perturbed gradient g2 = grad L(theta + e), and the step's mix
/// (1 - alpha) g1 + alpha g2 (alpha 1: SAM). Cost: two gradients and two forward passes. Source: Foret et al., SAM, 2021; Zhao, Zhang, Hu, ICML 2022 (the penalty).
struct SamStep {
  double rho = 0, alpha = 1;
  double loss = 0;             ///< L(theta)
  double perturbedLoss = 0;    ///< L(theta + e), true
  double planeLoss = 0;        ///< L at the plane's point under theta + e
  double predicted = 0;        ///< L(theta) + rho ||g||: first order
  double outOfPlane = 0;       ///< distance of theta + e from the plane
  double cosine = kUnknown;    ///< between g1 and g2
  std::vector<PlaneVector> vectors;
};

}  // namespace analysis
