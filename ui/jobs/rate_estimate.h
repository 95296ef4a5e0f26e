// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "trainer/base/context.h"

namespace ui {

/// Speed and time left of a job, from its reports. The rate is the average since the first report, in which what is more than half a minute
/// old counts less and less; it starts anew when the unit changes or the count falls (the next part of the work).
class RateEstimate {
 public:
  /// `seconds`: the job's own clock, which stands still while it is paused.
  void add(const trainer::Progress& report, double seconds);
  double rate() const;                       ///< units a second, 0 before two reports
  double secondsLeft(double seconds) const;  ///< counts down between reports; -1 while unknown

 private:
  std::string unit_;
  double done_ = 0, total_ = 0, at_ = 0;
  double work_ = 0, time_ = 0;  // both fade alike
  bool any_ = false;
};

}  // namespace ui
