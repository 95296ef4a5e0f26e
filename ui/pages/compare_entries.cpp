// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_entries.h"

#include <algorithm>
#include <set>

#include "analysis/comparison/group_runs.h"
#include "ui/workspace/open_run.h"

namespace ui {
namespace {

/// Settings found so far: what makes them one, and the seeds they have. A seed twice is no second seed.
struct Settings {
  std::vector<std::string> keys;
  std::vector<std::set<std::uint64_t>> seeds;

  /// The index of a run's setting; a new one is added.
  std::size_t of(const SessionRun& run) {
    const std::string key = settingKey(run);
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i] == key && seeds[i].insert(run.spec.seed).second) return i;
    keys.push_back(key);
    seeds.push_back({run.spec.seed});
    return keys.size() - 1;
  }
};

}  // namespace

std::string settingKey(const SessionRun& run) {
  analysis::RunEvidence light;
  light.spec = run.spec;
  light.record.status = run.record.status;
  light.record.steps = run.record.steps;
  light.record.events = run.record.events;
  return analysis::settingKey(light);
}

std::vector<CompareEntry> compareEntries(const Session& session, const RunLooks& looks, bool bySetting) {
  std::vector<const SessionRun*> runs;
  const SessionRun* baseline = session.baseline();
  if (baseline != nullptr && baseline->visible) runs.push_back(baseline);
  for (const SessionRun& run : session.runs())
    if (run.visible && &run != baseline) runs.push_back(&run);
  std::vector<CompareEntry> entries;
  Settings settings;
  for (const SessionRun* run : runs) {
    const std::size_t index = bySetting ? settings.of(*run) : entries.size();
    if (index < entries.size()) entries[index].folders.push_back(run->folder);
    else entries.push_back({.name = run->name, .swatch = looks.swatch(*run), .look = looks.look(*run), .folders = {run->folder}, .baseline = run == baseline});
  }
  for (CompareEntry& entry : entries) {
    if (entry.folders.size() < 2) continue;
    const QString name = runName(session.find(entry.folders.front())->spec);
    const auto bears = [&](const CompareEntry& other) { return &other != &entry && other.name == name; };
    if (std::ranges::none_of(entries, bears)) entry.name = name;  // "SGD" instead of "SGD (3)"
  }
  return entries;
}

}  // namespace ui
