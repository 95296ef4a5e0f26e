// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/ranges.h>

#include <cmath>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json specJson(const SharpnessSpec& s) {
  ordered_json j = specJson(s.measure);
  j["kind"] = s.kinds, j["norm"] = s.norms, j["scale"] = s.scales, j["rho"] = s.rho, j["group"] = s.group, j["iterations"] = s.iterations;
  j["restarts"] = s.restarts, j["draws"] = s.draws, j["penalty_rho"] = s.penaltyRho, j["relative_flatness"] = s.relativeFlatness, j["probes"] = s.probes;
  j["pac_bayes"] = s.pacBayes ? ordered_json(*s.pacBayes) : nullptr;
  return j;
}

SharpnessSpec sharpnessSpecOf(const json& j, const std::string& run) {
  SharpnessSpec s;
  s.measure = measureSpecOf(j, run);
  s.kinds = j.at("kind").get<std::vector<std::string>>(), s.norms = j.at("norm").get<std::vector<std::string>>();
  s.scales = j.at("scale").get<std::vector<std::string>>(), s.rho = j.at("rho").get<std::vector<double>>(), s.group = j.at("group");
  s.iterations = j.at("iterations"), s.restarts = j.at("restarts"), s.draws = j.at("draws"), s.penaltyRho = j.at("penalty_rho").get<std::vector<double>>();
  s.relativeFlatness = j.at("relative_flatness"), s.probes = j.at("probes");
  if (!j.at("pac_bayes").is_null()) s.pacBayes = j.at("pac_bayes").get<double>();
  return s;
}

/// null where there is none.
ordered_json optionalNumber(double v) { return std::isnan(v) ? ordered_json(nullptr) : jsonNumber(v); }
ordered_json intervalJson(const RiseInterval& i) { return std::isnan(i.low) ? ordered_json(nullptr) : ordered_json{jsonNumber(i.low), jsonNumber(i.high)}; }
RiseInterval intervalOf(const json& j) { return j.is_null() ? RiseInterval{} : RiseInterval{numberOf(j.at(0)), numberOf(j.at(1))}; }

ordered_json measureJson(const SharpnessMeasure& m) {
  return {{"kind", m.kind}, {"norm", m.norm}, {"adaptive", m.adaptive}, {"rho", m.rho}, {"value", jsonNumber(m.value)}, {"standard_error", optionalNumber(m.standardError)},
          {"interval_68", intervalJson(m.interval68)}, {"interval_95", intervalJson(m.interval95)}, {"draws", m.draws}, {"iterations", m.iterations}, {"groups", m.groups},
          {"gradients", m.gradients}, {"evaluations", m.evaluations}, {"start", m.start}, {"last_gain", jsonNumber(m.lastGain)}, {"start_spread", jsonNumber(m.startSpread)},
          {"bound", m.kind == "worst" ? ordered_json("lower") : ordered_json(nullptr)}};
}

SharpnessMeasure measureOf(const json& j) {
  SharpnessMeasure m;
  m.kind = j.at("kind"), m.norm = j.at("norm"), m.adaptive = j.at("adaptive"), m.rho = j.at("rho"), m.value = numberOf(j.at("value"));
  m.standardError = numberOf(j.at("standard_error")), m.interval68 = intervalOf(j.at("interval_68")), m.interval95 = intervalOf(j.at("interval_95"));
  m.draws = j.at("draws"), m.iterations = j.at("iterations"), m.groups = j.at("groups"), m.gradients = j.at("gradients"), m.evaluations = j.at("evaluations");
  m.start = j.at("start"), m.lastGain = numberOf(j.at("last_gain")), m.startSpread = numberOf(j.at("start_spread"));
  return m;
}

ordered_json sigmaJson(const PacBayesSigma& p) {
  return {{"adaptive", p.adaptive}, {"target", p.target}, {"sigma", jsonNumber(p.sigma)}, {"standard_error", optionalNumber(p.standardError)},
          {"interval_68", intervalJson(p.interval68)}, {"interval_95", intervalJson(p.interval95)}, {"rise", jsonNumber(p.rise)}, {"draws", p.draws},
          {"evaluations", p.evaluations}};
}

PacBayesSigma sigmaOf(const json& j) {
  PacBayesSigma p;
  p.adaptive = j.at("adaptive"), p.target = j.at("target"), p.sigma = numberOf(j.at("sigma")), p.standardError = numberOf(j.at("standard_error"));
  p.interval68 = intervalOf(j.at("interval_68")), p.interval95 = intervalOf(j.at("interval_95")), p.rise = numberOf(j.at("rise"));
  p.draws = j.at("draws"), p.evaluations = j.at("evaluations");
  return p;
}

ordered_json flatnessJson(const std::optional<RelativeFlatness>& f) {
  if (!f) return nullptr;
  return {{"layer", f->layer}, {"value", jsonNumber(f->value)}, {"standard_error", optionalNumber(f->standardError)}, {"interval_68", intervalJson(f->interval68)},
          {"interval_95", intervalJson(f->interval95)}, {"products", f->products}};
}

std::optional<RelativeFlatness> flatnessOf(const json& j) {
  if (j.is_null()) return std::nullopt;
  return RelativeFlatness{j.at("layer"), numberOf(j.at("value")), numberOf(j.at("standard_error")), intervalOf(j.at("interval_68")), intervalOf(j.at("interval_95")),
                          j.at("products")};
}

