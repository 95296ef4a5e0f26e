// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/ranges.h>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"
#include "trainer/base/files.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json specJson(const MatchedSpec& s) {
  ordered_json j = specJson(s.measure);
  j["runs"] = s.runs, j["target_loss"] = s.targetLoss ? ordered_json(*s.targetLoss) : nullptr, j["rho"] = s.rho, j["deviation"] = s.deviation;
  j["iterations"] = s.iterations, j["draws"] = s.draws;
  return j;
}

MatchedSpec matchedSpecOf(const json& j, const std::string& run) {
  MatchedSpec s;
  s.measure = measureSpecOf(j, run);
  s.runs = j.at("runs").get<std::vector<std::string>>();
  if (!j.at("target_loss").is_null()) s.targetLoss = j.at("target_loss").get<double>();
  s.rho = j.at("rho").get<std::vector<double>>(), s.deviation = j.at("deviation").get<std::vector<double>>();
  s.iterations = j.at("iterations"), s.draws = j.at("draws");
  return s;
}

ordered_json checkpointJson(const MatchedCheckpoint& c) {
  return {{"step", c.step}, {"train_loss", jsonNumber(c.loss)}, {"parameter_norm", jsonNumber(c.parameterNorm)}, {"logit_norm", jsonNumber(c.logitNorm)},
          {"logit_range", jsonNumber(c.logitRange)}};
}

MatchedCheckpoint checkpointOf(const json& j) {
  return {j.at("step"), numberOf(j.at("train_loss")), numberOf(j.at("parameter_norm")), numberOf(j.at("logit_norm")), numberOf(j.at("logit_range"))};
}

ordered_json runJson(const MatchedRun& r) {
  ordered_json j{{"run", r.run}, {"above", checkpointJson(r.above)}, {"below", checkpointJson(r.below)}, {"share", jsonNumber(r.share)},
                 {"parameter_norm", jsonNumber(r.parameterNorm)}, {"logit_norm", jsonNumber(r.logitNorm)}, {"logit_range", jsonNumber(r.logitRange)}};
  j["quantities"] = ordered_json::array();
  for (const auto& q : r.quantities)
    j["quantities"].push_back({{"name", q.name}, {"rho", q.rho}, {"value", jsonNumber(q.value)}, {"error", jsonNumber(q.error)}, {"above", jsonNumber(q.above)},
                               {"below", jsonNumber(q.below)}});
  return j;
}

MatchedRun runOf(const json& j) {
  MatchedRun r;
  r.run = j.at("run"), r.above = checkpointOf(j.at("above")), r.below = checkpointOf(j.at("below")), r.share = numberOf(j.at("share"));
  r.parameterNorm = numberOf(j.at("parameter_norm")), r.logitNorm = numberOf(j.at("logit_norm")), r.logitRange = numberOf(j.at("logit_range"));
  for (const json& q : j.at("quantities"))
    r.quantities.push_back({q.at("name"), q.at("rho"), numberOf(q.at("value")), numberOf(q.at("error")), numberOf(q.at("above")), numberOf(q.at("below"))});
  return r;
}

}  // namespace

ordered_json document(const MatchedResult& r) {
  const Matched& m = r.matched;
  ordered_json j = resultHead("matched", r.spec.measure, m.runs.empty() ? 0 : m.runs.front().below.step, r);
  j["target_loss"] = jsonNumber(m.targetLoss), j["samples"] = m.samples, j["bn_policy"] = m.batchNorm, j["precision"] = m.precision, j["device"] = m.device;
  j["seconds"] = m.seconds, j["stopped"] = m.stopped, j["runs"] = ordered_json::array();
  for (const auto& run : m.runs) j["runs"].push_back(runJson(run));
  j["spec"] = specJson(r.spec);
  return j;
}

MatchedResult matchedOf(const json& j) {
  MatchedResult r;
  r.spec = matchedSpecOf(j.at("spec"), j.at("run"));
  Matched& m = r.matched;
  m.targetLoss = numberOf(j.at("target_loss")), m.samples = j.at("samples"), m.batchNorm = j.at("bn_policy"), m.precision = j.at("precision");
  m.device = j.at("device"), m.seconds = j.at("seconds"), m.stopped = j.at("stopped");
  for (const json& run : j.at("runs")) m.runs.push_back(runOf(run));
  return r;
}

std::string commandOf(const MatchedResult& r) {
  const MatchedSpec& s = r.spec;
  const MatchedSpec usual;
  MeasureSpec measure = s.measure;
  measure.step = MeasureSpec().step;
  std::string line = commandStart("matched", measure, false, 0);
  for (std::size_t i = 1; i < s.runs.size(); ++i) line += fmt::format(" {}", trainer::shellQuoted(s.runs[i]));
  if (s.targetLoss) line += fmt::format(" --target-loss {}", *s.targetLoss);
  if (s.rho != usual.rho) line += fmt::format(" --rho {}", fmt::join(s.rho, " "));
  if (s.deviation != usual.deviation) line += fmt::format(" --deviation {}", fmt::join(s.deviation, " "));
  addFlag(line, "--iterations", s.iterations, usual.iterations);
  addFlag(line, "--draws", s.draws, usual.draws);
  return line;
}

}  // namespace analysis
