// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/bench/net_bench.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/spectrum/curvature_tracker.h"
#include "analysis/spectrum/krylov_space.h"
#include "analysis/surface/plane.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"
#include "trainer/model/loss.h"
#include "trainer/run/tracked_curvature.h"

namespace analysis {
namespace {

constexpr std::int64_t kTrainingSteps = 20, kStepsBetween = 10, kLanczosSteps = 50, kMostProducts = 100;
constexpr std::int64_t kNothingKept = 1;  ///< bytes
constexpr double kResidual = 1e-3;
constexpr double kPiece = 0.02;  ///< seconds: longer than what a scheduler does to two threads

double secondsFrom(NetBench::Clock::time_point start) { return std::chrono::duration<double>(NetBench::Clock::now() - start).count(); }

/// 1, (n-1)/n, ... 1/n on the diagonal: no Lanczos converges in 50 steps.
class Ramp : public LinearOperator {
 public:
  explicit Ramp(const at::Tensor& like) : values_(at::linspace(1, 1 / static_cast<double>(like.numel()), like.numel(), like.options())) {}
  std::string name() const override { return "ramp"; }
  std::int64_t size() const override { return values_.numel(); }
  at::TensorOptions options() const override { return values_.options(); }
  at::Tensor apply(const at::Tensor& v) override { return values_ * v; }

