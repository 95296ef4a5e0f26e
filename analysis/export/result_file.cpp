// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/result_file.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_store.h"

namespace analysis {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kResultFormatVersion = 1;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();

/// JSON has no infinity: "inf", "-inf" and "nan" are computed values, null is one that was not computed.
ordered_json number(double v) {
  if (std::isfinite(v)) return v;
  return std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf";
}

double toNumber(const json& j) {
  if (j.is_null()) return kNaN;
  if (!j.is_string()) return j.get<double>();
  const std::string word = j.get<std::string>();
  if (word == "inf") return kInfinity;
  if (word == "-inf") return -kInfinity;
  if (word == "nan") return kNaN;
  throw trainer::DataError(fmt::format("'{}' is not a number", word));
}

ordered_json specJson(const MeasureSpec& m) {
  ordered_json j{{"step", m.step}, {"samples", nullptr}, {"split", m.split}, {"bn", m.batchNorm},         {"loss", m.loss},
                 {"seed", m.seed}, {"device", m.device}, {"threads", m.threads}, {"precision", m.precision}, {"memory", m.memoryBytes}};
  if (m.weights != MeasureSpec().weights) j["weights"] = m.weights;
  if (!m.mean.empty()) j["mean"] = m.mean;
  if (!m.deviation.empty()) j["std"] = m.deviation;
  if (m.samples) j["samples"] = *m.samples == 0 ? ordered_json("all") : ordered_json(*m.samples);
  return j;
}

MeasureSpec toMeasureSpec(const json& j, const std::string& run) {
  MeasureSpec m;
  m.run = run;
  m.step = j.at("step");
  if (const json& n = j.at("samples"); n.is_string()) m.samples = 0;
  else if (!n.is_null()) m.samples = n.get<std::int64_t>();
  m.split = j.at("split"), m.batchNorm = j.at("bn"), m.loss = j.at("loss"), m.seed = j.at("seed"), m.device = j.at("device");
  m.weights = j.value("weights", m.weights), m.mean = j.value("mean", m.mean), m.deviation = j.value("std", m.deviation);
  m.threads = j.at("threads"), m.precision = j.at("precision"), m.memoryBytes = j.at("memory");
  return m;
}

ordered_json specJson(const SpectrumSpec& s) {
  ordered_json j = specJson(s.measure);
  j["top"] = s.top, j["bottom"] = s.bottom, j["operator"] = s.operatorName, j["save_vectors"] = s.saveVectors;
  j["residual"] = s.residual ? ordered_json(*s.residual) : nullptr;
  j["max_products"] = s.maxProducts ? ordered_json(*s.maxProducts) : nullptr;
  return j;
}

ordered_json specJson(const SurfaceSpec& s) {
  ordered_json j = specJson(s.measure);
  j["x"] = s.x.kind, j["range_x"] = {s.x.from, s.x.to}, j["size_x"] = s.x.size;
  if (s.y) j["y"] = s.y->kind, j["range_y"] = {s.y->from, s.y->to}, j["size_y"] = s.y->size;
  j["normalise"] = s.normalise, j["one_d"] = s.oneD, j["direction_seed"] = s.directionSeed, j["orthogonalise"] = s.orthogonalise;
  j["save_directions"] = s.saveDirections, j["directions"] = s.directions;
  return j;
}

ordered_json pairsJson(const std::vector<Eigenvalue>& pairs) {
  ordered_json list = ordered_json::array();
  for (const auto& p : pairs)
    list.push_back({{"value", number(p.value)}, {"residual", number(p.residual)}, {"error_estimate", number(p.errorEstimate)}, {"converged", p.converged}});
  return list;
}

std::vector<Eigenvalue> toPairs(const json& list) {
  std::vector<Eigenvalue> pairs;
  for (const json& p : list) pairs.push_back({toNumber(p.at("value")), toNumber(p.at("residual")), toNumber(p.at("error_estimate")), p.at("converged")});
  return pairs;
}

ordered_json head(const char* kind, const MeasureSpec& m, std::int64_t step, const Result& result) {
  return {{"kind", kind}, {"format_version", kResultFormatVersion}, {"run", m.run}, {"step", step}, {"command", commandLine(result)}};
}

ordered_json document(const SpectrumResult& r) {
  const Spectrum& s = r.spectrum;
  ordered_json j = head("spectrum", r.spec.measure, s.step, r);
  j["samples"] = s.samples, j["parameters"] = s.parameters, j["operator"] = s.operatorName, j["precision"] = s.precision, j["bn_policy"] = s.batchNorm;
  j["device"] = s.device, j["loss_value"] = number(s.lossValue), j["parameter_norm"] = number(s.parameterNorm), j["products"] = s.products;
  j["residual_products"] = s.residualProducts, j["seconds"] = s.seconds, j["stopped"] = s.stopped;
  j["top"] = pairsJson(s.top), j["bottom"] = pairsJson(s.bottom), j["spec"] = specJson(r.spec);
  return j;
}

/// Rows of y, columns of x; flat for a slice.
ordered_json gridJson(const SurfaceGrid& g, const std::vector<double>& values) {
  ordered_json rows = ordered_json::array();
  for (std::int64_t r = 0; r < g.rows(); ++r) {
    ordered_json row = ordered_json::array();
    for (std::int64_t c = 0; c < g.columns(); ++c) {
      const auto i = static_cast<std::size_t>(r * g.columns() + c);
      row.push_back(g.computed[i] ? number(values[i]) : ordered_json(nullptr));
    }
    if (g.slice) return row;
    rows.push_back(std::move(row));
  }
  return rows;
}

ordered_json document(const SurfaceResult& r) {
  const SurfaceGrid& g = r.grid;
  ordered_json j = head(g.slice ? "slice" : "surface", r.spec.measure, g.step, r);
  j["samples"] = g.samples, j["test_samples"] = g.testSamples, j["parameters"] = g.parameters, j["bn_policy"] = g.batchNorm, j["precision"] = g.precision;
  j["device"] = g.device, j["evaluations"] = g.evaluations, j["seconds"] = g.seconds, j["stopped"] = g.stopped, j["x"] = g.x;
  if (!g.slice) j["y"] = g.y;
  j["directions"] = g.directions, j["direction_norms"] = g.directionNorms, j["cosine"] = g.cosine, j["centre"] = number(g.centre);
  j["train"] = {{"loss", gridJson(g, g.train.loss)}, {"accuracy", gridJson(g, g.train.accuracy)}};
  j["test"] = {{"loss", gridJson(g, g.test.loss)}, {"accuracy", gridJson(g, g.test.accuracy)}};
  j["spec"] = specJson(r.spec);
  return j;
}

SpectrumResult toSpectrum(const json& j) {
  SpectrumResult r;
  const json& spec = j.at("spec");
  r.spec.measure = toMeasureSpec(spec, j.at("run"));
  r.spec.top = spec.at("top"), r.spec.bottom = spec.at("bottom"), r.spec.operatorName = spec.at("operator"), r.spec.saveVectors = spec.at("save_vectors");
  if (!spec.at("residual").is_null()) r.spec.residual = spec.at("residual").get<double>();
  if (!spec.at("max_products").is_null()) r.spec.maxProducts = spec.at("max_products").get<std::int64_t>();
  Spectrum& s = r.spectrum;
  s.step = j.at("step"), s.samples = j.at("samples"), s.parameters = j.at("parameters"), s.operatorName = j.at("operator");
  s.precision = j.at("precision"), s.batchNorm = j.at("bn_policy"), s.device = j.at("device"), s.lossValue = toNumber(j.at("loss_value"));
  s.parameterNorm = toNumber(j.at("parameter_norm")), s.products = j.at("products"), s.residualProducts = j.at("residual_products");
  s.seconds = j.at("seconds"), s.stopped = j.at("stopped"), s.top = toPairs(j.at("top")), s.bottom = toPairs(j.at("bottom"));
  return r;
}

AxisSpec toAxis(const json& spec, const std::string& name) {
  return {spec.at(name), spec.at("range_" + name).at(0), spec.at("range_" + name).at(1), spec.at("size_" + name)};
}

/// Reads one field of a grid and, into `computed`, where it is not null.
std::vector<double> toGrid(const SurfaceGrid& g, const json& values, const char* name, std::vector<std::uint8_t>* computed) {
  std::vector<double> out;
  const auto addRow = [&](const json& row) {
    for (const json& v : row) {
      out.push_back(toNumber(v));
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

SurfaceResult toSurface(const json& j, bool slice) {
  SurfaceResult r;
  const json& spec = j.at("spec");
  r.spec.measure = toMeasureSpec(spec, j.at("run"));
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
  g.cosine = j.at("cosine"), g.centre = toNumber(j.at("centre"));
  g.train.loss = toGrid(g, j.at("train"), "loss", &g.computed);
  g.train.accuracy = toGrid(g, j.at("train"), "accuracy", nullptr);
  g.test.loss = toGrid(g, j.at("test"), "loss", nullptr);
  g.test.accuracy = toGrid(g, j.at("test"), "accuracy", nullptr);
  return r;
}

}  // namespace

ordered_json toJson(const Result& result) {
  return std::visit([](const auto& r) { return document(r); }, result);
}

Result toResult(const json& j, const std::string& where) {
  try {
    const int version = j.at("format_version");
    if (version > kResultFormatVersion)
      throw trainer::DataError(fmt::format("it has format version {}, newer than the {} this program knows; use a newer Sharpscape", version, kResultFormatVersion));
    const std::string kind = j.at("kind");
    if (kind == "spectrum") return toSpectrum(j);
    if (kind == "surface" || kind == "slice") return toSurface(j, kind == "slice");
    throw trainer::DataError(fmt::format("its kind is '{}'; spectrum, slice and surface are known", kind));
  } catch (const nlohmann::json::exception& e) {
    const std::string what = e.what();
    throw trainer::DataError(fmt::format("'{}' is not a result of Sharpscape: {}", where, what.substr(what.find("] ") + 2)));
  } catch (const trainer::DataError& e) {
    throw trainer::DataError(fmt::format("'{}' cannot be read as a result: {}", where, e.what()));
  }
}

std::filesystem::path saveResult(const Result& result) {
  const ordered_json j = toJson(result);
  const std::filesystem::path path = trainer::analysisPath(j.at("run").get<std::string>(), j.at("kind"), j.at("step"), trainer::contentHash(j.at("spec").dump()).substr(0, 4));
  trainer::writeJson(path, j);
  return path;
}

Result readResult(const std::filesystem::path& file) {
  Result result = toResult(trainer::readJson(file), file.string());
  // A run folder may have moved with its results.
  const std::filesystem::path folder = file.parent_path();
  if (folder.filename() == "analyses") {
    const std::string run = folder.parent_path().empty() ? "." : folder.parent_path().string();
    std::visit([&](auto& r) { r.spec.measure.run = run; }, result);
  }
  return result;
}

}  // namespace analysis
