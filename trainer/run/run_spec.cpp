// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/base/files.h"
#include "trainer/run/run_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace trainer {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;
constexpr double kLargest = 1e30;  ///< what float can hold, with room

void requireWord(const char* flag, const std::string& value, const std::vector<std::string>& accepted) {
  if (std::find(accepted.begin(), accepted.end(), value) == accepted.end())
    throw std::invalid_argument(fmt::format("unknown {} '{}'; this version has: {}", flag, value, fmt::join(accepted, ", ")));
}

void requireNumber(const char* flag, bool good, const char* expected, double value) {
  if (!good || !std::isfinite(value)) throw std::invalid_argument(fmt::format("{} must be {}, got {}", flag, expected, value));
}

void requireCount(const char* flag, std::int64_t value) {
  if (value < 0 || value > kMost) throw std::invalid_argument(fmt::format("{} must be a whole number >= 1, got {}", flag, value));
}

void requireData(const std::string& data) {
  if (data.empty()) throw std::invalid_argument("--data is missing; it is digits or idx:DIR");
  if (data != "digits" && (!data.starts_with("idx:") || data.size() == 4))
    throw std::invalid_argument(fmt::format("unknown --data '{}'; this version has: digits, idx:DIR", data));
}

void requireModel(const std::string& model) {
  if (model.empty() || model == "cnn" || model == "lenet" || model.starts_with("mlp:")) return;
  throw std::invalid_argument(fmt::format("unknown --model '{}'; this version has: mlp:WIDTHS (like mlp:64-32-10), cnn, lenet", model));
}

void checkNames(const RunSpec& s) {
  requireData(s.data);
  requireModel(s.model);
  requireWord("--activation", s.activation, {"relu", "tanh", "gelu", "softplus"});
  requireWord("--loss", s.loss, {"cross-entropy"});
  requireWord("--optimizer", s.optimizer, {"sgd"});
  requireWord("--sharpness", s.sharpness, {"none", "sam", "penalty"});
  requireWord("--schedule", s.schedule, {"constant", "cosine"});
  requireWord("--precision", s.precision, {"float", "double"});
  if (s.referenceTerm) requireWord("--reference-term", *s.referenceTerm, {"gradient", "unit"});
}

void checkRanges(const RunSpec& s) {
  requireNumber("--learning-rate", s.learningRate > 0 && s.learningRate <= kLargest, "a number > 0, at most 1e30", s.learningRate);
  requireNumber("--momentum", s.momentum >= 0 && s.momentum < 1, "in [0, 1)", s.momentum);
  requireNumber("--weight-decay", s.weightDecay >= 0, "a finite number >= 0", s.weightDecay);
  if (s.rho) requireNumber("--rho", *s.rho >= 0 && *s.rho <= kLargest, "a number >= 0, at most 1e30", *s.rho);
  if (s.alpha) requireNumber("--alpha", *s.alpha >= 0 && *s.alpha <= 1, "in [0, 1]", *s.alpha);
  if (s.clipNorm) requireNumber("--clip-norm", *s.clipNorm > 0, "a finite number > 0", *s.clipNorm);
  if (s.nesterov && s.momentum == 0) throw std::invalid_argument("--nesterov needs --momentum > 0, got 0");
  requireCount("--batch-size", s.batchSize);
  requireCount("--epochs", s.epochs);
  requireCount("--checkpoint-every", s.checkpointEvery);
  if (s.threads < 0 || s.threads > 1024) throw std::invalid_argument(fmt::format("--threads must be from 1 to 1024, got {}", s.threads));
}

template <class T>
void drop(std::optional<T>& field, const char* flag, const std::string& method, std::vector<std::string>* notes) {
  if (field && notes) notes->push_back(fmt::format("{} is not used by sharpness {} and is not stored", flag, method));
  field.reset();
}

