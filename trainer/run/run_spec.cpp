// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "trainer/model/model_names.h"
#include "trainer/run/curvature_measures.h"
#include "trainer/run/run_spec_fields.h"

namespace trainer {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;
constexpr double kLargest = 1e30;  ///< what float can hold, with room

using Words = std::vector<std::string>;

void requireWord(const char* flag, const std::string& value, const Words& accepted) {
  if (std::find(accepted.begin(), accepted.end(), value) == accepted.end())
    throw std::invalid_argument(fmt::format("unknown {} '{}'; this version has: {}", flag, value, fmt::join(accepted, ", ")));
}

void requireWord(const char* flag, const std::optional<std::string>& value, const Words& accepted) {
  if (value) requireWord(flag, *value, accepted);
}

void requireNumber(const char* flag, bool good, const char* expected, double value) {
  if (!good || !std::isfinite(value)) throw std::invalid_argument(fmt::format("{} must be {}, got {}", flag, expected, value));
}

void requireShare(const char* flag, std::optional<double> value) {
  if (value) requireNumber(flag, *value >= 0 && *value < 1, "in [0, 1)", *value);
}

void requireSize(const char* flag, std::optional<double> value) {
  if (value) requireNumber(flag, *value >= 0 && *value <= kLargest, "a number >= 0, at most 1e30", *value);
}

/// 0 stands for "not given" where the field is not optional.
void requireCount(const char* flag, std::optional<std::int64_t> value, std::int64_t least = 1) {
  if (value && (*value < least || *value > kMost)) throw std::invalid_argument(fmt::format("{} must be a whole number >= {}, got {}", flag, std::max<std::int64_t>(least, 1), *value));
}

void requireData(const std::string& data) {
  if (data.empty()) throw std::invalid_argument("--data is missing; it is digits, spirals, text, or a kind with a folder like idx:DIR");
  static const Words whole = {"digits", "spirals", "text"};
  static const Words prefixes = {"idx:", "cifar10:", "cifar100:", "arrays:", "text:"};
  const bool known = std::find(whole.begin(), whole.end(), data) != whole.end() ||
                     std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& p) { return data.starts_with(p) && data.size() > p.size(); });
  if (!known)
    throw std::invalid_argument(fmt::format("unknown --data '{}'; this version has: {}, idx:DIR, cifar10:DIR, cifar100:DIR, arrays:DIR, text:FILE", data, fmt::join(whole, ", ")));
}

void checkNames(const RunSpec& s) {
  requireData(s.data);
  requireKnownModel(s.model);
  requireWord("--activation", s.activation, {"relu", "tanh", "gelu", "softplus"});
  requireWord("--augment", s.augment, {"none", "standard"});
  requireWord("--loss", s.loss, {"cross-entropy", "mse"});
  requireWord("--optimizer", s.optimizer, {"sgd", "adam", "adamw", "lion", "muon"});
  requireWord("--weight-decay-mode", s.weightDecayMode, {"loss", "decoupled"});
  requireWord("--sharpness", s.sharpness, {"none", "sam", "asam", "penalty", "gsam", "looksam", "friendly-sam"});
  requireWord("--perturbation", s.perturbation, {"gradient", "unnormalised", "adaptive", "random"});
  requireWord("--perturb-only", s.perturbOnly, {"all", "weight", "bias", "norm"});
  requireWord("--reference-term", s.referenceTerm, {"gradient", "unit"});
  requireWord("--penalty-product", s.penaltyProduct, {"difference", "exact"});
  requireWord("--penalty-warmup", s.penaltyWarmup, {"none", "r", "lambda", "zero"});
  requireWord("--schedule", s.schedule, {"constant", "cosine", "step"});
  requireWord("--precision", s.precision, {"float", "double"});
}

void checkShares(const RunSpec& s) {
  requireShare("--validation", s.validation);
  requireNumber("--label-noise", s.labelNoise >= 0 && s.labelNoise <= 1, "in [0, 1]", s.labelNoise);
  requireShare("--dropout", s.dropout);
  requireShare("--label-smoothing", s.labelSmoothing);
  requireShare("--momentum", s.momentum);
  requireShare("--beta1", s.beta1);
  requireShare("--beta2", s.beta2);
  requireShare("--ema", s.ema);
  requireShare("--friendly-lambda", s.friendlyLambda);
  if (s.alpha && s.sharpness == "penalty") requireNumber("--alpha", *s.alpha >= 0 && *s.alpha <= 1, "in [0, 1]", *s.alpha);
  if (s.nesterov && s.optimizer == "sgd" && s.momentum.value_or(0.9) == 0) throw std::invalid_argument("--nesterov needs --momentum > 0, got 0");
}

