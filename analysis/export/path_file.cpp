// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"
#include "trainer/base/files.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json specJson(const PathSpec& s) {
  ordered_json j = specJson(s.measure);
  j["run2"] = s.run2, j["step2"] = s.step2, j["points"] = s.points, j["match"] = s.match, j["curve"] = s.curveSteps, j["save_matched"] = s.saveMatched;
  return j;
}

/// The samples measured go by their own name; where they are the test set there is no other.
ordered_json lineJson(const PathLine& l, const std::string& split) {
  ordered_json j{{"kind", l.kind}, {"t", l.t}};
  if (split != "test") j[split] = {{"loss", jsonNumbers(l.trainLoss)}, {"accuracy", jsonNumbers(l.trainAccuracy)}};
  j["test"] = {{"loss", jsonNumbers(l.testLoss)}, {"accuracy", jsonNumbers(l.testAccuracy)}};
  j["barrier"] = jsonNumber(l.trainBarrier), j["barrier_at"] = jsonNumber(l.barrierAt), j["test_barrier"] = jsonNumber(l.testBarrier), j["length"] = l.length;
  return j;
}

PathLine lineOf(const json& j, const std::string& split) {
  PathLine l{.kind = j.at("kind"), .t = j.at("t")};
  const auto list = [&](const std::string& set, const char* name) { return numbersOf(j.at(set).at(name)); };
  l.trainLoss = list(split, "loss"), l.trainAccuracy = list(split, "accuracy"), l.testLoss = list("test", "loss"), l.testAccuracy = list("test", "accuracy");
  l.trainBarrier = numberOf(j.at("barrier")), l.barrierAt = numberOf(j.at("barrier_at")), l.testBarrier = numberOf(j.at("test_barrier")), l.length = j.at("length");
  return l;
}

ordered_json matchJson(const PathMatch& m) {
  return {{"groups", m.groups}, {"units", m.units}, {"moved", m.moved}, {"rounds", m.rounds}, {"distance_before", m.distanceBefore}, {"distance_after", m.distanceAfter},
          {"output_difference", m.outputDifference}, {"seconds", m.seconds}};
}

PathMatch matchOf(const json& j) {
  return {j.at("groups"), j.at("units"), j.at("moved"), j.at("rounds"), j.at("distance_before"), j.at("distance_after"), j.at("output_difference"), j.at("seconds")};
}

ordered_json curveJson(const PathCurve& c) {
  return {{"steps", c.steps}, {"gradients", c.gradients}, {"mean_loss_before", jsonNumber(c.firstLoss)},
          {"mean_loss_after", jsonNumber(c.lastLoss)}, {"bend", c.bend}, {"seconds", c.seconds}};
}

PathCurve curveOf(const json& j) {
  return {j.at("steps"), j.at("gradients"), numberOf(j.at("mean_loss_before")), numberOf(j.at("mean_loss_after")), j.at("bend"), j.at("seconds")};
}

}  // namespace

ordered_json document(const PathResult& r) {
  const Path& p = r.path;
  ordered_json j = resultHead("path", r.spec.measure, p.step, r);
  j["run2"] = r.spec.run2, j["step2"] = p.step2, j["samples"] = p.samples, j["test_samples"] = p.testSamples, j["parameters"] = p.parameters, j["split"] = p.split;
  j["bn_policy"] = p.batchNorm, j["precision"] = p.precision, j["device"] = p.device, j["evaluations"] = p.evaluations;
  j["seconds"] = p.seconds, j["stopped"] = p.stopped;
  j["distance"] = p.distance, j["parameter_norms"] = {p.norm1, p.norm2}, j["cosine"] = p.cosine;
  j["lines"] = ordered_json::array();
  for (const PathLine& line : p.lines) j["lines"].push_back(lineJson(line, p.split));
  if (p.match) j["match"] = matchJson(*p.match);
  if (p.curve) j["curve"] = curveJson(*p.curve);
  j["spec"] = specJson(r.spec);
  return j;
}

PathResult pathOf(const json& j) {
  PathResult r;
  const json& spec = j.at("spec");
  r.spec.measure = measureSpecOf(spec, j.at("run"));
  r.spec.run2 = spec.at("run2"), r.spec.step2 = spec.at("step2"), r.spec.points = spec.at("points"), r.spec.match = spec.at("match");
  r.spec.curveSteps = spec.at("curve"), r.spec.saveMatched = spec.at("save_matched");
  Path& p = r.path;
  p.step = j.at("step"), p.step2 = j.at("step2"), p.samples = j.at("samples"), p.testSamples = j.at("test_samples"), p.parameters = j.at("parameters");
  p.split = j.at("split");
  p.batchNorm = j.at("bn_policy"), p.precision = j.at("precision"), p.device = j.at("device"), p.evaluations = j.at("evaluations");
  p.seconds = j.at("seconds"), p.stopped = j.at("stopped");
  p.distance = j.at("distance"), p.norm1 = j.at("parameter_norms").at(0), p.norm2 = j.at("parameter_norms").at(1), p.cosine = j.at("cosine");
  for (const json& line : j.at("lines")) p.lines.push_back(lineOf(line, p.split));
  if (j.contains("match")) p.match = matchOf(j.at("match"));
  if (j.contains("curve")) p.curve = curveOf(j.at("curve"));
  return r;
}

std::string commandOf(const PathResult& r) {
  const PathSpec& s = r.spec;
  const PathSpec usual;
  // --bn has a default of its own here.
  MeasureSpec m = s.measure;
  const std::string policy = m.batchNorm;
  m.batchNorm = MeasureSpec().batchNorm;
  const bool measured = r.path.samples > 0;
  std::string line = commandStart("path", m, measured, r.path.step) + " " + trainer::shellQuoted(s.run2.empty() ? "RUN2" : s.run2);
  if (measured) line += fmt::format(" --step2 {}", r.path.step2);
  else addFlag(line, "--step2", s.step2, usual.step2);
  addFlag(line, "--bn", policy, usual.measure.batchNorm);
  addFlag(line, "--points", s.points, usual.points);
  if (s.match) line += " --match";
  addFlag(line, "--curve", s.curveSteps, usual.curveSteps);
  if (!s.saveMatched.empty()) line += " --save-matched " + trainer::shellQuoted(s.saveMatched);
  return line;
}

}  // namespace analysis
