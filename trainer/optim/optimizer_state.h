// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace trainer {

/// What has to be kept to go on: named vectors [P] (buffer averages: [B]) and named whole numbers. The names of base steps, sharpness steps and
/// averages are all different, so that one file can hold them together; who restores takes what is his own and ignores the rest.
struct OptimizerState {
  std::vector<std::pair<std::string, at::Tensor>> vectors;
  std::map<std::string, std::int64_t> numbers;
};

/// The vector of that name, undefined where there is none.
at::Tensor vectorOf(const OptimizerState& state, const std::string& name);

/// The number of that name, 0 where there is none.
std::int64_t numberOf(const OptimizerState& state, const std::string& name);

}  // namespace trainer
