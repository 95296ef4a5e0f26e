// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/refine_surface.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <utility>

#include "analysis/surface/dyadic_interpolant.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr std::int64_t kFullSide = 9;       ///< points along the shorter side that are always computed
constexpr double kFastest = 1.0 / 8;        ///< the least that the error is believed to fall by from level to level
constexpr double kMargin = 2, kMarginGrows = 1.5;
constexpr double kWidespread = 0.25;        ///< share of a draw

/// range/100 of what is computed.
double floorOf(const SurfaceGrid& g, const std::vector<double>& loss) {
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < loss.size(); ++i)
    if (g.computed[i] != 0 && std::isfinite(loss[i])) low = std::min(low, loss[i]), high = std::max(high, loss[i]);
  return high > low ? (high - low) / 100 : 0;
}

/// The four arrays of a grid on one level.
struct Interpolants {
  DyadicInterpolant train, test, trainAccuracy, testAccuracy;

  Interpolants(const SurfaceGrid& g, std::int64_t stride)
      : train(g.columns(), g.rows(), DyadicInterpolant::Kind::loss), test(train), trainAccuracy(g.columns(), g.rows(), DyadicInterpolant::Kind::share), testAccuracy(trainAccuracy) {
    train.begin(g.train.loss, stride), test.begin(g.test.loss, stride);
    trainAccuracy.begin(g.train.accuracy, stride), testAccuracy.begin(g.test.accuracy, stride);
  }
  void descend(const SurfaceGrid& g) {
    train.descend(g.train.loss, g.computed, floorOf(g, g.train.loss));
    test.descend(g.test.loss, g.computed, floorOf(g, g.test.loss));
    trainAccuracy.descend(g.train.accuracy, g.computed, 1);
    testAccuracy.descend(g.test.accuracy, g.computed, 1);
  }
};

class Refinement {
 public:
  Refinement(SurfaceGrid& grid, const RefineRequest& request)
      : g_(grid), ask_(request), forced_(grid.computed.size(), 0), shorter_(grid.slice ? grid.columns() : std::min(grid.columns(), grid.rows())) {
    full_ = std::max<std::int64_t>(1, (shorter_ - 1) / (kFullSide - 1));
  }

  void run() {
    ErrorPromise& p = g_.promise.emplace();
    p.tolerance = ask_.tolerance;
    for (p.draws = 0; p.draws < kMostDraws;) {
      descend();
      std::vector<std::size_t> held = drawHeldBack(g_.computed, g_.columns(), trainer::deriveSeed(ask_.seed, fmt::format("held-back/{}", p.draws)));
      if (held.size() < static_cast<std::size_t>(kHeldBack)) break;
      ++p.draws;
      if (check(held)) return finish();
      refineAround(held);
    }
    p.draws = p.heldBack = p.exceeded = 0;
    p.worstSeen = p.testWorstSeen = p.accuracyWorstSeen = p.testAccuracyWorstSeen = 0;
    std::vector<GridPoint> open;
    for (std::size_t i = 0; i < g_.computed.size(); ++i)
      if (g_.computed[i] == 0) open.push_back(point(i));
    evaluate(open);
    finish();
  }

 private:
  std::size_t index(std::int64_t column, std::int64_t row) const { return static_cast<std::size_t>(row * g_.columns() + column); }
  std::size_t at(GridPoint p) const { return index(p.column, p.row); }
  GridPoint point(std::size_t i) const { return {static_cast<std::int64_t>(i) % g_.columns(), static_cast<std::int64_t>(i) / g_.columns()}; }

  void evaluate(const std::vector<GridPoint>& points) {
    if (ask_.planned) ask_.planned(static_cast<std::int64_t>(points.size()));
    for (const GridPoint p : points) ask_.evaluate(p);
  }

  /// From the first level to single cells: predicts, evaluates what that asks for, interpolates the rest.
  void descend() {
    error_.assign(g_.computed.size(), 0);
    const std::int64_t first = std::max<std::int64_t>(1, (shorter_ - 1) / 2);
    evaluate(openPoints(first, [](GridPoint) { return true; }));
    now_.emplace(g_, first);
    for (std::int64_t stride = first; stride > 1; stride /= 2) level(stride);
    interpolate(*now_);
  }

  /// The points of a lattice that are not computed and that `wanted` picks.
  template <class Wanted>
  std::vector<GridPoint> openPoints(std::int64_t stride, const Wanted& wanted) const {
    std::vector<GridPoint> out;
    for (std::int64_t row = 0; row < g_.rows(); row += stride)
      for (std::int64_t column = 0; column < g_.columns(); column += stride)
        if (g_.computed[index(column, row)] == 0 && wanted({column, row})) out.push_back({column, row});
    return out;
  }

