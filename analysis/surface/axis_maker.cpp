// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/axis_maker.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "analysis/operators/make_operator.h"
#include "analysis/spectrum/eigenvector.h"
#include "analysis/spectrum/lanczos.h"
#include "analysis/surface/plain_sums.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

using Word = AxisKind::Word;
using Clock = std::chrono::steady_clock;

constexpr double kUsualRho = 0.05;
constexpr std::int64_t kFirstProducts = 15, kMoreProducts = 8;  ///< what a pair takes on the networks measured here, and each further one

std::string folderName(const std::string& path) {
  const std::filesystem::path p(path);
  return (p.has_filename() ? p.filename() : p.parent_path().filename()).string();
}

}  // namespace

MadeAxis AxisMaker::make(const std::string& name, const AxisSpec& axis) {
  const auto started = Clock::now();
  MadeAxis made;
  AxisKind kind = parseAxisKind(axis.kind, "--" + name);
  if (!spec_.directions.empty()) kind = {.word = Word::file, .path = spec_.directions};
  const std::vector<IndexRange> layer = rangesOf(run_.train->layout(), kind.layer);
  switch (kind.word) {
    case Word::random: made = random(name, axis); break;
    case Word::eigen: made = eigen(kind, layer); break;
    case Word::gradient:
    case Word::sam: made = gradient(kind); break;
    case Word::pca: made = pca(kind); break;
    case Word::toward: made = toward(kind); break;
    case Word::file:
      made.vector = loadDirection(kind.path, run_.train->layout(), name);
      made.report.description = fmt::format("file {}", std::filesystem::path(kind.path).filename().string());
  }
  if (!kind.layer.empty() && made.vector.defined()) {
    made.vector = embedded(taken(made.vector, layer), layer, run_.train->layout().size());
    made.report.description += fmt::format(", inside {} alone", kind.layer);
  }
  made.report.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  return made;
}

MadeAxis AxisMaker::random(const std::string& name, const AxisSpec& axis) const {
  const std::string& normalise = axis.normalise.empty() ? spec_.normalise : axis.normalise;
  const std::string rule = normalise == "none" ? "not normalised" : normalise + "-normalised";
  MadeAxis made;
  made.vector = randomDirection(run_.train->layout(), run_.train->theta0(),
                                {.seed = spec_.directionSeed, .axis = name, .normalise = normalise, .oneD = spec_.oneD});
  made.report.description = fmt::format("random, {}, 1-D {}, seed {}", rule, spec_.oneD, spec_.directionSeed);
  return made;
}

MadeAxis AxisMaker::eigen(const AxisKind& kind, const std::vector<IndexRange>& layer) const {
  Objective& objective = *run_.train;
  std::int64_t parameters = 0;
  for (const IndexRange& r : layer) parameters += r.to - r.from;
  const std::int64_t wanted = std::abs(kind.index);
  if (wanted > parameters) throw std::invalid_argument(fmt::format("eigen:{} is not between 1 and the {} parameters there are", kind.index, parameters));
  MadeAxis made;
  if (preview_) {
    made.report = {.description = fmt::format("eigenvector {}, unit", kind.index), .norm = 1, .products = kFirstProducts + kMoreProducts * (wanted - 1)};
    return made;
  }
  OwnedOperator hessian = objective.hessian(objective.theta0(), spec_.measure.memoryBytes, context_);
  if (!kind.layer.empty()) hessian = restricted(std::move(hessian), layer);
  const bool top = kind.index > 0;
  const Eigenpairs pairs = extremeEigenpairs(*hessian,
                                             {.top = top ? wanted : 0, .bottom = top ? 0 : wanted, .tolerance = defaultResidual(objective.theta0().scalar_type()),
                                              .maxProducts = defaultMaxProducts(parameters), .seed = spec_.measure.seed},
                                             context_);
  if (pairs.stopped) throw trainer::Cancelled();
  const std::vector<Eigenvalue>& values = top ? pairs.top : pairs.bottom;
  if (static_cast<std::int64_t>(values.size()) < wanted || !values.back().converged)
    throw trainer::NumericalError(fmt::format("eigen:{} did not converge in {} products (residual {:.2g}); a smaller index or double precision may", kind.index,
                                              pairs.products, values.empty() ? kUnknown : values.back().residual));
  made.vector = doublesOnCpu((top ? pairs.topVectors : pairs.bottomVectors).back());
  if (!kind.layer.empty()) made.vector = embedded(made.vector, layer, objective.layout().size());
  made.report = {.description = fmt::format("eigenvector {}, lambda {:.6g}, unit", kind.index, values.back().value), .eigenvalue = values.back().value,
                 .residual = values.back().residual, .products = pairs.products + pairs.residualProducts};
  return made;
}

