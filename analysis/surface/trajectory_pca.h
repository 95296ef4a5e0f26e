// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "trainer/base/context.h"

namespace analysis {

/// The rows of a trajectory, read when they are needed: theta_i minus the anchor, double [P] on the CPU, at steps[i].
struct TrajectoryRows {
  std::vector<std::int64_t> steps;
  std::function<at::Tensor(std::size_t)> read;
  std::int64_t parameters = 0;
  std::int64_t anchorStep = 0;  ///< where the anchor lies in time
};

struct PcaOptions {
  bool centred = false;                     ///< minus the mean of the rows; else as they are, seen from the anchor
  std::int64_t memoryBytes = 1LL << 30;     ///< rows kept at a time fit this; the numbers do not depend on it
};

/// Principal directions of a trajectory, from its T x T Gram matrix.
struct TrajectoryPca {
  std::vector<double> values;      ///< squared singular values of the rows, descending
  std::vector<double> explained;   ///< their shares of the whole
  std::vector<double> randomWalk;  ///< the same shares for a random walk at the same steps, as the number of parameters grows without bound
  std::vector<std::vector<double>> weights;  ///< [k][i]: direction k is proportional to sum_i weights[k][i] row_i
};

/// G_ij = <r_i, r_j> in plain double sums; centred: J G J. What a random walk shows is the same with E G_ij: min(|t_i - a|, |t_j - a|) on one side of the anchor's
/// step a, 0 across it (0.81 for the first of many equally spaced rows seen from the end, 0.61 centred).
/// Cost: T^2 P / 2 multiplications, T (1 + T/B) / 2 reads for the B rows that fit the memory.
/// @throws std::invalid_argument fewer than two rows that differ from the anchor; Cancelled
/// Source: Antognini, Sohl-Dickstein, PCA of high dimensional random walks, 2018.
TrajectoryPca trajectoryPca(const TrajectoryRows& rows, const PcaOptions& options, const trainer::Context& context);

/// Direction `index` (1 is the first), unit, its component of largest magnitude positive; double [P] on the CPU. Cost: T reads.
/// @throws std::invalid_argument when the rows span fewer
at::Tensor principalDirection(const TrajectoryPca& pca, std::int64_t index, const TrajectoryRows& rows);

}  // namespace analysis
