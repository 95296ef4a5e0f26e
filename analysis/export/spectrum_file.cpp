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
  const SpectrumSpec usual;
  if (s.restrictTo != usual.restrictTo) j["restrict"] = s.restrictTo;
  if (s.precondition != usual.precondition) j["precondition"] = s.precondition;
  if (s.trace != usual.trace) j["trace"] = s.trace;
  if (s.traceError != usual.traceError) j["trace_error"] = s.traceError;
  if (s.densityProbes > 0) j["density"] = densityWord(s);
  if (s.effectiveDimension) j["effective_dimension"] = *s.effectiveDimension;
  if (s.layers) j["layers"] = true;
  if (s.extrapolate) j["extrapolate"] = true;
  if (s.verify) j["verify"] = true;
  return j;
}

void readMore(const json& j, SpectrumSpec& s) {
  s.restrictTo = j.value("restrict", s.restrictTo), s.precondition = j.value("precondition", s.precondition);
  s.trace = j.value("trace", s.trace), s.traceError = j.value("trace_error", s.traceError);
  if (j.contains("density")) setDensity(s, j.at("density"));
  if (j.contains("effective_dimension")) s.effectiveDimension = j.at("effective_dimension").get<double>();
  s.layers = j.value("layers", false), s.extrapolate = j.value("extrapolate", false), s.verify = j.value("verify", false);
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

/// Without a standard error where there are too few probes for one: null.
ordered_json estimateJson(const Estimate& e) {
  ordered_json j{{"value", jsonNumber(e.value)}, {"standard_error", nullptr}, {"probes", e.probes}};
  if (!e.hasError) return j;
  j["standard_error"] = jsonNumber(e.standardError);
  j["interval_68"] = jsonNumbers({e.interval68.low, e.interval68.high});
  j["interval_95"] = jsonNumbers({e.interval95.low, e.interval95.high});
  return j;
}

Interval toInterval(const json& j) { return {numberOf(j.at(0)), numberOf(j.at(1))}; }

Estimate toEstimate(const json& j) {
  Estimate e;
  e.value = numberOf(j.at("value")), e.probes = j.at("probes"), e.hasError = !j.at("standard_error").is_null();
  if (!e.hasError) return e;
  e.standardError = numberOf(j.at("standard_error")), e.interval68 = toInterval(j.at("interval_68")), e.interval95 = toInterval(j.at("interval_95"));
  return e;
}

ordered_json traceJson(const Trace& t) {
  ordered_json j = estimateJson(t.estimate);
  j["method"] = t.method, j["products"] = t.products, j["reached"] = t.reached;
  return j;
}

Trace toTrace(const json& j) { return {.estimate = toEstimate(j), .frobenius = {}, .method = j.at("method"), .products = j.at("products"), .reached = j.at("reached")}; }

ordered_json densityJson(const Density& d) {
  ordered_json moments = ordered_json::array();
  for (const Estimate& m : d.moments) moments.push_back(estimateJson(m));
  return {{"probes", d.probes}, {"steps", d.steps}, {"products", d.products}, {"nodes", jsonNumbers(d.nodes)}, {"weights", jsonNumbers(d.weights)}, {"moments", moments}};
}

Density toDensity(const json& j) {
  Density d;
  d.probes = j.at("probes"), d.steps = j.at("steps"), d.products = j.at("products"), d.nodes = numbersOf(j.at("nodes")), d.weights = numbersOf(j.at("weights"));
  for (const json& m : j.at("moments")) d.moments.push_back(toEstimate(m));
  return d;
}

ordered_json effectiveJson(const EffectiveDimension& e) {
  ordered_json j = estimateJson(e.estimate);
  j["c"] = e.c, j["operator"] = e.operatorName, j["quadrature_bound"] = jsonNumber(e.quadratureBound), j["products"] = e.products;
  return j;
}

EffectiveDimension toEffective(const json& j) {
  return {.c = j.at("c"), .operatorName = j.at("operator"), .estimate = toEstimate(j), .quadratureBound = numberOf(j.at("quadrature_bound")), .products = j.at("products")};
}

ordered_json layersJson(const std::vector<LayerSpectrum>& layers) {
  ordered_json list = ordered_json::array();
  for (const LayerSpectrum& l : layers)
    list.push_back({{"name", l.name}, {"parameters", l.parameters}, {"lambda_max", jsonNumber(l.lambdaMax.value)}, {"residual", jsonNumber(l.lambdaMax.residual)},
                    {"error_estimate", jsonNumber(l.lambdaMax.errorEstimate)}, {"converged", l.lambdaMax.converged}, {"trace", traceJson(l.trace)}, {"products", l.products}});
  return list;
}

std::vector<LayerSpectrum> toLayers(const json& list) {
  std::vector<LayerSpectrum> layers;
  for (const json& j : list)
    layers.push_back({.name = j.at("name"), .parameters = j.at("parameters"),
                      .lambdaMax = {numberOf(j.at("lambda_max")), numberOf(j.at("residual")), numberOf(j.at("error_estimate")), j.at("converged")},
                      .trace = toTrace(j.at("trace")), .products = j.at("products")});
  return layers;
}

ordered_json extrapolationJson(const Extrapolation& e) {
  ordered_json sizes = ordered_json::array();
  for (const SubsampleSize& s : e.sizes)
    sizes.push_back({{"samples", s.samples}, {"lambda_max", jsonNumbers(s.lambdaMax)}, {"residual", jsonNumbers(s.residual)}, {"mean", s.mean}, {"deviation", s.deviation}});
  return {{"sizes", sizes}, {"population", e.population}, {"at_population", e.atPopulation}, {"at_infinity", e.atInfinity}, {"spread", e.spread}, {"products", e.products}};
}

Extrapolation toExtrapolation(const json& j) {
  Extrapolation e;
  for (const json& s : j.at("sizes"))
    e.sizes.push_back({.samples = s.at("samples"), .lambdaMax = numbersOf(s.at("lambda_max")), .residual = numbersOf(s.at("residual")), .mean = s.at("mean"), .deviation = s.at("deviation")});
  e.population = j.at("population"), e.atPopulation = j.at("at_population"), e.atInfinity = j.at("at_infinity"), e.spread = j.at("spread"), e.products = j.at("products");
  return e;
}

ordered_json verificationJson(const Verification& v) {
  return {{"largest_deviation", v.largestDeviation}, {"top", jsonNumbers(v.top)}, {"bottom", jsonNumbers(v.bottom)}, {"trace", v.trace}, {"frobenius", v.frobenius}, {"asymmetry", v.asymmetry}};
}

Verification toVerification(const json& j) {
  return {.largestDeviation = j.at("largest_deviation"), .top = numbersOf(j.at("top")), .bottom = numbersOf(j.at("bottom")), .trace = j.at("trace"),
          .frobenius = j.at("frobenius"), .asymmetry = j.at("asymmetry")};
}

/// What was asked for beside the eigenvalues; a part that was not is not there.
void addParts(const Spectrum& s, ordered_json& j) {
  if (s.rows > 0 && s.rows != s.parameters) j["rows"] = s.rows;
  if (s.restarts > 0) j["restarts"] = s.restarts;
  if (const auto ratio = minOverMax(s)) j["lambda_min_over_max"] = *ratio;
  if (const auto ratio = maxOverFifth(s)) j["lambda_max_over_fifth"] = *ratio;
  if (s.trace) j["trace"] = traceJson(*s.trace), j["frobenius"] = estimateJson(s.trace->frobenius);
  if (s.density) j["density"] = densityJson(*s.density);
  if (s.effectiveDimension) j["effective_dimension"] = effectiveJson(*s.effectiveDimension);
  if (!s.layers.empty()) j["layers"] = layersJson(s.layers);
  if (s.extrapolation) j["extrapolation"] = extrapolationJson(*s.extrapolation);
  if (s.verification) j["verification"] = verificationJson(*s.verification);
}

void readParts(const json& j, Spectrum& s) {
  s.rows = j.value("rows", s.parameters), s.restarts = j.value("restarts", s.restarts);
  if (j.contains("trace")) {
    s.trace = toTrace(j.at("trace"));
    s.trace->frobenius = toEstimate(j.at("frobenius"));
  }
  if (j.contains("density")) s.density = toDensity(j.at("density"));
  if (j.contains("effective_dimension")) s.effectiveDimension = toEffective(j.at("effective_dimension"));
  if (j.contains("layers")) s.layers = toLayers(j.at("layers"));
  if (j.contains("extrapolation")) s.extrapolation = toExtrapolation(j.at("extrapolation"));
  if (j.contains("verification")) s.verification = toVerification(j.at("verification"));
}

}  // namespace

