// SPDX-License-Identifier: GPL-3.0-or-later
// What --tolerance promises against the true error at every point: surface_promise TOLERANCE EXACT.json ...
//
// Each file is an exact result (sharpscape surface ... --out EXACT.json). Its points are looked up instead of evaluated, so that one exact grid answers for many seeds of the held-back
// draw; a run of `sharpscape surface --tolerance` evaluates the same points, to the bit. A table row each: evaluations (mean and most over the seeds), draws, the share of points
// whose true error is within the tolerance, the largest true error, the largest that a promise said, and the same share for test losses.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analysis/export/result_file.h"
#include "analysis/surface/dyadic_interpolant.h"
#include "analysis/surface/refine_surface.h"

namespace {

using analysis::SurfaceGrid;
constexpr std::uint64_t kSeeds = 50;

double floorOf(const std::vector<double>& loss) {
  double low = INFINITY, high = -INFINITY;
  for (const double v : loss)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  return high > low ? (high - low) / 100 : 0;
}

struct Truth {
  double within = 0, worst = 0;
};

Truth compare(const std::vector<double>& got, const std::vector<double>& exact, double tolerance) {
  Truth t;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double error = analysis::relativeError(got[i], exact[i], floorOf(exact));
    t.within += error <= tolerance ? 1.0 / static_cast<double>(exact.size()) : 0;
    t.worst = std::max(t.worst, error);
  }
  return t;
}

SurfaceGrid refined(const SurfaceGrid& exact, double tolerance, std::uint64_t seed) {
  SurfaceGrid g = exact;
  g.computed.assign(exact.computed.size(), 0);
  g.evaluations = 0;
  refineSurface(g, {.tolerance = tolerance, .seed = seed, .evaluate = [&](analysis::GridPoint p) {
                      const auto i = static_cast<std::size_t>(p.row * g.columns() + p.column);
                      g.train.loss[i] = exact.train.loss[i], g.train.accuracy[i] = exact.train.accuracy[i];
                      g.test.loss[i] = exact.test.loss[i], g.test.accuracy[i] = exact.test.accuracy[i];
                      g.computed[i] = 1, ++g.evaluations;
                    }, .planned = {}, .shown = {}});
  return g;
}

void row(const std::string& file, double tolerance) {
  const auto result = std::get<analysis::SurfaceResult>(analysis::readResult(file));
  const SurfaceGrid& exact = result.grid;
  double evaluations = 0, draws = 0, within = 0, testWithin = 0, least = 1;
  std::int64_t most = 0;
  double worst = 0, promised = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const SurfaceGrid g = refined(exact, tolerance, seed);
    const Truth train = compare(g.train.loss, exact.train.loss, tolerance), test = compare(g.test.loss, exact.test.loss, tolerance);
    evaluations += static_cast<double>(g.evaluations) / kSeeds, most = std::max(most, g.evaluations);
    draws += static_cast<double>(g.promise->draws) / kSeeds;
    within += train.within / kSeeds, testWithin += test.within / kSeeds, least = std::min({least, train.within, test.within});
    worst = std::max({worst, train.worst, test.worst}), promised = std::max({promised, g.promise->worstSeen, g.promise->testWorstSeen});
  }
  fmt::print("| {} | {} x {} | {:.0f} ({}) | {:.1f} | {:.2f} % | {:.2f} % | {:.2f} % | {:.2f} % | {:.2f} % |\n", std::filesystem::path(file).stem().string(), exact.columns(), exact.rows(),
             evaluations, most, draws, 100 * within, 100 * testWithin, 100 * least, 100 * worst, 100 * promised);
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    fmt::print(stderr, "usage: surface_promise TOLERANCE EXACT.json ...\n");
    return 2;
  }
  fmt::print("| surface | grid | evaluations, mean (most) | draws | train within | test within | least of {} seeds | worst true error | worst seen |\n|---|---|---|---|---|---|---|---|---|\n", kSeeds);
  for (int i = 2; i < count; ++i) row(words[i], std::stod(words[1]));
}
