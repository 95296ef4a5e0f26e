// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trainer {

enum class ParameterKind { weight, bias, norm };

/// One tensor's place in the flat vector theta [P].
struct ParameterSlice {
  std::string name;  ///< PyTorch's state-dict name, for example "conv1.weight"
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  ParameterKind kind = ParameterKind::weight;
  std::int64_t count() const;
  bool operator==(const ParameterSlice&) const = default;
};

/// Names the slices of theta in the order in which they lie there, without gaps.
class ParameterLayout {
 public:
  void append(std::string name, std::vector<std::int64_t> shape, ParameterKind kind);
  const std::vector<ParameterSlice>& slices() const { return slices_; }
  std::int64_t size() const { return size_; }  ///< P
  std::vector<std::int64_t> counts() const;    ///< numel per slice, for split_with_sizes
  bool operator==(const ParameterLayout&) const = default;

 private:
  std::vector<ParameterSlice> slices_;
  std::int64_t size_ = 0;
};

}  // namespace trainer
