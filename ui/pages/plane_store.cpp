// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/plane_store.h"

#include <algorithm>
#include <stdexcept>

namespace ui {
namespace {

constexpr std::int64_t kSize = 33;

/// Where it is computed does not make it another surface.
analysis::SurfaceSpec what(analysis::SurfaceSpec spec) {
  spec.measure.threads = 0;
  spec.measure.device.clear();
  spec.measure.memoryBytes = 0;
  return spec;
}

bool ofOwnPlane(const analysis::SurfaceSpec& spec) {
  const auto toward = [](const std::string& kind) { return kind.starts_with("toward:"); };
  return spec.directions.empty() && spec.saveDirections.empty() && !toward(spec.x.kind) && !(spec.y && toward(spec.y->kind));
}

analysis::SurfaceSpec withoutRun(analysis::SurfaceSpec spec) {
  spec.measure.run.clear();
  return what(std::move(spec));
}

std::vector<const SessionRun*> visibleRuns(const Session& session) {
  std::vector<const SessionRun*> runs;
  const SessionRun* baseline = session.baseline();
  if (baseline != nullptr && baseline->visible) runs.push_back(baseline);
  for (const SessionRun& run : session.runs())
    if (run.visible && &run != baseline) runs.push_back(&run);
  return runs;
}

SurfaceSnapshot snapshotOf(const std::shared_ptr<const analysis::SurfaceResult>& result) {
  if (!result) return {};
  const std::shared_ptr<const analysis::SurfaceGrid> grid(result, &result->grid);
  return {.grid = grid, .stride = completeStride(*grid)};
}

SurfacePane paneOf(const SessionRun& run, const RunLooks& looks, const std::shared_ptr<const analysis::SurfaceResult>& result) {
  SurfacePane pane{.folder = run.folder, .name = run.name, .swatch = looks.swatch(run), .surface = snapshotOf(result)};
  if (pane.surface) {
    pane.cosine = QStringLiteral("cos %1").arg(result->grid.cosine, 0, 'f', 4);
    return pane;
  }
  pane.sentence = run.measurable() ? QStringLiteral("Not computed yet") : looks.boardRun(run).waiting;
  return pane;
}

}  // namespace

std::string wordOf(Planes planes) { return planes == Planes::own ? "A" : planes == Planes::identical ? "B" : "C"; }

void PlaneStore::take(const Session& session) {
  for (const SessionRun& run : session.runs()) {
    std::vector<Result>& kept = kept_[run.folder];
    if (!run.surface || std::ranges::find(kept, run.surface) != kept.end()) continue;
    std::erase_if(kept, [&](const Result& old) { return what(old->spec) == what(run.surface->spec); });
    kept.push_back(run.surface);
  }
}

/// The axes, grid and samples of the baseline's newest own surface, else the usual ones.
analysis::SurfaceSpec PlaneStore::base(const Session& session) const {
  std::vector<const SessionRun*> runs = visibleRuns(session);
  for (const SessionRun* run : runs) {
    const auto kept = kept_.find(run->folder);
    if (kept == kept_.end()) continue;
    for (auto result = kept->second.rbegin(); result != kept->second.rend(); ++result)
      if (ofOwnPlane((*result)->spec) && (*result)->spec.y) return (*result)->spec;
  }
  analysis::SurfaceSpec usual;
  usual.x.size = kSize;
  usual.y = usual.x;
  return usual;
}

analysis::MatchedPlanes PlaneStore::wanted(const Session& session, Planes planes) const {
  analysis::MatchedPlanesSpec spec{.mode = wordOf(planes), .runs = {}, .names = {}, .baseline = {}, .base = base(session), .directionsFile = {}};
  for (const SessionRun* run : visibleRuns(session)) {
    if (!run->measurable()) continue;
    spec.runs.push_back(run->folder);
    spec.names.push_back(run->name.toStdString());
  }
  return analysis::matchedPlanes(spec);
}

PlaneStore::Result PlaneStore::find(const analysis::SurfaceSpec& spec) const {
  const auto kept = kept_.find(spec.measure.run);
  if (kept == kept_.end()) return nullptr;
  const auto found = std::ranges::find_if(kept->second, [&](const Result& r) { return what(r->spec) == what(spec); });
  return found == kept->second.end() ? nullptr : *found;
}

std::vector<analysis::SurfaceSpec> PlaneStore::missing(const Session& session, Planes planes) const {
  std::vector<analysis::SurfaceSpec> out;
  try {
    for (const analysis::MatchedPlane& plane : wanted(session, planes).surfaces)
      if (!find(plane.spec)) out.push_back(plane.spec);
  } catch (const std::invalid_argument&) {  // fewer than two runs: of one its own plane
    const analysis::SurfaceSpec own = base(session);
    for (const SessionRun* run : visibleRuns(session)) {
      if (!run->measurable() || planes != Planes::own) continue;
      analysis::SurfaceSpec spec = own;
      spec.measure.run = run->folder;
      if (!find(spec)) out.push_back(spec);
    }
  }
  return out;
}

/// The surface of the same settings as the others, else the newest of a plane of its own, which then says that it differs.
std::vector<SurfacePane> PlaneStore::ownPanes(const Session& session, const RunLooks& looks) const {
  const analysis::SurfaceSpec common = withoutRun(base(session));
  std::vector<SurfacePane> panes;
  for (const SessionRun* run : visibleRuns(session)) {
    analysis::SurfaceSpec spec = common;
    spec.measure.run = run->folder;
    Result result = find(spec);
    bool other = false;
    if (const auto kept = kept_.find(run->folder); !result && kept != kept_.end())
      for (const Result& each : kept->second)
        if (ofOwnPlane(each->spec) && each->spec.y) result = each, other = true;
    panes.push_back(paneOf(*run, looks, result));
    if (!other) continue;
    panes.back().badge = QStringLiteral("other settings");
    panes.back().toolTip = QStringLiteral("Axes, grid or samples of this surface are not those of the others: shapes cannot be compared. Compute computes it anew.");
  }
  return panes;
}

std::vector<SurfacePane> PlaneStore::panes(const Session& session, const RunLooks& looks, Planes planes, QString* sentence) const {
  analysis::MatchedPlanes matched;
  try {
    matched = wanted(session, planes);
    *sentence = QString::fromStdString(matched.sentence);
  } catch (const std::invalid_argument&) {  // fewer than two trained runs
    *sentence = QStringLiteral("Planes are matched once two runs are trained.");
  }
  if (planes == Planes::own) return ownPanes(session, looks);
  std::vector<SurfacePane> panes;
  for (const analysis::MatchedPlane& plane : matched.surfaces) {
    const SessionRun* run = session.find(plane.run);
    if (run == nullptr) continue;
    panes.push_back(paneOf(*run, looks, find(plane.spec)));
    panes.back().toolTip = QString::fromStdString(plane.sentence);
    if (planes != Planes::minima) continue;
    QStringList names;
    for (const SessionRun* each : visibleRuns(session))
      if (each->measurable() && names.size() < 3) names << each->name;
    panes.back().name = names.join(QStringLiteral(", "));
    panes.back().swatch = {};
  }
  return panes;
}

}  // namespace ui
