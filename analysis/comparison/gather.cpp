// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/comparison/find_results.h"
#include "analysis/comparison/group_runs.h"
#include "analysis/comparison/item_answers.h"
#include "analysis/matched/measure_matched.h"
#include "analysis/paths/measure_path.h"
#include "analysis/sharpness/measure_sharpness.h"
#include "analysis/spectrum/measure_spectrum.h"
#include "analysis/surface/sample_surface.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_store.h"
#include "trainer/run/sweep.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDefaultSamples = 4096;  ///< of a measure, where none are asked for

/// Whether a run of a sweep has the setting that was chosen on validation, and among how many.
void readSweep(RunEvidence& run) {
  const fs::path folder = fs::path(run.folder).lexically_normal(), sweep = folder.parent_path().parent_path(), table = sweep / trainer::kSweepTableFile;
  std::error_code ignored;
  if (folder.parent_path().filename() != trainer::kSweepRunsFolder || !fs::exists(table, ignored)) return;
  const nlohmann::json content = trainer::readJson(table);
  if (!content.is_object() || !content.contains("settings") || !content.contains("best")) return;
  run.tried = static_cast<std::int64_t>(content.at("settings").size());
  const nlohmann::json& best = content.at("best");
  run.tuned = best.is_object();
  if (!*run.tuned) return;
  const nlohmann::ordered_json own = toJson(run.spec);
  for (const auto& [key, value] : content.at("settings").front().items()) {
    if (key == "runs") break;  // the grid's keys come first
    if (!own.contains(key) || !best.contains(key) || nlohmann::json(own.at(key)) != best.at(key)) run.tuned = *run.tuned && !own.contains(key) && best.value(key, nlohmann::json()).is_null();
  }
}

}  // namespace

Gathering::Gathering(const CompareSpec& spec, const trainer::Context& context) : spec_(spec), context_(context) {
  for (std::size_t i = 0; i < spec.runs.size(); ++i) readRun(spec.runs[i], i);
  const auto at = std::ranges::find(spec.runs, spec.baseline);
  baselineRun_ = at == spec.runs.end() ? 0 : static_cast<std::size_t>(at - spec.runs.begin());
}

void Gathering::readRun(const std::string& folder, std::size_t index) {
  context_.checkpoint();
  RunEvidence e;
  e.folder = folder;
  if (!spec_.names.empty()) e.name = spec_.names[index];
  e.spec = trainer::readRunSpec(folder);
  e.record = trainer::readRunRecord(folder);
  e.step = trainer::findCheckpoint(folder, spec_.measure.step).step;
  e.trainItems = e.record.trainItems;
  readSweep(e);
  evidence_.runs.push_back(std::move(e));
}

bool Gathering::wants(const char* measure) const { return std::ranges::count(spec_.measures, std::string(measure)) > 0; }

MeasureSpec Gathering::measureOf(const RunEvidence& run) const {
  MeasureSpec m = spec_.measure;
  m.run = run.folder, m.step = fmt::format("{}", run.step);
  return m;
}

std::int64_t Gathering::splitItems(const RunEvidence& run) const {
  return spec_.measure.split == "test" ? run.testItems : spec_.measure.split == "validation" ? run.validationItems : run.trainItems;
}

std::int64_t Gathering::samplesOf(const RunEvidence& run) const {
  const std::int64_t all = splitItems(run), asked = spec_.measure.samples.value_or(std::min(kDefaultSamples, all));
  return asked == 0 ? all : asked;
}

trainer::Context Gathering::inner(const std::string& what) const {
  trainer::Context c = context_;
  c.progress = [this, what](const trainer::Progress& p) {
    trainer::Progress mine = p;
    mine.stage = p.stage.empty() ? what : what + ", " + p.stage;
    context_.report(mine);
  };
  return c;
}

bool Gathering::measure() {
  try {
    for (RunEvidence& run : evidence_.runs) {
      items(run);
      if (wants("curvature") || wants("trace")) spectrum(run);
      if (wants("sharpness")) sharpness(run);
    }
    if (wants("barriers"))
      for (std::size_t i = 0; i < evidence_.runs.size(); ++i) path(i);
    if (wants("equal-loss")) matched();
    return true;
  } catch (const trainer::Cancelled&) {
    return false;
  }
}

void Gathering::items(RunEvidence& run) {
  inner("items of " + run.folder).report({.stage = "", .unit = "runs", .done = &run - evidence_.runs.data(), .total = static_cast<std::int64_t>(evidence_.runs.size())});
  const RunItems found = answerItems(measureOf(run), context_);
  run.trainItems = found.train, run.validationItems = found.validation, run.testItems = found.test;
  if (wants("items")) run.answers = found.answers;
}

