// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"
#include "trainer/base/files.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json specJson(const SpectrumSpec& s) {
  ordered_json j = specJson(s.measure);
  j["top"] = s.top, j["bottom"] = s.bottom, j["operator"] = s.operatorName, j["save_vectors"] = s.saveVectors;
  j["residual"] = s.residual ? ordered_json(*s.residual) : nullptr;
  j["max_products"] = s.maxProducts ? ordered_json(*s.maxProducts) : nullptr;
  return j;
}

ordered_json pairsJson(const std::vector<Eigenvalue>& pairs) {
  ordered_json list = ordered_json::array();
  for (const auto& p : pairs)
    list.push_back({{"value", jsonNumber(p.value)}, {"residual", jsonNumber(p.residual)}, {"error_estimate", jsonNumber(p.errorEstimate)}, {"converged", p.converged}});
  return list;
}

std::vector<Eigenvalue> toPairs(const json& list) {
  std::vector<Eigenvalue> pairs;
  for (const json& p : list) pairs.push_back({numberOf(p.at("value")), numberOf(p.at("residual")), numberOf(p.at("error_estimate")), p.at("converged")});
  return pairs;
}

}  // namespace

ordered_json document(const SpectrumResult& r) {
  const Spectrum& s = r.spectrum;
  ordered_json j = resultHead("spectrum", r.spec.measure, s.step, r);
  j["samples"] = s.samples, j["parameters"] = s.parameters, j["operator"] = s.operatorName, j["precision"] = s.precision, j["bn_policy"] = s.batchNorm;
  j["device"] = s.device, j["loss_value"] = jsonNumber(s.lossValue), j["parameter_norm"] = jsonNumber(s.parameterNorm), j["products"] = s.products;
  j["residual_products"] = s.residualProducts, j["seconds"] = s.seconds, j["stopped"] = s.stopped;
  j["top"] = pairsJson(s.top), j["bottom"] = pairsJson(s.bottom), j["spec"] = specJson(r.spec);
  return j;
}

SpectrumResult spectrumOf(const json& j) {
  SpectrumResult r;
  const json& spec = j.at("spec");
  r.spec.measure = measureSpecOf(spec, j.at("run"));
  r.spec.top = spec.at("top"), r.spec.bottom = spec.at("bottom"), r.spec.operatorName = spec.at("operator"), r.spec.saveVectors = spec.at("save_vectors");
  if (!spec.at("residual").is_null()) r.spec.residual = spec.at("residual").get<double>();
  if (!spec.at("max_products").is_null()) r.spec.maxProducts = spec.at("max_products").get<std::int64_t>();
  Spectrum& s = r.spectrum;
  s.step = j.at("step"), s.samples = j.at("samples"), s.parameters = j.at("parameters"), s.operatorName = j.at("operator");
  s.precision = j.at("precision"), s.batchNorm = j.at("bn_policy"), s.device = j.at("device"), s.lossValue = numberOf(j.at("loss_value"));
  s.parameterNorm = numberOf(j.at("parameter_norm")), s.products = j.at("products"), s.residualProducts = j.at("residual_products");
  s.seconds = j.at("seconds"), s.stopped = j.at("stopped"), s.top = toPairs(j.at("top")), s.bottom = toPairs(j.at("bottom"));
  return r;
}

std::string commandOf(const SpectrumResult& r) {
  const SpectrumSpec& s = r.spec;
  const SpectrumSpec usual;
  std::string line = commandStart("spectrum", s.measure, r.spectrum.samples > 0, r.spectrum.step);
  addFlag(line, "--top", s.top, usual.top);
  addFlag(line, "--bottom", s.bottom, usual.bottom);
  if (s.residual) line += fmt::format(" --residual {}", *s.residual);
  if (s.maxProducts) line += fmt::format(" --max-products {}", *s.maxProducts);
  addFlag(line, "--operator", s.operatorName, usual.operatorName);
  if (!s.saveVectors.empty()) line += " --save-vectors " + trainer::shellQuoted(s.saveVectors);
  return line;
}

}  // namespace analysis
