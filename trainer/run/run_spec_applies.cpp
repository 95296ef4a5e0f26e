// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "trainer/run/curvature_measures.h"
#include "trainer/run/run_spec.h"

namespace trainer {
namespace {

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> list) { return std::find(list.begin(), list.end(), word) != list.end(); }

constexpr std::array<std::string_view, 5> kWithDropout = {"mlp", "vgg", "wrn", "vit", "gpt"};

bool modelTakesDropout(const std::string& model) {
  if (model.empty()) return true;  // chosen later; a model without it says so
  return std::any_of(kWithDropout.begin(), kWithDropout.end(), [&](std::string_view kind) { return model.starts_with(kind); });
}

bool sharpnessApplies(const RunSpec& s, std::string_view key) {
  const std::string& method = s.sharpness;
  const bool penalty = method == "penalty";
  const bool exact = penalty && s.penaltyProduct == "exact";
  const bool adaptive = method == "asam" || s.perturbation == "adaptive";
  if (method == "none") return false;
  if (key == "alpha") return isOneOf(method, {"penalty", "gsam", "looksam"});
  if (key == "perturbation") return !exact && isOneOf(method, {"sam", "penalty", "gsam", "looksam"});
  if (key == "perturb_only") return !exact;
  if (key == "reference_term") return penalty && !exact;
  if (key == "penalty_product") return penalty;
  if (key == "asam_eta") return adaptive && !exact;
  if (key == "friendly_sigma" || key == "friendly_lambda") return method == "friendly-sam";
  if (key == "penalty_warmup_steps") return s.penaltyWarmup && *s.penaltyWarmup != "none";
  return true;  // rho, perturb_every, perturbation_group, penalty_warmup
}

}  // namespace

bool applies(const RunSpec& s, std::string_view key) {
  if (key == "activation") return s.model.empty() || s.model.starts_with("mlp") || s.model == "cnn";
  if (key == "dropout") return modelTakesDropout(s.model);
  if (key == "label_smoothing") return s.loss == "cross-entropy";
  if (key == "augment") return !isOneOf(s.data.substr(0, s.data.find(':')), {"spirals", "text"});
  if (key == "momentum") return isOneOf(s.optimizer, {"sgd", "muon"});
  if (key == "nesterov") return s.optimizer == "sgd";
  if (key == "beta1" || key == "beta2") return s.optimizer != "sgd";
  if (key == "weight_decay_mode") return s.weightDecay > 0;
  if (isOneOf(key, {"curvature_samples", "curvature_products", "curvature_measures", "curvature_share"})) return s.curvatureEvery.has_value();
  if (key == "curvature_top") return s.curvatureEvery && s.curvatureMeasures && (tracks(*s.curvatureMeasures, "gradient-share") || tracks(*s.curvatureMeasures, "eigenspace-overlap"));
  if (isOneOf(key, {"rho", "alpha", "perturbation", "perturb_only", "perturb_every", "perturbation_group", "reference_term", "penalty_product", "asam_eta",
                    "friendly_sigma", "friendly_lambda", "penalty_warmup", "penalty_warmup_steps"}))
    return sharpnessApplies(s, key);
  return true;
}

}  // namespace trainer
