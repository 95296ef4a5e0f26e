// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "trainer/optim/base_step.h"
#include "trainer/optim/schedule.h"
#include "trainer/optim/sharpness_step.h"
#include "trainer/run/run_spec.h"

namespace trainer {

/// The parts of a step that a resolved spec (resolve()) asks for. What the spec leaves empty is not used by the method and has its default.
BaseOptions baseOptionsOf(const RunSpec& resolved);
SharpnessOptions sharpnessOptionsOf(const RunSpec& resolved);
ScheduleOptions scheduleOptionsOf(const RunSpec& resolved, std::int64_t totalSteps);

/// wd where the decay belongs to the loss, (wd/2) ||theta||^2 inside every gradient; else 0 (it is then in BaseOptions::decoupledDecay).
double lossDecayOf(const RunSpec& resolved);

}  // namespace trainer
