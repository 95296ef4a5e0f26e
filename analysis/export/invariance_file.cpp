// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/ranges.h>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"
#include "trainer/base/files.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json specJson(const InvarianceSpec& s) {
  ordered_json j = specJson(s.measure);
  j["transform"] = s.transforms, j["strength"] = s.strength, j["share"] = s.share, j["transform_seed"] = s.transformSeed, j["other"] = s.other;
  j["other_step"] = s.otherStep, j["rho"] = s.rho, j["deviation"] = s.deviation, j["iterations"] = s.iterations, j["draws"] = s.draws, j["save"] = s.save;
  return j;
}

InvarianceSpec invarianceSpecOf(const json& j, const std::string& run) {
  InvarianceSpec s;
  s.measure = measureSpecOf(j, run);
  s.transforms = j.at("transform").get<std::vector<std::string>>(), s.strength = j.at("strength"), s.share = j.at("share");
  s.transformSeed = j.at("transform_seed"), s.other = j.at("other"), s.otherStep = j.at("other_step"), s.rho = j.at("rho"), s.deviation = j.at("deviation");
  s.iterations = j.at("iterations"), s.draws = j.at("draws"), s.save = j.at("save");
  return s;
}

ordered_json badgeJson(const InvarianceBadge& b) {
  return {{"measure", b.measure}, {"before", jsonNumber(b.before)}, {"before_error", jsonNumber(b.beforeError)}, {"after", jsonNumber(b.after)},
          {"after_error", jsonNumber(b.afterError)}, {"tolerance", jsonNumber(b.tolerance)}, {"claimed", b.claimed}, {"invariant", b.earned}, {"sharp", b.sharp}};
}

ordered_json outcomeJson(const InvarianceOutcome& o) {
  ordered_json j{{"transform", o.transform}, {"layers", o.layers}, {"keeps", o.keeps}, {"strength", o.strength}, {"largest_difference", jsonNumber(o.largestDifference)},
                 {"largest_output", jsonNumber(o.largestOutput)}, {"changed_predictions", o.changedPredictions}, {"verified", o.verified}};
  j["badges"] = ordered_json::array();
  for (const auto& b : o.badges) j["badges"].push_back(badgeJson(b));
  return j;
}

InvarianceOutcome outcomeOf(const json& j) {
  InvarianceOutcome o;
  o.transform = j.at("transform"), o.layers = j.at("layers"), o.keeps = j.at("keeps"), o.strength = j.at("strength");
  o.largestDifference = numberOf(j.at("largest_difference")), o.largestOutput = numberOf(j.at("largest_output"));
  o.changedPredictions = j.at("changed_predictions"), o.verified = j.at("verified");
  for (const json& b : j.at("badges"))
    o.badges.push_back({b.at("measure"), numberOf(b.at("before")), numberOf(b.at("before_error")), numberOf(b.at("after")), numberOf(b.at("after_error")),
                        numberOf(b.at("tolerance")), b.at("claimed"), b.at("invariant"), b.at("sharp")});
  return o;
}

}  // namespace

ordered_json document(const InvarianceResult& r) {
  const Invariance& s = r.invariance;
  ordered_json j = resultHead("invariance", r.spec.measure, s.step, r);
  j["samples"] = s.samples, j["parameters"] = s.parameters, j["bn_policy"] = s.batchNorm, j["precision"] = s.precision, j["device"] = s.device;
  j["loss_value"] = jsonNumber(s.lossValue), j["seconds"] = s.seconds, j["stopped"] = s.stopped, j["outcomes"] = ordered_json::array();
  for (const auto& o : s.outcomes) j["outcomes"].push_back(outcomeJson(o));
  j["spec"] = specJson(r.spec);
  return j;
}

InvarianceResult invarianceOf(const json& j) {
  InvarianceResult r;
  r.spec = invarianceSpecOf(j.at("spec"), j.at("run"));
  Invariance& s = r.invariance;
  s.step = j.at("step"), s.samples = j.at("samples"), s.parameters = j.at("parameters"), s.batchNorm = j.at("bn_policy"), s.precision = j.at("precision");
  s.device = j.at("device"), s.lossValue = numberOf(j.at("loss_value")), s.seconds = j.at("seconds"), s.stopped = j.at("stopped");
  for (const json& o : j.at("outcomes")) s.outcomes.push_back(outcomeOf(o));
  return r;
}

std::string commandOf(const InvarianceResult& r) {
  const InvarianceSpec& s = r.spec;
  const InvarianceSpec usual;
  std::string line = commandStart("invariance", s.measure, r.invariance.samples > 0, r.invariance.step);
  if (!s.transforms.empty()) line += fmt::format(" --transform {}", fmt::join(s.transforms, " "));
  addFlag(line, "--strength", s.strength, usual.strength);
  addFlag(line, "--share", s.share, usual.share);
  addFlag(line, "--transform-seed", s.transformSeed, usual.transformSeed);
  if (!s.other.empty()) line += " --other " + trainer::shellQuoted(s.other);
  addFlag(line, "--other-step", s.otherStep, usual.otherStep);
  addFlag(line, "--rho", s.rho, usual.rho);
  addFlag(line, "--deviation", s.deviation, usual.deviation);
  addFlag(line, "--iterations", s.iterations, usual.iterations);
  addFlag(line, "--draws", s.draws, usual.draws);
  if (!s.save.empty()) line += " --save " + trainer::shellQuoted(s.save);
  return line;
}

}  // namespace analysis
