// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "analysis/surface/trajectory_pca.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

using testing::gaussian;

TrajectoryRows rowsOf(const at::Tensor& matrix, std::int64_t anchorStep = -1) {
  TrajectoryRows rows;
  for (std::int64_t i = 0; i < matrix.size(0); ++i) rows.steps.push_back(i);
  rows.parameters = matrix.size(1);
  rows.anchorStep = anchorStep >= 0 ? anchorStep : matrix.size(0) - 1;
  rows.read = [matrix](std::size_t i) { return matrix[static_cast<std::int64_t>(i)].clone(); };
  return rows;
}

/// A walk seen from its end, with steps that get shorter.
at::Tensor walk(std::int64_t count, std::int64_t parameters) {
  at::Tensor steps = gaussian(count * parameters, 7).view({count, parameters}) / at::arange(1, count + 1, at::kDouble).sqrt().unsqueeze(1);
  const at::Tensor path = steps.cumsum(0);
  return path - path[count - 1];
}

// The plain twin: a singular value decomposition of the rows themselves. The Gram matrix squares the condition number: values of size s are good to eps s_1^2 / s^2.
TEST(TrajectoryPca, agreesWithTheSingularValuesOfTheRows) {
  const at::Tensor path = walk(12, 400);
  for (const bool centred : {false, true}) {
    const at::Tensor m = centred ? path - path.mean(0) : path;
    const auto [u, s, vh] = at::linalg_svd(m, false);
    const TrajectoryRows rows = rowsOf(path);
    const TrajectoryPca pca = trajectoryPca(rows, {.centred = centred}, {});
    const double all = s.square().sum().item<double>();
    for (std::int64_t k = 0; k < 4; ++k) {
      const double square = s[k].square().item<double>();
      EXPECT_NEAR(pca.values[static_cast<std::size_t>(k)] / square, 1, 1e-11) << k;
      EXPECT_NEAR(pca.explained[static_cast<std::size_t>(k)], square / all, 1e-11) << k;
      const at::Tensor d = principalDirection(pca, k + 1, rows);
      EXPECT_NEAR(d.norm().item<double>(), 1, 1e-13);
      EXPECT_NEAR(std::abs(d.dot(vh[k]).item<double>()), 1, 1e-9) << k;
    }
  }
}

TEST(TrajectoryPca, doesNotDependOnHowManyRowsFitTheMemory) {
  const TrajectoryRows rows = rowsOf(walk(9, 50));
  const TrajectoryPca whole = trajectoryPca(rows, {}, {});
  for (const std::int64_t held : {1, 2, 4}) EXPECT_EQ(trajectoryPca(rows, {.memoryBytes = (held + 1) * 50 * 8}, {}).values, whole.values) << held;
}

// Antognini, Sohl-Dickstein 2018: a centred random walk's first component explains 6/pi^2 of the variance; seen from its end, 8/pi^2 (one over the sums of 1/k^2
// over all and over odd k). Both are limits: 200 rows are within 1 %.
TEST(TrajectoryPca, saysWhatARandomWalkWouldShow) {
  const at::Tensor path = walk(200, 30);
  EXPECT_NEAR(trajectoryPca(rowsOf(path), {.centred = true}, {}).randomWalk[0], 6 / (M_PI * M_PI), 0.006);
  EXPECT_NEAR(trajectoryPca(rowsOf(path), {}, {}).randomWalk[0], 8 / (M_PI * M_PI), 0.008);
}

// A walk in many more dimensions than steps comes near that limit: the deviation of G_ij is about sqrt(T / P) of G.
TEST(TrajectoryPca, aRealRandomWalkShowsAboutThat) {
  const at::Tensor steps = gaussian(20 * 20000, 3).view({20, 20000}).cumsum(0);
  const TrajectoryPca pca = trajectoryPca(rowsOf(steps - steps[19]), {}, {});
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(pca.explained[k], pca.randomWalk[k], 0.03) << k;
}

TEST(TrajectoryPca, refusesWhatIsNotThere) {
  const at::Tensor line = at::arange(5, at::kDouble).unsqueeze(1) * gaussian(30, 1).unsqueeze(0);
  const TrajectoryRows rows = rowsOf(line);
  const TrajectoryPca pca = trajectoryPca(rows, {}, {});
  EXPECT_NEAR(pca.explained[0], 1, 1e-12);
  EXPECT_EQ(messageOf<std::invalid_argument>([&] { principalDirection(pca, 2, rows); }), "pca:2 is not there: the checkpoints span 1 directions");
  EXPECT_NE(messageOf<std::invalid_argument>([&] { trajectoryPca(rowsOf(at::zeros({4, 30}, at::kDouble)), {}, {}); }).find("two checkpoints"), std::string::npos);
}

}  // namespace
}  // namespace analysis
