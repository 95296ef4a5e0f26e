// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/parameter_layout.h"

#include <functional>
#include <numeric>
#include <utility>

namespace trainer {

std::int64_t ParameterSlice::count() const { return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()); }

std::size_t ParameterLayout::append(std::string name, std::vector<std::int64_t> shape, ParameterKind kind, Start start) {
  slices_.push_back({.name = std::move(name), .offset = size_, .shape = std::move(shape), .kind = kind, .start = start});
  size_ += slices_.back().count();
  return slices_.size() - 1;
}

std::vector<std::int64_t> ParameterLayout::counts() const {
  std::vector<std::int64_t> result;
  result.reserve(slices_.size());
  for (const ParameterSlice& slice : slices_) result.push_back(slice.count());
  return result;
}

}  // namespace trainer
