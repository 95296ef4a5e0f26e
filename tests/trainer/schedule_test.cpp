// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "trainer/optim/options_of.h"

namespace trainer {
namespace {

TEST(Schedule, constantStaysAndCosineFallsToZero) {
  EXPECT_EQ(scheduleFactor({"constant", 0, 10}, 7), 1);
  EXPECT_EQ(scheduleFactor({"cosine", 0, 10}, 0), 1);
  EXPECT_NEAR(scheduleFactor({"cosine", 0, 10}, 5), 0.5, 1e-16);
  EXPECT_NEAR(scheduleFactor({"cosine", 0, 10}, 9), 0.5 * (1 + std::cos(std::acos(-1.0) * 0.9)), 1e-16);
  EXPECT_NEAR(scheduleFactor({"cosine", 0, 10}, 10), 0, 1e-16);
}

TEST(Schedule, stepsDownAtAHalfAndAtThreeQuarters) {
  const ScheduleOptions eight{"step", 0, 8}, seven{"step", 0, 7};
  for (const auto& [step, factor] : {std::pair{0, 1.0}, {3, 1.0}, {4, 0.1}, {5, 0.1}, {6, 0.01}, {7, 0.01}})
    EXPECT_EQ(scheduleFactor(eight, step), factor) << step;
  for (const auto& [step, factor] : {std::pair{3, 1.0}, {4, 0.1}, {5, 0.1}, {6, 0.01}}) EXPECT_EQ(scheduleFactor(seven, step), factor) << step;
}

TEST(Schedule, warmsUpAndThenHasTheRestOfTheSteps) {
  for (const char* name : {"constant", "cosine", "step"}) {
    for (int t = 0; t < 4; ++t) EXPECT_EQ(scheduleFactor({name, 4, 12}, t), 0.25 * (t + 1)) << name;
    for (int t = 4; t < 12; ++t) EXPECT_EQ(scheduleFactor({name, 4, 12}, t), scheduleFactor({name, 0, 8}, t - 4)) << name << ", step " << t;
  }
  EXPECT_EQ(scheduleFactor({"cosine", 20, 10}, 9), 0.5);  // longer than the run
}

TEST(OptionsOf, aSpecBecomesTheStepsItAsksFor) {
  RunSpec spec;
  spec.data = "digits";
  spec.optimizer = "adamw";
  spec.weightDecay = 0.01;
  spec.sharpness = "penalty";
  spec.referenceTerm = "unit";
  spec.perturbOnly = "norm";
  spec.penaltyWarmup = "r";
  spec.penaltyWarmupSteps = 30;
  spec.warmupSteps = 7;
  spec.seed = 3;
  const RunSpec resolved = resolve(spec, nullptr);
  const BaseOptions base = baseOptionsOf(resolved);
  EXPECT_EQ(base.name, "adamw");
  EXPECT_EQ(base.beta1, 0.9);
  EXPECT_EQ(base.beta2, 0.999);
  EXPECT_EQ(base.decoupledDecay, 0.01);
  EXPECT_EQ(lossDecayOf(resolved), 0);
  const SharpnessOptions sharpness = sharpnessOptionsOf(resolved);
  EXPECT_EQ(sharpness.method, "penalty");
  EXPECT_EQ(sharpness.rho, 0.1);
  EXPECT_EQ(sharpness.alpha, 0.8);
  EXPECT_EQ(sharpness.referenceTerm, "unit");
  EXPECT_EQ(sharpness.perturbOnly, "norm");
  EXPECT_EQ(sharpness.warmup, "r");
  EXPECT_EQ(sharpness.warmupSteps, 30);
  EXPECT_EQ(sharpness.seed, 3);
  const ScheduleOptions schedule = scheduleOptionsOf(resolved, 100);
  EXPECT_EQ(schedule.name, "cosine");
  EXPECT_EQ(schedule.warmupSteps, 7);
  EXPECT_EQ(schedule.totalSteps, 100);
}

TEST(OptionsOf, theDecayOfSgdIsTheLosss) {
  RunSpec spec;
  spec.data = "digits";
  spec.weightDecay = 0.01;
  spec.sharpness = "looksam";
  const RunSpec resolved = resolve(spec, nullptr);
  EXPECT_EQ(baseOptionsOf(resolved).decoupledDecay, 0);
  EXPECT_EQ(lossDecayOf(resolved), 0.01);
  EXPECT_EQ(sharpnessOptionsOf(resolved).every, 5);
}

}  // namespace
}  // namespace trainer
