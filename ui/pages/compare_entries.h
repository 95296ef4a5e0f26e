// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <string>
#include <vector>

#include "ui/workspace/run_looks.h"

namespace ui {

/// A column of the Compare page: a run, or the runs that differ in their seed only.
struct CompareEntry {
  QString name;
  QPixmap swatch;
  CurveLook look;
  std::vector<std::string> folders;  ///< of the runs, in order
  bool baseline = false;             ///< the session's baseline is among them
  bool operator==(const CompareEntry& o) const {
    return name == o.name && look == o.look && folders == o.folders && baseline == o.baseline && swatch.cacheKey() == o.swatch.cacheKey();
  }
};

/// What two runs have in common that differ in their seed only: analysis/comparison/group_runs.h.
std::string settingKey(const SessionRun& run);

/// The visible runs, the baseline first (where it is visible), then in the session's order; with `bySetting` the seeds of a setting are one entry, in the
/// look of its first run.
std::vector<CompareEntry> compareEntries(const Session& session, const RunLooks& looks, bool bySetting);

}  // namespace ui
