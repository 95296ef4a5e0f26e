// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "trainer/base/random.h"
#include "trainer/data/preparation.h"

namespace trainer {
namespace {

/// How many of each class are set aside.
std::vector<std::int64_t> quotas(const std::vector<std::int64_t>& classes, double share) {
  std::vector<std::int64_t> counts;
  for (const std::int64_t c : classes) {
    if (static_cast<std::size_t>(c) >= counts.size()) counts.resize(static_cast<std::size_t>(c) + 1, 0);
    ++counts[static_cast<std::size_t>(c)];
  }
  for (std::int64_t& m : counts)
    m = std::max<std::int64_t>(0, std::min(static_cast<std::int64_t>(std::floor(share * static_cast<double>(m) + 0.5)), m - 1));
  return counts;
}

Dataset rowsOf(const Dataset& data, const std::vector<std::int64_t>& rows) {
  const at::Tensor index = at::tensor(rows, at::kLong);
  return {data.inputs.index_select(0, index), data.labels.index_select(0, index)};
}

}  // namespace

void splitValidation(DataSplit& split, double share, std::uint64_t seed) {
  if (!(share >= 0 && share < 1)) throw std::invalid_argument(fmt::format("--validation must be in [0, 1), got {}", share));
  if (share == 0) return;
  const std::int64_t count = split.train.count();
  std::vector<std::int64_t> classes(static_cast<std::size_t>(count), 0);
  if (!split.shape.tokens) std::copy_n(split.train.labels.contiguous().const_data_ptr<std::int64_t>(), count, classes.begin());
  std::vector<std::int64_t> left = quotas(classes, share);
  std::vector<bool> aside(static_cast<std::size_t>(count), false);
  for (const std::int64_t item : permutation(count, deriveSeed(seed, "validation"))) {
    std::int64_t& wanted = left[static_cast<std::size_t>(classes[static_cast<std::size_t>(item)])];
    if (wanted == 0) continue;
    --wanted;
    aside[static_cast<std::size_t>(item)] = true;
  }
  std::vector<std::int64_t> kept;
  std::vector<std::int64_t> taken;
  for (std::int64_t i = 0; i < count; ++i) (aside[static_cast<std::size_t>(i)] ? taken : kept).push_back(i);
  if (taken.empty())
    throw std::invalid_argument(fmt::format("--validation {} of {} training items sets none aside: ask for a larger share", share, count));
  split.validation = rowsOf(split.train, taken);
  split.train = rowsOf(split.train, kept);
}

}  // namespace trainer
