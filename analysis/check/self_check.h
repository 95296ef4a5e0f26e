// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <set>

#include "analysis/check/check.h"
#include "analysis/objective.h"

namespace analysis {

/// Names of conditions under which a Hessian product can be wrong.
namespace condition {
inline constexpr const char* kDropout = "dropout";
inline constexpr const char* kAugmentation = "augmentation";
inline constexpr const char* kShuffling = "shuffling";
inline constexpr const char* kBatchNormTrain = "batch-norm-train";
inline constexpr const char* kReducedPrecision = "reduced-precision";    ///< TF32 on CUDA, bfloat16 products on a CPU that has them
inline constexpr const char* kKernels = "non-deterministic-kernels";     ///< atomic sums on CUDA
}  // namespace condition

using Conditions = std::set<std::string>;

/// What is checked: makes the objective under conditions, cut into other batches where `otherSplit`.
struct CheckSubject {
  std::function<std::unique_ptr<Objective>(const Conditions&, bool otherSplit)> make;
  Conditions conditions;   ///< that hold
  bool smooth = false;     ///< no kinks: a difference of gradients must agree in double
  std::uint64_t seed = 0;
};

/// The checks on a Hessian product, with v random and u = Hv/||Hv||:
///
///   repeatability  ||Hv - Hv'|| / ||Hv||, two operators made one after the other: 0 when the bits are the same
///   symmetry       |u.Hv - v.Hu| / ||Hv||
///   linearity      ||H(v + u) - (Hv + Hu)|| / ||Hv + Hu||: what rounds its input (TF32, bfloat16) is not linear
///   batch-split    ||Hv - H"v|| / ||Hv||, H" cut into other batches
///   gradient       | ||g|| - (L(theta + h g/||g||) - L(theta - h g/||g||))/2h | / ||g||
///   difference     ||Hu - (g(theta + h u) - g(theta - h u))/2h|| / ||Hu||: on networks with kinks another quantity, so informative there
///   state          theta, statistics, samples and random state have the hash from before
///
/// Tolerance 1e-4 in float, 1e-10 in double (gradient, difference of smooth networks: 1e-5). Where one of the first four fails, each condition that holds is
/// tried alone, and those under which it fails again are its culprits. Cost: about 9 products and 8 gradients; 5 products more a condition, on failure only.
/// @throws Cancelled, NumericalError
std::vector<Check> selfCheck(const CheckSubject& subject, const Context& context);

}  // namespace analysis
