// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <limits>
#include <span>
#include <string_view>

/// What `sharpscape bench` measures, with the floor that arithmetic sets and what this program sets itself. No tensors.
namespace analysis {

struct BenchTarget {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  std::string_view name;
  std::string_view what;   ///< numerator / denominator, or what is counted
  double floor = kNone;
  double target = kNone;
  bool atLeast = false;    ///< more is better

  bool hasTarget() const { return target == target; }
  bool metBy(double value) const { return atLeast ? value >= target : value <= target; }
};

/// All of them, in the order in which they are shown.
std::span<const BenchTarget> benchTargets();

/// That of a network: a Hessian product is held to 2.1 gradients on residual networks and to 2.3 on all others; a walk to 30 points a second on LeNet.
/// @throws std::invalid_argument for an unknown name
BenchTarget benchTarget(std::string_view name, std::string_view net);

}  // namespace analysis
