// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/find_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "trainer/base/error.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

constexpr double kUsualResidual = 1e-3, kUsualResidualDouble = 1e-8;

double usualResidual(const std::string& precision) { return precision == "double" ? kUsualResidualDouble : kUsualResidual; }

bool wholeHessian(const SpectrumSpec& s) { return s.operatorName == "hessian" && s.restrictTo.empty() && s.precondition == "none"; }

bool fits(const MeasureSpec& found, std::int64_t foundSamples, const MeasureSpec& wanted, std::int64_t samples, std::int64_t all) {
  return foundSamples == samples && sameMeasure(found, wanted, samples < all);
}

}  // namespace

std::vector<KeptResult> keptResults(const std::string& run, const std::string& verb, std::optional<std::int64_t> step, std::vector<std::string>& notes) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  const std::string start = step ? fmt::format("{}_step{}_", verb, *step) : verb + "_step";
  for (fs::directory_iterator it(fs::path(run) / "analyses", error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->path().filename().string().starts_with(start) && it->path().extension() == ".json") files.emplace_back(it->last_write_time(ignored), it->path());
  }
  std::ranges::sort(files, std::greater());
  std::vector<KeptResult> found;
  for (const auto& [time, file] : files) {
    try {
      found.push_back({file.string(), readResult(file)});
    } catch (const trainer::Error& e) {
      const std::string sentence = fmt::format("left aside: {}", e.what());
      if (!std::ranges::count(notes, sentence)) notes.push_back(sentence);
    }
  }
  return found;
}

bool sameMeasure(const MeasureSpec& a, const MeasureSpec& b, bool seedDecides) {
  MeasureSpec x = a, y = b;
  for (MeasureSpec* m : {&x, &y}) {
    m->run.clear(), m->step.clear(), m->device.clear(), m->threads = 0, m->memoryBytes = 0, m->samples.reset();
    if (!seedDecides) m->seed = 0;
  }
  return x == y;
}

bool fitsPairs(const SpectrumResult& r, const MeasureSpec& wanted, std::int64_t samples, std::int64_t all) {
  const Spectrum& s = r.spectrum;
  return !s.stopped && wholeHessian(r.spec) && !s.top.empty() && !s.bottom.empty() && r.spec.residual.value_or(usualResidual(r.spec.measure.precision)) <= usualResidual(wanted.precision) && fits(r.spec.measure, s.samples, wanted, samples, all);
}

bool fitsTrace(const SpectrumResult& r, const MeasureSpec& wanted, std::int64_t samples, std::int64_t all) {
  const Spectrum& s = r.spectrum;
  return !s.stopped && wholeHessian(r.spec) && s.trace && r.spec.traceError <= SpectrumSpec().traceError && s.samples == samples && sameMeasure(r.spec.measure, wanted, samples < all || s.trace->method != "exact");
}

bool fitsSharpness(const SharpnessResult& r, const SharpnessSpec& wanted, std::int64_t samples, std::int64_t all) {
  const SharpnessSpec& s = r.spec;
  const bool random = std::ranges::count(wanted.kinds, std::string("average")) > 0;
  if (r.sharpness.stopped || s.group != wanted.group || s.iterations != wanted.iterations || s.restarts != wanted.restarts || s.draws != wanted.draws ||
      r.sharpness.samples != samples || !sameMeasure(s.measure, wanted.measure, samples < all || random || wanted.restarts > 0))
    return false;
  for (const std::string& kind : wanted.kinds)
    for (const double rho : wanted.rho)
      for (const bool adaptive : {false, true})
        if (std::ranges::none_of(r.sharpness.measures, [&](const SharpnessMeasure& m) { return m.kind == kind && m.adaptive == adaptive && m.rho == rho && (kind == "average" || m.norm == "l2"); }))
          return false;
  return true;
}

bool fitsPath(const PathResult& r, const PathSpec& wanted, std::int64_t step2, std::int64_t samples, std::int64_t all) {
  return !r.path.stopped && !r.path.lines.empty() && sameFolder(r.spec.run2, wanted.run2) && r.path.step2 == step2 && r.spec.points == wanted.points &&
         fits(r.spec.measure, r.path.samples, wanted.measure, samples, all);
}

bool fitsSurface(const SurfaceResult& r, const SurfaceSpec& wanted) {
  SurfaceSpec found = r.spec, asked = wanted;
  if (r.grid.stopped || !sameMeasure(found.measure, asked.measure, true) || found.measure.samples != asked.measure.samples) return false;
  for (SurfaceSpec* s : {&found, &asked}) s->measure = {};
  return found == asked;
}

bool sameFolder(const std::string& a, const std::string& b) {
  std::error_code e1, e2;
  const fs::path x = fs::weakly_canonical(a, e1), y = fs::weakly_canonical(b, e2);
  return a == b || (!e1 && !e2 && x == y);
}

}  // namespace analysis
