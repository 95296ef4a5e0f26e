// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QTimer>
#include <atomic>
#include <semaphore>

#include "ui/jobs/job.h"

namespace ui {

inline constexpr int kWatchdogMilliseconds = 20000;  ///< against hangs only

/// Handles events until the condition holds.
template <class Condition>
bool waitUntil(Condition condition) {
  QTimer watchdog;
  watchdog.setSingleShot(true);
  watchdog.start(kWatchdogMilliseconds);
  while (!condition() && watchdog.isActive()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
  return condition();
}

/// A work that says when it has begun and goes on until it may end or is told to stop.
struct Gate {
  JobWork work() {
    return [this](const trainer::Context& context) {
      begun.release();
      while (!mayEnd.try_acquire()) context.checkpoint();
    };
  }
  std::counting_semaphore<> begun{0}, mayEnd{0};
};

inline JobSpec spec(const char* title, Lane lane = Lane::analysis) {
  return {.title = QString::fromUtf8(title), .run = QStringLiteral("runs/sam"), .kind = QStringLiteral("surface"), .lane = lane};
}

inline void nothing(const trainer::Context&) {}

}  // namespace ui
