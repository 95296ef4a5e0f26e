// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/ranges.h>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json document(const KappaResult& r) {
  const Kappa& k = r.kappa;
  ordered_json j = resultHead("kappa", r.spec.measure, k.step, r);
  j["samples"] = k.samples, j["parameters"] = k.parameters, j["bn_policy"] = k.batchNorm, j["precision"] = k.precision, j["device"] = k.device;
  j["loss_value"] = jsonNumber(k.lossValue), j["direction"] = k.direction, j["reference"] = jsonNumber(k.reference), j["kinked"] = k.kinked;
  j["closest"] = jsonNumber(k.closest), j["verdict"] = k.verdict, j["seconds"] = k.seconds, j["stopped"] = k.stopped, j["points"] = ordered_json::array();
  for (const auto& p : k.points)
    j["points"].push_back({{"h", p.h}, {"from_loss", jsonNumber(p.fromLoss)}, {"from_gradient", jsonNumber(p.fromGradient)}, {"rounding", jsonNumber(p.rounding)}});
  j["spec"] = specJson(r.spec.measure);
  j["spec"]["direction"] = r.spec.direction, j["spec"]["direction_seed"] = r.spec.directionSeed, j["spec"]["steps"] = r.spec.steps;
  return j;
}

KappaResult kappaOf(const json& j) {
  KappaResult r;
  const json& spec = j.at("spec");
  r.spec.measure = measureSpecOf(spec, j.at("run"));
  r.spec.direction = spec.at("direction"), r.spec.directionSeed = spec.at("direction_seed"), r.spec.steps = spec.at("steps").get<std::vector<double>>();
  Kappa& k = r.kappa;
  k.step = j.at("step"), k.samples = j.at("samples"), k.parameters = j.at("parameters"), k.batchNorm = j.at("bn_policy"), k.precision = j.at("precision");
  k.device = j.at("device"), k.lossValue = numberOf(j.at("loss_value")), k.direction = j.at("direction"), k.reference = numberOf(j.at("reference"));
  k.kinked = j.at("kinked"), k.closest = numberOf(j.at("closest")), k.verdict = j.at("verdict"), k.seconds = j.at("seconds"), k.stopped = j.at("stopped");
  for (const json& p : j.at("points")) k.points.push_back({p.at("h"), numberOf(p.at("from_loss")), numberOf(p.at("from_gradient")), numberOf(p.at("rounding"))});
  return r;
}

std::string commandOf(const KappaResult& r) {
  const KappaSpec& s = r.spec;
  const KappaSpec usual;
  std::string line = commandStart("kappa", s.measure, r.kappa.samples > 0, r.kappa.step);
  addFlag(line, "--direction", s.direction, usual.direction);
  addFlag(line, "--direction-seed", s.directionSeed, usual.directionSeed);
  if (!s.steps.empty()) line += fmt::format(" --steps {}", fmt::join(s.steps, " "));
  return line;
}

}  // namespace analysis
