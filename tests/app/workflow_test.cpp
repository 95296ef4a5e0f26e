// SPDX-License-Identifier: GPL-3.0-or-later
// Train, measure, export, inspect, as a user does, with small settings.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "program.h"

using test::run;
using test::TemporaryFolder;

namespace {

std::string trained(const TemporaryFolder& folder, const std::string& precision = "float") {
  const std::string path = folder / "run";
  const auto outcome = run({"train", "--data", "digits", "--model", "mlp:64-16-10", "--epochs", "3", "--precision", precision, "--out", path, "--json"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  const auto json = outcome.json();
  for (const char* key : {"run", "status", "steps", "epochs", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss",
                          "test_accuracy", "gradient_norm", "parameters", "seconds"})
    EXPECT_TRUE(json.contains(key)) << key;
  EXPECT_EQ(json["status"], "completed");
  EXPECT_EQ(json["parameters"], 64 * 16 + 16 + 16 * 10 + 10);
  EXPECT_EQ(json["steps"], 3 * 23);  // 1,442 images in batches of 64: 22 whole and one of 34
  EXPECT_TRUE(json["validation_loss"].is_null());
  return path;
}

void expectKeys(const nlohmann::json& json, std::initializer_list<const char*> keys) {
  for (const char* key : keys) EXPECT_TRUE(json.contains(key)) << key;
}

std::string firstResult(const std::string& runFolder, const std::string& verb) {
  for (const auto& entry : std::filesystem::directory_iterator(runFolder + "/analyses"))
    if (entry.path().filename().string().starts_with(verb) && entry.path().extension() == ".json") return entry.path().string();
  ADD_FAILURE() << "no " << verb << " in " << runFolder;
  return {};
}

}  // namespace

TEST(Workflow, trainSpectrumSliceSurfaceExportInfo) {
  TemporaryFolder folder;
  const std::string path = trained(folder);
  const auto recorded = run({"info", path, "--json"}).json()["summary"];

  const auto spectrum = run({"spectrum", path, "--top", "2", "--bottom", "1", "--json"});
  ASSERT_EQ(spectrum.exitCode, 0) << spectrum.err;
  const auto s = spectrum.json();
  expectKeys(s, {"run", "step", "samples", "parameters", "operator", "precision", "bn_policy", "loss_value", "products", "residual_products", "seconds", "top", "bottom"});
  ASSERT_EQ(s["top"].size(), 2u);
  EXPECT_GE(s["top"][0]["value"], s["top"][1]["value"]);
  EXPECT_LT(s["bottom"][0]["value"], s["top"][1]["value"]);
  EXPECT_TRUE(s["top"][0]["converged"]);
  EXPECT_LE(s["top"][0]["residual"].get<double>(), 1e-3 * s["top"][0]["value"].get<double>());
  EXPECT_NEAR(s["loss_value"].get<double>(), recorded["train_loss"].get<double>(), 1e-6);

  const auto slice = run({"slice", path, "--x", "eigen:1", "--size", "9", "--json"});
  ASSERT_EQ(slice.exitCode, 0) << slice.err;
  EXPECT_EQ(slice.json()["train"]["loss"].size(), 9u);
  EXPECT_FALSE(slice.json().contains("y"));

  const auto surface = run({"surface", path, "--size", "9x5", "--range-x", "-2:2", "--json", "--save-directions", folder / "d.safetensors"});
  ASSERT_EQ(surface.exitCode, 0) << surface.err;
  const auto g = surface.json();
  expectKeys(g, {"run", "step", "samples", "bn_policy", "precision", "evaluations", "seconds", "x", "y", "directions", "cosine", "centre", "train", "test"});
  ASSERT_EQ(g["train"]["loss"].size(), 5u);
  ASSERT_EQ(g["train"]["loss"][0].size(), 9u);
  EXPECT_EQ(g["evaluations"], 45);
  EXPECT_EQ(g["train"]["loss"][2][4], g["centre"]);
  EXPECT_NEAR(g["centre"].get<double>(), recorded["train_loss"].get<double>(), 1e-6);

  const auto again = run({"surface", path, "--size", "9x5", "--range-x", "-2:2", "--json", "--directions", folder / "d.safetensors"});
  ASSERT_EQ(again.exitCode, 0) << again.err;
  EXPECT_EQ(again.json()["train"]["loss"], g["train"]["loss"]);

  for (const char* ending : {"csv", "json", "vts", "png", "svg", "pdf"}) {
    const std::string file = folder / (std::string("surface.") + ending);
    const auto exported = run({"export", firstResult(path, "surface"), "--to", file});
    EXPECT_EQ(exported.exitCode, 0) << exported.err;
    EXPECT_GT(std::filesystem::file_size(file), 100u) << ending;
  }
  EXPECT_EQ(run({"info", firstResult(path, "spectrum")}).exitCode, 0);
  EXPECT_EQ(run({"info", path + "/checkpoints/step_00000069.safetensors", "--json"}).json()["tensors"].size(), 4u);
  const auto batches = run({"info", path, "--batches", "1", "--json"}).json()["batches"];
  EXPECT_EQ(batches.size(), 23u);
  EXPECT_EQ(batches[22].size(), 34u);
}

TEST(Workflow, benchSaysWhatThisMachineCosts) {
  TemporaryFolder folder;
  const std::string file = folder / "bench.json", table = folder / "bench.csv";
  const auto outcome = run({"bench", "--nets", "mlp:20-8-4,cnn", "--budget", "0.1", "--threads", "1", "--device", "cpu", "--out", file, "--json"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  const auto j = outcome.json();
  expectKeys(j, {"nets", "quality", "workloads", "machine", "threads", "precision", "seconds", "stopped", "command"});
  for (const char* net : {"mlp:20-8-4", "cnn"})
    for (const char* name : {"hessian_product_per_gradient", "gauss_newton_product_per_gradient", "sam_step_per_plain_step", "penalty_step_per_plain_step", "grid_point_per_forward",
                             "seconds_per_gradient"}) {
      ASSERT_TRUE(j["nets"][net][name].is_number()) << net << ' ' << name;
      const double value = j["nets"][net][name];
      EXPECT_TRUE(std::isfinite(value) && value > 0) << net << ' ' << name;
      EXPECT_EQ(j["quality"][net][name]["repetitions"], 3) << net << ' ' << name;
    }
  const auto info = run({"info", file});
  EXPECT_EQ(info.exitCode, 0) << info.err;
  EXPECT_NE(info.out.find("sharpscape bench --nets mlp:20-8-4,cnn --budget 0.1"), std::string::npos) << info.out;
  EXPECT_EQ(run({"export", file, "--to", table}).exitCode, 0);
  EXPECT_GT(std::filesystem::file_size(table), 500u);
}

TEST(Workflow, theSpecOfARunTrainsTheSameBytesAgain) {
  TemporaryFolder folder;
  const std::string path = trained(folder);
  const auto outcome = run({"train", path + "/spec.json", "--out", folder / "again"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  const auto bytes = [](const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string last = "/checkpoints/step_00000069.safetensors";
  ASSERT_FALSE(bytes(path + last).empty());
  EXPECT_EQ(bytes(path + last), bytes((folder / "again") + last));
  EXPECT_EQ(bytes(path + "/spec.json"), bytes(folder / "again/spec.json"));
}

TEST(Workflow, aReaderThatHasGoneCostsNoFileAndAClosedStderrNoRun) {
  TemporaryFolder folder;
  const std::string path = trained(folder);
  const auto closed = run({"info", path}, {"sh", "-c", "exec \"$0\" \"$@\" 2>&-"});
  EXPECT_EQ(closed.exitCode, 0);
  EXPECT_EQ(run({"info", folder / "nowhere"}, {"sh", "-c", "exec \"$0\" \"$@\" 2>/dev/full"}).exitCode, 1);
  const std::string figure = folder / "t.svg";
  EXPECT_EQ(run({"spectrum", path, "--samples", "64", "--out", figure}, {"sh", "-c", "\"$0\" \"$@\" | true"}).exitCode, 0);  // of true
  EXPECT_TRUE(std::filesystem::exists(figure));
}

TEST(Workflow, inDoubleResidualsAreSmall) {
  TemporaryFolder folder;
  const std::string path = trained(folder, "double");
  const auto s = run({"spectrum", path, "--precision", "double", "--samples", "256", "--json"}).json();
  EXPECT_EQ(s["precision"], "double");
  EXPECT_EQ(s["samples"], 256);
  EXPECT_LE(s["top"][0]["residual"].get<double>(), 1e-8 * s["top"][0]["value"].get<double>());
}

TEST(Workflow, demoMakesTheWholeReport) {
  TemporaryFolder folder;
  const auto outcome = run({"demo", "--epochs", "1", "--size", "5", "--out", folder / "demo", "--json"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  const auto json = outcome.json();
  ASSERT_EQ(json["runs"].size(), 3u);
  for (const auto& one : json["runs"]) {
    expectKeys(one, {"name", "train_loss", "test_loss", "test_accuracy", "lambda_max", "lambda_max_residual", "lambda_min", "surface"});
    EXPECT_EQ(one["surface"]["loss"].size(), 5u);
    EXPECT_NEAR(one["surface"]["loss"][2][2].get<double>(), one["train_loss"].get<double>(), 1e-6);
  }
  for (const char* file : {"report.html", "report.json", "table.csv", "curves.svg"}) EXPECT_TRUE(std::filesystem::exists(folder / (std::string("demo/") + file))) << file;
}

TEST(Workflow, bestIsTheHighestTestAccuracyAndAMissingStepIsRefused) {
  TemporaryFolder folder;
  const std::string path = trained(folder);
  EXPECT_EQ(run({"spectrum", path, "--step", "best", "--samples", "64"}).exitCode, 0);
  const auto missing = run({"spectrum", path, "--step", "12345"});
  test::expectOneSentence(missing, 2);
  EXPECT_NE(missing.err.find("69"), std::string::npos) << "the steps there are must be listed: " << missing.err;
  test::expectOneSentence(run({"spectrum", path, "--top", "100000"}), 2);
}