void Gathering::spectrum(RunEvidence& run) {
  const MeasureSpec m = measureOf(run);
  const std::int64_t samples = samplesOf(run), all = splitItems(run);
  for (const KeptResult& r : keptResults(run.folder, "spectrum", run.step, notes_)) {
    const auto& s = std::get<SpectrumResult>(r.result);
    if (!run.pairs && wants("curvature") && fitsPairs(s, m, samples, all)) run.pairs = std::make_shared<SpectrumResult>(s), ++reused_;
    if (!run.trace && wants("trace") && fitsTrace(s, m, samples, all)) run.trace = std::make_shared<SpectrumResult>(s), ++reused_;
  }
  const bool pairs = wants("curvature") && !run.pairs, trace = wants("trace") && !run.trace;
  if (!pairs && !trace) return;
  SpectrumSpec spec;
  spec.measure = m;
  if (!pairs) spec.top = 0, spec.bottom = 0;
  if (trace) spec.trace = "xtrace";
  const auto made = std::make_shared<SpectrumResult>(SpectrumResult{spec, measureSpectrum(spec, inner("curvature of " + run.folder))});
  if (made->spectrum.stopped) throw trainer::Cancelled();
  saveResult(*made);
  ++measured_;
  if (pairs) run.pairs = made;
  if (trace) run.trace = made;
}

std::shared_ptr<const SharpnessResult> Gathering::sharpnessPart(const RunEvidence& run, const SharpnessSpec& wanted) {
  for (const KeptResult& r : keptResults(run.folder, "sharpness", run.step, notes_))
    if (const auto& s = std::get<SharpnessResult>(r.result); fitsSharpness(s, wanted, samplesOf(run), splitItems(run))) return ++reused_, std::make_shared<SharpnessResult>(s);
  const auto made = std::make_shared<SharpnessResult>(SharpnessResult{wanted, measureSharpness(wanted, inner("sharpness of " + run.folder))});
  if (made->sharpness.stopped) throw trainer::Cancelled();
  saveResult(*made);
  ++measured_;
  return made;
}

void Gathering::sharpness(RunEvidence& run) {
  std::shared_ptr<SharpnessResult> all;
  for (const bool average : {false, true}) {
    SharpnessSpec wanted;
    wanted.measure = measureOf(run);
    wanted.kinds = average ? std::vector<std::string>{"average"} : std::vector<std::string>{"worst", "one-step"};
    wanted.rho = average ? spec_.average : spec_.worst;
    if (wanted.rho.empty()) continue;
    const auto part = sharpnessPart(run, wanted);
    if (!all) {
      all = std::make_shared<SharpnessResult>(*part);
      continue;
    }
    for (const SharpnessMeasure& m : part->sharpness.measures)
      if (m.kind == "average") all->sharpness.measures.push_back(m);
  }
  run.sharpness = all;
}

std::size_t Gathering::partnerOf(std::size_t index) const {
  const std::string key = settingKey(evidence_.runs[baselineRun_]);
  for (std::size_t i = 0; i < evidence_.runs.size(); ++i) {
    const bool ofBaseline = spec_.groups.empty() ? settingKey(evidence_.runs[i]) == key : spec_.groups[i] == spec_.groups[baselineRun_];
    if (ofBaseline && i != index && evidence_.runs[i].spec.seed == evidence_.runs[index].spec.seed) return i;
  }
  return baselineRun_;
}

void Gathering::path(std::size_t index) {
  RunEvidence& run = evidence_.runs[index];
  const RunEvidence& partner = evidence_.runs[partnerOf(index)];
  if (&partner == &run) return;
  PathSpec spec;
  spec.measure = measureOf(partner);
  if (spec.measure.batchNorm == "eval") spec.measure.batchNorm = PathSpec().measure.batchNorm;
  spec.run2 = run.folder, spec.step2 = fmt::format("{}", run.step), spec.points = spec_.points;
  for (const KeptResult& r : keptResults(partner.folder, "path", partner.step, notes_))
    if (const auto& p = std::get<PathResult>(r.result); fitsPath(p, spec, run.step, samplesOf(partner), splitItems(partner))) {
      run.path = std::make_shared<PathResult>(p), ++reused_;
      return;
    }
  try {
    const auto made = std::make_shared<PathResult>(PathResult{spec, measurePath(spec, inner("line to " + run.folder))});
    if (made->path.stopped) throw trainer::Cancelled();
    saveResult(*made);
    run.path = made, ++measured_;
  } catch (const std::invalid_argument& e) {
    notes_.push_back(fmt::format("no line from '{}' to '{}': {}", partner.folder, run.folder, e.what()));
  }
}

