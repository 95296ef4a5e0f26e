// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/axis_maker.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <stdexcept>

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

void requireLayer(const trainer::ParameterLayout& layout, const std::string& layer) {
  std::set<std::string> parts;
  for (const auto& slice : layout.slices()) {
    if (belongsTo(slice.name, layer)) return;
    parts.insert(slice.name.substr(0, slice.name.rfind('.')));
  }
  throw std::invalid_argument(fmt::format("there is no layer '{}'; this network has: {}", layer, fmt::join(parts, ", ")));
}

}  // namespace

MadeAxis AxisMaker::make(const std::string& name, const AxisSpec& axis) {
  const auto started = Clock::now();
  MadeAxis made;
  AxisKind kind = parseAxisKind(axis.kind, "--" + name);
  if (!spec_.directions.empty()) kind = {.word = Word::file, .path = spec_.directions};
  if (!kind.layer.empty()) requireLayer(run_.train->layout(), kind.layer);
  switch (kind.word) {
    case Word::random: made = random(name, axis, kind); break;
    case Word::eigen: made = eigen(kind); break;
    case Word::gradient:
    case Word::sam: made = gradient(kind); break;
    case Word::pca: made = pca(kind); break;
    case Word::toward: made = toward(kind); break;
    case Word::file:
      made.vector = loadDirection(kind.path, run_.train->layout(), name);
      made.report.description = fmt::format("file {}", std::filesystem::path(kind.path).filename().string());
  }
  if (!kind.layer.empty() && made.vector.defined()) {
    restrictTo(kind.layer, made.vector);
    made.report.description += fmt::format(", inside {} alone", kind.layer);
  }
  made.report.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  return made;
}

void AxisMaker::restrictTo(const std::string& layer, at::Tensor& vector) const {
  vector = vector.clone();
  for (const auto& slice : run_.train->layout().slices())
    if (!belongsTo(slice.name, layer)) vector.narrow(0, slice.offset, slice.count()).zero_();
}

MadeAxis AxisMaker::random(const std::string& name, const AxisSpec& axis, const AxisKind& kind) const {
  const std::string& normalise = axis.normalise.empty() ? spec_.normalise : axis.normalise;
  const std::string rule = normalise == "none" ? "not normalised" : normalise + "-normalised";
  MadeAxis made;
  made.vector = randomDirection(run_.train->layout(), run_.train->theta0(),
                                {.seed = spec_.directionSeed, .axis = name, .normalise = normalise, .oneD = spec_.oneD, .layer = kind.layer});
  made.report.description = fmt::format("random, {}, 1-D {}, seed {}", rule, spec_.oneD, spec_.directionSeed);
  return made;
}

MadeAxis AxisMaker::eigen(const AxisKind& kind) const {
  Objective& objective = *run_.train;
  const std::int64_t parameters = objective.layout().size(), wanted = std::abs(kind.index);
  if (wanted > parameters) throw std::invalid_argument(fmt::format("eigen:{} is not between 1 and the {} parameters there are", kind.index, parameters));
  if (!kind.layer.empty()) throw std::invalid_argument("an eigenvector is of the whole Hessian; layer:NAME goes with random, gradient, sam, pca, toward and file");
  MadeAxis made;
  if (preview_) {
    made.report = {.description = fmt::format("eigenvector {}, unit", kind.index), .norm = 1, .products = kFirstProducts + kMoreProducts * (wanted - 1)};
    return made;
  }
  const auto hessian = objective.hessian(objective.theta0(), spec_.measure.memoryBytes, context_);
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
  made.report.checkpoints = 1;
  made.report.description = fmt::format("toward {} at step {}", folderName(kind.path), there.step);
  return made;
}

}  // namespace analysis
