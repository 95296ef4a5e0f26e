// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json orNull(double v) { return std::isnan(v) ? ordered_json(nullptr) : jsonNumber(v); }

OddityVerdict verdictOf(const std::string& word) {
  for (const OddityVerdict v : {OddityVerdict::passed, OddityVerdict::found, OddityVerdict::informative, OddityVerdict::notApplicable})
    if (word == toString(v)) return v;
  throw trainer::DataError(fmt::format("'{}' is not a verdict", word));
}

}  // namespace

ordered_json document(const OdditiesResult& r) {
  const Oddities& o = r.oddities;
  ordered_json j = resultHead("oddities", r.spec.measure, o.step, r);
  j["title"] = o.title, j["surface"] = r.spec.surface, j["samples"] = o.samples, j["with_run"] = o.withRun, j["without"] = o.without;
  j["found"] = o.count(OddityVerdict::found);
  j["findings"] = ordered_json::array();
  for (const Finding& f : o.findings)
    j["findings"].push_back({{"name", f.name}, {"verdict", toString(f.verdict)}, {"value", orNull(f.value)}, {"limit", orNull(f.limit)}, {"sentence", f.sentence}, {"advice", f.advice}});
  j["evaluations"] = o.evaluations, j["products"] = o.products, j["seconds"] = o.seconds;
  j["spec"] = specJson(r.spec.measure);
  j["spec"]["surface"] = r.spec.surface, j["spec"]["beside"] = r.spec.beside, j["spec"]["probes"] = r.spec.probes;
  return j;
}

OdditiesResult odditiesOf(const json& j) {
  OdditiesResult r;
  const json& spec = j.at("spec");
  r.spec.measure = measureSpecOf(spec, j.at("run"));
  r.spec.surface = spec.at("surface"), r.spec.beside = spec.at("beside").get<std::vector<std::string>>(), r.spec.probes = spec.at("probes");
  Oddities& o = r.oddities;
  o.step = j.at("step"), o.samples = j.at("samples"), o.title = j.at("title"), o.withRun = j.at("with_run"), o.without = j.at("without");
  for (const json& f : j.at("findings"))
    o.findings.push_back({f.at("name"), verdictOf(f.at("verdict")), numberOf(f.at("value")), numberOf(f.at("limit")), f.at("sentence"), f.at("advice")});
  o.evaluations = j.at("evaluations"), o.products = j.at("products"), o.seconds = j.at("seconds");
  return r;
}

std::string commandOf(const OdditiesResult& r) {
  std::string line = "sharpscape check " + trainer::shellQuoted(r.spec.surface.empty() ? "RESULT" : r.spec.surface);
  for (const std::string& file : r.spec.beside) line += " --beside " + trainer::shellQuoted(file);
  addFlag(line, "--probes", r.spec.probes, OdditySpec().probes);
  return line;
}

}  // namespace analysis
