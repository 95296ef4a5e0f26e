// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/lanczos.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/spectrum/krylov_space.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr std::int64_t kRoom = 16;  ///< basis vectors beyond twice the wanted ones, at least
constexpr double kMet = 0.9;        ///< of the tolerance: the estimate is met with room, so that the fresh residual meets it too
constexpr std::int64_t kLeastSteps = 5;  ///< before a space is believed to hold nothing new
constexpr double kDoubt = 2;        ///< residuals that an outermost Ritz value must stay inside the accepted ones by

struct Pair {
  Eigenvalue eigenvalue;
  at::Tensor vector;
};

double gapAround(const Eigen::VectorXd& values, Eigen::Index i) {
  double gap = std::numeric_limits<double>::infinity();
  for (Eigen::Index j = 0; j < values.size(); ++j)
    if (j != i) gap = std::min(gap, std::abs(values[j] - values[i]));
  return gap;
}

/// What is new lies above or below.
struct Limits {
  double above = -std::numeric_limits<double>::infinity(), below = std::numeric_limits<double>::infinity();
};

/// One search: a Krylov space on the complement of what was accepted, run until the wanted ends have converged.
class Search {
 public:
  Search(LinearOperator& a, const LanczosOptions& options, const trainer::Context& context, Eigenpairs& counts)
      : a_(a), options_(options), context_(context), counts_(counts) {}

  /// `top` largest and `bottom` smallest of the complement; none as soon as they are seen not to be `news`. Sets counts_.stopped and returns estimates when a
  /// stop comes.
  std::vector<Pair> run(std::int64_t top, std::int64_t bottom, const std::vector<Pair>& accepted, const Limits& news, std::uint64_t seed) {
    at::Tensor fixed;
    if (!accepted.empty()) {
      std::vector<at::Tensor> rows;
      for (const Pair& p : accepted) rows.push_back(p.vector);
      fixed = at::stack(rows);
    }
    KrylovSpace space(a_, fixed, seed);
    double tighten = kMet;
    for (;;) {
      try {
        grow(space, top, bottom, tighten, news);
      } catch (const trainer::Cancelled&) {
        if (space.size() == 0 && accepted.empty()) throw;
        counts_.stopped = true;
        if (space.size() == 0) return {};
        space.diagonalise();
        return collect(space, top, bottom, false);
      }
      if (space.size() == 0 || nothingNew(space, top, bottom, news)) return {};
      try {
        std::vector<Pair> pairs = collect(space, top, bottom, true);
        const bool done = std::all_of(pairs.begin(), pairs.end(), [](const Pair& p) { return p.eigenvalue.converged; });
        if (done || space.exhausted() || counts_.products >= options_.maxProducts || tighten < 1e-3) return pairs;
      } catch (const trainer::Cancelled&) {
        counts_.stopped = true;
        return collect(space, top, bottom, false);
      }
      tighten /= 4;
    }
  }

  double scale() const { return scale_; }

 private:
  void grow(KrylovSpace& space, std::int64_t top, std::int64_t bottom, double tighten, const Limits& news) {
    const std::int64_t limit = limitFor(top, bottom);
    if (limit < a_.size()) space.reserve(std::min(limit, options_.maxProducts) + 1);
    while (!space.exhausted() && counts_.products < options_.maxProducts) {
      context_.checkpoint();
      if (space.size() == limit) restart(space, top, bottom, limit);
      space.extend();
      ++counts_.products;
      const std::int64_t m = space.size();
      // A dense solve of T_m costs m^3: every step while that is nothing, every m/20 steps later.
      if (m > 40 && m % (m / 20) != 0 && m != limit && !space.exhausted() && counts_.products < options_.maxProducts) continue;
      space.diagonalise();
      scale_ = std::max(scale_, space.values().cwiseAbs().maxCoeff());
      const double worst = worstEstimate(space, top, bottom);
      context_.report({.stage = fmt::format("residual {:.1e}, wanted {:.0e}", worst / std::max(scale_, 1e-300), options_.tolerance), .unit = "products",
                       .done = counts_.products, .total = 0});
      if (m >= std::min(top + bottom, a_.size()) && worst <= tighten * options_.tolerance * scale_) return;
      if (nothingNew(space, top, bottom, news)) return;
    }
  }

  /// Whether the outermost Ritz values stay inside the limits by twice their residuals, so that none is on its way beyond them.
  bool nothingNew(const KrylovSpace& space, std::int64_t top, std::int64_t bottom, const Limits& news) const {
    const std::int64_t last = space.size() - 1;
    if (space.size() < kLeastSteps) return false;
    return (top == 0 || space.values()[last] + kDoubt * space.estimate(last) <= news.above) && (bottom == 0 || space.values()[0] - kDoubt * space.estimate(0) >= news.below);
  }

  std::int64_t limitFor(std::int64_t top, std::int64_t bottom) const {
    const std::int64_t none = a_.size() + 1;
    return options_.basisLimit > 0 ? std::min(none, std::max(options_.basisLimit, 2 * (top + bottom) + kRoom)) : none;
  }

  void restart(KrylovSpace& space, std::int64_t top, std::int64_t bottom, std::int64_t limit) {
    space.diagonalise();
    const std::int64_t ends = (top > 0 ? 1 : 0) + (bottom > 0 ? 1 : 0), more = (limit - top - bottom) / (2 * ends);
    space.restart(top > 0 ? top + more : 0, bottom > 0 ? bottom + more : 0);
    ++counts_.restarts;
  }

  double worstEstimate(const KrylovSpace& space, std::int64_t top, std::int64_t bottom) const {
    double worst = 0;
    const std::int64_t m = space.size();
    for (std::int64_t i = 0; i < std::min(bottom, m); ++i) worst = std::max(worst, space.estimate(i));
    for (std::int64_t i = 0; i < std::min(top, m); ++i) worst = std::max(worst, space.estimate(m - 1 - i));
    return worst;
  }