bool Gathering::reuseMatched(const MatchedSpec& wanted) {
  for (const RunEvidence& run : evidence_.runs)
    if (run.record.status == trainer::RunStatus::running || run.record.status == trainer::RunStatus::stopped) return false;  // it may have got further since
  for (const KeptResult& r : keptResults(wanted.runs.front(), "matched", std::nullopt, notes_)) {
    const auto& m = std::get<MatchedResult>(r.result);
    const std::int64_t samples = samplesOf(evidence_.runs.front());
    if (m.matched.stopped || m.spec.runs != wanted.runs || m.spec.rho != wanted.rho || m.spec.deviation != wanted.deviation || m.spec.targetLoss != wanted.targetLoss ||
        m.spec.iterations != wanted.iterations || m.spec.draws != wanted.draws || m.matched.samples != samples || !sameMeasure(m.spec.measure, wanted.measure, true))
      continue;
    evidence_.matched = std::make_shared<MatchedResult>(m), ++reused_;
    return true;
  }
  return false;
}

void Gathering::matched() {
  MatchedSpec spec;
  spec.measure = spec_.measure;
  spec.measure.step = MeasureSpec().step;
  for (const RunEvidence& run : evidence_.runs)
    if (run.record.status != trainer::RunStatus::diverged) spec.runs.push_back(run.folder);
  if (spec.runs.size() < 2) return notes_.push_back("no rows at equal train loss: fewer than two runs did not diverge");
  spec.measure.run = spec.runs.front();
  spec.rho = spec_.worst, spec.deviation = spec_.average, spec.targetLoss = spec_.targetLoss;
  if (reuseMatched(spec)) return;
  try {
    auto made = std::make_shared<MatchedResult>(MatchedResult{spec, measureMatched(spec, inner("equal train loss"))});
    const bool stopped = made->matched.stopped;
    if (!stopped) saveResult(*made);
    evidence_.matched = std::move(made), ++measured_;
    if (stopped) throw trainer::Cancelled();
  } catch (const std::invalid_argument& e) {
    notes_.push_back(fmt::format("no rows at equal train loss: {}", e.what()));
  }
}

std::shared_ptr<const SurfaceResult> Gathering::surface(const MatchedPlane& plane, std::int64_t step, std::string& file) {
  std::error_code ignored;
  const bool mayReuse = !plane.savesDirections || fs::exists(plane.spec.saveDirections, ignored);
  for (const KeptResult& r : mayReuse ? keptResults(plane.run, "surface", step, notes_) : std::vector<KeptResult>{})
    if (const auto& s = std::get<SurfaceResult>(r.result); fitsSurface(s, plane.spec)) {
      file = r.file, ++reused_;
      return std::make_shared<SurfaceResult>(s);
    }
  if (plane.savesDirections) fs::create_directories(fs::path(plane.spec.saveDirections).parent_path());
  auto made = std::make_shared<SurfaceResult>(SurfaceResult{plane.spec, sampleSurface(plane.spec, {}, inner("surface of " + plane.run))});
  if (made->grid.stopped) throw trainer::Cancelled();
  file = saveResult(*made).string(), ++measured_;
  return made;
}

bool Gathering::samplePlanes(Comparison& comparison, std::vector<std::shared_ptr<const SurfaceResult>>& surfaces) {
  MatchedPlanesSpec planes{.mode = spec_.planes, .runs = {}, .names = {}, .baseline = evidence_.runs[baselineRun_].folder, .base = {}, .directionsFile = {}};
  for (std::size_t s = 0; s < comparison.settings.size(); ++s) {
    const std::size_t run = s == comparison.baseline ? comparison.baselineRun : comparison.settings[s].runs.front();
    planes.runs.push_back(comparison.runs[run].folder), planes.names.push_back(comparison.settings[s].name);
  }
  if (planes.runs.size() < 2) return notes_.push_back("no planes: there is one setting only"), true;
  planes.base.measure = spec_.measure, planes.base.directionSeed = spec_.directionSeed;
  planes.base.x.size = spec_.size, planes.base.y = planes.base.x;
  try {
    for (const MatchedPlane& plane : matchedPlanes(planes).surfaces) {
      const auto run = std::ranges::find(evidence_.runs, plane.run, &RunEvidence::folder);
      std::string file;
      surfaces.push_back(surface(plane, run->step, file));
      comparison.planes.push_back({.run = plane.run, .file = file, .label = plane.sentence});
    }
    return true;
  } catch (const trainer::Cancelled&) {
    return false;
  }
}

}  // namespace analysis
