// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace trainer {

/// Inputs are (pixel / scale - mean) / deviation, a mean and a population deviation per channel, of the training part.
struct Normalisation {
  double scale = 255;
  std::vector<double> mean;
  std::vector<double> deviation;
  bool operator==(const Normalisation&) const = default;
};

/// Everything that decides a training run. The fields are the flags of `sharpscape train` (with _ for -); what is empty is chosen by
/// resolve() from the data and the method. Written as one flat object to RUN/spec.json.
struct RunSpec {
  std::string data;                     ///< "digits", "idx:DIR"
  std::string model;                    ///< "mlp:64-32-10", "cnn", "lenet"; by data where empty
  std::string activation = "relu";      ///< relu | tanh | gelu | softplus (mlp and cnn)
  std::string loss = "cross-entropy";
  std::string optimizer = "sgd";
  double learningRate = 0.05;           ///< eta > 0
  double momentum = 0.9;                ///< [0, 1)
  bool nesterov = false;
  double weightDecay = 0;               ///< loss means + (wd/2) ||theta||^2, inside both gradients
  std::string sharpness = "none";       ///< none | sam | penalty
  std::optional<double> rho;            ///< radius >= 0: sam 0.05, penalty 0.1; unset for none
  std::optional<double> alpha;          ///< mix 0..1, penalty only: 0.8
  std::optional<std::string> referenceTerm;  ///< gradient | unit, penalty only: gradient
  std::string schedule = "cosine";      ///< constant | cosine (to 0)
  std::optional<double> clipNorm;       ///< g min(1, C/||g||); off where unset
  std::int64_t batchSize = 0;           ///< 0: 64 for digits, else 128
  std::int64_t epochs = 0;              ///< 0: 40 for digits, else 10
  std::int64_t checkpointEvery = 0;     ///< epochs; 0: so that about 12 are kept
  std::uint64_t seed = 0;
  std::string device;                   ///< "cpu", "cuda", "cuda:N"; empty: cuda where there is one
  std::int64_t threads = 0;             ///< 0: one a core
  std::string precision = "float";      ///< float | double
  std::optional<Normalisation> normalisation;  ///< filled when the data is read
  bool operator==(const RunSpec&) const = default;
};

constexpr int kRunFormatVersion = 1;

/// Checks names and ranges and fills what is empty, without opening the data. Flags that the chosen method does not use are dropped and
/// named in `notes` (may be null), a sentence each. @throws std::invalid_argument naming the flag, the value and what is accepted.
RunSpec resolve(RunSpec spec, std::vector<std::string>* notes);

/// One flat object with format_version, program_version, torch_version. toRunSpec @throws DataError for an unknown key, a wrong type or
/// a larger format_version; `where` is named in the message.
nlohmann::ordered_json toJson(const RunSpec& spec);
RunSpec toRunSpec(const nlohmann::json& json, const std::string& where);

/// The command that makes this run again, without --out: "sharpscape train --data digits ...". Only what differs from the defaults.
std::string commandLine(const RunSpec& spec);

/// A short name for people: "SGD", "SAM rho 0.1", "penalty rho 0.2 alpha 0.8".
std::string displayName(const RunSpec& spec);

}  // namespace trainer