void checkRanges(const RunSpec& s) {
  if (s.learningRate) requireNumber("--learning-rate", *s.learningRate > 0 && *s.learningRate <= kLargest, "a number > 0, at most 1e30", *s.learningRate);
  requireNumber("--weight-decay", s.weightDecay >= 0, "a finite number >= 0", s.weightDecay);
  requireSize("--rho", s.rho);
  requireSize("--alpha", s.alpha);
  requireSize("--asam-eta", s.asamEta);
  requireSize("--friendly-sigma", s.friendlySigma);
  if (s.clipNorm) requireNumber("--clip-norm", *s.clipNorm > 0, "a finite number > 0", *s.clipNorm);
  requireCount("--data-limit", s.dataLimit);
  requireCount("--perturb-every", s.perturbEvery);
  requireCount("--perturbation-group", s.perturbationGroup);
  requireCount("--penalty-warmup-steps", s.penaltyWarmupSteps);
  requireCount("--swa-from", s.swaFrom);
  requireCount("--curvature-every", s.curvatureEvery);
  requireCount("--curvature-samples", s.curvatureSamples);
  requireCount("--curvature-products", s.curvatureProducts);
  requireCount("--curvature-top", s.curvatureTop);
  if (s.curvatureShare) requireNumber("--curvature-share", *s.curvatureShare > 0 && *s.curvatureShare < 1, "in (0, 1)", *s.curvatureShare);
  requireCount("--warmup-steps", s.warmupSteps, 0);
  requireCount("--epochs", s.epochs, 0);
  requireCount("--checkpoint-every", s.checkpointEvery, 0);
  if (s.batchSize != kAllItems) requireCount("--batch-size", s.batchSize, 0);
  if (s.threads < 0 || s.threads > 1024) throw std::invalid_argument(fmt::format("--threads must be from 1 to 1024, got {}", s.threads));
  if (s.mean.size() != s.deviation.size())
    throw std::invalid_argument(fmt::format("--mean and --std must name as many channels, got {} and {}", s.mean.size(), s.deviation.size()));
  for (const double d : s.deviation) requireNumber("--std", d > 0, "numbers > 0", d);
}

/// Empties what the method does not use, and says so.
struct Drop {
  const RunSpec& spec;
  std::vector<std::string>* notes;

  template <class T>
  void operator()(const char* key, const char*, T& field) const {
    const T usual = usualOf(key, field);
    if (field == usual || applies(spec, key)) return;
    field = usual;
    std::string flag = key;
    std::replace(flag.begin(), flag.end(), '_', '-');
    if (notes) notes->push_back(fmt::format("--{} is not used by {} and is not stored", flag, reasonFor(key)));
  }

 private:
  template <class T>
  static T usualOf(const char* key, const T&) {
    T usual{};
    const RunSpec fresh;
    visitFields(fresh, [&](const char* other, const char*, const auto& value) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, T>)
        if (std::string_view(other) == key) usual = value;
    });
    return usual;
  }
  std::string reasonFor(std::string_view key) const {
    if (key == "activation" || key == "dropout") return "model " + spec.model;
    if (key == "label_smoothing") return "loss " + spec.loss;
    if (key == "augment") return "data " + spec.data.substr(0, spec.data.find(':'));
    if (key == "weight_decay_mode") return "a weight decay of 0";
    if (key == "curvature_top" && spec.curvatureEvery) return "a run that tracks no eigenspace";
    if (key.starts_with("curvature")) return "a run without --curvature-every";
    if (key == "momentum" || key == "nesterov" || key.starts_with("beta")) return "optimizer " + spec.optimizer;
    if (key == "penalty_warmup_steps") return "a run without --penalty-warmup";
    std::string method = "sharpness " + spec.sharpness;
    if (spec.penaltyProduct == "exact" && spec.sharpness == "penalty") method += " with the exact product";
    return method;
  }
};

