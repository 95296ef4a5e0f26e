// SPDX-License-Identifier: GPL-3.0-or-later
// A run that is killed at a named moment of a write, rename or removal and then resumed ends as one that was never stopped, byte for byte but for seconds.
// kill_campaign.py beside this file kills at every such moment and at random ones; here each kind of moment is met once.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "program.h"

using test::run;
using test::TemporaryFolder;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> trainWords(const std::string& events) {
  return {"train", "--data", "digits", "--model", "mlp:64-8-10", "--data-limit", "200", "--validation", "0.2", "--epochs", "4", "--batch-size", "40", "--optimizer", "adam",
          "--sharpness", "friendly-sam", "--ema", "0.9", "--swa-from", "2", "--curvature-every", "1", "--curvature-products", "20", "--checkpoint-every", "2",
          "--curvature-measures",
          "lambda-max,lambda-min,trace,batch-sharpness,critical-sharpness,directional-sharpness,gradient-share,eigenspace-overlap,preconditioned-lambda-max",
          "--curvature-top", "3", "--curvature-share", "0.99", "--dropout", "0.1", "--threads", "1", "--device", "cpu", "--events", events, "--quiet"};
}

std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A table without the columns whose names end in "seconds".
std::string withoutSeconds(const std::string& table) {
  std::vector<bool> timed;
  std::string kept, line;
  for (std::istringstream lines(table); std::getline(lines, line); kept += '\n') {
    const bool head = timed.empty();
    std::istringstream fields(line);
    std::string field;
    for (std::size_t i = 0; std::getline(fields, field, ','); ++i) {
      if (head) timed.push_back(field.ends_with("seconds"));
      if (i < timed.size() && !timed[i]) kept += field + ',';
    }
  }
  return kept;
}

/// Without what may differ: the columns of seconds, and in the summary the run's place.
std::string comparable(const fs::path& file) {
  std::string text = slurp(file);
  const std::string name = file.filename().string();
  if (name == "steps.csv") return std::regex_replace(text, std::regex(",[0-9.]+,([0-9]+)\n"), ",-,$1\n");
  if (name == "curvature.csv") return withoutSeconds(text);
  if (name == "summary.json") return std::regex_replace(text, std::regex("\"(run|seconds)\": [^\n]*"), "");
  return text;
}

std::map<std::string, std::string> contentsOf(const fs::path& run) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(run))
    if (entry.is_regular_file()) contents[entry.path().lexically_relative(run).string()] = comparable(entry.path());
  return contents;
}

void expectEqual(const std::map<std::string, std::string>& found, const std::map<std::string, std::string>& expected, const std::string& where) {
  for (const auto& [name, text] : expected) {
    ASSERT_TRUE(found.contains(name)) << where << ": " << name << " is missing";
    EXPECT_EQ(found.at(name) == text, true) << where << ": " << name << " differs";
  }
  for (const auto& [name, text] : found) EXPECT_TRUE(expected.contains(name)) << where << ": " << name << " is left over";
}

/// "written step_00000020.safetensors" -> "written step.safetensors": the kind of a moment.
std::string kindOf(const std::string& point) { return std::regex_replace(point, std::regex("_[0-9]{8}"), ""); }

class Resume : public ::testing::Test {
 protected:
  Resume() {
    std::ofstream(folder_ / "events.csv") << "step,name,value\n3,learning_rate,0.002\n9,rho,0.07\n";
    words_ = trainWords(folder_ / "events.csv");
  }
  std::vector<std::string> wordsFor(const std::string& out) const {
    std::vector<std::string> words = words_;
    words.insert(words.end(), {"--out", folder_ / out});
    return words;
  }
  test::Outcome resumed(const std::string& out) const { return run({"train", "--resume", folder_ / out, "--threads", "1", "--quiet"}); }

  TemporaryFolder folder_;
  std::vector<std::string> words_;
};

}  // namespace

TEST_F(Resume, killedAtEachKindOfMomentTheRunEndsWithTheSameBytes) {
  const std::string list = folder_ / "points";
  const auto whole = run(wordsFor("whole"), {"env", "SHARPSCAPE_TEST_POINTS=" + list});
  ASSERT_EQ(whole.exitCode, 0) << whole.err;
  const auto expected = contentsOf(folder_ / "whole");
  std::map<std::string, int> passed;
  std::map<std::string, std::string> chosen;  // the last of each kind: most has been written by then
  std::ifstream points(list);
  for (std::string name; std::getline(points, name);) chosen[kindOf(name)] = name + "#" + std::to_string(++passed[name]);
  ASSERT_GT(chosen.size(), 30u);
  for (const auto& [kind, point] : chosen) {
    fs::remove_all(folder_ / "killed");
    const auto killed = run(wordsFor("killed"), {"env", "SHARPSCAPE_KILL_AT=" + point});
    ASSERT_EQ(killed.exitCode, 128 + SIGKILL) << point << killed.err;
    const bool isRun = fs::exists(folder_ / "killed/spec.json");
    const auto after = isRun ? resumed("killed") : run(wordsFor("killed"));
    ASSERT_EQ(after.exitCode, 0) << point << ": " << after.err;
    expectEqual(contentsOf(folder_ / "killed"), expected, point);
  }
}

