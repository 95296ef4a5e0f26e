// SPDX-License-Identifier: GPL-3.0-or-later
// Seconds of the parts that curvature, training and surfaces are made of; their ratios are `sharpscape bench`. Networks and images are those of its workloads.
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <string>

#include "analysis/bench/workload.h"
#include "analysis/spectrum/curvature_tracker.h"
#include "analysis/spectrum/krylov_space.h"
#include "analysis/surface/plane.h"
#include "trainer/data/augment.h"
#include "trainer/run/mini_batch.h"
#include "trainer/run/tracked_curvature.h"

namespace {

using analysis::ModelObjective;
using analysis::TrainingSteps;

constexpr std::int64_t kKept = std::int64_t{8} << 30, kRebuilt = 1;

analysis::MeasureSpec onTheCpu() {
  analysis::MeasureSpec spec;
  spec.device = "cpu";
  return spec;
}

/// A network behind 20 plain steps, made once.
struct Net {
  explicit Net(const std::string& name) : workload(analysis::makeWorkload(name, onTheCpu())) {
    const trainer::PreparedRun& run = workload.run;
    TrainingSteps training(run, {}, trainer::initialise(run.model->layout(), 0, run.dtype), run.model->initialBuffers(run.dtype));
    for (int i = 0; i < 20; ++i) training.take();
    theta = training.theta(), buffers = training.buffers();
    v = analysis::randomUnitVector(theta.numel(), theta.options(), 1);
  }
  std::unique_ptr<ModelObjective> objective(at::ScalarType dtype = at::kFloat) const { return analysis::objectiveOf(workload, theta.to(dtype), buffers.to(dtype), workload.productSamples); }

