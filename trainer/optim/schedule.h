// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace trainer {

/// The learning rate of step `step` (0-based) of `totalSteps`: "constant": rate; "cosine": rate (1 + cos(pi step / totalSteps)) / 2.
double scheduledRate(const std::string& schedule, double rate, std::int64_t step, std::int64_t totalSteps);

}  // namespace trainer
