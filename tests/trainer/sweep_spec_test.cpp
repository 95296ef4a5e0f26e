// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep_spec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/device.h"
#include "trainer/run/curvature_measures.h"
#include "trainer/run/stability_edge.h"

namespace trainer {
namespace {

using nlohmann::json;

SweepSpec parsed(const char* text) { return toSweepSpec(json::parse(text), "spec.json"); }

std::vector<std::string> namesOf(const std::vector<PlannedRun>& runs) {
  std::vector<std::string> names;
  for (const PlannedRun& run : runs) names.push_back(run.name);
  return names;
}

TEST(SweepSpec, everyCombinationOnceWithTheSeedsInnermost) {
  const SweepSpec spec = parsed(R"({"base": {"data": "digits", "sharpness": "penalty"}, "grid": {"seed": [3, 1], "alpha": [0, 0.2], "batch_size": [32, "all"]}})");
  const std::vector<PlannedRun> runs = plannedRuns(spec, nullptr);
  EXPECT_EQ(namesOf(runs), (std::vector<std::string>{"alpha0_batch-size32_seed3", "alpha0_batch-size32_seed1", "alpha0_batch-size-all_seed3", "alpha0_batch-size-all_seed1",
                                                     "alpha0.2_batch-size32_seed3", "alpha0.2_batch-size32_seed1", "alpha0.2_batch-size-all_seed3", "alpha0.2_batch-size-all_seed1"}));
  EXPECT_EQ(runs[6].spec.alpha, 0.2);
  EXPECT_EQ(runs[6].spec.batchSize, kAllItems);
  EXPECT_EQ(runs[6].spec.seed, 3u);
  EXPECT_EQ(runs[6].settings.dump(), R"({"alpha":0.2,"batch_size":"all","seed":3})");
  EXPECT_EQ(runs[6].spec.epochs, 40) << "resolved";
}

TEST(SweepSpec, anyFlagAndAWholeRunsSpecCanBeTheBase) {
  RunSpec run;
  run.data = "digits";
  run.seed = 7;
  json sweep{{"base", json(toJson(resolve(run, nullptr)))}, {"grid", {{"seed", {0, 1}}, {"nesterov", {true, false}}, {"optimizer", {"sgd"}}}}};
  const std::vector<PlannedRun> runs = plannedRuns(parsed(sweep.dump().c_str()), nullptr);
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[0].name, "optimizer-sgd_nesterov-true_seed0");
  EXPECT_EQ(runs[3].spec.seed, 1u) << "the grid replaces the base";
}

TEST(SweepSpec, whatAMethodDoesNotUseIsTrainedOnce) {
  const SweepSpec spec = parsed(R"({"base": {"data": "digits"}, "grid": {"sharpness": ["none", "sam"], "rho": [0.05, 0.1], "seed": [0]}})");
  std::vector<std::string> notes;
  const std::vector<PlannedRun> runs = plannedRuns(spec, &notes);
  EXPECT_EQ(namesOf(runs), (std::vector<std::string>{"sharpness-none_seed0", "sharpness-sam_rho0.05_seed0", "sharpness-sam_rho0.1_seed0"}));
  EXPECT_TRUE(runs[0].settings.at("rho").is_null());
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("1 combination differs only"), std::string::npos) << notes[0];
}

TEST(SweepSpec, namesAreSafeForFileSystemsAndStayApart) {
  const SweepSpec spec = parsed(R"({"base": {}, "grid": {"data": ["idx:/a b/c", "idx:/a/b/c"], "learning_rate": [1e-5], "model": ["mlp:64-10"]}})");
  const std::vector<std::string> names = namesOf(plannedRuns(spec, nullptr));
  EXPECT_EQ(names, (std::vector<std::string>{"data-idx--a-b-c_model-mlp-64-10_learning-rate1e-05", "data-idx--a-b-c_model-mlp-64-10_learning-rate1e-05-2"}));
  json longest{{"base", json::object()}, {"grid", {{"data", {"idx:/" + std::string(300, 'x') + "1", "idx:/" + std::string(300, 'x') + "2"}}}}};
  const std::vector<std::string> cut = namesOf(plannedRuns(toSweepSpec(longest, "spec.json"), nullptr));
  EXPECT_LE(cut[0].size(), 150u);
  EXPECT_NE(cut[0], cut[1]);
}