 private:
  at::Tensor values_;
};

/// The sum of the losses of inputs [n,C,H,W] that are normalised already, in chunks.
at::Tensor forwardPass(const ModelObjective& f, const at::Tensor& inputs) {
  const c10::InferenceMode inference;
  const ModelObjective::Parts& p = f.parts();
  at::Tensor sum = at::zeros({}, p.theta.options());
  for (std::int64_t from = 0; from < p.data.count(); from += p.chunk) {
    const std::int64_t to = std::min(p.data.count(), from + p.chunk);
    sum += trainer::itemLosses(p.model->forward(p.theta, inputs.slice(0, from, to), {.buffers = p.buffers}), p.data.labels.slice(0, from, to), p.loss).sum();
  }
  return sum;
}

/// A plane of two random directions on one sample.
Plane planeOn(std::unique_ptr<Objective> objective, std::shared_ptr<const trainer::Model> model, const trainer::RunSpec& spec) {
  SurfaceSpec surface;
  surface.measure.split = "test";  // the one sample stands for both
  surface.y = AxisSpec{};
  LoadedRun run;
  run.spec = spec, run.model = std::move(model), run.train = std::move(objective);
  return Plane(std::move(run), surface, {});
}

}  // namespace

NetBench::NetBench(const Workload& workload, BenchNet& out, const MeasureSpec& measure, const trainer::Context& context)
    : workload_(workload), out_(out), measure_(measure), context_(context) {
  const trainer::PreparedRun& run = workload.run;
  const trainer::InputShape& shape = run.data.shape;
  out_.name = run.spec.model, out_.channels = shape.channels, out_.height = shape.height, out_.width = shape.width, out_.parameters = run.model->layout().size();
  out_.samples = workload.productSamples, out_.gridSamples = run.data.train.count(), out_.walkSamples = workload.walkSamples;
  out_.batch = run.batchSize, out_.trainingSteps = kTrainingSteps;
  theta_ = trainer::initialise(run.model->layout(), run.spec.seed, run.dtype).to(run.device()), buffers_ = run.model->initialBuffers(run.dtype).to(run.device());
  objective_ = objectiveOf(workload_, theta_, buffers_, workload_.productSamples);
}

void NetBench::train() {
  TrainingSteps training(workload_.run, {}, theta_, buffers_);
  for (std::int64_t i = 0; i < kTrainingSteps; ++i) {
    context_.checkpoint();
    training.take();
    context_.report({.stage = out_.name + ": trained first", .unit = "steps", .done = i + 1, .total = kTrainingSteps});
  }
  theta_ = training.theta(), buffers_ = training.buffers();
  objective_ = objectiveOf(workload_, theta_, buffers_, workload_.productSamples);
}

double NetBench::firstSeconds() {
  return timeInTurn({[this] { return objective_->gradient(theta_); }}, {.seconds = 0, .least = 1}, context_).front().front();
}

void NetBench::run(Clock::time_point end) {
  train();
  const std::vector<Item> items = {{"products", &NetBench::products, 4, true},
                                   {"steps", &NetBench::steps, 4, true},
                                   {"grid points", &NetBench::gridPoints, 2, true},
                                   {"lambda_max", &NetBench::lambdaMax, 1, false},
                                   {"walk", &NetBench::walk, 0.5, false},
                                   {"both ends", &NetBench::bothEnds, 2, false},
                                   {"vector work", &NetBench::vectorWork, 1, false},
                                   {"double", &NetBench::doubleProducts, 2, false},
                                   {"five largest", &NetBench::fiveLargest, 2, false},
                                   {"tracking", &NetBench::tracking, 2, false}};
  double shares = 0;
  for (const Item& item : items) shares += item.share;
  for (const Item& item : items) {
    context_.checkpoint();
    const double left = -secondsFrom(end);
    if (!item.always && left <= 0) {
      leaveOut(item.name, "no time was left");
    } else {
      context_.report({.stage = fmt::format("{}: {}", out_.name, item.name), .unit = "numbers", .done = static_cast<std::int64_t>(out_.quantities.size()), .total = 0});
      (this->*item.measure)(std::max(0.0, left) * item.share / shares);
    }
    shares -= item.share;
  }
}

at::Tensor NetBench::direction() const { return randomUnitVector(theta_.numel(), theta_.options(), trainer::deriveSeed(workload_.run.spec.seed, "bench/direction")); }

std::unique_ptr<LinearOperator> NetBench::keptHessian() { return objective_->hessian(theta_, measure_.memoryBytes, context_); }

void NetBench::products(double seconds) {
  const at::Tensor v = direction();
  const auto kept = keptHessian(), rebuilt = objective_->hessian(theta_, kNothingKept, context_);
  const auto gaussNewton = objective_->outputCurvature(OutputCurvature::gaussNewton, theta_, measure_.memoryBytes, context_);
  const auto t = timeInTurn({[&] { return objective_->gradient(theta_); }, [&] { return kept->apply(v); }, [&] { return rebuilt->apply(v); }, [&] { return gaussNewton->apply(v); }},
                            {.seconds = seconds, .piece = kPiece}, context_);
  add(medianRatio("hessian_product_per_gradient", t[1], t[0]));
  add(medianRatio("hessian_product_rebuilt_per_gradient", t[2], t[0]));
  add(medianRatio("gauss_newton_product_per_gradient", t[3], t[0]));
  add(medianOf("seconds_per_gradient", t[0]));
}

void NetBench::steps(double seconds) {
  const auto training = [&](const trainer::SharpnessOptions& o) { return TrainingSteps(workload_.run, o, theta_, buffers_); };
  TrainingSteps plain = training({}), sam = training({.method = "sam", .rho = 0.05}), penalty = training({.method = "penalty", .rho = 0.1, .alpha = 0.8});
  TrainingSteps exact = training({.method = "penalty", .rho = 0.1, .alpha = 0.8, .penaltyProduct = "exact"});
  const auto t = timeInTurn({[&] { return plain.take(); }, [&] { return sam.take(); }, [&] { return penalty.take(); }, [&] { return exact.take(); }}, {.seconds = seconds, .piece = kPiece}, context_);
  add(medianRatio("sam_step_per_plain_step", t[1], t[0]));
  add(medianRatio("penalty_step_per_plain_step", t[2], t[0]));
  add(medianRatio("exact_penalty_step_per_plain_step", t[3], t[0]));
  add(medianOf("seconds_per_plain_step", t[0]));
  plainStep_ = out_.quantities.back().value;
}

void NetBench::gridPoints(double seconds) {
  const trainer::PreparedRun& run = workload_.run;
  auto owned = objectiveOf(workload_, theta_, buffers_, run.data.train.count());
  const ModelObjective& f = *owned;
  const at::Tensor inputs = trainer::normalise(f.parts().data.inputs, f.parts().normalisation, theta_.scalar_type());
  Plane plane = planeOn(std::move(owned), run.model, run.spec);
  std::int64_t point = 0;
  const auto evaluate = [&] { return at::scalar_tensor(plane.evaluate(0.01 * static_cast<double>(++point), -0.02).train.loss, at::kDouble); };
  const auto t = timeInTurn({[&] { return forwardPass(f, inputs); }, evaluate}, {.seconds = seconds, .piece = kPiece}, context_);
  add(medianRatio("grid_point_per_forward", t[1], t[0]));
  add(medianOf("seconds_per_grid_point", t[1]));
}

void NetBench::walk(double seconds) {
  Plane plane = planeOn(objectiveOf(workload_, theta_, buffers_, workload_.walkSamples), workload_.run.model, workload_.run.spec);
  std::int64_t point = 0;
  const auto t = timeInTurn({[&] { return at::scalar_tensor(plane.evaluate(0.01 * static_cast<double>(++point), -0.02).train.loss, at::kDouble); }}, {.seconds = seconds, .piece = kPiece}, context_);
  add(medianRatio("walk_points_per_second", std::vector<double>(t[0].size(), 1), t[0]));
}

/// Leaves `name` out where a pair has not converged.
Eigenpairs NetBench::pairs(std::int64_t top, std::int64_t bottom, const char* name) {
  const auto hessian = keptHessian();
  Eigenpairs found = extremeEigenpairs(*hessian, {.top = top, .bottom = bottom, .tolerance = kResidual, .maxProducts = kMostProducts, .seed = workload_.run.spec.seed}, context_);
  if (found.stopped) throw trainer::Cancelled();
  const auto missed = [](const std::vector<Eigenvalue>& pairs) { return !std::ranges::all_of(pairs, &Eigenvalue::converged); };
  if (missed(found.top) || missed(found.bottom)) {
    leaveOut(name, fmt::format("not converged after {} products", found.products));
    found = {};
  }
  return found;
}

void NetBench::lambdaMax(double) {
  const Clock::time_point start = Clock::now();
  const Eigenpairs found = pairs(1, 0, "lambda_max_products");
  if (found.top.empty()) return;
  add(counted("seconds_per_lambda_max", secondsFrom(start)));
  add(counted("lambda_max_products", static_cast<double>(found.products + found.residualProducts)));
  add(counted("lambda_max_residual", found.top.front().residual / std::abs(found.top.front().value)));
}

void NetBench::bothEnds(double) {
  const Eigenpairs found = pairs(1, 1, "both_ends_products");
  if (!found.top.empty()) add(counted("both_ends_products", static_cast<double>(found.products)));
}

void NetBench::fiveLargest(double) {
  const Eigenpairs found = pairs(std::min<std::int64_t>(5, theta_.numel()), 0, "five_largest_products");
  if (!found.top.empty()) add(counted("five_largest_products", static_cast<double>(found.products)));
}

void NetBench::vectorWork(double seconds) {
  Ramp ramp(theta_);
  const std::int64_t budget = measure_.memoryBytes > 0 ? measure_.memoryBytes : defaultMemoryBudget(theta_.device());
  if (theta_.numel() <= kLanczosSteps || basisVectors(ramp, budget) <= kLanczosSteps)
    return leaveOut("lanczos_vector_work_per_products", theta_.numel() <= kLanczosSteps ? "there are no 50 dimensions" : "50 vectors do not fit the memory");
  const auto hessian = keptHessian();
  const at::Tensor v = direction();
  const auto lanczos = [&] {
    return extremeEigenpairs(ramp, {.tolerance = 1e-15, .maxProducts = kLanczosSteps, .seed = workload_.run.spec.seed}, context_).topVectors.front();
  };
  const auto t = timeInTurn({[&] { return hessian->apply(v); }, lanczos}, {.seconds = seconds, .piece = kPiece}, context_);
  add(medianRatio("lanczos_vector_work_per_products", t[1], t[0], static_cast<double>(kLanczosSteps)));
}

void NetBench::doubleProducts(double seconds) {
  if (theta_.scalar_type() == at::kDouble) return leaveOut("double_product_per_float_product", "all of this is in double");
  const auto objective = objectiveOf(workload_, theta_.to(at::kDouble), buffers_.to(at::kDouble), workload_.productSamples);
  const auto single = keptHessian(), twice = objective->hessian(objective->theta0(), measure_.memoryBytes, context_);
  const at::Tensor v = direction(), w = v.to(at::kDouble);
  const auto t = timeInTurn({[&] { return single->apply(v); }, [&] { return twice->apply(w); }}, {.seconds = seconds, .piece = kPiece}, context_);
  add(medianRatio("double_product_per_float_product", t[1], t[0]));
}

void NetBench::tracking(double seconds) {
  TrainingSteps training(workload_.run, {}, theta_, buffers_);
  trainer::TrackedCurvature tracked(workload_.run, makeCurvatureTracker());
  const auto measure = [&] {
    tracked.measure({.theta = training.theta(), .buffers = training.buffers(), .base = training.base(), .sharpness = training.sharpness(), .step = training.steps()}, {}, context_);
  };
  measure();
  const double epoch = plainStep_ * static_cast<double>(workload_.epochItems) / static_cast<double>(workload_.run.batchSize);
  const Clock::time_point start = Clock::now();
  std::vector<double> shares;
  do {
    for (std::int64_t i = 0; i < kStepsBetween; ++i) training.take();
    const Clock::time_point begun = Clock::now();
    measure();
    shares.push_back(secondsFrom(begun) / epoch);
  } while (shares.size() < 20 && secondsFrom(start) < seconds);
  add(medianOf("tracking_share", std::move(shares)));
}

}  // namespace analysis
