// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"
#include "analysis/export/surface_extras.h"
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
  if (!s.x.normalise.empty()) j["normalise_x"] = s.x.normalise;
  if (s.y && !s.y->normalise.empty()) j["normalise_y"] = s.y->normalise;
  if (s.orthonormal) j["orthonormal"] = true;
  if (s.fitRange) j["range"] = "fit";
  if (s.trajectory) j["trajectory"] = true;
  if (!s.trajectoriesOf.empty()) j["trajectory_of"] = s.trajectoriesOf;
  if (s.seeds != 1) j["seeds"] = s.seeds;
  if (!s.fields.empty()) j["fields"] = s.fields;
  if (s.rho) j["field_rho"] = *s.rho;
  if (s.samStep) j["sam_step"] = true;
  if (s.samRho) j["sam_rho"] = *s.samRho;
  if (s.tolerance) j["tolerance"] = *s.tolerance;
  return j;
}

/// Rows of y, columns of x; flat for a slice.
ordered_json gridJson(const SurfaceGrid& g, const std::vector<double>& values) {
  ordered_json rows = ordered_json::array();
  for (std::int64_t r = 0; r < g.rows(); ++r) {
    ordered_json row = ordered_json::array();
    for (std::int64_t c = 0; c < g.columns(); ++c) {
      const auto i = static_cast<std::size_t>(r * g.columns() + c);
      row.push_back(g.hasValue(i) ? jsonNumber(values[i]) : ordered_json(nullptr));
    }
    if (g.slice) return row;
    rows.push_back(std::move(row));
  }
  return rows;
}

AxisSpec toAxis(const json& spec, const std::string& name) {
  return {spec.at(name), spec.at("range_" + name).at(0), spec.at("range_" + name).at(1), spec.at("size_" + name), spec.value("normalise_" + name, std::string())};
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
  j["directions"] = g.directions, j["direction_norms"] = g.directionNorms, j["cosine"] = jsonNumber(g.cosine), j["centre"] = jsonNumber(g.centre);
  if (std::isfinite(g.thetaNorm)) j["parameter_norm"] = g.thetaNorm;
  j["axes"] = axesJson(g.axes);
  if (!g.marks.empty()) j["marks"] = trajectoryJson(g.marks);
  if (r.spec.trajectory || !r.spec.trajectoriesOf.empty()) j["trajectory"] = trajectoryJson(g.trajectory);
  if (g.samStep) j["sam_step"] = samStepJson(*g.samStep);
  // The samples measured go by their own name; where they are the test set there is no other.
  if (g.split != "test") j[g.split] = {{"loss", gridJson(g, g.train.loss)}, {"accuracy", gridJson(g, g.train.accuracy)}};
  j["test"] = {{"loss", gridJson(g, g.test.loss)}, {"accuracy", gridJson(g, g.test.accuracy)}};
  if (!g.seeds.empty()) addSeeds(j, g);
  if (r.spec.tolerance) addComputed(j, g);
  for (const SurfaceField& f : g.fields) {
    ordered_json& field = j["fields"][f.name];
    field["values"] = gridJson(g, f.values);
    if (!f.residual.empty()) field["residual"] = gridJson(g, f.residual);
    field["note"] = f.note, field["gradients"] = f.gradients, field["products"] = f.products, field["evaluations"] = f.evaluations, field["seconds"] = f.seconds;
  }
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
  r.spec.orthonormal = spec.value("orthonormal", false), r.spec.fitRange = spec.value("range", std::string()) == "fit";
  r.spec.seeds = spec.value("seeds", r.spec.seeds), r.spec.fields = spec.value("fields", std::vector<std::string>());
  if (spec.contains("field_rho")) r.spec.rho = spec.at("field_rho").get<double>();
  r.spec.samStep = spec.value("sam_step", false);
  if (spec.contains("tolerance")) r.spec.tolerance = spec.at("tolerance").get<double>();
  if (spec.contains("sam_rho")) r.spec.samRho = spec.at("sam_rho").get<double>();
  r.spec.trajectory = spec.value("trajectory", false), r.spec.trajectoriesOf = spec.value("trajectory_of", std::vector<std::string>());
  SurfaceGrid& g = r.grid;
  g.slice = slice, g.step = j.at("step"), g.samples = j.at("samples"), g.testSamples = j.at("test_samples"), g.parameters = j.at("parameters");
  g.batchNorm = j.at("bn_policy"), g.precision = j.at("precision"), g.device = j.at("device"), g.evaluations = j.at("evaluations");
  g.seconds = j.at("seconds"), g.stopped = j.at("stopped"), g.x = j.at("x").get<std::vector<double>>();
  g.y = slice ? std::vector<double>{0} : j.at("y").get<std::vector<double>>();
  g.directions = j.at("directions").get<std::vector<std::string>>(), g.directionNorms = j.at("direction_norms").get<std::vector<double>>();
  g.cosine = numberOf(j.at("cosine")), g.centre = numberOf(j.at("centre"));
  g.thetaNorm = j.value("parameter_norm", g.thetaNorm);
  if (j.contains("axes")) g.axes = axesOf(j.at("axes"), g);
  if (j.contains("marks")) g.marks = trajectoryOf(j.at("marks"));
  if (j.contains("trajectory")) g.trajectory = trajectoryOf(j.at("trajectory"));
  if (j.contains("sam_step")) g.samStep = samStepOf(j.at("sam_step"));
  g.split = r.spec.measure.split;
  g.train.loss = toGrid(g, j.at(g.split), "loss", &g.computed);
  g.train.accuracy = toGrid(g, j.at(g.split), "accuracy", nullptr);
  if (j.contains("computed")) readComputed(j, g);
  if (j.contains("seeds")) readSeeds(j, g);
  for (const std::string& name : r.spec.fields)
    if (j.contains("fields") && j.at("fields").contains(name)) {
      const json& f = j.at("fields").at(name);
      g.fields.push_back({name, toGrid(g, f, "values", nullptr), f.contains("residual") ? toGrid(g, f, "residual", nullptr) : std::vector<double>(), f.at("note"), f.at("gradients"),
                          f.at("products"), f.at("evaluations"), f.at("seconds")});
    }
  g.test.loss = toGrid(g, j.at("test"), "loss", nullptr);
  g.test.accuracy = toGrid(g, j.at("test"), "accuracy", nullptr);
  return r;
}

