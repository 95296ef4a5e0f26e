// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace trainer {

struct ScheduleOptions {
  std::string name = "constant";  ///< constant | cosine | step
  std::int64_t warmupSteps = 0;   ///< W
  std::int64_t totalSteps = 1;    ///< T
};

/// What the base rate is multiplied with at `step` t, 0-based: (t + 1)/W for t < W, then with u = (t - W)/(T - W)
///
///   constant  1
///   cosine    (1 + cos(pi u))/2, 0 at u = 1 (Loshchilov, Hutter, ICLR 2017, eq. 5, without restarts)
///   step      1, a tenth from u = 1/2, a hundredth from u = 3/4, compared in whole numbers (He et al., CVPR 2016, section 4.2)
double scheduleFactor(const ScheduleOptions& options, std::int64_t step);

}  // namespace trainer
