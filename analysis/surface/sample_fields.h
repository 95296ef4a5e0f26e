// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/surface/plane.h"

namespace analysis {

/// What else is known at every point that a grid has, into grid.fields, by the words of spec.fields. Points are visited row by row, there and back, so that each has a
/// neighbour before it. A stop ends it early: NaN where not computed (grid.stopped).
///
///   gradient-norm    ||grad L||: one gradient a point
///   lambda-max       the Hessian's largest eigenvalue by Lanczos from the neighbour's vector (with as much of everything in it) until the residual is 1e-2 |lambda|, at
///                    most 40 products a point; the residual ||H q - lambda q|| of each is from a fresh product
///   sam-max          the largest loss found within rho: SAM's step and three more of projected ascent, each of rho/2; four gradients and four forward passes a point. A
///                    lower bound of the maximum
///   generalisation   test loss minus the loss of the samples: free
///
/// @throws std::invalid_argument where the running statistics move along the plane: gradients are not those of the surface then
/// A field that `known` has, whole and on the same points, is taken over.
void sampleFields(Plane& plane, const SurfaceSpec& spec, SurfaceGrid& grid, const Context& context, const KnownPoints& known = {});

/// The words that spec.fields may hold.
const std::vector<std::string>& knownFields();

}  // namespace analysis
