// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/trajectory_pca.h"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <stdexcept>

#include "analysis/spectrum/krylov_space.h"
#include "analysis/surface/plain_sums.h"

namespace analysis {
namespace {

/// Squared singular values below this share of the first are rounding: the Gram matrix holds them to about T P eps.
constexpr double kRankTolerance = 1e-12;

Eigen::MatrixXd gram(const TrajectoryRows& rows, std::int64_t memoryBytes, const trainer::Context& context) {
  const auto count = static_cast<Eigen::Index>(rows.steps.size());
  const Eigen::Index block = std::max<Eigen::Index>(1, memoryBytes / (8 * std::max<std::int64_t>(1, rows.parameters)) - 1);
  Eigen::MatrixXd g(count, count);
  for (Eigen::Index first = 0; first < count; first += block) {
    const Eigen::Index kept = std::min(block, count - first);
    std::vector<at::Tensor> held;
    for (Eigen::Index j = first; j < count; ++j) {
      context.checkpoint();
      const at::Tensor row = rows.read(static_cast<std::size_t>(j));
      if (j < first + kept) held.push_back(row);
      for (std::size_t i = 0; i < held.size(); ++i) {
        const Eigen::Index at = first + static_cast<Eigen::Index>(i);
        g(at, j) = g(j, at) = dot(numbers(held[i]), numbers(row));
      }
      context.report({.stage = "gram matrix", .unit = "checkpoints", .done = j + 1, .total = count});
    }
  }
  return g;
}

/// E G of a random walk with unit steps and P without bound.
Eigen::MatrixXd walkGram(const TrajectoryRows& rows) {
  const auto count = static_cast<Eigen::Index>(rows.steps.size());
  Eigen::MatrixXd g(count, count);
  const auto since = [&](Eigen::Index i) { return static_cast<double>(rows.steps[static_cast<std::size_t>(i)] - rows.anchorStep); };
  for (Eigen::Index i = 0; i < count; ++i)
    for (Eigen::Index j = 0; j < count; ++j) {
      const double a = since(i), b = since(j);
      g(i, j) = a * b > 0 ? std::min(std::abs(a), std::abs(b)) : 0;
    }
  return g;
}

void centre(Eigen::MatrixXd& g) {
  const Eigen::RowVectorXd mean = g.colwise().mean();
  g.rowwise() -= mean;
  const Eigen::VectorXd left = g.rowwise().mean();
  g.colwise() -= left;
}

struct Decomposed {
  std::vector<double> values, shares;
  std::vector<std::vector<double>> vectors;
};

Decomposed decompose(Eigen::MatrixXd g, bool centred) {
  if (centred) centre(g);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(g);
  Decomposed d;
  double sum = 0;
  for (Eigen::Index k = g.rows() - 1; k >= 0; --k) {
    d.values.push_back(std::max(0.0, solver.eigenvalues()[k]));
    sum += d.values.back();
    const Eigen::VectorXd v = solver.eigenvectors().col(k);
    d.vectors.emplace_back(v.data(), v.data() + v.size());
  }
  for (const double value : d.values) d.shares.push_back(sum > 0 ? value / sum : 0);
  return d;
}

}  // namespace

TrajectoryPca trajectoryPca(const TrajectoryRows& rows, const PcaOptions& options, const trainer::Context& context) {
  const Decomposed found = decompose(gram(rows, options.memoryBytes, context), options.centred);
  if (found.values.size() < 2 || !(found.values.front() > 0))
    throw std::invalid_argument("pca needs at least two checkpoints that differ from the one measured; train with a smaller --checkpoint-every");
  return {found.values, found.shares, decompose(walkGram(rows), options.centred).shares, found.vectors};
}

at::Tensor principalDirection(const TrajectoryPca& pca, std::int64_t index, const TrajectoryRows& rows) {
  std::int64_t rank = 0;
  for (const double value : pca.values) rank += value > kRankTolerance * pca.values.front() ? 1 : 0;
  if (index < 1 || index > rank) throw std::invalid_argument(fmt::format("pca:{} is not there: the checkpoints span {} directions", index, rank));
  const auto k = static_cast<std::size_t>(index - 1);
  at::Tensor sum = at::zeros({rows.parameters}, at::kDouble);
  for (std::size_t i = 0; i < rows.steps.size(); ++i) addTo(mutableNumbers(sum), pca.weights[k][i], numbers(rows.read(i)));
  sum /= norm(numbers(sum));
  return withFixedSign(sum);
}

}  // namespace analysis