ordered_json document(const SpectrumResult& r) {
  const Spectrum& s = r.spectrum;
  ordered_json j = resultHead("spectrum", r.spec.measure, s.step, r);
  j["samples"] = s.samples, j["parameters"] = s.parameters, j["operator"] = s.operatorName, j["precision"] = s.precision, j["bn_policy"] = s.batchNorm;
  j["device"] = s.device, j["loss_value"] = jsonNumber(s.lossValue), j["parameter_norm"] = jsonNumber(s.parameterNorm), j["products"] = s.products;
  j["residual_products"] = s.residualProducts, j["seconds"] = s.seconds, j["stopped"] = s.stopped;
  if (s.selfCheck)
    j["self_check"] = {{"repeatability", s.selfCheck->repeatability}, {"symmetry", s.selfCheck->symmetry}, {"tolerance", s.selfCheck->tolerance}, {"products", s.selfCheck->products}};
  j["top"] = pairsJson(s.top), j["bottom"] = pairsJson(s.bottom);
  addParts(s, j);
  j["spec"] = specJson(r.spec);
  return j;
}

SpectrumResult spectrumOf(const json& j) {
  SpectrumResult r;
  const json& spec = j.at("spec");
  r.spec.measure = measureSpecOf(spec, j.at("run"));
  r.spec.top = spec.at("top"), r.spec.bottom = spec.at("bottom"), r.spec.operatorName = spec.at("operator"), r.spec.saveVectors = spec.at("save_vectors");
  if (!spec.at("residual").is_null()) r.spec.residual = spec.at("residual").get<double>();
  if (!spec.at("max_products").is_null()) r.spec.maxProducts = spec.at("max_products").get<std::int64_t>();
  readMore(spec, r.spec);
  Spectrum& s = r.spectrum;
  s.step = j.at("step"), s.samples = j.at("samples"), s.parameters = j.at("parameters"), s.operatorName = j.at("operator");
  s.precision = j.at("precision"), s.batchNorm = j.at("bn_policy"), s.device = j.at("device"), s.lossValue = numberOf(j.at("loss_value"));
  s.parameterNorm = numberOf(j.at("parameter_norm")), s.products = j.at("products"), s.residualProducts = j.at("residual_products");
  s.seconds = j.at("seconds"), s.stopped = j.at("stopped"), s.top = toPairs(j.at("top")), s.bottom = toPairs(j.at("bottom"));
  if (j.contains("self_check")) {
    const json& c = j.at("self_check");
    s.selfCheck = QuickCheck{c.at("repeatability"), c.at("symmetry"), c.at("tolerance"), c.at("products")};
  }
  readParts(j, s);
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
  if (!s.restrictTo.empty()) line += " --restrict " + trainer::shellQuoted(s.restrictTo);
  addFlag(line, "--precondition", s.precondition, usual.precondition);
  addFlag(line, "--trace", s.trace, usual.trace);
  addFlag(line, "--trace-error", s.traceError, usual.traceError);
  if (s.densityProbes > 0) line += " --density " + densityWord(s);
  if (s.effectiveDimension) line += fmt::format(" --effective-dimension {}", *s.effectiveDimension);
  if (s.layers) line += " --layers";
  if (s.extrapolate) line += " --extrapolate";
  if (s.verify) line += " --verify";
  if (!s.saveVectors.empty()) line += " --save-vectors " + trainer::shellQuoted(s.saveVectors);
  return line;
}

}  // namespace analysis
