// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/matched/measure_matched.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "analysis/load_objective.h"
#include "analysis/model_objective.h"
#include "analysis/sharpness/ascent.h"
#include "analysis/sharpness/noise.h"
#include "analysis/spectrum/eigenvector.h"
#include "analysis/spectrum/lanczos.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"
#include "trainer/model/checkpoint.h"
#include "trainer/run/run_store.h"

namespace analysis {
namespace {

/// A run with the losses of its checkpoints.
class Candidate {
 public:
  Candidate(const MeasureSpec& measure, const std::string& folder, const Context& context) : folder_(folder) {
    MeasureSpec m = measure;
    m.run = folder, m.step = "last";
    run_ = loadRun(m);
    for (const trainer::CheckpointInfo& info : trainer::listCheckpoints(folder)) {
      context.checkpoint();
      files_.push_back(info);
      const auto f = at(files_.size() - 1);
      losses_.push_back(f->evaluate(f->theta0()).loss);
    }
  }
  const std::string& folder() const { return folder_; }
  const LoadedRun& run() const { return run_; }
  double smallest() const { return *std::ranges::min_element(losses_); }
  double first() const { return losses_.front(); }
  double loss(std::size_t i) const { return losses_[i]; }
  std::int64_t step(std::size_t i) const { return files_[i].step; }
  std::unique_ptr<ModelObjective> at(std::size_t i) const {
    const trainer::Checkpoint c = trainer::readCheckpoint(files_[i].file, run_.model->layout(), run_.model->bufferLayout());
    ModelObjective::Parts parts = dynamic_cast<const ModelObjective&>(*run_.train).parts();
    parts.theta = c.theta.to(parts.theta.options());
    if (c.buffers.defined()) parts.buffers = c.buffers;
    return std::make_unique<ModelObjective>(std::move(parts));
  }
  /// The first checkpoint at or below the target; the one before it is above.
  std::size_t below(double target) const {
    for (std::size_t i = 0; i < losses_.size(); ++i)
      if (losses_[i] <= target) {
        if (i == 0 && losses_[0] < target) break;
        return i;
      }
    throw std::invalid_argument(fmt::format("--target-loss {:g}: the checkpoints of '{}' go from {:.6g} to {:.6g} on these samples, so it has no such loss", target, folder_,
                                            losses_.front(), smallest()));
  }

 private:
  std::string folder_;
  LoadedRun run_;
  std::vector<trainer::CheckpointInfo> files_;
  std::vector<double> losses_;
};

MatchedCheckpoint describe(ModelObjective& f, std::int64_t step, double loss) {
  const at::Tensor z = f.outputs(f.theta0()).to(at::kDouble);
  return {step, loss, normOf(f.theta0()), z.norm(2, {-1}).mean().item<double>(), (z.amax(-1) - z.amin(-1)).mean().item<double>()};
}

/// Every quantity at one checkpoint, in a fixed order; value in `above`.
class Quantities {
 public:
  Quantities(ModelObjective& f, double loss, const MatchedSpec& spec, const Context& context)
      : f_(f), loss_(loss), spec_(spec), context_(context), hessian_(f.hessian(f.theta0(), spec.measure.memoryBytes, context)) {}
  std::vector<MatchedQuantity> run() {
    curvature();
    const at::Tensor g = f_.gradient(f_.theta0());
    for (const bool adaptive : {false, true}) {
      const Ball ball("l2", adaptive, f_.theta0());
      const std::string ending = adaptive ? "_adaptive" : "";
      for (const double rho : spec_.rho) {
        const Ascent a = worstCase(f_, ball, g, loss_, {.rho = rho, .iterations = spec_.iterations, .seed = spec_.measure.seed}, nullptr, context_);
        add("worst" + ending, rho, a.value, a.value * std::max(a.lastGain, a.startSpread));
      }
      for (const double sigma : spec_.deviation) {
        const MeanEstimate e = averageRise({f_, ball, g, loss_, spec_.draws, trainer::deriveSeed(spec_.measure.seed, "average")}, sigma, context_);
        add("average" + ending, sigma, e.mean, e.standardError);
      }
    }
    return std::move(found_);
  }

 private:
  void curvature() {
    const at::ScalarType precision = f_.theta0().scalar_type();
    const Eigenpairs pairs = extremeEigenpairs(
        *hessian_, {.top = 1, .bottom = 0, .tolerance = defaultResidual(precision), .maxProducts = defaultMaxProducts(f_.layout().size()), .seed = spec_.measure.seed}, context_);
    if (pairs.stopped) throw trainer::Cancelled();
    add("lambda_max", 0, pairs.top.front().value, pairs.top.front().residual);
    std::vector<double> draws;
    for (std::int64_t i = 0; i < spec_.draws; ++i) {
      context_.checkpoint();
      const at::Tensor v = gaussianLike(f_.theta0(), trainer::deriveSeed(spec_.measure.seed, fmt::format("trace/{}", i))).sign();
      draws.push_back(dotOf(v, hessian_->apply(v)));
    }
    const MeanEstimate e = estimateMean(draws);
    add("trace", 0, e.mean, e.standardError);
  }
  void add(const std::string& name, double rho, double value, double error) { found_.push_back({.name = name, .rho = rho, .error = error, .above = value}); }

