// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/known_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "analysis/surface/plane.h"

namespace analysis {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& theirs, const std::string& ours) {
  throw std::invalid_argument(fmt::format("--continue: the earlier result has {} {}, this asks for {}; give it the same, or leave --continue out", what, theirs, ours));
}

template <class Value>
void requireEqual(const std::string& what, const Value& theirs, const Value& ours) {
  if (!(theirs == ours)) refuse(what, fmt::format("{}", theirs), fmt::format("{}", ours));
}

std::string kindOf(const std::optional<AxisSpec>& axis) { return axis ? axis->kind : "none"; }

/// What two specs of one plane may differ in, taken away.
SurfaceSpec common(SurfaceSpec s) {
  s.x.size = 0, s.x.from = s.x.to = 0;
  if (s.y) s.y->size = 0, s.y->from = s.y->to = 0;
  s.fitRange = s.trajectory = s.samStep = false;
  s.tolerance.reset();
  s.trajectoriesOf.clear(), s.fields.clear(), s.rho.reset(), s.samRho.reset(), s.saveDirections.clear();
  s.measure.run.clear(), s.measure.step.clear(), s.measure.samples.reset(), s.measure.device.clear(), s.measure.memoryBytes = 0;  // compared by what came of them
  return s;
}

}  // namespace

void requireSamePlane(const KnownPoints& known, const SurfaceSpec& spec, const Plane& plane) {
  const SurfaceGrid& g = *known.grid;
  const LoadedRun& run = plane.run();
  requireEqual("step", g.step, run.step);
  requireEqual("samples", g.samples, run.train->sampleCount());
  requireEqual("parameters", g.parameters, run.train->layout().size());
  requireEqual("device", g.device, run.device);
  requireEqual("precision", known.spec.measure.precision, spec.measure.precision);
  requireEqual("threads", known.spec.measure.threads, spec.measure.threads);
  requireEqual("--split", known.spec.measure.split, spec.measure.split);
  requireEqual("--bn", known.spec.measure.batchNorm, spec.measure.batchNorm);
  requireEqual("--x", known.spec.x.kind, spec.x.kind);
  requireEqual("--y", kindOf(known.spec.y), kindOf(spec.y));
  requireEqual("--direction-seed", known.spec.directionSeed, spec.directionSeed);
  requireEqual("--normalise", known.spec.normalise, spec.normalise);
  if (!(common(known.spec) == common(spec)))
    throw std::invalid_argument("--continue: the earlier result was made with other flags (weights, loss, logits, seed, normalisation or directions); give it the same");
  if (spec.seeds > 1) throw std::invalid_argument("--continue does not work with --seeds: its curves are means over other lines");
  for (std::size_t i = 0; i < plane.directions().axes.size(); ++i)
    requireEqual("an axis of length", i < g.directionNorms.size() ? g.directionNorms[i] : kUnknown, plane.directions().axes[i].norm);
}

void takeOver(const SurfaceGrid& known, SurfaceGrid& grid) {
  const auto places = [](const std::vector<double>& axis) {
    std::map<double, std::size_t> at;
    for (std::size_t i = 0; i < axis.size(); ++i) at[axis[i]] = i;
    return at;
  };
  const std::map<double, std::size_t> columns = places(known.x), rows = places(known.y);
  for (std::size_t r = 0; r < grid.y.size(); ++r)
    for (std::size_t c = 0; c < grid.x.size(); ++c) {
      const auto row = rows.find(grid.y[r]), column = columns.find(grid.x[c]);
      if (row == rows.end() || column == columns.end()) continue;
      const std::size_t from = row->second * known.x.size() + column->second, to = r * grid.x.size() + c;
      if (known.computed[from] == 0) continue;
      grid.train.loss[to] = known.train.loss[from], grid.train.accuracy[to] = known.train.accuracy[from];
      grid.test.loss[to] = known.test.loss[from], grid.test.accuracy[to] = known.test.accuracy[from];
      grid.computed[to] = 1;
      ++grid.evaluations;
    }
}

const SurfaceField* knownField(const KnownPoints& known, const SurfaceSpec& spec, const SurfaceGrid& grid, const std::string& name) {
  if (!known.grid || known.grid->x != grid.x || known.grid->y != grid.y || known.spec.rho != spec.rho) return nullptr;
  const auto found = std::ranges::find(known.grid->fields, name, &SurfaceField::name);
  const bool whole = found != known.grid->fields.end() && std::ranges::none_of(found->values, [](double v) { return std::isnan(v); });
  return whole ? &*found : nullptr;
}

}  // namespace analysis