  analysis::Workload workload;
  at::Tensor theta, buffers, v;
};

const Net& net(const std::string& name) {
  static std::map<std::string, std::unique_ptr<Net>> all;
  auto& one = all[name];
  if (!one) one = std::make_unique<Net>(name);
  return *one;
}

void gradient(benchmark::State& state, const Net& n) {
  const auto f = n.objective();
  for (auto _ : state) benchmark::DoNotOptimize(f->gradient(n.theta));
}

void hessianProduct(benchmark::State& state, const Net& n, std::int64_t bytes, at::ScalarType dtype) {
  const auto f = n.objective(dtype);
  const auto a = f->hessian(f->theta0(), bytes, {});
  const at::Tensor v = n.v.to(dtype);
  for (auto _ : state) benchmark::DoNotOptimize(a->apply(v));
}

/// What keeping costs before the first product.
void hessianGraphs(benchmark::State& state, const Net& n) {
  const auto f = n.objective();
  for (auto _ : state) benchmark::DoNotOptimize(f->hessian(n.theta, kKept, {}));
}

void gaussNewtonProduct(benchmark::State& state, const Net& n, std::int64_t bytes) {
  const auto f = n.objective();
  const auto a = f->outputCurvature(analysis::OutputCurvature::gaussNewton, n.theta, bytes, {});
  for (auto _ : state) benchmark::DoNotOptimize(a->apply(n.v));
}

void trainingStep(benchmark::State& state, const Net& n, const trainer::SharpnessOptions& options) {
  TrainingSteps training(n.workload.run, options, n.theta, n.buffers);
  for (auto _ : state) benchmark::DoNotOptimize(training.take());
}

/// Choosing, augmenting and normalising a batch.
void batch(benchmark::State& state, const Net& n, bool augmented) {
  const trainer::PreparedRun& run = n.workload.run;
  const at::Tensor items = trainer::itemsOf(run, 0);
  for (auto _ : state) {
    at::Tensor inputs = run.data.train.inputs.index_select(0, items);
    if (augmented) inputs = trainer::augment(inputs, items, 0, 0);
    benchmark::DoNotOptimize(trainer::normalise(inputs, *run.spec.normalisation, run.dtype));
  }
}

/// The base step alone, over P numbers.
void baseStep(benchmark::State& state, const Net& n, const std::string& optimizer) {
  at::Tensor theta = n.theta.clone();
  const auto base = trainer::makeBaseStep({.name = optimizer}, n.workload.run.model->layout(), theta);
  for (auto _ : state) base->apply(theta, n.v, 1e-6);
}

void surfacePoint(benchmark::State& state, const Net& n) {
  analysis::SurfaceSpec spec;
  spec.measure.split = "test";
  spec.y = analysis::AxisSpec{};
  analysis::LoadedRun run;
  run.spec = n.workload.run.spec, run.model = n.workload.run.model;
  run.train = analysis::objectiveOf(n.workload, n.theta, n.buffers, n.workload.run.data.train.count());
  analysis::Plane plane(std::move(run), spec, {});
  for (auto _ : state) benchmark::DoNotOptimize(plane.evaluate(0.01, -0.02));
}

/// theta0 + x d1 + y d2 alone.
void planePoint(benchmark::State& state, const Net& n) {
  analysis::SurfaceSpec spec;
  spec.measure.split = "test";
  spec.y = analysis::AxisSpec{};
  analysis::LoadedRun run;
  run.spec = n.workload.run.spec, run.model = n.workload.run.model, run.train = n.objective();
  analysis::Plane plane(std::move(run), spec, {});
  for (auto _ : state) benchmark::DoNotOptimize(plane.pointAt(0.01, -0.02));
}

/// Step m + 1 of Lanczos without its product: orthogonalisation against m vectors, twice.
void lanczosStep(benchmark::State& state, const Net& n, std::int64_t m) {
  class Diagonal : public analysis::LinearOperator {
   public:
    explicit Diagonal(const at::Tensor& like) : values_(at::linspace(0.1, 1, like.numel(), like.options())) {}
    std::string name() const override { return "diagonal"; }
    std::int64_t size() const override { return values_.numel(); }
    at::TensorOptions options() const override { return values_.options(); }
    at::Tensor apply(const at::Tensor& v) override { return values_ * v; }

   private:
    at::Tensor values_;
  } diagonal(n.theta);
  for (auto _ : state) {
    state.PauseTiming();
    analysis::KrylovSpace space(diagonal, {}, 0);
    space.reserve(m + 2);
    for (std::int64_t i = 0; i < m; ++i) space.extend();
    state.ResumeTiming();
    space.extend();
  }
}

/// lambda_max followed, warm, at the same place.
void tracking(benchmark::State& state, const Net& n) {
  TrainingSteps training(n.workload.run, {}, n.theta, n.buffers);
  trainer::TrackedCurvature tracked(n.workload.run, analysis::makeCurvatureTracker());
  for (auto _ : state)
    tracked.measure({.theta = training.theta(), .buffers = training.buffers(), .base = training.base(), .sharpness = training.sharpness(), .step = 0}, {}, {});
}

const auto registered = [] {
  for (const std::string name : {"cnn", "lenet", "resnet20"}) {
    const auto add = [&name](const std::string& title, auto action) {
      benchmark::RegisterBenchmark((title + "/" + name).c_str(), [name, action](benchmark::State& s) { action(s, net(name)); })->Unit(benchmark::kMillisecond)->UseRealTime();
    };
    add("gradient", gradient);
    add("hessian_graphs", hessianGraphs);
    add("hessian_product/kept", [](auto& s, const Net& n) { hessianProduct(s, n, kKept, at::kFloat); });
    add("hessian_product/rebuilt", [](auto& s, const Net& n) { hessianProduct(s, n, kRebuilt, at::kFloat); });
    add("hessian_product/double", [](auto& s, const Net& n) { hessianProduct(s, n, kKept, at::kDouble); });
    add("gauss_newton_product/kept", [](auto& s, const Net& n) { gaussNewtonProduct(s, n, kKept); });
    add("gauss_newton_product/rebuilt", [](auto& s, const Net& n) { gaussNewtonProduct(s, n, kRebuilt); });
    for (const std::string method : {"none", "sam", "asam", "penalty", "gsam"})
      add("step/" + method, [method](auto& s, const Net& n) { trainingStep(s, n, {.method = method, .rho = 0.05, .alpha = 0.8}); });
    add("step/exact_penalty", [](auto& s, const Net& n) { trainingStep(s, n, {.method = "penalty", .rho = 0.1, .alpha = 0.8, .penaltyProduct = "exact"}); });
    add("batch/plain", [](auto& s, const Net& n) { batch(s, n, false); });
    if (name == "resnet20") add("batch/augmented", [](auto& s, const Net& n) { batch(s, n, true); });
    for (const std::string optimizer : {"sgd", "adam", "lion", "muon"}) add("base_step/" + optimizer, [optimizer](auto& s, const Net& n) { baseStep(s, n, optimizer); });
    add("surface_point", surfacePoint);
    add("plane_point", planePoint);
    for (const std::int64_t m : {10, 50}) add("lanczos_step/" + std::to_string(m), [m](auto& s, const Net& n) { lanczosStep(s, n, m); });
    add("tracking", tracking);
  }
  return true;
}();

}  // namespace