void listsOf(const json& j, Sharpness& s) {
  for (const json& m : j.at("measures")) s.measures.push_back(measureOf(m));
  for (const json& o : j.at("objectives")) s.objectives.push_back({o.at("rho"), numberOf(o.at("penalty")), numberOf(o.at("sam"))});
  for (const json& p : j.at("penalty_approximation")) s.penaltyApproximation.push_back({p.at("rho"), numberOf(p.at("relative_error")), numberOf(p.at("cosine"))});
  for (const json& p : j.at("pac_bayes")) s.pacBayes.push_back(sigmaOf(p));
}

}  // namespace

ordered_json document(const SharpnessResult& r) {
  const Sharpness& s = r.sharpness;
  ordered_json j = resultHead("sharpness", r.spec.measure, s.step, r);
  j["samples"] = s.samples, j["parameters"] = s.parameters, j["bn_policy"] = s.batchNorm, j["precision"] = s.precision, j["device"] = s.device;
  j["loss_value"] = jsonNumber(s.lossValue), j["parameter_norm"] = jsonNumber(s.parameterNorm), j["gradient_norm"] = jsonNumber(s.gradientNorm);
  j["groups"] = s.groups, j["group_size"] = s.groupSize, j["group_gradient_square"] = optionalNumber(s.groupGradientSquare);
  j["group_gradient_square_error"] = optionalNumber(s.groupGradientSquareError), j["own_penalty_lambda"] = optionalNumber(s.ownPenaltyLambda);
  j["own_penalty_objective"] = optionalNumber(s.ownPenaltyObjective), j["seconds"] = s.seconds, j["stopped"] = s.stopped;
  j["measures"] = j["objectives"] = j["penalty_approximation"] = j["pac_bayes"] = ordered_json::array();
  for (const auto& m : s.measures) j["measures"].push_back(measureJson(m));
  for (const auto& o : s.objectives) j["objectives"].push_back({{"rho", o.rho}, {"penalty", jsonNumber(o.penalty)}, {"sam", jsonNumber(o.sam)}});
  for (const auto& p : s.penaltyApproximation)
    j["penalty_approximation"].push_back({{"rho", p.rho}, {"relative_error", jsonNumber(p.relativeError)}, {"cosine", jsonNumber(p.cosine)}});
  for (const auto& p : s.pacBayes) j["pac_bayes"].push_back(sigmaJson(p));
  j["relative_flatness"] = flatnessJson(s.relativeFlatness), j["spec"] = specJson(r.spec);
  return j;
}

SharpnessResult sharpnessOf(const json& j) {
  SharpnessResult r;
  r.spec = sharpnessSpecOf(j.at("spec"), j.at("run"));
  Sharpness& s = r.sharpness;
  s.step = j.at("step"), s.samples = j.at("samples"), s.parameters = j.at("parameters"), s.batchNorm = j.at("bn_policy"), s.precision = j.at("precision");
  s.device = j.at("device"), s.lossValue = numberOf(j.at("loss_value")), s.parameterNorm = numberOf(j.at("parameter_norm"));
  s.gradientNorm = numberOf(j.at("gradient_norm")), s.groups = j.at("groups"), s.groupSize = j.at("group_size");
  s.groupGradientSquare = numberOf(j.at("group_gradient_square")), s.groupGradientSquareError = numberOf(j.at("group_gradient_square_error"));
  s.ownPenaltyLambda = numberOf(j.at("own_penalty_lambda")), s.ownPenaltyObjective = numberOf(j.at("own_penalty_objective"));
  s.seconds = j.at("seconds"), s.stopped = j.at("stopped"), s.relativeFlatness = flatnessOf(j.at("relative_flatness"));
  listsOf(j, s);
  return r;
}

std::string commandOf(const SharpnessResult& r) {
  const SharpnessSpec& s = r.spec;
  const SharpnessSpec usual;
  std::string line = commandStart("sharpness", s.measure, r.sharpness.samples > 0, r.sharpness.step);
  if (s.kinds != usual.kinds) line += fmt::format(" --kind {}", fmt::join(s.kinds, " "));
  if (s.norms != usual.norms) line += fmt::format(" --norm {}", fmt::join(s.norms, " "));
  if (s.scales != usual.scales)
    for (const std::string& scale : s.scales) line += " --" + scale;
  if (!s.rho.empty()) line += fmt::format(" --rho {}", fmt::join(s.rho, " "));
  addFlag(line, "--group", s.group, usual.group);
  addFlag(line, "--iterations", s.iterations, usual.iterations);
  addFlag(line, "--restarts", s.restarts, usual.restarts);
  addFlag(line, "--draws", s.draws, usual.draws);
  if (!s.penaltyRho.empty()) line += fmt::format(" --penalty-rho {}", fmt::join(s.penaltyRho, " "));
  if (s.relativeFlatness) line += " --relative-flatness";
  addFlag(line, "--probes", s.probes, usual.probes);
  if (s.pacBayes) line += fmt::format(" --pac-bayes {}", *s.pacBayes);
  return line;
}

}  // namespace analysis
