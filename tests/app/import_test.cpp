// SPDX-License-Identifier: GPL-3.0-or-later
// Weights from outside become a run that every verb takes.
#include <gtest/gtest.h>

#include "program.h"

using test::run;
using test::TemporaryFolder;

TEST(Import, weightsBecomeARunThatVerbsTake) {
  TemporaryFolder folder;
  const auto trained = run({"train", "--data", "digits", "--model", "mlp:64-16-10", "--epochs", "2", "--out", folder / "run", "--json"});
  ASSERT_EQ(trained.exitCode, 0) << trained.err;
  const std::string weights = folder / "run/checkpoints/step_00000046.safetensors";
  const auto imported = run({"import", weights, "--model", "mlp:64-16-10", "--data", "digits", "--out", folder / "imported", "--json"});
  ASSERT_EQ(imported.exitCode, 0) << imported.err;
  EXPECT_EQ(imported.json()["status"], "completed");
  EXPECT_EQ(imported.json()["steps"], 0);
  for (const char* key : {"train_loss", "train_accuracy", "test_loss", "test_accuracy", "gradient_norm", "parameters"})
    EXPECT_EQ(imported.json()[key], trained.json()[key]) << key;

  const auto spectrum = run({"spectrum", folder / "imported", "--samples", "200", "--json"});
  ASSERT_EQ(spectrum.exitCode, 0) << spectrum.err;
  EXPECT_EQ(spectrum.json()["step"], 0);
  EXPECT_EQ(run({"slice", folder / "imported", "--size", "3", "--samples", "100", "--json"}).exitCode, 0);
  EXPECT_EQ(run({"info", folder / "imported", "--json"}).json()["summary"]["test_loss"], trained.json()["test_loss"]);

  const auto wrong = run({"import", weights, "--model", "mlp:64-17-10", "--data", "digits", "--out", folder / "wrong"});
  test::expectOneSentence(wrong, 1);
  EXPECT_NE(wrong.err.find("fc1.weight is [16, 64], expected [17, 64]"), std::string::npos) << wrong.err;
  test::expectOneSentence(run({"import", weights, "--model", "alexnet", "--data", "digits", "--out", folder / "wrong"}), 2);
  test::expectOneSentence(run({"import", weights, "--model", "mlp:64-16-10", "--out", folder / "wrong"}), 2);
  test::expectOneSentence(run({"import", weights, "--model", "mlp:64-16-10", "--data", "digits", "--out", folder / "run"}), 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "wrong"));
}
