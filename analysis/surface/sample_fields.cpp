// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/sample_fields.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <chrono>
#include <functional>

#include "analysis/sharpness/ball.h"
#include "analysis/spectrum/krylov_space.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kTolerance = 1e-2;         ///< of lambda-max's residual, relative to |lambda|
constexpr std::int64_t kMostProducts = 40;  ///< a point, the fresh one among them
constexpr std::int64_t kLeastSteps = 5;     ///< before convergence is believed: a start near an eigenvector has a small residual whichever it is
constexpr int kAscentSteps = 3;
constexpr double kUsualRho = 0.05;

/// One field: a value, and for lambda-max a residual, at each theta.
class Field {
 public:
  Field(Plane& plane, const SurfaceSpec& spec, std::string name, const Context& context)
      : objective_(*plane.run().train), spec_(spec), context_(context), rho_(spec.rho.value_or(plane.run().spec.rho.value_or(kUsualRho))) {
    out.name = std::move(name);
    if (out.name == "sam-max") out.note = fmt::format("largest loss found within rho {:g}: SAM's step and {} of projected ascent", rho_, kAscentSteps);
    if (out.name == "lambda-max") out.note = fmt::format("Lanczos from the neighbour's vector, residual {:g} |lambda|, at most {} products", kTolerance, kMostProducts);
  }

  /// `loss` and `testLoss` are the grid's at this point.
  void compute(std::size_t i, const at::Tensor& theta, double loss, double testLoss) {
    const auto started = Clock::now();
    if (out.name == "generalisation") out.values[i] = testLoss - loss;
    else if (out.name == "gradient-norm") out.values[i] = normOf(gradient(theta));
    else if (out.name == "sam-max") out.values[i] = largestLoss(theta, loss);
    else lambdaMax(i, theta);
    out.seconds += std::chrono::duration<double>(Clock::now() - started).count();
  }

  SurfaceField out;

 private:
  at::Tensor gradient(const at::Tensor& theta) {
    ++out.gradients;
    return objective_.gradient(theta);
  }

  double largestLoss(const at::Tensor& theta, double loss) {
    double best = loss;
    at::Tensor delta = at::zeros_like(theta);
    for (int step = 0; step <= kAscentSteps; ++step) {
      context_.checkpoint();
      const at::Tensor g = gradient(theta + delta);
      const double length = normOf(g);
      if (!(length > 0)) break;  // flat, or not a number
      delta.add_(g, (step == 0 ? rho_ : rho_ / 2) / length);
      const double reached = normOf(delta);
      if (reached > rho_) delta.mul_(rho_ / reached);
      ++out.evaluations;
      best = std::max(best, objective_.evaluate(theta + delta).loss);
    }
    return best;
  }

  void lambdaMax(std::size_t i, const at::Tensor& theta) {
    const std::unique_ptr<LinearOperator> hessian = objective_.hessian(theta, spec_.measure.memoryBytes, context_);
    const std::uint64_t seed = trainer::deriveSeed(spec_.measure.seed, fmt::format("field/{}", i));
    const at::Tensor start = vector_.defined() ? vector_ + randomUnitVector(theta.numel(), theta.options(), seed) : at::Tensor();
    KrylovSpace space(*hessian, {}, seed, start);
    std::int64_t top = 0;
    do {
      context_.checkpoint();
      space.extend();
      space.diagonalise();
      top = space.size() - 1;
    } while (!space.exhausted() && space.size() < kMostProducts - 1 &&
             (space.size() < kLeastSteps || space.estimate(top) > 0.5 * kTolerance * std::abs(space.values()[top])));
    vector_ = withFixedSign(space.vector(top));
    const at::Tensor product = hessian->apply(vector_);
    out.products += space.size() + 1;
    out.values[i] = dotInDouble(vector_, product);
    out.residual[i] = normOf(product.to(at::kDouble) - out.values[i] * vector_.to(at::kDouble));
  }

  Objective& objective_;
  const SurfaceSpec& spec_;
  const Context& context_;
  double rho_;
  at::Tensor vector_;  ///< of the neighbour
};

/// Every computed point, row by row, there and back.
void alongRows(const SurfaceGrid& grid, const std::function<void(std::size_t, double, double)>& visit) {
  for (std::int64_t row = 0; row < grid.rows(); ++row)
    for (std::int64_t k = 0; k < grid.columns(); ++k) {
      const std::int64_t column = row % 2 == 0 ? k : grid.columns() - 1 - k;
      const auto i = static_cast<std::size_t>(row * grid.columns() + column);
      if (grid.computed[i]) visit(i, grid.x[static_cast<std::size_t>(column)], grid.y[static_cast<std::size_t>(row)]);
    }
}

}  // namespace

const std::vector<std::string>& knownFields() {
  static const std::vector<std::string> names = {"gradient-norm", "lambda-max", "sam-max", "generalisation"};
  return names;
}

void sampleFields(Plane& plane, const SurfaceSpec& spec, SurfaceGrid& grid, const Context& context, const KnownPoints& known) {
  const bool free = spec.fields.empty() || (spec.fields.size() == 1 && spec.fields.front() == "generalisation");
  if (!free && plane.statisticsMove())
    throw std::invalid_argument("--fields with --bn interpolated does not work: where the running statistics move along the plane, gradients are not those of the surface");
  const std::size_t points = grid.computed.size();
  for (const std::string& name : spec.fields) {
    if (const SurfaceField* there = knownField(known, spec, grid, name)) {
      grid.fields.push_back(*there);
      continue;
    }
    Field field(plane, spec, name, context);
    field.out.values.assign(points, kUnknown);
    if (name == "lambda-max") field.out.residual.assign(points, kUnknown);
    std::int64_t done = 0;
    try {
      alongRows(grid, [&](std::size_t i, double x, double y) {
        context.checkpoint();
        field.compute(i, name == "generalisation" ? at::Tensor() : plane.pointAt(x, y), grid.train.loss[i], grid.test.loss[i]);
        context.report({.stage = name, .unit = "points", .done = ++done, .total = static_cast<std::int64_t>(points)});
      });
    } catch (const trainer::Cancelled&) {
      grid.stopped = true;
    }
    grid.fields.push_back(std::move(field.out));
    if (grid.stopped) return;
  }
}

}  // namespace analysis