  void level(std::int64_t stride) {
    const std::int64_t half = stride / 2;
    if (half < full_) predictErrors(stride);
    std::vector<GridPoint> wanted = openPoints(half, [&](GridPoint p) { return half >= full_ || forced_[at(p)] != 0 || error_[at(p)] * margin_ > ask_.tolerance; });
    const bool any = !wanted.empty();
    Interpolants next = *now_;
    while (true) {
      evaluate(wanted);
      next.descend(g_);
      takeSurplus(next, stride);
      // A surplus beyond the tolerance speaks for the neighbours on its own level too.
      wanted = openPoints(half, [&](GridPoint p) { return surplusAround(p, stride) > ask_.tolerance; });
      if (wanted.empty()) break;
      next = *now_;
    }
    now_ = std::move(next);
    if (any && ask_.shown) show(half);
  }

  void predictErrors(std::int64_t stride) {
    std::vector<std::pair<std::size_t, double>> predictions;
    for (std::int64_t row = 0; row < g_.rows(); row += stride / 2)
      for (std::int64_t column = 0; column < g_.columns(); column += stride / 2)
        if (added({column, row}, stride)) predictions.emplace_back(index(column, row), predictedError({column, row}, stride));
    for (const auto& [i, e] : predictions) error_[i] = e;
  }

  void takeSurplus(const Interpolants& level, std::int64_t stride) {
    for (std::int64_t row = 0; row < g_.rows(); row += stride / 2)
      for (std::int64_t column = 0; column < g_.columns(); column += stride / 2) {
        const std::size_t i = index(column, row);
        if (added({column, row}, stride) && g_.computed[i] != 0) error_[i] = std::max(level.train.surplus()[i], level.test.surplus()[i]);
      }
  }

  /// Of the level below `stride`: whether this point is not on the lattice of `stride` already.
  static bool added(GridPoint p, std::int64_t stride) { return p.column % stride != 0 || p.row % stride != 0; }

  double surplusAround(GridPoint p, std::int64_t stride) const {
    const std::int64_t half = stride / 2;
    double most = 0;
    if (!added(p, stride)) return most;
    for (std::int64_t row = std::max<std::int64_t>(0, p.row - half); row <= std::min(p.row + half, g_.rows() - 1); row += half)
      for (std::int64_t column = std::max<std::int64_t>(0, p.column - half); column <= std::min(p.column + half, g_.columns() - 1); column += half)
        if (added({column, row}, stride) && g_.computed[index(column, row)] != 0) most = std::max(most, error_[index(column, row)]);
    return most;
  }

  /// What the grid would be with what is there now.
  void show(std::int64_t stride) {
    Interpolants rest = *now_;
    for (; stride > 1; stride /= 2) rest.descend(g_);
    interpolate(rest);
    ask_.shown();
  }

  /// Largest error of the points that the level of this stride added, within one cell of `p`.
  double nearbyError(GridPoint p, std::int64_t stride) const {
    double most = 0;
    const auto low = [&](std::int64_t at) { return std::max<std::int64_t>(0, (at - stride + stride - 1) / stride * stride); };
    for (std::int64_t row = low(p.row); row <= std::min(p.row + stride, g_.rows() - 1); row += stride)
      for (std::int64_t column = low(p.column); column <= std::min(p.column + stride, g_.columns() - 1); column += stride)
        if (added({column, row}, 2 * stride)) most = std::max(most, error_[index(column, row)]);
    return most;
  }

  double predictedError(GridPoint p, std::int64_t stride) const {
    if (now_->train.undecided(p.column, p.row) || now_->test.undecided(p.column, p.row)) return INFINITY;
    const double last = nearbyError(p, stride), before = nearbyError(p, 2 * stride);
    if (!(last > 0) || !std::isfinite(last)) return last;
    return last * (before > 0 ? std::clamp(last / before, kFastest, 1.0) : 1.0);
  }

  void interpolate(const Interpolants& from) {
    g_.interpolated.assign(g_.computed.size(), 0);
    for (std::size_t i = 0; i < g_.computed.size(); ++i) {
      if (g_.computed[i] != 0) continue;
      g_.interpolated[i] = 1;
      g_.train.loss[i] = from.train.values()[i], g_.test.loss[i] = from.test.values()[i];
      g_.train.accuracy[i] = from.trainAccuracy.values()[i], g_.test.accuracy[i] = from.testAccuracy.values()[i];
    }
  }

