// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_entries.h"

#include <algorithm>

#include "ui/workspace/open_run.h"

namespace ui {
namespace {

trainer::RunSpec settingOf(trainer::RunSpec spec) {
  spec.seed = 0;
  spec.device.clear();
  spec.threads = 0;
  return spec;
}

}  // namespace

bool sameSetting(const trainer::RunSpec& a, const trainer::RunSpec& b) { return settingOf(a) == settingOf(b); }

std::vector<CompareEntry> compareEntries(const Session& session, const RunLooks& looks, bool bySetting) {
  std::vector<const SessionRun*> runs;
  const SessionRun* baseline = session.baseline();
  if (baseline != nullptr && baseline->visible) runs.push_back(baseline);
  for (const SessionRun& run : session.runs())
    if (run.visible && &run != baseline) runs.push_back(&run);
  std::vector<CompareEntry> entries;
  std::vector<trainer::RunSpec> settings;
  for (const SessionRun* run : runs) {
    const trainer::RunSpec setting = settingOf(run->spec);
    const auto known = bySetting ? std::ranges::find(settings, setting) : settings.end();
    if (known != settings.end()) {
      entries[static_cast<std::size_t>(known - settings.begin())].folders.push_back(run->folder);
      continue;
    }
    settings.push_back(setting);
    entries.push_back({.name = run->name, .swatch = looks.swatch(*run), .look = looks.look(*run), .folders = {run->folder}, .baseline = run == baseline});
  }
  for (CompareEntry& entry : entries) {
    if (entry.folders.size() < 2) continue;
    const QString name = runName(session.find(entry.folders.front())->spec);
    const auto bears = [&](const CompareEntry& other) { return &other != &entry && other.name == name; };
    if (std::ranges::none_of(entries, bears)) entry.name = name;  // "SGD" instead of "SGD (3)"
  }
  return entries;
}

bool hasSeeds(const Session& session) {
  std::vector<trainer::RunSpec> settings;
  for (const SessionRun& run : session.runs()) {
    if (!run.visible) continue;
    const trainer::RunSpec setting = settingOf(run.spec);
    if (std::ranges::find(settings, setting) != settings.end()) return true;
    settings.push_back(setting);
  }
  return false;
}

}  // namespace ui
