// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace trainer {
namespace {

using nlohmann::ordered_json;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const std::optional<double> kNone;

SweepRow row(double alpha, int seed, SweepStatus status, std::optional<double> validation, std::optional<double> test = 0.5) {
  SweepRow r;
  r.name = "alpha" + std::to_string(alpha) + "_seed" + std::to_string(seed);
  r.settings = {{"alpha", alpha}, {"seed", seed}};
  r.status = status;
  r.value(SweepMeasure::validationAccuracy) = validation;
  r.value(SweepMeasure::testAccuracy) = test;
  return r;
}
SweepRow done(double alpha, int seed, std::optional<double> validation, std::optional<double> test = 0.5) {
  return row(alpha, seed, SweepStatus::completed, validation, test);
}

TEST(SweepStatistic, meanAndSampleDeviation) {
  // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sum of squares 32, sample variance 32/7.
  const Statistic s = statistic({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(s.count, 8);
  EXPECT_EQ(s.mean, 5);
  ASSERT_TRUE(s.deviation);
  EXPECT_DOUBLE_EQ(*s.deviation, std::sqrt(32.0 / 7));
}

TEST(SweepStatistic, aLargeMeanCostsNoDigits) {
  // The textbook formula, sum x^2 - n mean^2, gives 0 or worse here.
  const Statistic s = statistic({1e9, 1e9 + 1, 1e9 + 2});
  EXPECT_EQ(*s.deviation, 1);
}

TEST(SweepStatistic, oneValueHasNoDeviationAndNoneNoMean) {
  EXPECT_EQ(statistic({3.0}).mean, 3);
  EXPECT_FALSE(statistic({3.0}).deviation);
  EXPECT_EQ(statistic({}).count, 0);
  EXPECT_EQ(statistic({kNone, kNan}).count, 0);
}

TEST(SweepStatistic, whatIsMissingOrNotFiniteIsLeftOut) {
  const Statistic s = statistic({1.0, kNone, kNan, 3.0, std::numeric_limits<double>::infinity()});
  EXPECT_EQ(s.count, 2);
  EXPECT_EQ(s.mean, 2);
  EXPECT_DOUBLE_EQ(*s.deviation, std::sqrt(2.0));
}

TEST(SweepTable, oneSettingAGroupOfSeedsInTheOrderOfTheFirstRun) {
  const SweepTable t = aggregate({done(0.5, 0, 0.8, 0.7), done(0.5, 1, 0.9, 0.9), done(0, 0, 0.5), done(0.5, 2, 1.0, 0.8)});
  ASSERT_EQ(t.settings.size(), 2u);
  EXPECT_EQ(t.settings[0].settings.dump(), R"({"alpha":0.5})");
  EXPECT_EQ(t.settings[0].runs, 3);
  EXPECT_DOUBLE_EQ(t.settings[0].of(SweepMeasure::validationAccuracy).mean, 0.9);
  EXPECT_DOUBLE_EQ(*t.settings[0].of(SweepMeasure::validationAccuracy).deviation, 0.1);
  EXPECT_EQ(t.settings[0].of(SweepMeasure::lambdaMax).count, 0);
  EXPECT_FALSE(t.settings[1].of(SweepMeasure::testAccuracy).deviation);
  EXPECT_EQ(t.best, 0u);
  EXPECT_EQ(t.note, "");
}

TEST(SweepTable, divergedAndFailedRunsAreCountedAndNotAveraged) {
  const SweepTable t = aggregate({done(0.5, 0, 0.8), row(0.5, 1, SweepStatus::diverged, 0.1), row(0.5, 2, SweepStatus::failed, kNone), done(0.5, 3, 0.6), done(0, 0, 0.6)});
  const SweepSetting& s = t.settings[0];
  EXPECT_EQ(s.runs, 4);
  EXPECT_EQ(s.completed, 2);
  EXPECT_EQ(s.diverged, 1);
  EXPECT_EQ(s.failed, 1);
  EXPECT_DOUBLE_EQ(s.of(SweepMeasure::validationAccuracy).mean, 0.7);
  EXPECT_EQ(t.best, 0u);
  EXPECT_EQ(t.note, "2 of its 4 runs did not complete and are not in its mean");
}

TEST(SweepTable, validationChoosesAndTestDoesNot) {
  const SweepTable t = aggregate({done(0, 0, 0.90, 0.99), done(1, 0, 0.91, 0.10)});
  EXPECT_EQ(t.best, 1u);
  const ordered_json best = toJson(t)["best"];
  EXPECT_EQ(best["alpha"], 1.0);
  EXPECT_EQ(best["test_accuracy"]["mean"], 0.10);
}

TEST(SweepTable, withoutAValidationSetThereIsNoBest) {
  const SweepTable t = aggregate({done(0, 0, kNan, 0.99), done(1, 0, kNone, 0.10)});
  EXPECT_FALSE(t.best);
  EXPECT_NE(t.note.find("no validation set was set aside"), std::string::npos) << t.note;
  EXPECT_TRUE(toJson(t)["best"].is_null());
  EXPECT_TRUE(toJson(t)["settings"][0]["validation_accuracy"]["mean"].is_null());
}

TEST(SweepTable, ofEqualsTheFirstIsNamedAndTheOthersAreMentioned) {
  // 0.1 + 0.2 + 0.3 in another order: equal but for rounding.
  const SweepTable t = aggregate({done(0, 0, 0.1), done(0, 1, 0.2), done(0, 2, 0.3), done(1, 0, 0.3), done(1, 1, 0.2), done(1, 2, 0.1), done(2, 0, 0.1)});
  EXPECT_EQ(t.best, 0u);
  EXPECT_EQ(t.note, "equal on validation: alpha 1");
}

TEST(SweepTable, whileRunsAreOpenThereIsNoBest) {
  const SweepTable t = aggregate({done(0, 0, 0.9), row(1, 0, SweepStatus::stopped, 0.1), row(1, 1, SweepStatus::waiting, kNone)});
  EXPECT_FALSE(t.best);
  EXPECT_EQ(t.settings[1].open, 2);
  EXPECT_NE(t.note.find("2 of 3 runs are not done"), std::string::npos) << t.note;
}

TEST(SweepTable, whereNothingCompletedItSaysSo) {
  const SweepTable t = aggregate({row(0, 0, SweepStatus::diverged, 0.1), row(1, 0, SweepStatus::failed, kNone)});
  EXPECT_FALSE(t.best);
  EXPECT_EQ(t.note, "no run completed");
}

TEST(SweepTable, settingsWithoutAValidationSetAreNotCompared) {
  const SweepTable t = aggregate({done(0, 0, 0.9), done(1, 0, kNan)});
  EXPECT_EQ(t.best, 0u);
  EXPECT_EQ(t.note, "without a validation set and not compared: alpha 1");
}

TEST(SweepTable, jsonHasRunsSettingsAndNullForTheUnknown) {
  const ordered_json j = toJson(aggregate({done(0.5, 7, 0.8, 0.75)}));
  EXPECT_EQ(j["runs"][0]["alpha"], 0.5);
  EXPECT_EQ(j["runs"][0]["seed"], 7);
  EXPECT_EQ(j["runs"][0]["status"], "completed");
  EXPECT_EQ(j["runs"][0]["test_accuracy"], 0.75);
  EXPECT_TRUE(j["runs"][0]["lambda_max"].is_null());
  EXPECT_TRUE(j["settings"][0]["test_accuracy"]["deviation"].is_null());
  EXPECT_EQ(j["settings"][0]["test_accuracy"]["n"], 1);
  EXPECT_EQ(j["settings"][0]["n"], 1);
}

TEST(SweepTable, csvQuotesWhatNeedsIt) {
  SweepRow r = done(0.5, 0, 0.25, kNan);
  r.settings["mean"] = {0.1, 0.2};
  r.reason = "he said \"no\"";
  const SweepTable t = aggregate({r});
  EXPECT_EQ(runsCsv(t),
            "name,status,alpha,seed,mean,train_loss,validation_accuracy,test_accuracy,test_error,lambda_max,parameter_norm,seconds,reason\n"
            "alpha0.500000_seed0,completed,0.5,0,\"[0.1,0.2]\",,0.25,,,,,,\"he said \"\"no\"\"\"\n");
  const std::string csv = settingsCsv(t);
  EXPECT_NE(csv.find("alpha,mean,runs,n,diverged,failed,open,train_loss_mean,train_loss_deviation,train_loss_n,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\n0.5,\"[0.1,0.2]\",1,1,0,0,0,,,0,0.25,,1,"), std::string::npos) << csv;
}

TEST(SweepTable, onlySeedsVary) {
  SweepRow r = done(0, 0, 0.5);
  r.settings = {{"seed", 0}};
  EXPECT_EQ(describe(aggregate({r}).settings[0].settings), "seeds only");
}

}  // namespace
}  // namespace trainer
