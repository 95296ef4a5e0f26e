// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace trainer {

double scheduleFactor(const ScheduleOptions& options, std::int64_t step) {
  if (step < options.warmupSteps) return static_cast<double>(step + 1) / static_cast<double>(options.warmupSteps);
  const std::int64_t done = step - options.warmupSteps, all = std::max<std::int64_t>(1, options.totalSteps - options.warmupSteps);
  if (options.name == "cosine") return 0.5 * (1.0 + std::cos(std::numbers::pi * static_cast<double>(done) / static_cast<double>(all)));
  if (options.name == "step") return 4 * done >= 3 * all ? 0.01 : 2 * done >= all ? 0.1 : 1.0;
  return 1.0;
}

}  // namespace trainer