void fillSharpness(RunSpec& s) {
  const auto fill = [&s](const char* key, auto& field, const auto& usual) {
    if (!field && applies(s, key)) field = usual;
  };
  fill("rho", s.rho, s.sharpness == "penalty" ? 0.1 : s.sharpness == "asam" ? 0.5 : 0.05);
  fill("alpha", s.alpha, s.sharpness == "penalty" ? 0.8 : s.sharpness == "gsam" ? 0.4 : 0.7);
  fill("penalty_product", s.penaltyProduct, "difference");
  fill("perturbation", s.perturbation, "gradient");
  fill("perturb_only", s.perturbOnly, "all");
  fill("perturb_every", s.perturbEvery, s.sharpness == "looksam" ? 5 : 1);
  fill("reference_term", s.referenceTerm, "gradient");
  fill("asam_eta", s.asamEta, 0.01);
  fill("friendly_sigma", s.friendlySigma, 1.0);
  fill("friendly_lambda", s.friendlyLambda, 0.9);
  fill("penalty_warmup", s.penaltyWarmup, "none");
  if (s.penaltyWarmup == "lambda" && s.sharpness != "penalty")
    throw std::invalid_argument(fmt::format("--penalty-warmup lambda needs --sharpness penalty, got {}; use r or zero", s.sharpness));
  if (applies(s, "penalty_warmup_steps") && !s.penaltyWarmupSteps)
    throw std::invalid_argument(fmt::format("--penalty-warmup {} needs --penalty-warmup-steps T", *s.penaltyWarmup));
}

void fillOptimizer(RunSpec& s) {
  if (!s.learningRate) s.learningRate = s.optimizer == "sgd" ? 0.05 : s.optimizer == "lion" ? 1e-4 : 1e-3;
  if (!s.momentum && applies(s, "momentum")) s.momentum = s.optimizer == "muon" ? 0.95 : 0.9;
  if (!s.beta1 && applies(s, "beta1")) s.beta1 = 0.9;
  if (!s.beta2 && applies(s, "beta2")) s.beta2 = s.optimizer == "lion" ? 0.99 : 0.999;
  if (!s.weightDecayMode && applies(s, "weight_decay_mode")) s.weightDecayMode = s.optimizer == "sgd" || s.optimizer == "adam" ? "loss" : "decoupled";
}

void fillCurvature(RunSpec& s) {
  if (!s.curvatureEvery) return;
  if (!s.curvatureProducts) s.curvatureProducts = 30;
  s.curvatureMeasures = fmt::format("{}", fmt::join(curvatureMeasures(s.curvatureMeasures.value_or("lambda-max")), ","));
  if (!s.curvatureTop && applies(s, "curvature_top")) s.curvatureTop = 5;
  if (tracks(*s.curvatureMeasures, "trace") && *s.curvatureProducts < kLeastProbes)
    throw std::invalid_argument(fmt::format("--curvature-measures trace needs --curvature-products >= {} for its standard error, got {}", kLeastProbes, *s.curvatureProducts));
  if (s.curvatureTop && *s.curvatureProducts < *s.curvatureTop + 2)
    throw std::invalid_argument(fmt::format("--curvature-top {} needs --curvature-products >= {}, got {}", *s.curvatureTop, *s.curvatureTop + 2, *s.curvatureProducts));
  if (tracks(*s.curvatureMeasures, "preconditioned-lambda-max") && s.optimizer != "adam" && s.optimizer != "adamw")
    throw std::invalid_argument(fmt::format("--curvature-measures preconditioned-lambda-max needs --optimizer adam or adamw, got {}", s.optimizer));
}

}  // namespace

RunSpec resolve(RunSpec spec, std::vector<std::string>* notes) {
  checkNames(spec);
  checkRanges(spec);
  const bool digits = spec.data == "digits";
  const bool cifar = spec.data.starts_with("cifar");
  if (spec.model.empty() && digits) spec.model = "cnn";
  if (spec.model.empty() && cifar) spec.model = "resnet20";
  if (spec.model.empty() && spec.data.starts_with("text")) spec.model = "gpt";
  visitFields(spec, Drop{spec, notes});
  checkShares(spec);
  fillOptimizer(spec);
  fillSharpness(spec);
  if (!spec.augment && applies(spec, "augment")) spec.augment = cifar ? "standard" : "none";
  fillCurvature(spec);
  if (spec.batchSize == 0) spec.batchSize = digits ? 64 : 128;
  if (spec.epochs == 0) spec.epochs = digits ? 40 : spec.data == "spirals" ? 100 : 10;
  if (spec.checkpointEvery == 0) spec.checkpointEvery = std::max<std::int64_t>(1, (spec.epochs + 11) / 12);
  return spec;
}

}  // namespace trainer
