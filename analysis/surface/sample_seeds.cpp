// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/sample_seeds.h"

#include <cmath>
#include <memory>

namespace analysis {
namespace {

/// Mean and deviation, point by point, of the curves that `curve` picks of each seed.
template <class Curve>
void spread(const std::vector<SeedSlice>& seeds, const Curve& curve, std::vector<double>& mean, std::vector<double>& deviation) {
  const auto n = static_cast<double>(seeds.size());
  const std::size_t points = curve(seeds.front()).size();
  mean.assign(points, 0);
  deviation.assign(points, seeds.size() > 1 ? 0 : kUnknown);
  for (const SeedSlice& s : seeds)
    for (std::size_t i = 0; i < points; ++i) mean[i] += curve(s)[i] / n;
  if (seeds.size() < 2) return;
  for (const SeedSlice& s : seeds)
    for (std::size_t i = 0; i < points; ++i) deviation[i] += (curve(s)[i] - mean[i]) * (curve(s)[i] - mean[i]) / (n - 1);
  for (double& d : deviation) d = std::sqrt(d);
}

void summarise(SurfaceGrid& g) {
  spread(g.seeds, [](const SeedSlice& s) -> const auto& { return s.train.loss; }, g.train.loss, g.trainDeviation.loss);
  spread(g.seeds, [](const SeedSlice& s) -> const auto& { return s.train.accuracy; }, g.train.accuracy, g.trainDeviation.accuracy);
  spread(g.seeds, [](const SeedSlice& s) -> const auto& { return s.test.loss; }, g.test.loss, g.testDeviation.loss);
  spread(g.seeds, [](const SeedSlice& s) -> const auto& { return s.test.accuracy; }, g.test.accuracy, g.testDeviation.accuracy);
}

}  // namespace

SurfaceGrid sampleSeeds(Plane& plane, const SurfaceSpec& spec, const SurfaceObserver& observer, const Context& context) {
  SurfaceGrid grid;
  for (std::int64_t k = 0; k < spec.seeds; ++k) {
    SurfaceSpec one = spec;
    one.directionSeed = spec.directionSeed + static_cast<std::uint64_t>(k);
    if (k > 0) plane.turn(one, context);
    SurfaceGrid slice = samplePlane(plane, one, {}, context);
    const bool stopped = slice.stopped;
    if (k == 0) grid = slice;
    else grid.evaluations += slice.evaluations, grid.seconds += slice.seconds;
    grid.stopped = stopped;
    if (stopped) break;
    grid.seeds.push_back({one.directionSeed, slice.directionNorms.front(), std::move(slice.train), std::move(slice.test)});
    summarise(grid);
    if (observer) observer(std::make_shared<const SurfaceGrid>(grid), 1);
  }
  if (grid.seeds.size() > 1) grid.directions.front() += " and the following, mean of " + std::to_string(grid.seeds.size());
  return grid;
}

}  // namespace analysis
