// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/paths/measure_path.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "analysis/evaluate_point.h"
#include "analysis/model_objective.h"
#include "analysis/paths/bezier.h"
#include "analysis/paths/match_permutations.h"
#include "analysis/run_checkpoints.h"
#include "analysis/surface/plain_sums.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMostPoints = 4097, kMostCurveSteps = 1'000'000;
constexpr std::int64_t kCompared = 512;      ///< samples on which a permuted network's outputs are compared
constexpr double kSameFunction = 1e-3;       ///< relative; reordered sums differ by 1e-6 in float, a misplaced channel by 1

double since(Clock::time_point started) { return std::chrono::duration<double>(Clock::now() - started).count(); }

void check(const PathSpec& spec) {
  if (spec.points < 3 || spec.points > kMostPoints) throw std::invalid_argument(fmt::format("--points must be between 3 and {}, got {}", kMostPoints, spec.points));
  if (spec.curveSteps < 0 || spec.curveSteps > kMostCurveSteps)
    throw std::invalid_argument(fmt::format("--curve must be between 0 and {} steps, got {}", kMostCurveSteps, spec.curveSteps));
  if (!spec.saveMatched.empty() && !spec.match) throw std::invalid_argument("--save-matched needs --match");
}

/// Largest difference of the outputs of two weights of one network, relative to the largest output.
double outputDifference(const LoadedRun& run, const PermutedWeights& a, const PermutedWeights& b) {
  ModelObjective::Parts parts = dynamic_cast<ModelObjective&>(*run.train).parts();
  const std::int64_t count = std::min(kCompared, parts.data.count());
  parts.data = {parts.data.inputs.slice(0, 0, count), parts.data.labels.slice(0, 0, count)};
  parts.policy = BatchNormPolicy::eval;
  const auto outputs = [&](const PermutedWeights& w) {
    parts.theta = w.theta, parts.buffers = w.buffers;
    return ModelObjective(parts).outputs(w.theta);
  };
  const at::Tensor first = outputs(a), second = outputs(b);
  return ((first - second).abs().max() / first.abs().max()).item<double>();
}

class PathMeasure {
 public:
  PathMeasure(const PathSpec& spec, const Context& context)
      : spec_(spec), context_(context), run_(loadRun(spec.measure, Statistics::moveAlong)), other_(spec.run2, run_.train->layout(), run_.spec),
        evaluate_(run_, spec.measure) {
    const trainer::Checkpoint there = other_.read(spec.step2);
    const at::TensorOptions options = run_.train->theta0().options();
    first_ = {run_.train->theta0(), {}};
    second_ = {there.theta.to(options), {}};
    if (there.buffers.defined()) {
      first_.buffers = dynamic_cast<ModelObjective&>(*run_.train).parts().buffers;
      second_.buffers = there.buffers.to(options);
    }
    path_.step2 = there.step;
    if (spec.curveSteps > 0 && first_.buffers.defined() && spec.measure.batchNorm != "recomputed")
      throw std::invalid_argument(fmt::format("--curve with --bn {} does not work for a network with batch norm: the statistics on a bent curve are not between "
                                              "those of its ends; use --bn recomputed", spec.measure.batchNorm));
    describe();
  }

  Path run() {
    const auto started = Clock::now();
    try {
      addLine("linear", second_);
      if (spec_.match) addMatched();
      if (spec_.curveSteps > 0) addCurve();
    } catch (const trainer::Cancelled&) {
      path_.stopped = true;
    }
    path_.seconds = since(started);
    return std::move(path_);
  }

 private:
  void describe() {
    path_.step = run_.step, path_.samples = run_.train->sampleCount();
    path_.testSamples = spec_.measure.split == "test" ? path_.samples : run_.test->sampleCount();
    path_.parameters = run_.train->layout().size();
    path_.split = spec_.measure.split, path_.batchNorm = spec_.measure.batchNorm, path_.precision = run_.precision, path_.device = run_.device;
    const at::Tensor a = doublesOnCpu(first_.theta), b = doublesOnCpu(second_.theta);
    path_.norm1 = norm(numbers(a)), path_.norm2 = norm(numbers(b)), path_.distance = (a - b).norm().item<double>();
    path_.cosine = path_.norm1 * path_.norm2 > 0 ? dot(numbers(a), numbers(b)) / (path_.norm1 * path_.norm2) : 0;
  }

  /// Both ends are the ends' own bits.
  static at::Tensor between(const at::Tensor& a, const at::Tensor& b, double t) {
    if (!a.defined() || t == 0) return a;
    return t == 1 ? b : (a * (1 - t)).add_(b, t);
  }

