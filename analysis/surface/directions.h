// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/load_objective.h"
#include "analysis/surface/surface_grid.h"

namespace analysis {

/// The axes of a plane or line, in theta's dtype and on its device.
struct Directions {
  at::Tensor d1, d2;              ///< [P]; d2 undefined for a line
  at::Tensor b1, b2;              ///< [B] how the running statistics move along: toward another run they do; undefined: they stay
  std::vector<AxisReport> axes;   ///< one a direction; norms are sums in double
  double cosine = 0;              ///< <d1, d2> / (||d1|| ||d2||); 0 for a line or a zero direction
};

struct RandomDirectionOptions {
  std::uint64_t seed = 0;
  std::string axis = "x";             ///< "x" | "y": another draw
  std::string normalise = "filter";   ///< filter | layer | none, for tensors of two or more dimensions
  std::string oneD = "zero";          ///< zero | norm | elementwise, for 1-D tensors (biases, norms)
};

/// A Gaussian direction g, double [P] on the CPU, the same on every device, thread count and optimizer.
///
/// Each tensor's numbers are N(0,1) drawn from a stream of its own (seed, axis, name), so they depend on no other tensor. With w the weights:
///   filter       each index f of dimension 0 (embeddings: each row):  g_f ||w_f|| / ||g_f||; zero filters give zero
///   layer        the whole tensor:             g ||w|| / ||g||
///   1-D tensors  zero: 0;  norm: g ||w|| / ||g||;  elementwise: g_i |w_i|
/// Cost: P draws. Source: Li, Xu, Taylor, Studer, Goldstein, Visualizing the loss landscape of neural nets, 2018, section 4.
at::Tensor randomDirection(const trainer::ParameterLayout& layout, const at::Tensor& theta, const RandomDirectionOptions& options);

/// The directions that a spec asks for (axis_kind.h), or those of a file as they are.
///
/// Only random ones are normalised. With `orthogonalise`, Gram-Schmidt on y, which then is no longer filter-normalised and is described so; `orthonormal`: both unit
/// as well. Running statistics take the same combinations.
/// Cost: P draws for a random axis, the products of hessianEigenvector() for an eigenvector, a gradient for gradient and sam, T reads twice for pca, one for toward.
/// @throws std::invalid_argument  y is parallel to x and should be made orthogonal; a layer, run or step that is not there; another network
/// @throws DataError, IoError     the directions file, checkpoints; Cancelled
Directions makeDirections(const LoadedRun& run, const SurfaceSpec& spec, const Context& context);

/// What makeDirections would give, as far as it takes no Hessian product: an eigenvector's axis is undefined and its report says what is known of it, with its
/// products estimated (reports' seconds are measured where an axis was made).
Directions previewDirections(const LoadedRun& run, const SurfaceSpec& spec, const Context& context);

/// Safetensors with every trainable tensor, zeros included, as `x/<name>` and `y/<name>`. @throws IoError
void saveDirections(const std::filesystem::path& file, const trainer::ParameterLayout& layout, const Directions& directions);

/// The direction of `axis` ("x", "y") in a directions file, CPU [P], double.
/// @throws DataError listing the tensors that are missing, unknown, of another shape or not finite; IoError
at::Tensor loadDirection(const std::filesystem::path& file, const trainer::ParameterLayout& layout, const std::string& axis);

}  // namespace analysis
