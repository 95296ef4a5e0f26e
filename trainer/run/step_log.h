// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>
#include <vector>

#include "trainer/run/run_record.h"

namespace trainer {

/// Steps whose loss and gradient norm are still on the device. They are fetched together, so that training waits for the device once for many steps;
/// on the CPU, where waiting costs nothing, after each.
class StepLog {
 public:
  explicit StepLog(const at::Device& device);

  void add(StepRecord record, const at::Tensor& loss, const at::Tensor& gradientNorm);
  StepRecord& last() { return records_.back(); }
  /// On the device: whether all losses and norms so far are finite.
  const at::Tensor& good() const { return good_; }
  bool full() const { return static_cast<std::int64_t>(records_.size()) >= capacity_; }

  struct Fetched {
    std::vector<StepRecord> records;        ///< up to the first that is not finite
    std::optional<StepRecord> notFinite;
  };
  /// One synchronisation.
  Fetched fetch();

 private:
  std::int64_t capacity_;
  at::Tensor good_;
  std::vector<StepRecord> records_;
  std::vector<at::Tensor> measured_;
};

}  // namespace trainer
