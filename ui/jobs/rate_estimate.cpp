// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/rate_estimate.h"

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

constexpr double kFadeSeconds = 30;

}  // namespace

void RateEstimate::add(const trainer::Progress& report, double seconds) {
  const auto done = static_cast<double>(report.done);
  if (!any_ || report.unit != unit_ || done < done_) {
    unit_ = report.unit;
    work_ = time_ = 0;
    any_ = true;
  } else {
    const double interval = seconds - at_, fade = std::exp(-interval / kFadeSeconds);
    work_ = fade * work_ + (done - done_);
    time_ = fade * time_ + interval;
  }
  done_ = done;
  total_ = static_cast<double>(report.total);
  at_ = seconds;
}

double RateEstimate::rate() const {
  return time_ > 0 ? work_ / time_ : 0;
}

double RateEstimate::secondsLeft(double seconds) const {
  if (total_ <= 0 || rate() <= 0) return -1;
  return std::max(0.0, (total_ - done_) / rate() - (seconds - at_));
}

}  // namespace ui