  void addLine(const std::string& kind, const PermutedWeights& end) {
    sample(kind, [&](double t) { return PermutedWeights{between(first_.theta, end.theta, t), between(first_.buffers, end.buffers, t)}; });
  }

  void sample(const std::string& kind, const std::function<PermutedWeights(double)>& point) {
    path_.lines.push_back({.kind = kind});
    PathLine& line = path_.lines.back();
    at::Tensor before;
    for (std::int64_t i = 0; i < spec_.points; ++i) {
      context_.checkpoint();
      const double t = static_cast<double>(i) / static_cast<double>(spec_.points - 1);
      const PermutedWeights here = point(t);
      const SetValues values = evaluate_(here.theta, evaluate_.movesStatistics() ? here.buffers : at::Tensor());
      line.t.push_back(t);
      line.trainLoss.push_back(values.train.loss), line.trainAccuracy.push_back(values.train.accuracy);
      line.testLoss.push_back(values.test.loss), line.testAccuracy.push_back(values.test.accuracy);
      if (before.defined()) line.length += (here.theta - before).to(at::kDouble).norm().item<double>();
      before = here.theta;
      ++path_.evaluations;
      context_.report({.stage = kind + " path", .unit = "points", .done = i + 1, .total = spec_.points});
    }
    const Barrier train = barrierOf(line.trainLoss, line.t), test = barrierOf(line.testLoss, line.t);
    line.trainBarrier = train.height, line.barrierAt = train.at, line.testBarrier = test.height;
  }

  void addMatched() {
    const auto started = Clock::now();
    const std::vector<PermutationGroup> groups = permutationGroups(*run_.model);
    const Match match = matchPermutations(groups, first_.theta, second_.theta, spec_.measure.seed, context_);
    const PermutedWeights matched = permuted(groups, match.permutations, second_);
    PathMatch report{.groups = static_cast<std::int64_t>(groups.size()), .moved = match.moved, .rounds = match.rounds, .distanceBefore = match.distanceBefore,
                     .distanceAfter = match.distanceAfter, .outputDifference = outputDifference(run_, second_, matched)};
    for (const PermutationGroup& g : groups) report.units += g.size;
    if (!(report.outputDifference < kSameFunction))
      throw trainer::NumericalError(fmt::format("the permuted network does not compute the same (outputs differ by {:.2g} of the largest)", report.outputDifference));
    report.seconds = since(started);
    path_.match = report;
    if (!spec_.saveMatched.empty())
      trainer::writeCheckpoint(spec_.saveMatched, *run_.model, {.step = path_.step2, .epoch = 0, .theta = matched.theta, .buffers = matched.buffers});
    addLine("matched", matched);
  }

  void addCurve() {
    const auto started = Clock::now();
    const BezierCurve curve = trainBezier(*run_.train, first_.theta, second_.theta, {.steps = spec_.curveSteps, .seed = spec_.measure.seed}, context_);
    PathCurve report{.steps = spec_.curveSteps, .gradients = curve.gradients};
    report.bend = path_.distance > 0 ? (curve.middle - (first_.theta + second_.theta) / 2).to(at::kDouble).norm().item<double>() / path_.distance : 0;
    sample("bezier", [&](double t) {
      return PermutedWeights{t == 0 ? first_.theta : t == 1 ? second_.theta : bezierPoint(first_.theta, curve.middle, second_.theta, t), {}};
    });
    const auto mean = [](const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size()); };
    report.firstLoss = mean(path_.lines.front().trainLoss), report.lastLoss = mean(path_.lines.back().trainLoss);
    report.seconds = since(started);
    path_.curve = report;
  }

  const PathSpec& spec_;
  const Context& context_;
  LoadedRun run_;
  RunCheckpoints other_;
  PointEvaluator evaluate_;
  PermutedWeights first_, second_;
  Path path_;
};

}  // namespace

Barrier barrierOf(const std::vector<double>& loss, const std::vector<double>& t) {
  Barrier barrier;
  for (std::size_t i = 0; i < loss.size(); ++i) {
    const double rise = loss[i] - ((1 - t[i]) * loss.front() + t[i] * loss.back());
    if (rise > barrier.height || std::isnan(rise)) barrier = {rise, t[i]};
    if (std::isnan(rise)) break;
  }
  return barrier;
}

Path measurePath(const PathSpec& spec, const trainer::Context& context) {
  check(spec);
  try {
    return PathMeasure(spec, context).run();
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("the path could not be measured: {}", e.what_without_backtrace()));
  }
}

}  // namespace analysis
