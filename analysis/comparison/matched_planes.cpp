// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/matched_planes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "analysis/export/result_file.h"
#include "analysis/surface/axis_kind.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

using Word = AxisKind::Word;

Word wordOf(const AxisSpec& axis, const std::string& flag) { return parseAxisKind(axis.kind, flag).word; }

std::vector<Word> wordsOf(const SurfaceSpec& base) {
  std::vector<Word> words = {wordOf(base.x, "--x")};
  if (base.y) words.push_back(wordOf(*base.y, "--y"));
  return words;
}

/// The runs with the baseline in front, and their names beside them.
struct Ordered {
  std::vector<std::string> runs, names;
};

Ordered ordered(const MatchedPlanesSpec& spec) {
  if (spec.runs.size() < 2) throw std::invalid_argument(fmt::format("matched planes need two runs or more, got {}", spec.runs.size()));
  const std::string baseline = spec.baseline.empty() ? spec.runs.front() : spec.baseline;
  const auto at = std::ranges::find(spec.runs, baseline);
  if (at == spec.runs.end()) throw std::invalid_argument(fmt::format("--baseline '{}' is none of the runs: {}", baseline, fmt::join(spec.runs, ", ")));
  const auto first = static_cast<std::size_t>(at - spec.runs.begin());
  const std::vector<std::string>& names = spec.names.size() == spec.runs.size() ? spec.names : spec.runs;
  Ordered o{{spec.runs[first]}, {names[first]}};
  for (std::size_t i = 0; i < spec.runs.size(); ++i)
    if (i != first) o.runs.push_back(spec.runs[i]), o.names.push_back(names[i]);
  return o;
}

SurfaceSpec ofRun(const SurfaceSpec& base, const std::string& run) {
  SurfaceSpec s = base;
  s.measure.run = run;
  s.directions.clear(), s.saveDirections.clear();
  return s;
}

/// "the same random draw (seed 0), normalised by its own filters" and the like.
std::string ownAxes(const SurfaceSpec& base) {
  const std::vector<Word> words = wordsOf(base);
  const bool random = std::ranges::count(words, Word::random) > 0;
  const bool other = std::ranges::any_of(words, [](Word w) { return w != Word::random; });
  std::string text;
  if (random) {
    const std::string rule = base.normalise == "filter" ? "scaled to the norms of its own filters" : base.normalise == "layer" ? "scaled to the norms of its own layers" : "not scaled";
    text = fmt::format("the same random draw (seed {}) in each run, {}", base.directionSeed, rule);
  }
  if (other) text += fmt::format("{}{} computed in each run by itself", text.empty() ? "" : "; ", base.y && !random ? "both axes are" : base.y ? "the other axis is" : "the axis is");
  return text;
}

MatchedPlanes own(const MatchedPlanesSpec& spec, const Ordered& o) {
  if (std::ranges::count(wordsOf(spec.base), Word::toward) > 0)
    throw std::invalid_argument("--planes A does not go with an axis toward a run, which has no length in that run itself; use B or C");
  MatchedPlanes made;
  made.sentence = fmt::format("Own filters: {}. Shapes are comparable; a point of one surface is not a point of another, and a step is another change of the weights.", ownAxes(spec.base));
  for (std::size_t i = 0; i < o.runs.size(); ++i)
    made.surfaces.push_back({.run = o.runs[i], .spec = ofRun(spec.base, o.runs[i]), .sentence = fmt::format("{}: own filters; {}", o.names[i], ownAxes(spec.base))});
  return made;
}

std::string directionsFileOf(const SurfaceSpec& base) {
  const std::string name = fmt::format("directions_{}.safetensors", trainer::contentHash(commandLine(SurfaceResult{base, {}})).substr(0, 8));
  return (std::filesystem::path(base.measure.run) / "analyses" / name).string();
}

MatchedPlanes identical(const MatchedPlanesSpec& spec, const Ordered& o) {
  MatchedPlanes made;
  made.sentence = fmt::format("Identical directions: the very vectors made for {} in every run. A step is the same change of the weights everywhere, but another share of each run's filters.",
                              o.names.front());
  const std::string file = spec.directionsFile.empty() ? directionsFileOf(ofRun(spec.base, o.runs.front())) : spec.directionsFile;
  for (std::size_t i = 0; i < o.runs.size(); ++i) {
    MatchedPlane plane{.run = o.runs[i], .spec = ofRun(spec.base, o.runs[i]), .savesDirections = i == 0, .sentence = {}};
    (i == 0 ? plane.spec.saveDirections : plane.spec.directions) = file;
    plane.sentence = i == 0 ? fmt::format("{}: its own directions, which the others use", o.names[i]) : fmt::format("{}: along the vectors of {}, unchanged", o.names[i], o.names.front());
    made.surfaces.push_back(std::move(plane));
  }
  return made;
}

MatchedPlanes throughMinima(const MatchedPlanesSpec& spec, const Ordered& o) {
  SurfaceSpec s = ofRun(spec.base, o.runs.front());
  const bool three = o.runs.size() > 2;
  s.x.kind = "toward:" + o.runs[1];
  if (!s.y) s.y = AxisSpec{.from = s.x.from, .to = s.x.to, .size = s.x.size};
  if (three) s.y->kind = "toward:" + o.runs[2];
  else if (wordOf(*s.y, "--y") == Word::toward) s.y->kind = "random";
  s.fitRange = true;
  for (std::size_t i = 3; i < o.runs.size(); ++i)
    if (!std::ranges::count(s.trajectoriesOf, o.runs[i])) s.trajectoriesOf.push_back(o.runs[i]);
  MatchedPlanes made;
  made.sentence = fmt::format("Through the minima: one plane that holds {}{}{}. Places and what lies between them are comparable; the shape around a run in other directions is not seen.",
                              o.names[0], three ? ", " + o.names[1] + " and " + o.names[2] : " and " + o.names[1], three ? "" : fmt::format("; y is {} at {}", s.y->kind, o.names[0]));
  if (o.runs.size() > 3) made.sentence += fmt::format(" {} not in it but projected onto it.", o.runs.size() == 4 ? o.names[3] + " is" : fmt::format("{} more runs are", o.runs.size() - 3));
  made.surfaces.push_back({.run = o.runs.front(), .spec = std::move(s), .sentence = made.sentence});
  return made;
}

}  // namespace

std::string planesName(const std::string& mode, const std::string& flag) {
  if (mode == "A") return "A own filters";
  if (mode == "B") return "B identical directions";
  if (mode == "C") return "C through the minima";
  throw std::invalid_argument(fmt::format("{} '{}' is unknown; this version has: A (own filters), B (identical directions), C (through the minima)", flag, mode));
}

MatchedPlanes matchedPlanes(const MatchedPlanesSpec& spec) {
  const std::string label = planesName(spec.mode);
  const Ordered o = ordered(spec);
  MatchedPlanes made = spec.mode == "A" ? own(spec, o) : spec.mode == "B" ? identical(spec, o) : throughMinima(spec, o);
  made.mode = spec.mode, made.label = label;
  return made;
}

}  // namespace analysis
