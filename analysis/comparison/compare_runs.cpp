// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/compare_runs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/comparison/gather.h"
#include "analysis/comparison/methods.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_files.h"
#include "trainer/run/sweep.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kMeasures = {"curvature", "trace", "sharpness", "equal-loss", "barriers", "items"};
constexpr std::int64_t kMostPoints = 1025;

void requireRadii(const std::vector<double>& list, const char* flag) {
  for (const double r : list)
    if (!(r > 0) || !std::isfinite(r)) throw std::invalid_argument(fmt::format("{} must be numbers > 0, got {:g}", flag, r));
}

/// One data set, and for planes of one set of vectors one network.
void requireComparable(const ComparisonEvidence& evidence, const CompareSpec& spec) {
  const RunEvidence& first = evidence.runs.front();
  for (const RunEvidence& e : evidence.runs) {
    if (!first.spec.dataHash.empty() && !e.spec.dataHash.empty() && first.spec.dataHash != e.spec.dataHash)
      throw std::invalid_argument(fmt::format("'{}' was trained on other data ({}) than '{}' ({}): compare runs of one data set", e.folder, e.spec.data, first.folder, first.spec.data));
    const bool oneNetwork = first.spec.model == e.spec.model && first.spec.activation == e.spec.activation;
    if (!oneNetwork && (spec.planes == "B" || spec.planes == "C"))
      throw std::invalid_argument(fmt::format("--planes {} needs runs of one network: '{}' is {}, '{}' is {}", spec.planes, first.folder, first.spec.model, e.folder, e.spec.model));
  }
}

}  // namespace

void validate(const CompareSpec& spec) {
  if (spec.runs.size() < 2) throw std::invalid_argument(fmt::format("a comparison needs two runs or more, got {}", spec.runs.size()));
  for (std::size_t i = 0; i < spec.runs.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (spec.runs[i] == spec.runs[k]) throw std::invalid_argument(fmt::format("the run '{}' is named twice; a run is compared with others", spec.runs[i]));
  for (const std::string& m : spec.measures)
    if (!std::ranges::count(kMeasures, m)) throw std::invalid_argument(fmt::format("--measures '{}' is unknown; this version has: {}", m, fmt::join(kMeasures, ", ")));
  if (!spec.baseline.empty() && !std::ranges::count(spec.runs, spec.baseline))
    throw std::invalid_argument(fmt::format("--baseline '{}' is none of the runs: {}", spec.baseline, fmt::join(spec.runs, ", ")));
  for (const auto& [list, flag] : {std::pair(&spec.names, "--names"), std::pair(&spec.groups, "--groups")})
    if (!list->empty() && list->size() != spec.runs.size()) throw std::invalid_argument(fmt::format("{} has {} words for {} runs; it needs one a run", flag, list->size(), spec.runs.size()));
  if (spec.planes != "none") planesName(spec.planes);
  requireRadii(spec.worst, "--worst"), requireRadii(spec.average, "--average");
  if (spec.targetLoss && !(*spec.targetLoss > 0)) throw std::invalid_argument(fmt::format("--target-loss must be a number > 0, got {:g}", *spec.targetLoss));
  if (spec.points < 3 || spec.points > kMostPoints) throw std::invalid_argument(fmt::format("--points must be between 3 and {}, got {}", kMostPoints, spec.points));
  if (!(spec.level > 0 && spec.level < 1)) throw std::invalid_argument(fmt::format("--level must be between 0 and 1, got {:g}", spec.level));
  if (spec.size < 3 || spec.size % 2 == 0 || spec.size > kMostPoints)
    throw std::invalid_argument(fmt::format("--size must be an odd number from 3 to {}, so that the trained network is a grid point; got {}", kMostPoints, spec.size));
}

std::vector<std::string> runsOf(const std::vector<std::string>& folders) {
  std::vector<std::string> runs;
  for (const std::string& folder : folders) {
    std::error_code ignored;
    const fs::path table = fs::path(folder) / trainer::kSweepTableFile;
    if (fs::exists(fs::path(folder) / trainer::kSpecFile, ignored) || !fs::exists(table, ignored)) {
      runs.push_back(folder);
      continue;
    }
    const nlohmann::json content = trainer::readJson(table);
    for (const auto& run : content.value("runs", nlohmann::json::array()))
      if (run.value("status", "") == "completed") runs.push_back((fs::path(folder) / trainer::kSweepRunsFolder / run.value("name", "")).string());
  }
  return runs;
}

ComparedRuns compareRuns(const CompareSpec& spec, const trainer::Context& context) {
  const auto started = std::chrono::steady_clock::now();
  validate(spec);
  Gathering gathering(spec, context);
  requireComparable(gathering.evidence(), spec);
  const bool stopped = !gathering.measure();
  ComparedRuns made{.comparison = tabulate(gathering.evidence(), spec), .evidence = {}, .surfaces = {}};
  Comparison& c = made.comparison;
  c.stopped = stopped;
  if (!stopped && spec.planes != "none") c.stopped = !gathering.samplePlanes(c, made.surfaces);
  c.notes = gathering.notes(), c.reused = gathering.reused(), c.measured = gathering.measured();
  made.evidence = gathering.evidence();
  describeMethods(made.evidence, made.surfaces, c);
  c.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return made;
}

}  // namespace analysis
