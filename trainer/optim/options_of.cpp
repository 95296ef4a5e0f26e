// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/options_of.h"

namespace trainer {

BaseOptions baseOptionsOf(const RunSpec& s) {
  BaseOptions o{.name = s.optimizer, .nesterov = s.nesterov};
  o.momentum = s.momentum.value_or(o.momentum);
  o.beta1 = s.beta1.value_or(o.beta1);
  o.beta2 = s.beta2.value_or(o.beta2);
  if (s.weightDecayMode == "decoupled") o.decoupledDecay = s.weightDecay;
  return o;
}

SharpnessOptions sharpnessOptionsOf(const RunSpec& s) {
  SharpnessOptions o{.method = s.sharpness, .rho = s.rho.value_or(0), .alpha = s.alpha.value_or(1), .seed = s.seed};
  o.perturbation = s.perturbation.value_or(o.perturbation);
  o.perturbOnly = s.perturbOnly.value_or(o.perturbOnly);
  o.every = s.perturbEvery.value_or(o.every);
  o.referenceTerm = s.referenceTerm.value_or(o.referenceTerm);
  o.penaltyProduct = s.penaltyProduct.value_or(o.penaltyProduct);
  o.asamEta = s.asamEta.value_or(o.asamEta);
  o.friendlySigma = s.friendlySigma.value_or(o.friendlySigma);
  o.friendlyLambda = s.friendlyLambda.value_or(o.friendlyLambda);
  o.warmup = s.penaltyWarmup.value_or(o.warmup);
  o.warmupSteps = s.penaltyWarmupSteps.value_or(o.warmupSteps);
  return o;
}

ScheduleOptions scheduleOptionsOf(const RunSpec& s, std::int64_t totalSteps) {
  return {.name = s.schedule, .warmupSteps = s.warmupSteps, .totalSteps = totalSteps};
}

double lossDecayOf(const RunSpec& s) { return s.weightDecayMode == "loss" ? s.weightDecay : 0; }

}  // namespace trainer