struct Wrong {
  const char *name, *text, *mentions;
};
class WrongSweepTest : public testing::TestWithParam<Wrong> {};

TEST_P(WrongSweepTest, isOneSentence) {
  const std::string message = messageOf<DataError>([] { parsed(GetParam().text); });
  EXPECT_NE(message.find(GetParam().mentions), std::string::npos) << message;
  EXPECT_NE(message.find("spec.json"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongSweepTest,
    testing::Values(Wrong{"notAnObject", "[1]", "not a sweep"}, Wrong{"noGrid", R"({"base": {"data": "digits"}})", "\"grid\""},
                    Wrong{"noBase", R"({"grid": {"seed": [0]}})", "\"base\""},
                    Wrong{"unknownKey", R"({"base": {"data": "digits"}, "grid": {"seed": [0]}, "gird": 1})", "gird"},
                    Wrong{"unknownFlagInGrid", R"({"base": {"data": "digits"}, "grid": {"alhpa": [0]}})", "alhpa"},
                    Wrong{"unknownFlagInBase", R"({"base": {"data": "digits", "alhpa": 0}, "grid": {"seed": [0]}})", "alhpa"},
                    Wrong{"emptyGrid", R"({"base": {"data": "digits"}, "grid": {}})", "empty"},
                    Wrong{"emptyList", R"({"base": {"data": "digits"}, "grid": {"alpha": []}})", "grid.alpha is an empty list"},
                    Wrong{"noList", R"({"base": {"data": "digits"}, "grid": {"alpha": 0.5}})", "grid.alpha must be a list"},
                    Wrong{"twice", R"({"base": {"data": "digits"}, "grid": {"alpha": [0.5, 0, 0.0]}})", "grid.alpha has the value 0.0 twice"},
                    Wrong{"wrongType", R"({"base": {"data": "digits"}, "grid": {"alpha": [0, "high"]}})", "'alpha' must be a number"},
                    Wrong{"nothing", R"({"base": {"data": "digits"}, "grid": {"alpha": [null]}})", "'alpha' must be a number"},
                    Wrong{"seedBelowZero", R"({"base": {"data": "digits"}, "grid": {"seed": [-1]}})", "'seed' must be a whole number >= 0"},
                    Wrong{"noData", R"({"base": {}, "grid": {"seed": [0]}})", "names no data"},
                    Wrong{"nameNoText", R"({"name": 3, "base": {"data": "digits"}, "grid": {"seed": [0]}})", "'name' must be a text"},
                    Wrong{"newer", R"({"format_version": 99, "base": {"data": "digits"}, "grid": {"seed": [0]}})", "newer Sharpscape"},
                    Wrong{"versionWord", R"({"format_version": "1", "base": {"data": "digits"}, "grid": {"seed": [0]}})", "format_version"}),
    [](const auto& wrong) { return wrong.param.name; });

TEST(SweepSpec, aCombinationThatIsNotPossibleIsNamed) {
  const SweepSpec spec = parsed(R"({"base": {"data": "digits", "sharpness": "penalty"}, "grid": {"alpha": [0.5, 2], "seed": [0, 1]}})");
  const std::string message = messageOf<std::invalid_argument>([&] { plannedRuns(spec, nullptr); });
  EXPECT_NE(message.find("alpha 2"), std::string::npos) << message;
  EXPECT_NE(message.find("seed 0"), std::string::npos) << message;
  EXPECT_NE(message.find("--alpha must be in [0, 1]"), std::string::npos) << message;
}

TEST(SweepSpec, tenThousandRunsAreTheMost) {
  json seeds = json::array(), rates = json::array();
  for (int i = 0; i < 100; ++i) seeds.push_back(i), rates.push_back(0.01 * (i + 1));
  json sweep{{"base", {{"data", "digits"}}}, {"grid", {{"seed", seeds}, {"learning_rate", rates}}}};
  EXPECT_EQ(plannedRuns(parsed(sweep.dump().c_str()), nullptr).size(), 10'000u);
  sweep["grid"]["seed"].push_back(100);
  const std::string message = messageOf<std::invalid_argument>([&] { parsed(sweep.dump().c_str()); });
  EXPECT_NE(message.find("more than 10000 runs"), std::string::npos) << message;
}

TEST(SweepSpec, whatTheMachineWouldChooseIsWrittenDown) {
  const SweepSpec spec = parsed(R"({"base": {"data": "digits"}, "grid": {"seed": [0]}})");
  EXPECT_EQ(onMachine(spec, "", 0).base.at("device"), chooseDevice(""));
  EXPECT_EQ(onMachine(spec, "", 0).base.at("threads"), 1);
  EXPECT_EQ(onMachine(spec, "cpu", 3).base.at("threads"), 3);
  const SweepSpec own = parsed(R"({"base": {"data": "digits", "device": "cpu", "threads": 2}, "grid": {"seed": [0]}})");
  EXPECT_EQ(toJson(onMachine(own, "", 0)), toJson(own));
  const SweepSpec overThreads = parsed(R"({"base": {"data": "digits"}, "grid": {"threads": [1, 2]}})");
  EXPECT_FALSE(onMachine(overThreads, "", 0).base.contains("threads"));
  EXPECT_THROW(onMachine(overThreads, "", 2), std::invalid_argument);
}

TEST(SweepSpec, itsJsonReadsBackAndADifferenceIsNamed) {
  const SweepSpec spec = parsed(R"({"name": "mine", "base": {"data": "digits"}, "grid": {"alpha": [0, 0.2], "seed": [0]}})");
  SweepSpec other = toSweepSpec(json(toJson(spec)), "spec.json");
  EXPECT_EQ(difference(spec, other), "");
  other.grid["alpha"] = {0.0, 0.2};
  EXPECT_EQ(difference(spec, other), "") << "0 and 0.0 are the same number";
  other.grid["alpha"] = {0, 0.4};
  EXPECT_EQ(difference(spec, other), "grid.alpha was [0,0.2] and is [0,0.4]");
  other.base["epochs"] = 3;
  EXPECT_EQ(difference(spec, other), "base.epochs was not given and is 3");
  other = spec;
  other.name = "yours";
  EXPECT_EQ(difference(spec, other), "name was 'mine' and is 'yours'");
}

TEST(SweepSpec, theExampleIsRight) {
  const std::string path = SHARPSCAPE_SOURCE "/resources/examples/sweep-alpha.json";
  const std::vector<PlannedRun> runs = plannedRuns(toSweepSpec(readJson(path), path), nullptr);
  EXPECT_EQ(runs.size(), 30u);
  for (const PlannedRun& run : runs) {
    EXPECT_EQ(run.spec.curvatureEvery, run.spec.epochs) << "curvature at the end";
    EXPECT_EQ(run.spec.labelNoise, 0.2);
    EXPECT_EQ(run.spec.validation, 0.2);
  }
}

TEST(Examples, trackTheQuantityWhoseEdgeIsKnown) {
  const std::map<std::string, std::string> expected = {{"gd", "lambda-max"}, {"momentum", "lambda-max"}, {"nesterov", "lambda-max"}, {"sam", "lambda-max"},
                                                       {"penalty", "lambda-max"}, {"adam", "preconditioned-lambda-max"}, {"sgd", "batch-sharpness"}};
  for (const auto& [name, measure] : expected) {
    const std::string path = std::string(SHARPSCAPE_SOURCE "/resources/examples/edge-") + name + ".json";
    const RunSpec spec = resolve(toRunSpec(readJson(path), path), nullptr);
    EXPECT_EQ(stabilityEdge(spec, spec.dataLimit.value_or(1442), *spec.curvatureSamples).measure, measure) << name;
    EXPECT_TRUE(tracks(*spec.curvatureMeasures, measure)) << name;
    EXPECT_EQ(spec.dataLimit.value_or(1442), *spec.curvatureSamples) << "of all items";
  }
}

}  // namespace
}  // namespace trainer
