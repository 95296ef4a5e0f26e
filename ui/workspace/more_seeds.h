// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ui/pages/compare_entries.h"

namespace ui {

/// Runs that would give every compared setting as many seeds, the same ones.
struct MoreSeeds {
  struct Run {
    trainer::RunSpec spec;
    QString group;  ///< of the session: where the setting's first run stands
  };
  std::vector<Run> runs;
  int each = 0;     ///< that the setting with the fewest gets
  double seconds = 0;  ///< of training, at the pace of the runs there are; 0: unknown
};

/// So that each has at least `wanted` seeds, and all have the same: first those that others have, then the next numbers. Settings that are the same in all but the
/// seed start from the same weights and see the same batches at one seed.
MoreSeeds moreSeeds(const Session& session, const std::vector<CompareEntry>& settings, std::size_t wanted);

}  // namespace ui
