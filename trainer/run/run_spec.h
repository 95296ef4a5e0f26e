// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trainer {

/// Inputs are (pixel / scale - mean) / deviation, a mean and a population deviation per channel, of the training part.
struct Normalisation {
  double scale = 255;
  std::vector<double> mean;
  std::vector<double> deviation;
  bool operator==(const Normalisation&) const = default;
};

/// The batch is the whole training set ("all").
constexpr std::int64_t kAllItems = -1;

/// Everything that decides a training run. The fields are the flags of `sharpscape train` (with _ for -), described in run_spec_fields.h; what
/// is empty is chosen by resolve() from the data and the method, or stays empty where the method does not use it. One flat object in RUN/spec.json.
struct RunSpec {
  std::string data;  ///< "digits", "spirals", "text", "idx:DIR", "cifar10:DIR", "cifar100:DIR", "arrays:DIR", "text:FILE"
  std::optional<std::int64_t> dataLimit;
  double validation = 0;  ///< stratified share of the training set, [0, 1)
  double labelNoise = 0;  ///< share of training labels replaced, [0, 1]
  std::optional<std::string> augment;  ///< none | standard
  std::vector<double> mean, deviation; ///< replace the computed normalisation; empty once `normalisation` is filled

  std::string model;  ///< by data where empty
  std::string activation = "relu";
  double dropout = 0;
  std::string loss = "cross-entropy";
  double labelSmoothing = 0;

  std::string optimizer = "sgd";
  std::optional<double> learningRate, momentum;
  bool nesterov = false;
  std::optional<double> beta1, beta2;
  double weightDecay = 0;
  std::optional<std::string> weightDecayMode;  ///< loss | decoupled

  std::string sharpness = "none";
  std::optional<double> rho, alpha;
  std::optional<std::string> perturbation, perturbOnly;
  std::optional<std::int64_t> perturbEvery, perturbationGroup;
  std::optional<std::string> referenceTerm, penaltyProduct;
  std::optional<double> asamEta, friendlySigma, friendlyLambda;
  std::optional<std::string> penaltyWarmup;
  std::optional<std::int64_t> penaltyWarmupSteps;

  std::string schedule = "cosine";
  std::int64_t warmupSteps = 0;
  std::optional<double> clipNorm;
  std::int64_t batchSize = 0;        ///< 0: by data; kAllItems
  std::int64_t epochs = 0;           ///< 0: by data
  std::int64_t checkpointEvery = 0;  ///< epochs; 0: so that about 12 are kept
  std::optional<double> ema;         ///< [0, 1): averages = F averages + (1 - F) theta
  std::optional<std::int64_t> swaFrom;
  std::optional<std::int64_t> curvatureEvery, curvatureSamples, curvatureProducts;
  std::optional<std::string> curvatureMeasures;  ///< curvature_measures.h, with commas between
  std::optional<std::int64_t> curvatureTop;      ///< eigenvectors of its eigenspaces
  std::optional<double> curvatureShare;          ///< (0, 1)

  std::uint64_t seed = 0;
  std::string device;            ///< "cpu", "cuda", "cuda:N"; empty: cuda where there is one
  std::int64_t threads = 0;      ///< 0: one a core
  std::string precision = "float";
  std::optional<Normalisation> normalisation;  ///< filled when the data is read
  std::string dataHash;                        ///< of the data it was trained on, filled likewise
  bool operator==(const RunSpec&) const = default;
};

constexpr int kRunFormatVersion = 2;

/// Whether a flag (by its json key, like "reference_term") means anything with the choices made in `spec`: what forms show and resolve() keeps.
bool applies(const RunSpec& spec, std::string_view key);

/// Checks names and ranges and fills what is empty, without opening the data. Flags that the chosen method does not use are dropped and
/// named in `notes` (may be null), a sentence each. @throws std::invalid_argument naming the flag, the value and what is accepted.
RunSpec resolve(RunSpec spec, std::vector<std::string>* notes);

/// One flat object with format_version, program_version, torch_version. toRunSpec @throws DataError for an unknown key, a wrong type or
/// a larger format_version; `where` is named in the message.
nlohmann::ordered_json toJson(const RunSpec& spec);
RunSpec toRunSpec(const nlohmann::json& json, const std::string& where);

/// Sets one field by its json key, as toRunSpec() would. @throws DataError for an unknown key or a wrong type.
void setField(RunSpec& spec, const std::string& key, const nlohmann::json& value, const std::string& where);

/// The command that makes this run again, without --out: "sharpscape train --data digits ...". Only what differs from the defaults.
std::string commandLine(const RunSpec& spec);

/// A short name for people: "SGD", "SAM rho 0.1", "AdamW penalty rho 0.2 alpha 0.8".
std::string displayName(const RunSpec& spec);

/// Gradients that one step takes (a Hessian product counts as two); with --perturb-every, the mean over the steps.
double gradientsPerStep(const RunSpec& resolved);

}  // namespace trainer
