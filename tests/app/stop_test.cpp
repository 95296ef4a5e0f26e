// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C: exit code 130, and what was done is kept.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "program.h"

using test::run;
using test::Running;
using test::TemporaryFolder;
using test::waitFor;

TEST(Stop, trainingKeepsWhatWasDone) {
  TemporaryFolder folder;
  Running program({"train", "--data", "digits", "--epochs", "100000", "--checkpoint-every", "100000", "--out", folder / "run", "--json"});
  ASSERT_TRUE(waitFor(folder / "run/checkpoints/step_00000000.safetensors", program));
  program.signal(SIGINT);
  const auto outcome = program.wait();
  EXPECT_EQ(outcome.exitCode, 130) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["status"], "stopped");
  const std::int64_t steps = json["steps"];
  EXPECT_LT(steps, 100000 * 23);
  const auto measured = run({"spectrum", folder / "run", "--samples", "64", "--json"});
  EXPECT_EQ(measured.exitCode, 0) << measured.err;
  EXPECT_EQ(measured.json()["step"], steps) << "the last checkpoint is the last step";
}

TEST(Stop, aSurfaceKeepsItsPoints) {
  TemporaryFolder folder;
  ASSERT_EQ(run({"train", "--data", "digits", "--epochs", "1", "--out", folder / "run"}).exitCode, 0);
  Running program({"surface", folder / "run", "--size", "513", "--save-directions", folder / "d.safetensors"});
  ASSERT_TRUE(waitFor(folder / "d.safetensors", program));
  program.signal(SIGINT);
  const auto outcome = program.wait();
  EXPECT_EQ(outcome.exitCode, 130) << outcome.err;
  EXPECT_TRUE(std::filesystem::exists(folder / "run/analyses"));
}