  /// Evaluates a draw. Whether it is within the tolerance.
  bool check(const std::vector<std::size_t>& held) {
    std::vector<GridPoint> points;
    for (const std::size_t i : held) points.push_back(point(i));
    evaluate(points);
    const double trainFloor = floorOf(g_, g_.train.loss), testFloor = floorOf(g_, g_.test.loss);
    ErrorPromise& p = *g_.promise;
    p.heldBack = static_cast<std::int64_t>(held.size());
    p.exceeded = 0, p.worstSeen = p.testWorstSeen = p.accuracyWorstSeen = p.testAccuracyWorstSeen = 0;
    for (const std::size_t i : held) {
      const double train = relativeError(now_->train.values()[i], g_.train.loss[i], trainFloor), test = relativeError(now_->test.values()[i], g_.test.loss[i], testFloor);
      p.worstSeen = std::max(p.worstSeen, train), p.testWorstSeen = std::max(p.testWorstSeen, test);
      p.accuracyWorstSeen = std::max(p.accuracyWorstSeen, relativeError(now_->trainAccuracy.values()[i], g_.train.accuracy[i], 1));
      p.testAccuracyWorstSeen = std::max(p.testAccuracyWorstSeen, relativeError(now_->testAccuracy.values()[i], g_.test.accuracy[i], 1));
      error_[i] = std::max(train, test);
      if (error_[i] > ask_.tolerance) ++p.exceeded;
    }
    return p.exceeded == 0;
  }

  /// The widest lattice of which points around `p` are not computed; 0: there is none.
  std::int64_t openStride(GridPoint p, std::int64_t reach) const {
    for (std::int64_t stride = full_; stride >= 1; stride /= 2)
      if (!openAround(p, stride, reach * stride).empty()) return stride;
    return 0;
  }

  std::vector<GridPoint> openAround(GridPoint p, std::int64_t stride, std::int64_t reach) const {
    return openPoints(stride, [&](GridPoint q) { return std::abs(q.column - p.column) <= reach && std::abs(q.row - p.row) <= reach; });
  }

  void refineAround(const std::vector<std::size_t>& held) {
    margin_ *= kMarginGrows;
    if (static_cast<double>(g_.promise->exceeded) > kWidespread * static_cast<double>(held.size())) {
      full_ = openStride({0, 0}, g_.columns() + g_.rows());
      return;
    }
    for (const std::size_t i : held) {
      const std::int64_t stride = error_[i] > ask_.tolerance ? openStride(point(i), 2) : 0;
      if (stride == 0) continue;
      for (const GridPoint q : openAround(point(i), stride, 2 * stride)) forced_[index(q.column, q.row)] = 1;
    }
  }

  void finish() {
    interpolate(*now_);
    ErrorPromise& p = *g_.promise;
    p.interpolated = std::ranges::count(g_.interpolated, 1);
    if (p.interpolated == 0) g_.interpolated.clear();
    p.coverage = p.interpolated == 0 ? 1 : kCoverage;
    if (p.interpolated == 0) return;
    const auto all = static_cast<double>(g_.computed.size()), open = static_cast<double>(p.interpolated);
    p.shareAtLeast = 1 - open / all * (1 - std::pow(1 - kCoverage, 1 / static_cast<double>(p.heldBack)));
  }

  SurfaceGrid& g_;
  const RefineRequest& ask_;
  std::vector<std::uint8_t> forced_;  ///< to be computed whatever is predicted
  std::int64_t shorter_, full_;       ///< every multiple of `full_` is computed
  double margin_ = kMargin;
  std::optional<Interpolants> now_;
  std::vector<double> error_;         ///< of each point on its level: the surplus where it is computed, else what was predicted
};

}  // namespace

void refineSurface(SurfaceGrid& grid, const RefineRequest& request) { Refinement(grid, request).run(); }

std::int64_t leastEvaluations(std::int64_t columns, std::int64_t rows) {
  const std::int64_t shorter = rows == 1 ? columns : std::min(columns, rows), stride = std::max<std::int64_t>(1, (shorter - 1) / (kFullSide - 1));
  return std::min(columns * rows, ((columns - 1) / stride + 1) * ((rows - 1) / stride + 1) + kHeldBack);
}

std::string whyNotNested(std::int64_t columns, std::int64_t rows) {
  const auto nearest = [](std::int64_t side) {
    if (side == 1) return side;
    const auto cells = static_cast<std::uint64_t>(side - 1);
    const auto below = static_cast<std::int64_t>(std::bit_floor(cells)), above = static_cast<std::int64_t>(std::bit_ceil(cells));
    return (side - 1 - below < above - side + 1 ? below : above) + 1;
  };
  const std::int64_t c = nearest(columns), r = nearest(rows);
  if (c == columns && r == rows) return "";
  return rows == 1 ? fmt::format("{} points: 2^k + 1 are needed, so that its levels nest; the nearest is {}", columns, c)
                   : fmt::format("{} x {}: sides of 2^k + 1 are needed, so that its levels nest; the nearest is {} x {}", columns, rows, c, r);
}

}  // namespace analysis
