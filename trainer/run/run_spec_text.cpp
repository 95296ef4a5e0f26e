// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <type_traits>

#include "trainer/base/files.h"
#include "trainer/run/run_spec.h"
#include "trainer/run/run_spec_fields.h"

namespace trainer {
namespace {

/// The words behind a flag; empty where there is nothing to say.
template <class T>
std::string wordsOf(const char* key, const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    return value.empty() ? "" : shellQuoted(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "on" : "";
  } else if constexpr (std::is_same_v<T, std::vector<double>>) {
    return fmt::format("{}", fmt::join(value, ","));
  } else if constexpr (std::is_arithmetic_v<T>) {
    const std::string_view name = key;
    if (name == "batch_size" && value == static_cast<T>(kAllItems)) return "all";
    const bool unset = value == 0 && (name == "batch_size" || name == "epochs" || name == "checkpoint_every" || name == "threads");
    return unset ? "" : fmt::format("{}", value);
  } else {
    return value ? wordsOf(key, *value) : "";
  }
}

std::map<std::string, std::string> wordsOf(const RunSpec& spec) {
  std::map<std::string, std::string> words;
  visitFields(spec, [&](const char* key, const char*, const auto& value) { words[key] = wordsOf(key, value); });
  return words;
}

/// What a run is that says only which data and which methods.
RunSpec defaultsBeside(const RunSpec& spec) {
  RunSpec usual;
  usual.data = spec.data;
  usual.optimizer = spec.optimizer;
  usual.sharpness = spec.sharpness;
  usual.weightDecay = spec.weightDecay;
  usual.epochs = spec.epochs;
  usual.penaltyProduct = spec.penaltyProduct;
  usual.perturbation = spec.perturbation;
  usual.penaltyWarmup = spec.penaltyWarmup;
  usual.penaltyWarmupSteps = spec.penaltyWarmupSteps;
  usual.curvatureEvery = spec.curvatureEvery;
  usual.curvatureMeasures = spec.curvatureMeasures;
  return resolve(usual, nullptr);
}

}  // namespace

std::string commandLine(const RunSpec& spec) {
  std::map<std::string, std::string> usual = wordsOf(defaultsBeside(spec));
  // What decides on other defaults is said where it is not the very first default.
  const RunSpec fresh;
  usual["data"] = "";
  usual["optimizer"] = fresh.optimizer;
  usual["sharpness"] = fresh.sharpness;
  usual["weight_decay"] = fmt::format("{}", fresh.weightDecay);
  usual["epochs"] = spec.data == "digits" ? "40" : spec.data == "spirals" ? "100" : "10";
  for (const char* key : {"penalty_warmup_steps", "curvature_every"}) usual[key] = "";
  usual["curvature_measures"] = "lambda-max";
  usual["penalty_product"] = "difference";
  usual["perturbation"] = "gradient";
  usual["penalty_warmup"] = "none";
  std::string line = "sharpscape train";
  visitFields(spec, [&](const char* key, const char*, const auto& value) {
    const std::string words = wordsOf(key, value);
    if (words.empty() || words == usual.at(key)) return;
    std::string flag = key;
    std::replace(flag.begin(), flag.end(), '_', '-');
    line += " --" + flag;
    if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, bool>) line += " " + words;
  });
  return line;
}

std::string displayName(const RunSpec& spec) {
  static const std::map<std::string, std::string> bases = {{"sgd", "SGD"}, {"adam", "Adam"}, {"adamw", "AdamW"}, {"lion", "Lion"}, {"muon", "Muon"}};
  static const std::map<std::string, std::string> methods = {{"sam", "SAM"},   {"asam", "ASAM"},       {"penalty", "penalty"},
                                                             {"gsam", "GSAM"}, {"looksam", "LookSAM"}, {"friendly-sam", "F-SAM"}};
  const auto base = bases.find(spec.optimizer);
  const std::string baseName = base == bases.end() ? spec.optimizer : base->second;
  const auto method = methods.find(spec.sharpness);
  if (method == methods.end()) return baseName;
  std::string name = spec.optimizer == "sgd" ? method->second : baseName + " " + method->second;
  if (spec.rho) name += fmt::format(" rho {}", *spec.rho);
  if (spec.alpha) name += fmt::format(" alpha {}", *spec.alpha);
  if (spec.penaltyProduct == "exact") name += " exact";
  if (spec.referenceTerm == "unit") name += " unit";
  if (spec.perturbation && *spec.perturbation != "gradient") name += " " + *spec.perturbation;
  if (spec.perturbOnly && *spec.perturbOnly != "all") name += " on " + *spec.perturbOnly;
  if (spec.perturbationGroup) name += fmt::format(" m {}", *spec.perturbationGroup);
  return name;
}

double gradientsPerStep(const RunSpec& s) {
  if (s.sharpness == "none") return 1;
  const bool plain = s.sharpness == "penalty" && s.alpha == 0.0 && s.referenceTerm != "unit";
  if (plain || s.rho == 0.0) return 1;
  const double more = s.penaltyProduct == "exact" ? 2 : 1;
  return 1 + more / static_cast<double>(s.perturbEvery.value_or(1));
}

}  // namespace trainer
