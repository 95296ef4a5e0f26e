// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <limits>

namespace analysis {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();  ///< does not apply, or is not known

}  // namespace analysis
