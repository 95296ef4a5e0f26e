// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "app/common_options.h"
#include "trainer/base/context.h"

namespace app {

/// Progress on stderr: a bar with rate and time left on a terminal, one line every 10 s otherwise, nothing when quiet.
class ProgressPrinter {
 public:
  ProgressPrinter(std::string title, const OutputOptions& options);
  ~ProgressPrinter();  ///< clears the bar
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  void update(const trainer::Progress& progress);

  /// A verb's context that stops with `stop` and reports here; must not outlive the printer.
  trainer::Context context(std::stop_token stop);

 private:
  using Clock = std::chrono::steady_clock;
  std::string title_;
  bool quiet_, terminal_, drawn_ = false;
  Clock::time_point started_, last_;
};

/// "0:05", "1:02:03".
std::string formatDuration(double seconds);

}  // namespace app
