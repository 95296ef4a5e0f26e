// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/more_seeds.h"

#include <algorithm>
#include <set>

namespace ui {
namespace {

std::set<std::uint64_t> seedsOf(const Session& session, const CompareEntry& entry) {
  std::set<std::uint64_t> seeds;
  for (const std::string& folder : entry.folders)
    if (const SessionRun* run = session.find(folder)) seeds.insert(run->spec.seed);
  return seeds;
}

/// The run again with another seed: what was filled from its data is filled anew.
trainer::RunSpec again(const SessionRun& run, std::uint64_t seed) {
  trainer::RunSpec spec = run.spec;
  spec.seed = seed;
  spec.dataHash.clear();
  if (spec.validation > 0) spec.normalisation.reset();  // the training part is another one
  return spec;
}

double secondsOf(const SessionRun& run) {
  const auto& steps = run.record.stepRecords;
  if (steps.empty() || steps.back().step <= 0) return 0;
  return steps.back().seconds * static_cast<double>(std::max(run.totalSteps, steps.back().step)) / static_cast<double>(steps.back().step);
}

}  // namespace

MoreSeeds moreSeeds(const Session& session, const std::vector<CompareEntry>& settings, std::size_t wanted) {
  MoreSeeds out;
  std::set<std::uint64_t> all;
  std::size_t fewest = SIZE_MAX, most = 0;
  for (const CompareEntry& entry : settings) {
    const auto seeds = seedsOf(session, entry);
    all.insert(seeds.begin(), seeds.end());
    fewest = std::min(fewest, seeds.size()), most = std::max(most, seeds.size());
  }
  if (settings.empty()) return out;
  const std::size_t target = std::max(wanted, most);
  for (std::uint64_t next = all.empty() ? 0 : *all.rbegin() + 1; all.size() < target; ++next) all.insert(next);
  out.each = static_cast<int>(target - fewest);
  for (const CompareEntry& entry : settings) {
    const SessionRun* first = session.find(entry.folders.front());
    std::set<std::uint64_t> seeds = seedsOf(session, entry);
    for (const std::uint64_t seed : all) {
      if (first == nullptr || seeds.size() >= target || !seeds.insert(seed).second) continue;
      out.runs.push_back({.spec = again(*first, seed), .group = first->group});
      out.seconds += secondsOf(*first);
    }
  }
  return out;
}

}  // namespace ui