  std::vector<Pair> collect(const KrylovSpace& space, std::int64_t top, std::int64_t bottom, bool fresh) {
    std::vector<Pair> pairs;
    const std::int64_t m = space.size();
    std::vector<std::int64_t> wanted;
    for (std::int64_t i = 0; i < std::min(bottom, m); ++i) wanted.push_back(i);
    for (std::int64_t i = std::max(m - top, std::min(bottom, m)); i < m; ++i) wanted.push_back(i);
    for (const std::int64_t i : wanted) {
      Pair p{{.value = space.values()[i], .residual = space.estimate(i)}, space.vector(i)};
      if (fresh) {
        const at::Tensor product = a_.apply(p.vector);
        ++counts_.residualProducts;
        p.eigenvalue.value = dotInDouble(p.vector, product);
        p.eigenvalue.residual = (product.to(at::kDouble) - p.eigenvalue.value * p.vector.to(at::kDouble)).norm().item<double>();
        p.eigenvalue.converged = p.eigenvalue.residual <= options_.tolerance * scale_;
      }
      const double r = p.eigenvalue.residual, gap = gapAround(space.values(), i);
      p.eigenvalue.errorEstimate = gap > 0 && std::isfinite(gap) ? std::min(r, r * r / gap) : r;
      p.vector = withFixedSign(p.vector);
      pairs.push_back(std::move(p));
    }
    return pairs;
  }

  LinearOperator& a_;
  const LanczosOptions& options_;
  const trainer::Context& context_;
  Eigenpairs& counts_;
  double scale_ = 0;  ///< max |lambda| seen
};

void check(const LinearOperator& a, const LanczosOptions& o) {
  if (o.top < 0 || o.bottom < 0) throw std::invalid_argument(fmt::format("--top and --bottom must be >= 0, got {} and {}", o.top, o.bottom));
  if (o.top + o.bottom < 1) throw std::invalid_argument("--top and --bottom are both 0: there is nothing to measure");
  if (std::max(o.top, o.bottom) > a.size())
    throw std::invalid_argument(fmt::format("{} {} is more than the {} parameters there are", o.top > a.size() ? "--top" : "--bottom", std::max(o.top, o.bottom), a.size()));
  if (!(o.tolerance > 0) || o.tolerance >= 1) throw std::invalid_argument(fmt::format("--residual must be above 0 and below 1, got {}", o.tolerance));
  if (o.maxProducts < 1) throw std::invalid_argument(fmt::format("--max-products must be >= 1, got {}", o.maxProducts));
}

/// Splits sorted pairs into the two ends; a pair may stand in both lists.
void place(std::vector<Pair>& pairs, const LanczosOptions& o, Eigenpairs& out) {
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) { return x.eigenvalue.value > y.eigenvalue.value; });
  const auto n = static_cast<std::int64_t>(pairs.size());
  for (std::int64_t i = 0; i < std::min(o.top, n); ++i) {
    out.top.push_back(pairs[static_cast<std::size_t>(i)].eigenvalue);
    out.topVectors.push_back(pairs[static_cast<std::size_t>(i)].vector);
  }
  for (std::int64_t i = 0; i < std::min(o.bottom, n); ++i) {
    out.bottom.push_back(pairs[static_cast<std::size_t>(n - 1 - i)].eigenvalue);
    out.bottomVectors.push_back(pairs[static_cast<std::size_t>(n - 1 - i)].vector);
  }
}

/// What belongs inside one of the wanted ends beside the accepted pairs, in the ends that ask for several.
Limits limitsOf(const std::vector<Pair>& accepted, const LanczosOptions& o, double slack) {
  std::vector<double> values;
  for (const Pair& p : accepted) values.push_back(p.eigenvalue.value);
  std::sort(values.begin(), values.end());
  const auto n = static_cast<std::int64_t>(values.size());
  Limits limits;
  if (n >= o.top && o.top > 0) limits.above = values[static_cast<std::size_t>(n - o.top)] + slack;
  if (n >= o.bottom && o.bottom > 0) limits.below = values[static_cast<std::size_t>(o.bottom - 1)] - slack;
  return limits;
}

}  // namespace

std::int64_t basisVectors(const LinearOperator& a, std::int64_t bytes) {
  return std::max<std::int64_t>(1, 2 * bytes / (3 * a.size() * static_cast<std::int64_t>(a.options().dtype().itemsize())));
}

Eigenpairs extremeEigenpairs(LinearOperator& a, const LanczosOptions& options, const trainer::Context& context) {
  check(a, options);
  Eigenpairs out;
  Search search(a, options, context, out);
  std::vector<Pair> accepted = search.run(options.top, options.bottom, {}, {}, trainer::deriveSeed(options.seed, "lanczos"));
  const std::int64_t above = options.top > 1 ? 1 : 0, below = options.bottom > 1 ? 1 : 0;
  for (int round = 1; above + below > 0 && !out.stopped && out.products < options.maxProducts && static_cast<std::int64_t>(accepted.size()) < a.size(); ++round) {
    const Limits news = limitsOf(accepted, options, options.tolerance * search.scale());
    const auto found = search.run(above, below, accepted, news, trainer::deriveSeed(options.seed, fmt::format("lanczos/{}", round)));
    const std::size_t before = accepted.size();
    for (const Pair& p : found) {
      const double v = p.eigenvalue.value;
      if (p.eigenvalue.converged && ((above > 0 && v > news.above) || (below > 0 && v < news.below))) accepted.push_back(p);
    }
    if (accepted.size() == before) break;
  }
  place(accepted, options, out);
  return out;
}

}  // namespace analysis
