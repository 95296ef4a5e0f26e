// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_controls.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace trainer {

void RunControls::set(const std::string& name, double value) {
  const bool rate = name == "learning_rate";
  if (!rate && name != "rho" && name != "alpha")
    throw std::invalid_argument(fmt::format("'{}' cannot be changed while it trains; learning_rate, rho and alpha can", name));
  const bool good = std::isfinite(value) && (rate ? value > 0 : value >= 0) && value <= 1e30;
  if (!good) throw std::invalid_argument(fmt::format("{} must be a number {} 0, got {}", name, rate ? ">" : ">=", value));
  const std::lock_guard lock(mutex_);
  changes_.emplace_back(name, value);
}

std::vector<std::pair<std::string, double>> RunControls::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(changes_, {});
}

}  // namespace trainer
