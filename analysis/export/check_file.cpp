// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json document(const CheckResult& r) {
  const CheckReport& c = r.report;
  ordered_json j = resultHead("check", r.spec.measure, c.step, r);
  j["samples"] = c.samples, j["parameters"] = c.parameters, j["precision"] = c.precision, j["bn_policy"] = c.batchNorm, j["device"] = c.device;
  j["conditions"] = c.conditions, j["products"] = c.products, j["seconds"] = c.seconds;
  j["checks"] = ordered_json::array();
  for (const Check& k : c.checks)
    j["checks"].push_back({{"name", k.name}, {"verdict", toString(k.verdict)}, {"value", jsonNumber(k.value)}, {"tolerance", k.tolerance},
                           {"culprit", k.culprit.empty() ? ordered_json(nullptr) : ordered_json(k.culprit)}, {"advice", k.advice}});
  j["policies"] = ordered_json::array();
  for (const PolicyValue& p : c.policies)
    j["policies"].push_back({{"policy", p.policy}, {"loss", jsonNumber(p.loss)}, {"lambda_max", jsonNumber(p.lambdaMax)}, {"residual", jsonNumber(p.residual)}});
  j["spec"] = specJson(r.spec.measure);
  j["spec"]["with"] = r.spec.with, j["spec"]["as_trained"] = r.spec.asTrained;
  return j;
}

CheckResult checkOf(const json& j) {
  CheckResult r;
  const json& spec = j.at("spec");
  r.spec.measure = measureSpecOf(spec, j.at("run"));
  r.spec.with = spec.at("with").get<std::vector<std::string>>(), r.spec.asTrained = spec.at("as_trained");
  CheckReport& c = r.report;
  c.step = j.at("step"), c.samples = j.at("samples"), c.parameters = j.at("parameters"), c.precision = j.at("precision"), c.batchNorm = j.at("bn_policy");
  c.device = j.at("device"), c.conditions = j.at("conditions").get<std::vector<std::string>>(), c.products = j.at("products"), c.seconds = j.at("seconds");
  for (const json& k : j.at("checks")) {
    const std::string verdict = k.at("verdict");
    c.checks.push_back({.name = k.at("name"), .verdict = verdict == "passed" ? Verdict::passed : verdict == "failed" ? Verdict::failed : Verdict::informative,
                        .value = numberOf(k.at("value")), .tolerance = k.at("tolerance"),
                        .culprit = k.at("culprit").is_null() ? std::string() : k.at("culprit").get<std::string>(), .advice = k.at("advice")});
  }
  for (const json& p : j.at("policies"))
    c.policies.push_back({p.at("policy"), numberOf(p.at("loss")), numberOf(p.at("lambda_max")), numberOf(p.at("residual"))});
  return r;
}

std::string commandOf(const CheckResult& r) {
  std::string line = commandStart("check", r.spec.measure, r.report.samples > 0, r.report.step);
  if (!r.spec.with.empty()) line += fmt::format(" --with {}", fmt::join(r.spec.with, ","));
  if (r.spec.asTrained) line += " --as-trained";
  return line;
}

}  // namespace analysis
