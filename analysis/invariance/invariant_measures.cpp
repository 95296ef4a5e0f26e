// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/invariance/invariant_measures.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/sharpness/ascent.h"
#include "analysis/sharpness/flatness.h"
#include "analysis/sharpness/noise.h"
#include "analysis/spectrum/eigenvector.h"
#include "analysis/spectrum/lanczos.h"
#include "analysis/surface/directions.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr double kStandardErrors = 4, kErrors = 2, kFloorFloat = 1e-3, kFloorDouble = 1e-6, kSharp = 0.1;

class Measures {
 public:
  Measures(Objective& objective, const InvarianceSpec& spec, const Carried& carried, const Context& context)
      : f_(objective), spec_(spec), carried_(carried), context_(context), theta_(objective.theta0()), seed_(spec.measure.seed),
        hessian_(objective.hessian(theta_, spec.measure.memoryBytes, context)), gradient_(objective.gradient(theta_)), loss_(objective.evaluate(theta_).loss) {}

  std::vector<InvariantValue> run() {
    ends();
    drawn("trace", [&](std::uint64_t seed) { return along(noise(seed).sign()); });
    for (const bool adaptive : {false, true}) rises(adaptive);
    flatness();
    drawn("filter_curvature", [&](std::uint64_t seed) { return along(direction(seed)); });
    values_.push_back({.measure = "parameter_norm", .value = normOf(theta_)});
    return std::move(values_);
  }

 private:
  void ends() {
    const Eigenpairs pairs = extremeEigenpairs(*hessian_,
                                               {.top = 1, .bottom = 1, .tolerance = defaultResidual(theta_.scalar_type()),
                                                .maxProducts = defaultMaxProducts(f_.layout().size()), .seed = seed_},
                                               context_);
    if (pairs.stopped) throw trainer::Cancelled();
    values_.push_back({"lambda_max", pairs.top.front().value, pairs.top.front().residual});
    values_.push_back({"lambda_min", pairs.bottom.front().value, pairs.bottom.front().residual});
  }

  void rises(bool adaptive) {
    const std::string ending = adaptive ? "_adaptive" : "";
    const Ball ball("l2", adaptive, theta_);
    // From the gradient alone, where there is one: a random start is another one for permuted weights.
    const std::int64_t restarts = normOf(ball.scaled(gradient_)) > 0 ? 0 : 1;
    const AscentOptions ascent{.rho = spec_.rho, .iterations = spec_.iterations, .restarts = restarts, .seed = seed_};
    const Ascent worst = worstCase(f_, ball, gradient_, loss_, ascent, nullptr, context_);
    values_.push_back({"worst" + ending, worst.value, worst.value * worst.lastGain});
    values_.push_back({"one_step" + ending, oneStep(f_, ball, gradient_, loss_, spec_.rho), 0});
    drawn("average" + ending, [&](std::uint64_t seed) {
      const at::Tensor delta = ball.scaled(noise(seed)) * spec_.deviation;
      return f_.evaluate(theta_ + delta).loss - loss_ - dotOf(gradient_, delta);
    });
    values_.push_back({"gradient_norm" + ending, normOf(ball.scaled(gradient_)), 0});
  }

  void flatness() {
    const auto& slices = f_.layout().slices();
    if (std::ranges::none_of(slices, [](const auto& s) { return s.kind == trainer::ParameterKind::weight && s.shape.size() == 2; })) return;
    drawn("relative_flatness", [&](std::uint64_t seed) {
      const at::Tensor v = flatnessProbe(f_.layout(), carried_.moved ? carried_.theta : theta_, seed);
      return along(carried_.moved ? carried_.moved(v) : v);
    });
  }

  template <class Draw>
  void drawn(const std::string& name, const Draw& draw) {
    InvariantValue v{name};
    for (std::int64_t i = 0; i < spec_.draws; ++i) {
      context_.checkpoint();
      v.draws.push_back(draw(trainer::deriveSeed(seed_, fmt::format("{}/{}", name, i))));
    }
    const MeanEstimate e = estimateMean(v.draws);
    v.value = e.mean, v.error = e.standardError;
    values_.push_back(std::move(v));
  }

  double along(const at::Tensor& v) { return dotOf(v, hessian_->apply(v)); }
  at::Tensor noise(std::uint64_t seed) const {
    const at::Tensor z = gaussianLike(theta_, seed);
    return carried_.moved ? carried_.moved(z) : z;
  }
  at::Tensor direction(std::uint64_t seed) const {
    const at::Tensor d = randomDirection(f_.layout(), carried_.moved ? carried_.theta : theta_, {.seed = seed}).to(theta_.options());
    return carried_.moved ? carried_.moved(d) : d;
  }

  Objective& f_;
  const InvarianceSpec& spec_;
  const Carried& carried_;
  const Context& context_;
  const at::Tensor& theta_;
  std::uint64_t seed_;
  std::unique_ptr<LinearOperator> hessian_;
  at::Tensor gradient_;
  double loss_;
  std::vector<InvariantValue> values_;
};

}  // namespace

std::vector<InvariantValue> invariantMeasures(Objective& objective, const InvarianceSpec& spec, const Carried& carried, const Context& context) {
  return Measures(objective, spec, carried, context).run();
}

InvarianceBadge compare(const InvariantValue& before, const InvariantValue& after, at::ScalarType precision) {
  InvarianceBadge b{.measure = before.measure, .before = before.value, .beforeError = before.error, .after = after.value, .afterError = after.error};
  const double floor = (precision == at::kDouble ? kFloorDouble : kFloorFloat) * std::max(std::abs(before.value), std::abs(after.value));
  b.tolerance = kErrors * (before.error + after.error) + floor;
  if (!before.draws.empty()) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < before.draws.size(); ++i) differences.push_back(after.draws[i] - before.draws[i]);
    b.tolerance = kStandardErrors * estimateMean(differences).standardError + floor;
  }
  b.earned = std::abs(after.value - before.value) <= b.tolerance;
  b.sharp = !b.earned || b.tolerance <= kSharp * std::max(std::abs(before.value), std::abs(after.value));
  return b;
}

}  // namespace analysis
