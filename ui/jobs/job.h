// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>

#include "trainer/base/context.h"
#include "ui/jobs/job_state.h"

namespace ui {

/// Jobs of one lane run one after the other, those of different lanes at the same time.
enum class Lane { training, analysis, interactive };
inline constexpr int kLaneCount = 3;

struct JobSpec {
  QString title;  ///< "Surface v1 x PCA 1"
  QString run;    ///< folder or name of the run it works on
  QString kind;   ///< "train", "spectrum", "sharpness", "invariance", "surface", "slice"
  Lane lane = Lane::analysis;
};

/// A job as it was when asked.
struct JobInfo {
  std::int64_t id = 0;
  JobSpec spec;
  JobState state = JobState::queued;
  trainer::Progress progress{};
  double rate = 0;            ///< units a second, 0 while unknown
  double elapsedSeconds = 0;  ///< without pauses
  double secondsLeft = -1;    ///< -1 while unknown
  QString message{};          ///< why it failed
  bool started = false;       ///< false: it has never run (yet)
  bool stopping = false;      ///< cancelled, but its work has not returned yet
};

}  // namespace ui
