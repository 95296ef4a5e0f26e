// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "trainer/base/error.h"
#include "trainer/device.h"
#include "trainer/run/run_spec.h"

namespace trainer {
namespace {

using nlohmann::json;

/// Reads one value after another out of an object, and says which key had the wrong type.
class Reader {
 public:
  Reader(const json& object, const std::string& where) : where_(where) {
    if (!object.is_object()) throw DataError(fmt::format("'{}' is not a run's spec: it is not a JSON object", where));
    left_ = object;
  }

  void read(const char* key, std::string& out) {
    if (const auto v = take(key)) out = need(v->is_string(), key, "a text") ? v->get<std::string>() : out;
  }
  void read(const char* key, double& out) {
    if (const auto v = take(key)) out = need(v->is_number(), key, "a number") ? v->get<double>() : out;
  }
  void read(const char* key, bool& out) {
    if (const auto v = take(key)) out = need(v->is_boolean(), key, "true or false") ? v->get<bool>() : out;
  }
  void read(const char* key, std::int64_t& out) {
    const auto v = take(key);
    if (!v) return;
    const bool fits = v->is_number_integer() && (!v->is_number_unsigned() || v->get<std::uint64_t>() <= kLargest);
    if (need(fits, key, "a whole number")) out = v->get<std::int64_t>();
  }
  void read(const char* key, std::uint64_t& out) {
    if (const auto v = take(key)) out = need(v->is_number_unsigned(), key, "a whole number >= 0") ? v->get<std::uint64_t>() : out;
  }
  void read(const char* key, std::vector<double>& out) {
    const auto v = take(key);
    if (!v) return;
    need(v->is_array(), key, "a list of numbers");
    out.clear();
    for (const json& item : *v) out.push_back(need(item.is_number(), key, "a list of numbers") ? item.get<double>() : 0);
  }
  template <class T>
  void read(const char* key, std::optional<T>& out) {
    if (!left_.contains(key)) return;
    T value{};
    read(key, value);
    out = value;
  }
  std::optional<json> take(const char* key) {
    const auto it = left_.find(key);
    if (it == left_.end()) return std::nullopt;
    std::optional<json> value = *it;
    left_.erase(it);
    return value;
  }
  void finish() const {
    if (!left_.empty()) throw DataError(fmt::format("'{}' has the unknown key '{}'", where_, left_.begin().key()));
  }

 private:
  static constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  bool need(bool good, const char* key, const char* expected) const {
    if (!good) throw DataError(fmt::format("'{}': the value of '{}' must be {}", where_, key, expected));
    return true;
  }
  std::string where_;
  json left_;
};

Normalisation toNormalisation(const json& object, const std::string& where) {
  Reader reader(object, where + ": normalisation");
  Normalisation n;
  reader.read("scale", n.scale);
  reader.read("mean", n.mean);
  reader.read("std", n.deviation);
  reader.finish();
  const bool positive = std::all_of(n.deviation.begin(), n.deviation.end(), [](double d) { return d > 0; });
  if (!(n.scale > 0) || n.mean.empty() || n.mean.size() != n.deviation.size() || !positive)
    throw DataError(fmt::format("'{}': normalisation needs scale > 0 and as many mean as std, each std > 0", where));
  return n;
}

void checkVersion(Reader& reader, const std::string& where) {
  std::int64_t version = kRunFormatVersion;
  reader.read("format_version", version);
  if (version > kRunFormatVersion)
    throw DataError(fmt::format("'{}' was written by a newer Sharpscape: its format_version is {}, this program knows {}", where,
                                version, kRunFormatVersion));
  if (version < 1) throw DataError(fmt::format("'{}': format_version must be 1 or more, found {}", where, version));
}

}  // namespace

nlohmann::ordered_json toJson(const RunSpec& spec) {
  nlohmann::ordered_json j;
  j["format_version"] = kRunFormatVersion;
  j["program_version"] = SHARPSCAPE_VERSION;
  j["torch_version"] = torchVersion();
  j["data"] = spec.data;
  if (!spec.model.empty()) j["model"] = spec.model;
  j["activation"] = spec.activation;
  j["loss"] = spec.loss;
  j["optimizer"] = spec.optimizer;
  j["learning_rate"] = spec.learningRate;
  j["momentum"] = spec.momentum;
  j["nesterov"] = spec.nesterov;
  j["weight_decay"] = spec.weightDecay;
  j["sharpness"] = spec.sharpness;
  if (spec.rho) j["rho"] = *spec.rho;
  if (spec.alpha) j["alpha"] = *spec.alpha;
  if (spec.referenceTerm) j["reference_term"] = *spec.referenceTerm;
  j["schedule"] = spec.schedule;
  if (spec.clipNorm) j["clip_norm"] = *spec.clipNorm;
  if (spec.batchSize != 0) j["batch_size"] = spec.batchSize;
  if (spec.epochs != 0) j["epochs"] = spec.epochs;
  if (spec.checkpointEvery != 0) j["checkpoint_every"] = spec.checkpointEvery;
  j["seed"] = spec.seed;
  if (!spec.device.empty()) j["device"] = spec.device;
  if (spec.threads != 0) j["threads"] = spec.threads;
  j["precision"] = spec.precision;
  if (const auto& n = spec.normalisation) j["normalisation"] = {{"scale", n->scale}, {"mean", n->mean}, {"std", n->deviation}};
  return j;
}

RunSpec toRunSpec(const nlohmann::json& value, const std::string& where) {
  Reader reader(value, where);
  checkVersion(reader, where);
  std::string ignored;
  reader.read("program_version", ignored);
  reader.read("torch_version", ignored);
  RunSpec s;
  reader.read("data", s.data);
  reader.read("model", s.model);
  reader.read("activation", s.activation);
  reader.read("loss", s.loss);
  reader.read("optimizer", s.optimizer);
  reader.read("learning_rate", s.learningRate);
  reader.read("momentum", s.momentum);
  reader.read("nesterov", s.nesterov);
  reader.read("weight_decay", s.weightDecay);
  reader.read("sharpness", s.sharpness);
  reader.read("rho", s.rho);
  reader.read("alpha", s.alpha);
  reader.read("reference_term", s.referenceTerm);
  reader.read("schedule", s.schedule);
  reader.read("clip_norm", s.clipNorm);
  reader.read("batch_size", s.batchSize);
  reader.read("epochs", s.epochs);
  reader.read("checkpoint_every", s.checkpointEvery);
  reader.read("seed", s.seed);
  reader.read("device", s.device);
  reader.read("threads", s.threads);
  reader.read("precision", s.precision);
  if (const auto n = reader.take("normalisation")) s.normalisation = toNormalisation(*n, where);
  reader.finish();
  if (s.data.empty()) throw DataError(fmt::format("'{}' names no data; it needs \"data\": \"digits\" or \"idx:DIR\"", where));
  return s;
}

}  // namespace trainer
