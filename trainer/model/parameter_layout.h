// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trainer {

enum class ParameterKind { weight, bias, norm, embedding };

/// How initialise() fills a slice.
struct Start {
  enum class Rule { fanIn, constant, normal };
  Rule rule = Rule::fanIn;  ///< fanIn: uniform in +-1/sqrt(fan_in), a bias with its weight's fan-in (PyTorch's default)
  double value = 0;         ///< the constant; the deviation of normal
  bool operator==(const Start&) const = default;
};
constexpr Start startAt(double value) { return {Start::Rule::constant, value}; }
constexpr Start startNormal(double deviation) { return {Start::Rule::normal, deviation}; }

/// One tensor's place in the flat vector theta [P] or in the buffers [B].
struct ParameterSlice {
  std::string name;  ///< PyTorch's state-dict name, for example "conv1.weight"
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  ParameterKind kind = ParameterKind::weight;
  Start start;
  std::int64_t count() const;
  bool operator==(const ParameterSlice&) const = default;
};

/// Names the slices of a flat vector in the order in which they lie there, without gaps.
class ParameterLayout {
 public:
  /// @returns the slice's index.
  std::size_t append(std::string name, std::vector<std::int64_t> shape, ParameterKind kind, Start start = {});
  const std::vector<ParameterSlice>& slices() const { return slices_; }
  std::int64_t size() const { return size_; }  ///< P
  std::vector<std::int64_t> counts() const;    ///< numel per slice, for split_with_sizes
  bool operator==(const ParameterLayout&) const = default;

 private:
  std::vector<ParameterSlice> slices_;
  std::int64_t size_ = 0;
};

}  // namespace trainer
