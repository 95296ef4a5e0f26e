// SPDX-License-Identifier: GPL-3.0-or-later
// A grid of runs from the outside: what it prints and writes, and what a kill costs.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "program.h"

using test::expectOneSentence;
using test::run;
using test::Running;
using test::TemporaryFolder;
using test::waitFor;

namespace {

using nlohmann::json;

std::string write(const std::string& path, const json& spec) {
  std::ofstream(path) << spec.dump();
  return path;
}

std::string bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

json smallSweep() {
  return {{"base", {{"data", "digits"}, {"model", "mlp:64-8-10"}, {"epochs", 1}, {"sharpness", "penalty"}, {"device", "cpu"}}},
          {"grid", {{"alpha", {0, 0.5}}, {"seed", {0, 1}}}}};
}

}  // namespace

TEST(Sweep, printsOneObjectWithRunsSettingsAndNoBestWithoutValidation) {
  TemporaryFolder folder;
  const std::string spec = write(folder / "spec.json", smallSweep());
  const auto outcome = run({"sweep", spec, "--out", folder / "sweep", "--json", "--quiet"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const json j = outcome.json();
  ASSERT_EQ(j["runs"].size(), 4u);
  ASSERT_EQ(j["settings"].size(), 2u);
  EXPECT_EQ(j["runs"][1]["name"], "alpha0_seed1");
  EXPECT_EQ(j["runs"][1]["status"], "completed");
  const double a = j["runs"][0]["test_accuracy"], b = j["runs"][1]["test_accuracy"];
  const json& accuracy = j["settings"][0]["test_accuracy"];
  EXPECT_DOUBLE_EQ(accuracy["mean"], (a + b) / 2);
  EXPECT_NEAR(accuracy["deviation"].get<double>(), std::abs(a - b) / std::sqrt(2.0), 1e-15) << "of two values, but for rounding";
  EXPECT_EQ(accuracy["n"], 2);
  EXPECT_TRUE(j["best"].is_null());
  EXPECT_NE(j["note"].get<std::string>().find("no validation set"), std::string::npos);
  EXPECT_EQ(json::parse(bytes(folder / "sweep/table.json")), j);
  EXPECT_EQ(run({"info", folder / "sweep/runs/alpha0.5_seed0"}).exitCode, 0);
}

TEST(Sweep, theTableIsAlignedAndTheSameCommandHasNothingLeftToDo) {
  TemporaryFolder folder;
  const std::string spec = write(folder / "spec.json", smallSweep());
  const auto outcome = run({"sweep", spec, "--out", folder / "sweep"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  const std::string& text = outcome.out;
  const std::size_t width = text.find('\n');
  EXPECT_NE(text.substr(0, width).find("alpha  n  diverged"), std::string::npos) << text;
  EXPECT_EQ(text.find('\n', width + 1), 2 * width + 1) << text;
  EXPECT_NE(outcome.err.find("4 runs, "), std::string::npos) << outcome.err;
  const auto again = run({"sweep", spec, "--out", folder / "sweep"});
  EXPECT_EQ(again.exitCode, 0);
  EXPECT_EQ(again.out, text) << "seconds too: nothing was trained again";
  EXPECT_NE(again.err.find("4 done before"), std::string::npos) << again.err;
}

TEST(Sweep, wrongSpecsAreOneSentenceAndLeaveNothing) {
  TemporaryFolder folder;
  json spec = smallSweep();
  spec["grid"]["alpha"] = {0.5, 2};
  auto outcome = run({"sweep", write(folder / "spec.json", spec), "--out", folder / "sweep"});
  expectOneSentence(outcome, 2);
  EXPECT_NE(outcome.err.find("alpha 2"), std::string::npos) << outcome.err;
  spec["grid"] = {{"alhpa", {1}}};
  outcome = run({"sweep", write(folder / "spec.json", spec), "--out", folder / "sweep"});
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("alhpa"), std::string::npos) << outcome.err;
  expectOneSentence(run({"sweep", folder / "nowhere.json", "--out", folder / "sweep"}), 1);
  expectOneSentence(run({"sweep", write(folder / "spec.json", smallSweep()), "--out", folder / "sweep", "--jobs", "0"}), 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "sweep"));
}

TEST(Sweep, anotherSpecOnTheSameFolderIsRefused) {
  TemporaryFolder folder;
  const std::string spec = write(folder / "spec.json", smallSweep());
  ASSERT_EQ(run({"sweep", spec, "--out", folder / "sweep"}).exitCode, 0);
  const auto outcome = run({"sweep", spec, "--threads", "2", "--out", folder / "sweep"});
  expectOneSentence(outcome, 2);
  EXPECT_NE(outcome.err.find("base.threads was 1 and is 2"), std::string::npos) << outcome.err;
}

TEST(Sweep, aDivergedRunIsARowAndAFailedOneAnExitCode) {
  TemporaryFolder folder;
  json spec = smallSweep();
  spec["base"]["model"] = "cnn";
  spec["grid"] = {{"learning_rate", {0.05, 1e6}}};
  auto outcome = run({"sweep", write(folder / "spec.json", spec), "--out", folder / "sweep", "--json"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["settings"][1]["diverged"], 1);
  EXPECT_NE(outcome.err.find("learning-rate1000000 diverged: "), std::string::npos) << outcome.err;
  std::ofstream(folder / "sweep/runs/learning-rate0.05/summary.json") << "damaged";
  outcome = run({"sweep", write(folder / "spec.json", spec), "--out", folder / "sweep", "--json"});
  expectOneSentence(outcome, 1);
  EXPECT_EQ(outcome.json()["runs"][0]["status"], "failed");
  EXPECT_EQ(outcome.json()["runs"][1]["status"], "diverged");
}

TEST(Sweep, aStopKeepsWhatIsDone) {
  TemporaryFolder folder;
  json spec = smallSweep();
  spec["base"]["epochs"] = 100000;
  Running program({"sweep", write(folder / "spec.json", spec), "--out", folder / "sweep", "--jobs", "1", "--json"});
  ASSERT_TRUE(waitFor(folder / "sweep/runs/alpha0_seed0/checkpoints/step_00000000.safetensors", program));
  program.signal(SIGINT);
  const auto outcome = program.wait();
  EXPECT_EQ(outcome.exitCode, 130) << outcome.err;
  const json j = outcome.json();
  EXPECT_EQ(j["runs"][0]["status"], "stopped");
  EXPECT_EQ(j["runs"][3]["status"], "waiting");
  EXPECT_EQ(j["settings"][0]["open"], 2);
}

TEST(Sweep, aKilledSweepLosesNothing) {
  TemporaryFolder folder;
  json sweep = smallSweep();
  sweep["base"]["epochs"] = 20;
  const std::string spec = write(folder / "spec.json", sweep);
  Running program({"sweep", spec, "--out", folder / "killed", "--jobs", "2"});
  ASSERT_TRUE(waitFor(folder / "killed/runs/alpha0.5_seed0/checkpoints/step_00000000.safetensors", program));
  program.signal(SIGKILL);
  program.wait();
  const std::string finished = bytes(folder / "killed/runs/alpha0_seed0/summary.json");
  const auto killed = run({"sweep", spec, "--out", folder / "killed", "--json"});
  EXPECT_EQ(killed.exitCode, 0) << killed.err;
  if (!finished.empty()) {
    EXPECT_EQ(bytes(folder / "killed/runs/alpha0_seed0/summary.json"), finished);
  }
  const auto whole = run({"sweep", spec, "--out", folder / "whole", "--jobs", "1", "--json"});
  const json resumed = killed.json(), uninterrupted = whole.json();
  for (std::size_t i = 0; i < 4; ++i) {
    const json &a = resumed["runs"][i], &b = uninterrupted["runs"][i];
    EXPECT_EQ(a["status"], "completed") << i;
    for (const char* value : {"name", "train_loss", "test_accuracy", "parameter_norm"}) EXPECT_EQ(a[value], b[value]) << i << ' ' << value;
  }
}
