// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/optimizer_state.h"

#include <algorithm>

namespace trainer {

at::Tensor vectorOf(const OptimizerState& state, const std::string& name) {
  const auto found = std::find_if(state.vectors.begin(), state.vectors.end(), [&](const auto& entry) { return entry.first == name; });
  return found == state.vectors.end() ? at::Tensor() : found->second;
}

std::int64_t numberOf(const OptimizerState& state, const std::string& name) {
  const auto found = state.numbers.find(name);
  return found == state.numbers.end() ? 0 : found->second;
}

}  // namespace trainer
