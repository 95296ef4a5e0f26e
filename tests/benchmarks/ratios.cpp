// SPDX-License-Identifier: GPL-3.0-or-later
// What things cost in units of simpler things. Each benchmark times both in turn, so that what else the machine does meets both alike;
// the counter `ratio` is the quotient of the two medians.
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "analysis/model_objective.h"
#include "analysis/surface/plane.h"
#include "trainer/optim/sharpness_step.h"

namespace {

using analysis::ModelObjective;
using Clock = std::chrono::steady_clock;

struct Case {
  const char* model;
  trainer::InputShape shape;
  std::int64_t samples, batch;
};

// The built-in digits' shape and the usual 28 x 28 one; the pixels are made up, the arithmetic is the same.
const Case kCases[] = {{"cnn", {1, 8, 8, 10}, 1442, 64}, {"lenet", {1, 28, 28, 10}, 2048, 128}, {"resnet20", {3, 32, 32, 10}, 128, 64}};

std::unique_ptr<ModelObjective> objectiveOf(const Case& c, std::int64_t samples) {
  const auto model = trainer::buildModel(c.model, "relu", c.shape);
  const at::Tensor pixels = at::arange(samples * c.shape.features(), at::kLong).mul_(7919).remainder_(251).to(at::kByte);
  ModelObjective::Parts parts{.model = model, .theta = trainer::initialise(model->layout(), 0, at::kFloat),
                              .data = {pixels.reshape({samples, c.shape.channels, c.shape.height, c.shape.width}), at::arange(samples, at::kLong).remainder_(10)},
                              .normalisation = {.scale = 255, .mean = std::vector<double>(static_cast<std::size_t>(c.shape.channels), 0.5),
                                                .deviation = std::vector<double>(static_cast<std::size_t>(c.shape.channels), 0.3)}};
  return std::make_unique<ModelObjective>(std::move(parts));
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

template <class Action>
double secondsOf(const Action& action) {
  const auto started = Clock::now();
  action();
  return std::chrono::duration<double>(Clock::now() - started).count();
}

/// Times `work` and, in turn, `unit`; the benchmark's own time is that of `work`.
template <class Work, class Unit>
void compare(benchmark::State& state, const Work& work, const Unit& unit) {
  work();
  unit();
  std::vector<double> workSeconds, unitSeconds;
  for (auto _ : state) {
    unitSeconds.push_back(secondsOf(unit));
    workSeconds.push_back(secondsOf(work));
    state.SetIterationTime(workSeconds.back());
  }
  state.counters["unit_ms"] = 1e3 * median(unitSeconds);
  state.counters["ratio"] = median(workSeconds) / median(unitSeconds);
}

void hessianProductPerGradient(benchmark::State& state, const Case& c, std::int64_t memoryBytes) {
  const auto objective = objectiveOf(c, c.samples);
  const at::Tensor theta = objective->theta0(), v = at::ones_like(theta);
  const auto hessian = objective->hessian(theta, memoryBytes, {});
  compare(state, [&] { benchmark::DoNotOptimize(hessian->apply(v)); }, [&] { benchmark::DoNotOptimize(objective->gradient(theta)); });
}

void gaussNewtonProductPerGradient(benchmark::State& state, const Case& c, std::int64_t memoryBytes) {
  const auto objective = objectiveOf(c, c.samples);
  const at::Tensor theta = objective->theta0(), v = at::ones_like(theta);
  const auto matrix = objective->outputCurvature(analysis::OutputCurvature::gaussNewton, theta, memoryBytes, {});
  compare(state, [&] { benchmark::DoNotOptimize(matrix->apply(v)); }, [&] { benchmark::DoNotOptimize(objective->gradient(theta)); });
}

void gridPointPerForward(benchmark::State& state, const Case& c) {
  analysis::LoadedRun run;
  run.train = objectiveOf(c, c.samples);
  run.test = objectiveOf(c, c.samples / 4);
  analysis::Objective& train = *run.train;
  analysis::Objective& test = *run.test;
  analysis::SurfaceSpec spec;
  spec.y = analysis::AxisSpec{};
  analysis::Plane plane(std::move(run), spec, {});
  compare(state, [&] { benchmark::DoNotOptimize(plane.evaluate(0.3, -0.2)); }, [&] {
    benchmark::DoNotOptimize(train.evaluate(train.theta0()));
    benchmark::DoNotOptimize(test.evaluate(test.theta0()));
  });
}

class OneBatch : public trainer::BatchObjective {
 public:
  explicit OneBatch(analysis::Objective& objective) : objective_(objective) {}
  std::int64_t groups() const override { return 1; }
  double weight(std::int64_t) const override { return 1; }
  trainer::LossAndGradient first(std::int64_t group, const at::Tensor& theta) override { return {at::zeros({}), again(group, theta)}; }
  at::Tensor again(std::int64_t, const at::Tensor& theta) override { return objective_.gradient(theta); }
  at::Tensor hessianProduct(std::int64_t, const at::Tensor& theta, const at::Tensor& v) override { return objective_.hessian(theta, 1, {})->apply(v); }

 private:
  analysis::Objective& objective_;
};

void samStepPerPlainStep(benchmark::State& state, const Case& c) {
  const auto batch = objectiveOf(c, c.batch);
  at::Tensor theta = batch->theta0().clone(), momentum = at::zeros_like(theta);
  OneBatch objective(*batch);
  const auto step = [&](const trainer::SharpnessOptions& options) {
    momentum.mul_(0.9).add_(trainer::SharpnessStep(options, {}).gradient(objective, theta, 0).combined);
    theta.add_(momentum, -1e-6);
  };
  compare(state, [&] { step({.method = "sam", .rho = 0.05}); }, [&] { step({}); });
}

const auto registered = [] {
  for (const Case& c : kCases) {
    const std::string name = c.model;
    const auto add = [](const std::string& title, auto action) {
      benchmark::RegisterBenchmark(title.c_str(), action)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(2.0);
    };
    add("hessian_product_per_gradient/kept/" + name, [&c](benchmark::State& s) { hessianProductPerGradient(s, c, std::int64_t{8} << 30); });
    add("hessian_product_per_gradient/rebuilt/" + name, [&c](benchmark::State& s) { hessianProductPerGradient(s, c, 1); });
    add("gauss_newton_product_per_gradient/kept/" + name, [&c](benchmark::State& s) { gaussNewtonProductPerGradient(s, c, std::int64_t{8} << 30); });
    add("gauss_newton_product_per_gradient/rebuilt/" + name, [&c](benchmark::State& s) { gaussNewtonProductPerGradient(s, c, 1); });
    add("grid_point_per_forward/" + name, [&c](benchmark::State& s) { gridPointPerForward(s, c); });
    add("sam_step_per_plain_step/" + name, [&c](benchmark::State& s) { samStepPerPlainStep(s, c); });
  }
  return true;
}();

}  // namespace
