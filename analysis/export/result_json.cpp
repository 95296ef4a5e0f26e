// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/result_json.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "trainer/base/error.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

ordered_json jsonNumber(double v) {
  if (std::isfinite(v)) return v;
  return std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf";
}

double numberOf(const json& j) {
  if (j.is_null()) return kNaN;
  if (!j.is_string()) return j.get<double>();
  const std::string word = j.get<std::string>();
  if (word == "inf") return kInfinity;
  if (word == "-inf") return -kInfinity;
  if (word == "nan") return kNaN;
  throw trainer::DataError(fmt::format("'{}' is not a number", word));
}

ordered_json jsonNumbers(const std::vector<double>& values) {
  ordered_json list = ordered_json::array();
  for (const double v : values) list.push_back(jsonNumber(v));
  return list;
}

std::vector<double> numbersOf(const json& list) {
  std::vector<double> values;
  for (const json& v : list) values.push_back(numberOf(v));
  return values;
}

ordered_json specJson(const MeasureSpec& m) {
  ordered_json j{{"step", m.step}, {"samples", nullptr}, {"split", m.split}, {"bn", m.batchNorm},         {"loss", m.loss},
                 {"seed", m.seed}, {"device", m.device}, {"threads", m.threads}, {"precision", m.precision}, {"memory", m.memoryBytes}};
  if (m.weights != MeasureSpec().weights) j["weights"] = m.weights;
  if (m.logits != MeasureSpec().logits) j["logits"] = m.logits;
  if (!m.mean.empty()) j["mean"] = m.mean;
  if (!m.deviation.empty()) j["std"] = m.deviation;
  if (m.samples) j["samples"] = *m.samples == 0 ? ordered_json("all") : ordered_json(*m.samples);
  return j;
}

MeasureSpec measureSpecOf(const json& j, const std::string& run) {
  MeasureSpec m;
  m.run = run;
  m.step = j.at("step");
  if (const json& n = j.at("samples"); n.is_string()) m.samples = 0;
  else if (!n.is_null()) m.samples = n.get<std::int64_t>();
  m.split = j.at("split"), m.batchNorm = j.at("bn"), m.loss = j.at("loss"), m.seed = j.at("seed"), m.device = j.at("device");
  m.weights = j.value("weights", m.weights), m.logits = j.value("logits", m.logits), m.mean = j.value("mean", m.mean), m.deviation = j.value("std", m.deviation);
  m.threads = j.at("threads"), m.precision = j.at("precision"), m.memoryBytes = j.at("memory");
  return m;
}

namespace {

constexpr std::pair<const char*, std::string Origin::*> kOriginTexts[] = {{"checkpoint_hash", &Origin::checkpointHash}, {"data_hash", &Origin::dataHash},
                                                                          {"program_version", &Origin::programVersion}, {"torch_version", &Origin::torchVersion},
                                                                          {"train_command", &Origin::trainCommand},     {"format", &Origin::format},
                                                                          {"command", &Origin::command}};

}  // namespace

void addOrigin(ordered_json& document, const Origin& origin) {
  if (origin == Origin()) return;
  ordered_json& j = document["origin"];
  for (const auto& [key, text] : kOriginTexts)
    if (!(origin.*text).empty()) j[key] = origin.*text;
  if (!origin.unknown.empty()) j["unknown"] = origin.unknown;
}

Origin originOf(const json& document, const std::string& where) {
  Origin origin;
  if (!document.contains("origin")) return origin;
  try {
    const json& j = document.at("origin");
    for (const auto& [key, text] : kOriginTexts) origin.*text = j.value(key, std::string());
    origin.unknown = j.value("unknown", std::vector<std::string>());
  } catch (const json::exception&) {
    throw trainer::DataError(fmt::format("'{}' cannot be read as a result: its origin is not an object of texts", where));
  }
  return origin;
}

ordered_json resultHead(const std::string& kind, const MeasureSpec& m, std::int64_t step, const Result& result) {
  return {{"kind", kind}, {"format_version", kResultFormatVersion}, {"run", m.run}, {"step", step}, {"command", commandLine(result)}};
}

}  // namespace analysis
