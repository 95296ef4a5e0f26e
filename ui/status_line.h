// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QStatusBar;

namespace ui {

class JobQueue;

/// Device and threads at the left, memory of the process and number of jobs at the right; looked up every two seconds.
void fillStatusBar(QStatusBar* bar, const JobQueue& jobs, int threadsPerLane);

}  // namespace ui
