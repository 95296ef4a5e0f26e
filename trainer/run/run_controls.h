// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace trainer {

/// Changes by hand that a running training takes before its next step. Thread-safe; std types only.
class RunControls {
 public:
  /// `name` is learning_rate (the base rate: the schedule goes on with it), rho or alpha. @throws std::invalid_argument for another name, or a
  /// value outside the flag's range.
  void set(const std::string& name, double value);
  /// What was set since the last call, in order.
  std::vector<std::pair<std::string, double>> take();

 private:
  std::mutex mutex_;
  std::vector<std::pair<std::string, double>> changes_;
};

}  // namespace trainer
