// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/bench/bench_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace analysis {
namespace {

constexpr double kNone = BenchTarget::kNone;
constexpr double kResidualNetwork = 2.1;

constexpr std::array kTargets = std::to_array<BenchTarget>({
    {"hessian_product_per_gradient", "exact Hessian product, first-order graph kept / gradient", 2, 2.3},
    {"gauss_newton_product_per_gradient", "Gauss-Newton product, graphs kept / gradient", 4.0 / 3, 1.5},
    {"hessian_product_rebuilt_per_gradient", "exact Hessian product, nothing kept / gradient", 3, 3.1},
    {"seconds_per_gradient", "a gradient over the samples"},
    {"sam_step_per_plain_step", "training step with SAM / plain", 2, 2.03},
    {"penalty_step_per_plain_step", "training step with the gradient-norm penalty / plain", 2, 2.03},
    {"exact_penalty_step_per_plain_step", "the same with an exact Hessian product / plain", kNone, 4},
    {"seconds_per_plain_step", "a plain training step of one batch"},
    {"grid_point_per_forward", "point of a surface / tight forward pass over the same samples, inputs normalised beforehand", 1, 1.05},
    {"seconds_per_grid_point", "a point of a surface"},
    {"walk_points_per_second", "points a second while a plane is walked over", kNone, kNone, true},
    {"lambda_max_products", "Hessian products to lambda_max with a residual of 1e-3, that of the residual among them", 6, 10},
    {"lambda_max_residual", "||Hq - lambda q|| / max|lambda| there, from a fresh product", 0, 1e-3},
    {"seconds_per_lambda_max", "the same, with the graphs it keeps"},
    {"both_ends_products", "products to lambda_max and lambda_min with residuals of 1e-3, beside one a pair", kNone, 25},
    {"five_largest_products", "products to the five largest eigenvalues with residuals of 1e-3, beside one a pair", kNone, 25},
    {"lanczos_vector_work_per_products", "50 steps of Lanczos without their products / 50 Hessian products", 0, 0.05},
    {"double_product_per_float_product", "Hessian product in double / in float, graphs kept", 2, 4},
    {"tracking_share", "lambda_max followed, warm, on 512 samples / the training of an epoch", 0, 0.1},
});

}  // namespace

std::span<const BenchTarget> benchTargets() { return kTargets; }

BenchTarget benchTarget(std::string_view name, std::string_view net) {
  const auto found = std::ranges::find(kTargets, name, &BenchTarget::name);
  if (found == kTargets.end()) throw std::invalid_argument(fmt::format("'{}' is nothing that bench measures", name));
  BenchTarget target = *found;
  if (name == "hessian_product_per_gradient" && net.starts_with("resnet")) target.target = kResidualNetwork;
  if (name == "walk_points_per_second" && net == "lenet") target.target = 30;
  return target;
}

}  // namespace analysis
