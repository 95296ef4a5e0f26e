// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/schedule.h"

#include <cmath>
#include <numbers>

namespace trainer {

double scheduledRate(const std::string& schedule, double rate, std::int64_t step, std::int64_t totalSteps) {
  if (schedule == "constant") return rate;
  return 0.5 * rate * (1.0 + std::cos(std::numbers::pi * static_cast<double>(step) / static_cast<double>(totalSteps)));
}

}  // namespace trainer
