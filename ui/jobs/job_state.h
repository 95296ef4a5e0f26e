// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "trainer/base/context.h"

namespace ui {

enum class JobState { queued, running, paused, done, cancelled, failed };

/// Will not change any more.
constexpr bool isOver(JobState state) {
  return state == JobState::done || state == JobState::cancelled || state == JobState::failed;
}

/// What a job does, on its lane's thread; results travel through what it captured. Destroyed before the job counts as over.
using JobWork = std::function<void(const trainer::Context&)>;

}  // namespace ui