std::string commandOf(const SurfaceResult& r) {
  if (!r.origin.command.empty()) return r.origin.command;
  const SurfaceSpec& s = r.spec;
  const SurfaceSpec usual;
  const auto range = [](const AxisSpec& a) { return fmt::format("{}:{}", a.from, a.to); };
  std::string line = commandStart(s.y ? "surface" : "slice", s.measure, r.grid.samples > 0, r.grid.step);
  line += " --x " + trainer::shellQuoted(s.x.kind);
  if (s.y) line += " --y " + trainer::shellQuoted(s.y->kind);
  line += fmt::format(" --size {}", s.x.size);
  if (s.y && s.y->size != s.x.size) line += fmt::format("x{}", s.y->size);
  if (s.fitRange) line += " --range fit";
  else if (!s.y || range(s.x) == range(*s.y)) line += " --range " + range(s.x);
  else line += " --range-x " + range(s.x) + " --range-y " + range(*s.y);
  addFlag(line, "--normalise", s.normalise, usual.normalise);
  addFlag(line, "--normalise-x", s.x.normalise, usual.x.normalise);
  if (s.y) addFlag(line, "--normalise-y", s.y->normalise, usual.x.normalise);
  addFlag(line, "--one-d", s.oneD, usual.oneD);
  addFlag(line, "--direction-seed", s.directionSeed, usual.directionSeed);
  if (s.orthogonalise) line += " --orthogonalise";
  if (s.orthonormal) line += " --orthonormal";
  if (s.trajectory) line += " --trajectory";
  if (s.samStep) line += " --sam-step";
  if (s.samRho) line += fmt::format(" --sam-rho {}", *s.samRho);
  addFlag(line, "--seeds", s.seeds, usual.seeds);
  if (s.tolerance) line += fmt::format(" --tolerance {}", *s.tolerance);
  if (!s.fields.empty()) line += fmt::format(" --fields {}", fmt::join(s.fields, ","));
  if (s.rho) line += fmt::format(" --field-rho {}", *s.rho);
  for (const std::string& run : s.trajectoriesOf) line += " --trajectory-of " + trainer::shellQuoted(run);
  if (!s.saveDirections.empty()) line += " --save-directions " + trainer::shellQuoted(s.saveDirections);
  if (!s.directions.empty()) line += " --directions " + trainer::shellQuoted(s.directions);
  return line;
}

}  // namespace analysis