  ModelObjective& f_;
  double loss_;
  const MatchedSpec& spec_;
  const Context& context_;
  std::unique_ptr<LinearOperator> hessian_;
  std::vector<MatchedQuantity> found_;
};

struct AtCheckpoint {
  MatchedCheckpoint about;
  std::vector<MatchedQuantity> quantities;
};

AtCheckpoint measureAt(const Candidate& c, std::size_t i, const MatchedSpec& spec, const Context& context) {
  const auto f = c.at(i);
  return {describe(*f, c.step(i), c.loss(i)), Quantities(*f, c.loss(i), spec, context).run()};
}

MatchedRun matchedRun(const Candidate& c, double target, const MatchedSpec& spec, const Context& context) {
  const std::size_t i = c.below(target);
  const AtCheckpoint below = measureAt(c, i, spec, context);
  const bool hit = i == 0 || below.about.loss == target;
  const AtCheckpoint above = hit ? below : measureAt(c, i - 1, spec, context);
  MatchedRun r{.run = c.folder(), .above = above.about, .below = below.about, .quantities = above.quantities};
  const double t = r.share = hit ? 0 : std::log(above.about.loss / target) / std::log(above.about.loss / below.about.loss);
  for (std::size_t k = 0; k < r.quantities.size(); ++k) {
    MatchedQuantity& q = r.quantities[k];
    q.below = below.quantities[k].above;
    q.value = interpolated(q.above, q.below, t);
    q.error = (1 - t) * q.error + t * below.quantities[k].error;
  }
  r.parameterNorm = interpolated(r.above.parameterNorm, r.below.parameterNorm, t);
  r.logitNorm = interpolated(r.above.logitNorm, r.below.logitNorm, t);
  r.logitRange = interpolated(r.above.logitRange, r.below.logitRange, t);
  return r;
}

Matched measure(const MatchedSpec& spec, const Context& context) {
  std::vector<Candidate> candidates;
  for (const std::string& run : spec.runs) candidates.emplace_back(spec.measure, run, context);
  Matched m;
  for (const Candidate& c : candidates) m.targetLoss = std::max(m.targetLoss, c.smallest());
  if (spec.targetLoss) m.targetLoss = *spec.targetLoss;
  for (const Candidate& c : candidates) c.below(m.targetLoss);  // refused before anything is measured
  const LoadedRun& first = candidates.front().run();
  m.samples = first.train->sampleCount(), m.batchNorm = spec.measure.batchNorm, m.precision = first.precision, m.device = first.device;
  for (const Candidate& c : candidates) {
    try {
      m.runs.push_back(matchedRun(c, m.targetLoss, spec, context));
    } catch (const trainer::Cancelled&) {
      if (m.runs.empty()) throw;
      m.stopped = true;
      break;
    }
    context.report({.stage = "matched", .unit = "runs", .done = static_cast<std::int64_t>(m.runs.size()), .total = static_cast<std::int64_t>(candidates.size())});
  }
  return m;
}

void validate(const MatchedSpec& spec) {
  if (spec.runs.empty()) throw std::invalid_argument("a matched comparison needs at least one run");
  if (spec.measure.weights != "trained") throw std::invalid_argument("--weights: a matched comparison goes between checkpoints of the trained weights");
  if (spec.targetLoss && !(*spec.targetLoss > 0)) throw std::invalid_argument(fmt::format("--target-loss must be > 0, got {}", *spec.targetLoss));
  if (spec.draws < 20) throw std::invalid_argument(fmt::format("--draws {} is below 20: fewer give no standard error to trust", spec.draws));
  if (spec.iterations < 1) throw std::invalid_argument(fmt::format("--iterations must be >= 1, got {}", spec.iterations));
  for (const auto& list : {spec.rho, spec.deviation})
    for (const double r : list)
      if (!(r > 0) || !std::isfinite(r)) throw std::invalid_argument(fmt::format("--rho and --deviation must be numbers > 0, got {}", r));
}

}  // namespace

double interpolated(double above, double below, double t) {
  if (t == 0 || above == below) return above;
  if (above > 0 && below > 0) return std::pow(above, 1 - t) * std::pow(below, t);
  return (1 - t) * above + t * below;
}

Matched measureMatched(const MatchedSpec& spec, const trainer::Context& context) {
  validate(spec);
  try {
    const auto started = std::chrono::steady_clock::now();
    Matched m = measure(spec, context);
    m.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return m;
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("the runs could not be matched: {}", e.what_without_backtrace()));
  }
}

}  // namespace analysis