TEST_F(Resume, killedWhileItIsCutBackItStillResumes) {
  ASSERT_EQ(run(wordsFor("whole")).exitCode, 0);
  const auto expected = contentsOf(folder_ / "whole");
  const auto killed = run(wordsFor("killed"), {"env", "SHARPSCAPE_KILL_AT=appended evals_swa.csv#3"});
  ASSERT_EQ(killed.exitCode, 128 + SIGKILL) << killed.err;
  for (const char* point : {"write steps.csv#1", "half evals.csv#1", "renamed evals_ema.csv#1"}) {
    const auto again = run({"train", "--resume", folder_ / "killed", "--threads", "1", "--quiet"}, {"env", std::string("SHARPSCAPE_KILL_AT=") + point});
    EXPECT_EQ(again.exitCode, 128 + SIGKILL) << point << again.err;
  }
  ASSERT_EQ(resumed("killed").exitCode, 0);
  expectEqual(contentsOf(folder_ / "killed"), expected, "cut back");
}

TEST_F(Resume, aFinishedRunIsLeftAloneAndOtherFlagsAreRefused) {
  ASSERT_EQ(run(wordsFor("whole")).exitCode, 0);
  const std::string before = slurp(folder_ / "whole/steps.csv");
  const auto again = run({"train", "--resume", folder_ / "whole"});
  EXPECT_EQ(again.exitCode, 0);
  EXPECT_NE(again.err.find("nothing to resume"), std::string::npos) << again.err;
  EXPECT_EQ(slurp(folder_ / "whole/steps.csv"), before);
  test::expectOneSentence(run({"train", "--resume", folder_ / "whole", "--epochs", "9"}), 2);
  test::expectOneSentence(run({"train", "--resume", folder_ / "nowhere"}), 1);
}

TEST_F(Resume, aDamagedNewestCheckpointCostsOnlyItself) {
  ASSERT_EQ(run(wordsFor("whole")).exitCode, 0);
  const auto killed = run(wordsFor("killed"), {"env", "SHARPSCAPE_KILL_AT=renamed step_00000016.safetensors#1"});
  ASSERT_EQ(killed.exitCode, 128 + SIGKILL) << killed.err;
  const fs::path newest = fs::path(folder_ / "killed") / "checkpoints/step_00000008.safetensors";
  ASSERT_TRUE(fs::exists(newest));
  for (const char* step : {"step_00000016.safetensors", "step_00000016.optimizer.safetensors"}) {
    const fs::path file = fs::path(folder_ / "killed") / "checkpoints" / step;
    ASSERT_TRUE(fs::exists(file)) << step;
    fs::resize_file(file, fs::file_size(file) / 2);
  }
  const auto after = run({"train", "--resume", folder_ / "killed", "--threads", "1"});
  ASSERT_EQ(after.exitCode, 0) << after.err;
  EXPECT_NE(after.err.find("step_00000016"), std::string::npos) << after.err;
  expectEqual(contentsOf(folder_ / "killed"), contentsOf(folder_ / "whole"), "damaged");
}

TEST(Adjust, aChangeWhileAnotherProcessTrainsIsRecordedAndReplaysToTheSameBits) {
  TemporaryFolder folder;
  const std::string path = folder / "run";
  const std::vector<std::string> words = {"train", "--data", "digits", "--data-limit", "640", "--model", "mlp:64-8-10", "--sharpness", "sam",
                                          "--epochs", "600", "--threads", "1", "--device", "cpu", "--quiet", "--out", path};
  test::Running program(words);
  ASSERT_TRUE(test::waitFor(path + "/checkpoints/step_00000000.safetensors", program));
  test::expectOneSentence(run({"adjust", path}), 2);
  test::expectOneSentence(run({"adjust", path, "--alpha", "0.5"}), 2);
  test::expectOneSentence(run({"adjust", path, "--rho", "-1"}), 2);
  const auto adjusted = run({"adjust", path, "--rho", "0.3", "--learning-rate", "0.01", "--json"});
  ASSERT_EQ(adjusted.exitCode, 0) << adjusted.err;
  EXPECT_EQ(adjusted.json()["requested"]["rho"], 0.3);
  ASSERT_EQ(program.wait().exitCode, 0);
  const std::string events = slurp(path + "/events.csv");
  EXPECT_NE(events.find(",rho,0.3\n"), std::string::npos) << events;
  EXPECT_NE(events.find(",learning_rate,0.01\n"), std::string::npos) << events;
  test::expectOneSentence(run({"adjust", path, "--rho", "0.1"}), 1);  // nobody trains it any more

  const auto replayed = run({"train", path + "/spec.json", "--events", path + "/events.csv", "--quiet", "--out", folder / "again"});
  ASSERT_EQ(replayed.exitCode, 0) << replayed.err;
  const std::string last = "/checkpoints/step_00006000.safetensors";
  EXPECT_EQ(slurp(path + last) == slurp((folder / "again") + last), true);
  EXPECT_EQ(slurp(folder / "again/events.csv"), events);
}