MadeAxis AxisMaker::gradient(const AxisKind& kind) {
  MadeAxis made;
  if (!gradient_.defined()) {
    gradient_ = doublesOnCpu(run_.train->gradient(run_.train->theta0()));
    made.report.gradients = 1;
  }
  const double length = norm(numbers(gradient_));
  if (!(length > 0) || !std::isfinite(length)) throw trainer::NumericalError(fmt::format("the gradient's norm is {:g} here: it gives no direction", length));
  const double rho = kind.rho.value_or(run_.spec.rho.value_or(kUsualRho));
  const bool sam = kind.word == Word::sam;
  made.vector = gradient_ * ((sam ? rho : 1) / length);
  made.report.description = sam ? fmt::format("SAM step, rho {:g}, ||g|| {:.4g}", rho, length) : fmt::format("gradient, ||g|| {:.4g}, unit", length);
  return made;
}

TrajectoryRows AxisMaker::trajectory(const RunCheckpoints& run) const {
  TrajectoryRows rows;
  for (const auto& info : run.list()) rows.steps.push_back(info.step);
  rows.parameters = run_.train->layout().size();
  rows.anchorStep = run_.step;
  rows.read = [&run, anchor = doublesOnCpu(run_.train->theta0())](std::size_t i) { return doublesOnCpu(run.read(run.list()[i]).theta).sub_(anchor); };
  return rows;
}

MadeAxis AxisMaker::pca(const AxisKind& kind) {
  const RunCheckpoints checkpoints(spec_.measure.run, run_.train->layout(), run_.spec);
  const TrajectoryRows rows = trajectory(checkpoints);
  MadeAxis made;
  const auto count = static_cast<std::int64_t>(rows.steps.size());
  if (!pca_.contains(kind.centred)) {
    pca_.emplace(kind.centred, trajectoryPca(rows, {.centred = kind.centred}, context_));
    made.report.checkpoints = count;
  }
  const TrajectoryPca& found = pca_.at(kind.centred);
  made.vector = principalDirection(found, kind.index, rows);
  made.report.checkpoints += count;
  const auto k = static_cast<std::size_t>(kind.index - 1);
  made.report.explainedVariance = found.explained[k];
  made.report.randomWalkVariance = found.randomWalk[k];
  made.report.description = fmt::format("pca {}, {}, {} checkpoints, explains {:.1f} % (a random walk's: {:.1f} %), unit", kind.index,
                                        kind.centred ? "centred" : fmt::format("seen from step {}", run_.step), count, 100 * found.explained[k], 100 * found.randomWalk[k]);
  return made;
}

MadeAxis AxisMaker::toward(const AxisKind& kind) const {
  const RunCheckpoints other(kind.path, run_.train->layout(), run_.spec);
  const trainer::Checkpoint there = other.read(kind.step);
  MadeAxis made;
  made.vector = doublesOnCpu(there.theta).sub_(doublesOnCpu(run_.train->theta0()));
  if (there.buffers.defined() && spec_.measure.batchNorm == "interpolated")
    made.buffers = doublesOnCpu(there.buffers).sub_(doublesOnCpu(run_.train->statistics(run_.train->theta0())));
  made.report.checkpoints = 1;
  made.report.description = fmt::format("toward {} at step {}", folderName(kind.path), there.step);
  if (there.buffers.defined() && spec_.measure.batchNorm == "eval") made.report.description += ", running statistics stay (--bn interpolated moves them)";
  return made;
}

}  // namespace analysis