void resolveSharpness(RunSpec& s, std::vector<std::string>* notes) {
  if (s.sharpness == "none") {
    drop(s.rho, "--rho", s.sharpness, notes);
  } else if (!s.rho) {
    s.rho = s.sharpness == "sam" ? 0.05 : 0.1;
  }
  if (s.sharpness != "penalty") {
    drop(s.alpha, "--alpha", s.sharpness, notes);
    drop(s.referenceTerm, "--reference-term", s.sharpness, notes);
  } else {
    s.alpha = s.alpha.value_or(0.8);
    s.referenceTerm = s.referenceTerm.value_or("gradient");
  }
}

void resolveActivation(RunSpec& s, std::vector<std::string>* notes) {
  if (s.model != "lenet" || s.activation == "relu") return;
  if (notes) notes->push_back("--activation is not used by lenet and is not stored");
  s.activation = "relu";
}

}  // namespace

RunSpec resolve(RunSpec spec, std::vector<std::string>* notes) {
  checkNames(spec);
  checkRanges(spec);
  const bool digits = spec.data == "digits";
  if (spec.model.empty() && digits) spec.model = "cnn";
  resolveActivation(spec, notes);
  resolveSharpness(spec, notes);
  if (spec.batchSize == 0) spec.batchSize = digits ? 64 : 128;
  if (spec.epochs == 0) spec.epochs = digits ? 40 : 10;
  if (spec.checkpointEvery == 0) spec.checkpointEvery = std::max<std::int64_t>(1, (spec.epochs + 11) / 12);
  return spec;
}

std::string commandLine(const RunSpec& spec) {
  RunSpec defaults;
  defaults.data = spec.data;
  defaults.sharpness = spec.sharpness;
  defaults.epochs = spec.epochs;
  defaults = resolve(defaults, nullptr);
  const bool defaultEpochs = spec.epochs == (spec.data == "digits" ? 40 : 10);
  std::string line = "sharpscape train --data " + shellQuoted(spec.data);
  const auto add = [&line](const char* flag, const auto& value, const auto& usual) {
    if (value != usual) line += fmt::format(" {} {}", flag, value);
  };
  const auto addOptional = [&line](const char* flag, const auto& value, const auto& usual) {
    if (value && value != usual) line += fmt::format(" {} {}", flag, *value);
  };
  add("--model", spec.model, defaults.model);
  add("--activation", spec.activation, defaults.activation);
  add("--learning-rate", spec.learningRate, defaults.learningRate);
  add("--momentum", spec.momentum, defaults.momentum);
  if (spec.nesterov) line += " --nesterov";
  add("--weight-decay", spec.weightDecay, defaults.weightDecay);
  add("--sharpness", spec.sharpness, std::string("none"));
  addOptional("--rho", spec.rho, defaults.rho);
  addOptional("--alpha", spec.alpha, defaults.alpha);
  addOptional("--reference-term", spec.referenceTerm, defaults.referenceTerm);
  add("--schedule", spec.schedule, defaults.schedule);
  addOptional("--clip-norm", spec.clipNorm, defaults.clipNorm);
  if (spec.batchSize != 0) add("--batch-size", spec.batchSize, defaults.batchSize);
  if (spec.epochs != 0 && !defaultEpochs) line += fmt::format(" --epochs {}", spec.epochs);
  if (spec.checkpointEvery != 0) add("--checkpoint-every", spec.checkpointEvery, defaults.checkpointEvery);
  add("--seed", spec.seed, defaults.seed);
  add("--device", spec.device, defaults.device);
  add("--threads", spec.threads, defaults.threads);
  add("--precision", spec.precision, defaults.precision);
  return line;
}

std::string displayName(const RunSpec& spec) {
  if (spec.sharpness == "sam") return fmt::format("SAM rho {}", spec.rho.value_or(0.05));
  if (spec.sharpness != "penalty") return "SGD";
  const std::string unit = spec.referenceTerm == "unit" ? " unit" : "";
  return fmt::format("penalty rho {} alpha {}{}", spec.rho.value_or(0.1), spec.alpha.value_or(0.8), unit);
}

}  // namespace trainer
