// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "trainer/base/random.h"
#include "trainer/data/preparation.h"

namespace trainer {

void addLabelNoise(DataSplit& split, double share, std::uint64_t seed) {
  if (!(share >= 0 && share <= 1)) throw std::invalid_argument(fmt::format("--label-noise must be in [0, 1], got {}", share));
  if (share == 0) return;
  if (split.shape.classes < 2) throw std::invalid_argument("--label-noise needs data of two or more classes, this has one");
  const at::Tensor labels = split.train.labels.clone(at::MemoryFormat::Contiguous);  // what was read may be shared with the inputs
  std::int64_t* const values = labels.mutable_data_ptr<std::int64_t>();
  const std::int64_t count = labels.numel();
  const auto replaced = static_cast<std::int64_t>(std::floor(share * static_cast<double>(count) + 0.5));
  const std::vector<std::int64_t> order = permutation(count, deriveSeed(seed, "label-noise"));
  RandomStream stream(deriveSeed(seed, "label-noise/class"));
  for (std::int64_t k = 0; k < replaced; ++k) {
    std::int64_t& label = values[order[static_cast<std::size_t>(k)]];
    const auto other = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(split.shape.classes) - 1));
    label = other < label ? other : other + 1;
  }
  split.train.labels = labels;
}

}  // namespace trainer
