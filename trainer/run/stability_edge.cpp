// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/stability_edge.h"

#include <fmt/format.h>

#include <cmath>

namespace trainer {
namespace {

bool hasBatchNorm(const std::string& model) {
  if (model.starts_with("resnet")) return model.find("-nobn") == std::string::npos;
  return model.starts_with("wrn") || model.find("_bn") != std::string::npos;
}

/// It takes the samples asked for, or all where there are fewer.
bool measuredOnAll(const RunSpec& s, std::optional<std::int64_t> items, std::int64_t samples) {
  constexpr std::int64_t kUsualSamples = 1024;
  return samples == 0 || samples < s.curvatureSamples.value_or(kUsualSamples) || (items && samples >= *items);
}

bool isAdam(const RunSpec& s) { return s.optimizer == "adam" || s.optimizer == "adamw"; }

/// c of SAM and the penalty, 0 for plain steps; unset for other perturbations and combinations.
std::optional<double> penaltyOf(const RunSpec& s) {
  if (s.sharpness == "none" || s.rho == 0.0 || (s.sharpness == "penalty" && s.alpha == 0.0 && s.referenceTerm != "unit")) return 0;
  if (s.sharpness != "sam" && s.sharpness != "penalty") return std::nullopt;
  const bool along = s.perturbation.value_or("gradient") == "gradient" && s.perturbOnly.value_or("all") == "all";
  const bool always = s.perturbEvery.value_or(1) == 1 && s.penaltyWarmup.value_or("none") == "none" && !s.perturbationGroup;
  if (!along || !always || s.referenceTerm == "unit") return std::nullopt;
  return s.rho.value_or(0) * (s.sharpness == "penalty" ? s.alpha.value_or(1) : 1);
}

/// Why no edge is known, whatever the batch; empty otherwise.
std::string reasonOf(const RunSpec& s) {
  if (s.optimizer != "sgd" && !isAdam(s)) return fmt::format("{} steps along another metric", displayName(s));
  if (!penaltyOf(s) || (isAdam(s) && penaltyOf(s) != 0.0)) return "its steps follow another gradient than that of the loss";
  if (s.clipNorm) return "its steps are clipped";
  if (s.weightDecay > 0 && s.weightDecayMode == "decoupled") return "its weight decay is not part of the loss";
  if (s.dropout > 0 || s.augment == "standard") return "dropout and augmentation change the loss at every step";
  return {};
}

std::string withMiniBatches(const RunSpec& s) {
  if (s.optimizer != "sgd" || s.momentum.value_or(0) > 0 || penaltyOf(s) != 0.0) return "with mini-batches it is known for plain SGD without momentum only";
  return {};
}

/// The rate of the gradient descent that it is at its edge.
double effectiveRate(const RunSpec& s, double eta) {
  if (isAdam(s)) return 2 / adamEdge(eta, s.beta1.value_or(0.9));
  const double beta = s.momentum.value_or(0);
  return 2 / (s.nesterov ? nesterovEdge(eta, beta) : heavyBallEdge(eta, beta));
}

std::string formulaOf(const RunSpec& s) {
  if (isAdam(s)) return "2(1+\u03B2\u2081)/(\u03B7(1\u2212\u03B2\u2081))";
  const bool momentum = s.momentum.value_or(0) > 0;
  if (penaltyOf(s) != 0.0) {
    const char* const c = s.sharpness == "penalty" ? "\u03B1\u03C1" : "\u03C1";
    const char* const rate = !momentum ? "" : s.nesterov ? ", \u03B7(1+2\u03B2)/(1+\u03B2) for \u03B7" : ", \u03B7/(1+\u03B2) for \u03B7";
    return fmt::format("(\u2016g\u2016/2c)(\u221A(1+8c/(\u03B7\u2016g\u2016))\u22121), c = {}{}", c, rate);
  }
  if (!momentum) return "2/\u03B7";
  return s.nesterov ? "2(1+\u03B2)/(\u03B7(1+2\u03B2))" : "2(1+\u03B2)/\u03B7";
}

}  // namespace

double gradientDescentEdge(double eta) { return 2 / eta; }
double heavyBallEdge(double eta, double beta) { return 2 * (1 + beta) / eta; }
double nesterovEdge(double eta, double beta) { return 2 * (1 + beta) / (eta * (1 + 2 * beta)); }
double adamEdge(double eta, double beta1) { return 2 * (1 + beta1) / (eta * (1 - beta1)); }
double penaltyEdge(double e, double c, double gradientNorm) { return c == 0 ? 2 / e : 4 / (e * (std::sqrt(1 + 8 * c / (e * gradientNorm)) + 1)); }

StabilityEdge stabilityEdge(const RunSpec& s, std::optional<std::int64_t> items, std::int64_t samples) {
  const bool fullBatch = s.batchSize == kAllItems || (items && s.batchSize >= *items);
  std::string reason = reasonOf(s);
  if (reason.empty() && !fullBatch) reason = withMiniBatches(s);
  if (reason.empty() && fullBatch && hasBatchNorm(s.model))
    reason = "the loss it steps on uses the statistics of the batch, the measured one running statistics";
  if (reason.empty() && fullBatch && !measuredOnAll(s, items, samples)) reason = "the curvature is measured on a part of the training set; choose more samples";
  if (!reason.empty()) return {.measure = {}, .formula = {}, .reason = reason};
  return {.measure = !fullBatch ? "batch-sharpness" : isAdam(s) ? "preconditioned-lambda-max" : "lambda-max", .formula = formulaOf(s), .reason = {}};
}

std::vector<EdgePoint> edgeAlong(const RunSpec& resolved, const RunRecord& record, const StabilityEdge& edge) {
  std::vector<EdgePoint> points;
  if (edge.measure.empty()) return points;
  RunSpec s = resolved;
  auto event = record.events.begin();
  points.reserve(record.stepRecords.size());
  for (const StepRecord& r : record.stepRecords) {
    for (; event != record.events.end() && event->step <= r.step; ++event) {
      if (event->name == "rho") s.rho = event->value;
      if (event->name == "alpha") s.alpha = event->value;
    }
    points.push_back({r.step, penaltyEdge(effectiveRate(s, r.learningRate), penaltyOf(s).value_or(0), r.gradientNorm)});
  }
  return points;
}

}  // namespace trainer
