// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <type_traits>

#include "trainer/base/error.h"
#include "trainer/device.h"
#include "trainer/run/run_spec.h"
#include "trainer/run/run_spec_fields.h"

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
  bool is(const char* key, const char* word) const {
    const auto it = left_.find(key);
    return it != left_.end() && *it == word;
  }
  /// Whether the key asked for last was there.
  bool sawLast() const { return saw_; }
  DataError wrong(const char* key, const char* expected) const {
    return DataError(fmt::format("'{}': the value of '{}' must be {}", where_, key, expected));
  }
  template <class T>
  void read(const char* key, std::optional<T>& out) {
    saw_ = left_.contains(key);
    if (!saw_) return;
    T value{};
    read(key, value);
    out = value;
  }
  std::optional<json> take(const char* key) {
    const auto it = left_.find(key);
    saw_ = it != left_.end();
    if (!saw_) return std::nullopt;
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
    if (!good) throw wrong(key, expected);
    return true;
  }
  std::string where_;
  json left_;
  bool saw_ = false;
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

/// Whether a field says something: what is not chosen is left out.
template <class T>
bool isSaid(const char*, const std::optional<T>& v) { return v.has_value(); }
template <class T>
bool isSaid(const char*, const std::vector<T>& v) { return !v.empty(); }
bool isSaid(const char*, const std::string& v) { return !v.empty(); }
bool isSaid(const char* key, std::int64_t v) { return v != 0 || std::string_view(key) == "warmup_steps"; }  // 0: chosen later
bool isSaid(const char*, bool) { return true; }
bool isSaid(const char*, double) { return true; }
bool isSaid(const char*, std::uint64_t) { return true; }

/// Writes the fields that say something.
struct Writer {
  nlohmann::ordered_json& object;

  template <class T>
  void operator()(const char* key, const char*, const std::optional<T>& field) const {
    if (field) object[key] = *field;
  }
  template <class T>
  void operator()(const char* key, const char*, const T& field) const {
    if (!isSaid(key, field)) return;
    object[key] = field;
    if (std::string_view(key) == "batch_size" && object[key] == kAllItems) object[key] = "all";
  }
};

void readBatchSize(Reader& reader, std::int64_t& out) {
  if (reader.is("batch_size", "all")) {
    reader.take("batch_size");
    out = kAllItems;
    return;
  }
  reader.read("batch_size", out);
  if (out < 1 && reader.sawLast()) throw reader.wrong("batch_size", "a whole number >= 1 or \"all\"");
}

void readFields(Reader& reader, RunSpec& s) {
  visitFields(s, [&](const char* key, const char*, auto& field) {
    if constexpr (std::is_same_v<std::decay_t<decltype(field)>, std::int64_t>) {
      if (std::string_view(key) == "batch_size") return readBatchSize(reader, field);
      reader.read(key, field);
      const std::int64_t least = std::string_view(key) == "warmup_steps" ? 0 : 1;
      if (reader.sawLast() && field < least) throw reader.wrong(key, least == 0 ? "a whole number >= 0" : "a whole number >= 1");
    } else {
      reader.read(key, field);
    }
  });
}

}  // namespace

nlohmann::ordered_json toJson(const RunSpec& spec) {
  nlohmann::ordered_json j;
  j["format_version"] = kRunFormatVersion;
  j["program_version"] = SHARPSCAPE_VERSION;
  j["torch_version"] = torchVersion();
  visitFields(spec, Writer{j});
  if (const auto& n = spec.normalisation) j["normalisation"] = {{"scale", n->scale}, {"mean", n->mean}, {"std", n->deviation}};
  if (!spec.dataHash.empty()) j["data_hash"] = spec.dataHash;
  return j;
}

RunSpec toRunSpec(const nlohmann::json& value, const std::string& where) {
  Reader reader(value, where);
  checkVersion(reader, where);
  std::string ignored;
  reader.read("program_version", ignored);
  reader.read("torch_version", ignored);
  RunSpec s;
  readFields(reader, s);
  if (const auto n = reader.take("normalisation")) s.normalisation = toNormalisation(*n, where);
  reader.read("data_hash", s.dataHash);
  reader.finish();
  if (s.data.empty()) throw DataError(fmt::format("'{}' names no data; it needs \"data\": \"digits\" or another of 'sharpscape train --help'", where));
  return s;
}

void setField(RunSpec& spec, const std::string& key, const nlohmann::json& value, const std::string& where) {
  Reader reader(nlohmann::json{{key, value}}, where);
  readFields(reader, spec);
  reader.finish();
}

}  // namespace trainer
