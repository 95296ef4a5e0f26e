// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/comparison/matched_planes.h"
#include "ui/pages/compare_surfaces_view.h"
#include "ui/workspace/run_looks.h"

namespace ui {

/// How the surfaces below the table belong together: own filters, identical directions, one plane through the minima.
enum class Planes { own, identical, minima };
std::string wordOf(Planes planes);  ///< "A", "B", "C"

/// The surfaces that were sampled, by run: a run of the session has the newest only, and another kind of planes is one click away.
class PlaneStore {
 public:
  /// Takes over what the session has.
  void take(const Session& session);
  /// What has to be sampled for these planes through the visible, trained runs, the baseline first. @throws std::invalid_argument  fewer than two of them
  analysis::MatchedPlanes wanted(const Session& session, Planes planes) const;
  /// Of those, what is not there yet.
  std::vector<analysis::SurfaceSpec> missing(const Session& session, Planes planes) const;
  /// One pane for each visible run, or the one plane through all of them. `sentence` becomes what can be compared on them.
  std::vector<SurfacePane> panes(const Session& session, const RunLooks& looks, Planes planes, QString* sentence) const;

 private:
  using Result = std::shared_ptr<const analysis::SurfaceResult>;
  analysis::SurfaceSpec base(const Session& session) const;
  Result find(const analysis::SurfaceSpec& spec) const;
  std::vector<SurfacePane> ownPanes(const Session& session, const RunLooks& looks) const;
  std::map<std::string, std::vector<Result>> kept_;  ///< newest last
};

}  // namespace ui
