// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json specJson(const SurfaceSpec& s) {
  ordered_json j = specJson(s.measure);
  j["x"] = s.x.kind, j["range_x"] = {s.x.from, s.x.to}, j["size_x"] = s.x.size;
  if (s.y) j["y"] = s.y->kind, j["range_y"] = {s.y->from, s.y->to}, j["size_y"] = s.y->size;
  j["normalise"] = s.normalise, j["one_d"] = s.oneD, j["direction_seed"] = s.directionSeed, j["orthogonalise"] = s.orthogonalise;
  j["save_directions"] = s.saveDirections, j["directions"] = s.directions;
  return j;
}

/// Rows of y, columns of x; flat for a slice.
ordered_json gridJson(const SurfaceGrid& g, const std::vector<double>& values) {
  ordered_json rows = ordered_json::array();
  for (std::int64_t r = 0; r < g.rows(); ++r) {
    ordered_json row = ordered_json::array();
    for (std::int64_t c = 0; c < g.columns(); ++c) {
      const auto i = static_cast<std::size_t>(r * g.columns() + c);
      row.push_back(g.computed[i] ? jsonNumber(values[i]) : ordered_json(nullptr));
    }
    if (g.slice) return row;
    rows.push_back(std::move(row));
  }
  return rows;
}

AxisSpec toAxis(const json& spec, const std::string& name) {
  return {spec.at(name), spec.at("range_" + name).at(0), spec.at("range_" + name).at(1), spec.at("size_" + name)};
}

/// Reads one field of a grid and, into `computed`, where it is not null.
std::vector<double> toGrid(const SurfaceGrid& g, const json& values, const char* name, std::vector<std::uint8_t>* computed) {
  std::vector<double> out;
  const auto addRow = [&](const json& row) {
    for (const json& v : row) {
      out.push_back(numberOf(v));
      if (computed) computed->push_back(v.is_null() ? 0 : 1);
    }
  };
  const json& field = values.at(name);
  if (g.slice) addRow(field);
  else
    for (const json& row : field) addRow(row);
  if (static_cast<std::int64_t>(out.size()) != g.rows() * g.columns())
    throw trainer::DataError(fmt::format("'{}' has {} values, its axes ask for {} x {}", name, out.size(), g.columns(), g.rows()));
  return out;
}

}  // namespace

ordered_json document(const SurfaceResult& r) {
  const SurfaceGrid& g = r.grid;
  ordered_json j = resultHead(g.slice ? "slice" : "surface", r.spec.measure, g.step, r);
  j["samples"] = g.samples, j["test_samples"] = g.testSamples, j["parameters"] = g.parameters, j["bn_policy"] = g.batchNorm, j["precision"] = g.precision;
  j["device"] = g.device, j["evaluations"] = g.evaluations, j["seconds"] = g.seconds, j["stopped"] = g.stopped, j["x"] = g.x;
  if (!g.slice) j["y"] = g.y;
  j["directions"] = g.directions, j["direction_norms"] = g.directionNorms, j["cosine"] = g.cosine, j["centre"] = jsonNumber(g.centre);
  j["train"] = {{"loss", gridJson(g, g.train.loss)}, {"accuracy", gridJson(g, g.train.accuracy)}};
  j["test"] = {{"loss", gridJson(g, g.test.loss)}, {"accuracy", gridJson(g, g.test.accuracy)}};
  j["spec"] = specJson(r.spec);
  return j;
}

SurfaceResult surfaceOf(const json& j) {
  const bool slice = j.at("kind") == "slice";
  SurfaceResult r;
  const json& spec = j.at("spec");
  r.spec.measure = measureSpecOf(spec, j.at("run"));
  r.spec.x = toAxis(spec, "x");
  if (!slice) r.spec.y = toAxis(spec, "y");
  r.spec.normalise = spec.at("normalise"), r.spec.oneD = spec.at("one_d"), r.spec.directionSeed = spec.at("direction_seed");
  r.spec.orthogonalise = spec.at("orthogonalise"), r.spec.saveDirections = spec.at("save_directions"), r.spec.directions = spec.at("directions");
  SurfaceGrid& g = r.grid;
  g.slice = slice, g.step = j.at("step"), g.samples = j.at("samples"), g.testSamples = j.at("test_samples"), g.parameters = j.at("parameters");
  g.batchNorm = j.at("bn_policy"), g.precision = j.at("precision"), g.device = j.at("device"), g.evaluations = j.at("evaluations");
  g.seconds = j.at("seconds"), g.stopped = j.at("stopped"), g.x = j.at("x").get<std::vector<double>>();
  g.y = slice ? std::vector<double>{0} : j.at("y").get<std::vector<double>>();
  g.directions = j.at("directions").get<std::vector<std::string>>(), g.directionNorms = j.at("direction_norms").get<std::vector<double>>();
  g.cosine = j.at("cosine"), g.centre = numberOf(j.at("centre"));
  g.train.loss = toGrid(g, j.at("train"), "loss", &g.computed);
  g.train.accuracy = toGrid(g, j.at("train"), "accuracy", nullptr);
  g.test.loss = toGrid(g, j.at("test"), "loss", nullptr);
  g.test.accuracy = toGrid(g, j.at("test"), "accuracy", nullptr);
  return r;
}

std::string commandOf(const SurfaceResult& r) {
  const SurfaceSpec& s = r.spec;
  const SurfaceSpec usual;
  const auto range = [](const AxisSpec& a) { return fmt::format("{}:{}", a.from, a.to); };
  std::string line = commandStart(s.y ? "surface" : "slice", s.measure, r.grid.samples > 0, r.grid.step);
  line += " --x " + s.x.kind;
  if (s.y) line += " --y " + s.y->kind;
  line += fmt::format(" --size {}", s.x.size);
  if (s.y && s.y->size != s.x.size) line += fmt::format("x{}", s.y->size);
  if (!s.y || range(s.x) == range(*s.y)) line += " --range " + range(s.x);
  else line += " --range-x " + range(s.x) + " --range-y " + range(*s.y);
  addFlag(line, "--normalise", s.normalise, usual.normalise);
  addFlag(line, "--one-d", s.oneD, usual.oneD);
  addFlag(line, "--direction-seed", s.directionSeed, usual.directionSeed);
  if (s.orthogonalise) line += " --orthogonalise";
  if (!s.saveDirections.empty()) line += " --save-directions " + trainer::shellQuoted(s.saveDirections);
  if (!s.directions.empty()) line += " --directions " + trainer::shellQuoted(s.directions);
  return line;
}

}  // namespace analysis
