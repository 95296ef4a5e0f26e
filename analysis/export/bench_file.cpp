// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "analysis/bench/bench_targets.h"
#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json orNull(double v) { return std::isnan(v) ? ordered_json(nullptr) : jsonNumber(v); }

/// How good the numbers of a network are, with what they are held to; met is null where there is no target.
ordered_json qualityJson(const BenchNet& n) {
  ordered_json j = ordered_json::object();
  for (const BenchQuantity& q : n.quantities) {
    const BenchTarget t = benchTarget(q.name, n.name);
    j[q.name] = {{"low", jsonNumber(q.low)}, {"high", jsonNumber(q.high)}, {"coverage", q.coverage}, {"repetitions", q.repetitions}, {"floor", orNull(t.floor)},
                 {"target", orNull(t.target)}, {"at_least", t.atLeast}, {"met", t.hasTarget() ? ordered_json(t.metBy(q.value)) : ordered_json(nullptr)}};
  }
  return j;
}

}  // namespace

/// `nets` holds numbers alone; what belongs to each stands under the same names in `quality`, what they were measured on in `workloads`.
ordered_json document(const BenchResult& r) {
  const Bench& b = r.bench;
  ordered_json j{{"kind", "bench"}, {"format_version", kResultFormatVersion}, {"command", commandLine(r)}};
  j["device"] = b.device, j["machine"] = b.machine, j["threads"] = b.threads, j["precision"] = b.precision, j["seconds"] = b.seconds, j["stopped"] = b.stopped;
  for (const char* key : {"nets", "quality", "workloads"}) j[key] = ordered_json::object();
  for (const BenchNet& n : b.nets) {
    j["nets"][n.name] = ordered_json::object();
    for (const BenchQuantity& q : n.quantities) j["nets"][n.name][q.name] = jsonNumber(q.value);
    j["quality"][n.name] = qualityJson(n);
    j["workloads"][n.name] = {{"channels", n.channels}, {"height", n.height}, {"width", n.width}, {"parameters", n.parameters}, {"samples", n.samples}, {"grid_samples", n.gridSamples},
                              {"walk_samples", n.walkSamples}, {"batch", n.batch}, {"training_steps", n.trainingSteps}, {"left_out", n.leftOut}};
  }
  const MeasureSpec& m = r.spec.measure;
  j["spec"] = {{"nets", r.spec.nets}, {"budget", r.spec.budgetSeconds}, {"seed", m.seed}, {"device", m.device}, {"threads", m.threads}, {"precision", m.precision}, {"memory", m.memoryBytes}};
  return j;
}

BenchResult benchOf(const json& j) {
  BenchResult r;
  const json& spec = j.at("spec");
  MeasureSpec& m = r.spec.measure;
  r.spec.nets = spec.at("nets").get<std::vector<std::string>>(), r.spec.budgetSeconds = spec.at("budget");
  m.seed = spec.at("seed"), m.device = spec.at("device"), m.threads = spec.at("threads"), m.precision = spec.at("precision"), m.memoryBytes = spec.at("memory");
  Bench& b = r.bench;
  b.device = j.at("device"), b.machine = j.at("machine"), b.threads = j.at("threads"), b.precision = j.at("precision"), b.seconds = j.at("seconds"), b.stopped = j.at("stopped");
  for (const std::string& name : r.spec.nets) {
    if (!j.at("nets").contains(name)) continue;  // stopped before it
    const json &values = j.at("nets").at(name), &quality = j.at("quality").at(name), &w = j.at("workloads").at(name);
    BenchNet n{.name = name, .channels = w.at("channels"), .height = w.at("height"), .width = w.at("width"), .parameters = w.at("parameters"), .samples = w.at("samples"),
               .gridSamples = w.at("grid_samples"), .walkSamples = w.at("walk_samples"), .batch = w.at("batch"), .trainingSteps = w.at("training_steps"), .quantities = {},
               .leftOut = w.at("left_out").get<std::vector<std::string>>()};
    for (const BenchTarget& t : benchTargets()) {
      const std::string key(t.name);
      if (!values.contains(key)) continue;
      const json& q = quality.at(key);
      n.quantities.push_back({key, numberOf(values.at(key)), numberOf(q.at("low")), numberOf(q.at("high")), q.at("coverage"), q.at("repetitions")});
    }
    b.nets.push_back(std::move(n));
  }
  return r;
}

std::string commandOf(const BenchResult& r) {
  const BenchSpec usual;
  const MeasureSpec& m = r.spec.measure;
  std::string line = "sharpscape bench";
  if (r.spec.nets != usual.nets) line += fmt::format(" --nets {}", fmt::join(r.spec.nets, ","));
  addFlag(line, "--budget", r.spec.budgetSeconds, usual.budgetSeconds);
  addFlag(line, "--seed", m.seed, usual.measure.seed);
  addFlag(line, "--device", m.device, usual.measure.device);
  addFlag(line, "--threads", m.threads, usual.measure.threads);
  addFlag(line, "--precision", m.precision, usual.measure.precision);
  addFlag(line, "--memory", m.memoryBytes, usual.measure.memoryBytes);
  return line;
}

}  // namespace analysis
