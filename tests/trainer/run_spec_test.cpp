// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_spec.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/device.h"
#include "trainer/run/example_runs.h"

namespace trainer {
namespace {

RunSpec digits() {
  RunSpec spec;
  spec.data = "digits";
  return spec;
}

/// Every field away from its default.
RunSpec everything() {
  RunSpec s;
  s.data = "idx:/some/folder";
  s.dataLimit = 1000;
  s.validation = 0.1;
  s.labelNoise = 0.2;
  s.augment = "standard";
  s.model = "mlp:15-7-3";
  s.activation = "gelu";
  s.dropout = 0.25;
  s.labelSmoothing = 0.05;
  s.learningRate = 0.1 + 0.2;  // has no short decimal form
  s.momentum = 0.8;
  s.nesterov = true;
  s.weightDecay = 1e-4;
  s.sharpness = "penalty";
  s.rho = 0.3;
  s.alpha = 0.7;
  s.perturbation = "adaptive";
  s.perturbOnly = "weight";
  s.perturbEvery = 2;
  s.perturbationGroup = 8;
  s.referenceTerm = "unit";
  s.penaltyProduct = "difference";
  s.asamEta = 0.02;
  s.penaltyWarmup = "lambda";
  s.penaltyWarmupSteps = 50;
  s.schedule = "constant";
  s.warmupSteps = 7;
  s.clipNorm = 5;
  s.batchSize = 17;
  s.epochs = 3;
  s.checkpointEvery = 2;
  s.ema = 0.99;
  s.swaFrom = 2;
  s.curvatureEvery = 1;
  s.curvatureSamples = 100;
  s.curvatureProducts = 10;
  s.curvatureMeasures = "batch-sharpness,gradient-share";
  s.curvatureTop = 3;
  s.curvatureShare = 0.5;
  s.seed = std::numeric_limits<std::uint64_t>::max();
  s.device = "cpu";
  s.threads = 1;
  s.precision = "double";
  s.normalisation = Normalisation{.scale = 255, .mean = {0.1 / 3}, .deviation = {1.0 / 3}};
  s.dataHash = "0123abcd";
  return s;
}

TEST(RunSpec, defaultsComeFromTheData) {
  const RunSpec small = resolve(digits(), nullptr);
  EXPECT_EQ(small.model, "cnn");
  EXPECT_EQ(small.batchSize, 64);
  EXPECT_EQ(small.epochs, 40);
  EXPECT_EQ(small.checkpointEvery, 4);
  RunSpec idx;
  idx.data = "idx:/x";
  idx = resolve(idx, nullptr);
  EXPECT_EQ(idx.model, "");  // chosen when the data is read
  EXPECT_EQ(idx.batchSize, 128);
  EXPECT_EQ(idx.epochs, 10);
  EXPECT_EQ(idx.checkpointEvery, 1);
}

TEST(RunSpec, resolvingTwiceChangesNothing) {
  for (const RunSpec& spec : {digits(), everything(), exampleRuns(3)[2]}) {
    const RunSpec once = resolve(spec, nullptr);
    EXPECT_EQ(resolve(once, nullptr), once);
  }
}

TEST(RunSpec, methodsHaveTheirOwnDefaults) {
  RunSpec spec = digits();
  spec.sharpness = "sam";
  EXPECT_EQ(resolve(spec, nullptr).rho, 0.05);
  EXPECT_FALSE(resolve(spec, nullptr).alpha);
  spec.sharpness = "penalty";
  EXPECT_EQ(resolve(spec, nullptr).rho, 0.1);
  EXPECT_EQ(resolve(spec, nullptr).alpha, 0.8);
  EXPECT_EQ(resolve(spec, nullptr).referenceTerm, "gradient");
}

TEST(RunSpec, unusedFlagsAreNotedAndNotStored) {
  RunSpec spec = digits();
  spec.rho = 0.1;
  spec.alpha = 0.5;
  spec.referenceTerm = "unit";
  std::vector<std::string> notes;
  const RunSpec resolved = resolve(spec, &notes);
  EXPECT_FALSE(resolved.rho || resolved.alpha || resolved.referenceTerm);
  ASSERT_EQ(notes.size(), 3U);
  EXPECT_EQ(notes[0], "--rho is not used by sharpness none and is not stored");
  spec.sharpness = "sam";
  notes.clear();
  EXPECT_EQ(resolve(spec, &notes).rho, 0.1);
  EXPECT_EQ(notes.size(), 2U);
}

TEST(RunSpec, everyRangeErrorNamesFlagAndValue) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  struct Case {
    const char* flag;
    const char* value;
    std::function<void(RunSpec&)> spoil;
  };
  const std::vector<Case> cases = {
      {"--data", "missing", [](RunSpec& s) { s.data = ""; }},
      {"--data", "spiral", [](RunSpec& s) { s.data = "spiral"; }},
      {"--data", "cifar10:", [](RunSpec& s) { s.data = "cifar10:"; }},
      {"--model", "resnet21", [](RunSpec& s) { s.model = "resnet21"; }},
      {"--augment", "heavy", [](RunSpec& s) { s.augment = "heavy"; }},
      {"--data-limit", "0", [](RunSpec& s) { s.dataLimit = 0; }},
      {"--validation", "1", [](RunSpec& s) { s.validation = 1; }},
      {"--label-noise", "1.5", [](RunSpec& s) { s.labelNoise = 1.5; }},
      {"--dropout", "1", [](RunSpec& s) { s.model = "mlp:64-10"; s.dropout = 1; }},
      {"--label-smoothing", "1", [](RunSpec& s) { s.labelSmoothing = 1; }},
      {"--std", "0", [](RunSpec& s) { s.mean = {0}; s.deviation = {0}; }},
      {"--mean", "2", [](RunSpec& s) { s.mean = {0, 0}; s.deviation = {1}; }},
      {"--activation", "sine", [](RunSpec& s) { s.activation = "sine"; }},
      {"--loss", "hinge", [](RunSpec& s) { s.loss = "hinge"; }},
      {"--optimizer", "rmsprop", [](RunSpec& s) { s.optimizer = "rmsprop"; }},
      {"--beta1", "1", [](RunSpec& s) { s.optimizer = "adam"; s.beta1 = 1; }},
      {"--beta2", "-1", [](RunSpec& s) { s.optimizer = "lion"; s.beta2 = -1; }},
      {"--weight-decay-mode", "both", [](RunSpec& s) { s.weightDecayMode = "both"; }},
      {"--sharpness", "lookahead", [](RunSpec& s) { s.sharpness = "lookahead"; }},
      {"--perturbation", "up", [](RunSpec& s) { s.perturbation = "up"; }},
      {"--perturb-only", "head", [](RunSpec& s) { s.perturbOnly = "head"; }},
      {"--perturb-every", "0", [](RunSpec& s) { s.perturbEvery = 0; }},
      {"--perturbation-group", "-4", [](RunSpec& s) { s.perturbationGroup = -4; }},
      {"--penalty-product", "none", [](RunSpec& s) { s.penaltyProduct = "none"; }},
      {"--penalty-warmup", "slow", [](RunSpec& s) { s.penaltyWarmup = "slow"; }},
      {"--penalty-warmup", "lambda", [](RunSpec& s) { s.sharpness = "sam"; s.penaltyWarmup = "lambda"; s.penaltyWarmupSteps = 1; }},
      {"--penalty-warmup-steps", "zero", [](RunSpec& s) { s.sharpness = "sam"; s.penaltyWarmup = "zero"; }},
      {"--asam-eta", "-0.5", [](RunSpec& s) { s.asamEta = -0.5; }},
      {"--friendly-lambda", "1", [](RunSpec& s) { s.sharpness = "friendly-sam"; s.friendlyLambda = 1; }},
      {"--schedule", "exponential", [](RunSpec& s) { s.schedule = "exponential"; }},
      {"--warmup-steps", "-1", [](RunSpec& s) { s.warmupSteps = -1; }},
      {"--ema", "1", [](RunSpec& s) { s.ema = 1; }},
      {"--swa-from", "0", [](RunSpec& s) { s.swaFrom = 0; }},
      {"--curvature-every", "0", [](RunSpec& s) { s.curvatureEvery = 0; }},
      {"--curvature-measures", "sharpness", [](RunSpec& s) { s.curvatureEvery = 1, s.curvatureMeasures = "lambda-max,sharpness"; }},
      {"--curvature-measures", "twice", [](RunSpec& s) { s.curvatureEvery = 1, s.curvatureMeasures = "trace,trace"; }},
      {"--curvature-measures", "''", [](RunSpec& s) { s.curvatureEvery = 1, s.curvatureMeasures = ""; }},
      {"--curvature-measures", "19", [](RunSpec& s) { s.curvatureEvery = 1, s.curvatureMeasures = "trace", s.curvatureProducts = 19; }},
      {"--curvature-measures", "sgd", [](RunSpec& s) { s.curvatureEvery = 1, s.curvatureMeasures = "preconditioned-lambda-max"; }},
      {"--curvature-top", "0", [](RunSpec& s) { s.curvatureTop = 0; }},
      {"--curvature-top", "11", [](RunSpec& s) { s.curvatureEvery = 1, s.curvatureMeasures = "gradient-share", s.curvatureTop = 10, s.curvatureProducts = 11; }},
      {"--curvature-share", "1", [](RunSpec& s) { s.curvatureShare = 1; }},
      {"--curvature-share", "0", [](RunSpec& s) { s.curvatureShare = 0; }},
      {"--precision", "half", [](RunSpec& s) { s.precision = "half"; }},
      {"--reference-term", "both", [](RunSpec& s) { s.referenceTerm = "both"; }},
      {"--learning-rate", "0", [](RunSpec& s) { s.learningRate = 0; }},
      {"--learning-rate", "inf", [=](RunSpec& s) { s.learningRate = infinity; }},
      {"--learning-rate", "nan", [=](RunSpec& s) { s.learningRate = nan; }},
      {"--momentum", "1", [](RunSpec& s) { s.momentum = 1; }},
      {"--momentum", "-0.1", [](RunSpec& s) { s.momentum = -0.1; }},
      {"--weight-decay", "-1", [](RunSpec& s) { s.weightDecay = -1; }},
      {"--rho", "-0.1", [](RunSpec& s) { s.rho = -0.1; }},
      {"--rho", "inf", [=](RunSpec& s) { s.rho = infinity; }},
      {"--rho", "nan", [=](RunSpec& s) { s.rho = nan; }},
      {"--alpha", "1.1", [](RunSpec& s) { s.sharpness = "penalty"; s.alpha = 1.1; }},
      {"--alpha", "-0.1", [](RunSpec& s) { s.alpha = -0.1; }},
      {"--clip-norm", "0", [](RunSpec& s) { s.clipNorm = 0; }},
      {"--nesterov", "0", [](RunSpec& s) { s.nesterov = true; s.momentum = 0; }},
      {"--batch-size", "-2", [](RunSpec& s) { s.batchSize = -2; }},
      {"--epochs", "-2", [](RunSpec& s) { s.epochs = -2; }},
      {"--checkpoint-every", "-3", [](RunSpec& s) { s.checkpointEvery = -3; }},
      {"--threads", "-1", [](RunSpec& s) { s.threads = -1; }},
  };
  for (const Case& c : cases) {
    RunSpec spec = digits();
    c.spoil(spec);
    const std::string message = messageOf<std::invalid_argument>([&] { resolve(spec, nullptr); });
    EXPECT_NE(message.find(c.flag), std::string::npos) << c.flag << ": " << message;
    EXPECT_NE(message.find(c.value), std::string::npos) << c.flag << ": " << message;
  }
}

TEST(RunSpec, unknownNamesComeWithTheKnownOnes) {
  RunSpec spec = digits();
  spec.optimizer = "rmsprop";
  EXPECT_EQ(messageOf<std::invalid_argument>([&] { resolve(spec, nullptr); }),
            "unknown --optimizer 'rmsprop'; this version has: sgd, adam, adamw, lion, muon");
  spec = digits();
  spec.rho = -0.1;
  EXPECT_EQ(messageOf<std::invalid_argument>([&] { resolve(spec, nullptr); }), "--rho must be a number >= 0, at most 1e30, got -0.1");
  spec.rho = 1e39;
  EXPECT_EQ(messageOf<std::invalid_argument>([&] { resolve(spec, nullptr); }), "--rho must be a number >= 0, at most 1e30, got 1e+39");
}

TEST(RunSpec, jsonComesBackAsItWas) {
  for (const RunSpec& spec : {digits(), everything(), resolve(exampleRuns(1)[1], nullptr)}) {
    const std::string text = toJson(spec).dump();
    EXPECT_EQ(toRunSpec(nlohmann::json::parse(text), "spec.json"), spec) << text;
  }
}

TEST(RunSpec, jsonHasTheContractsKeys) {
  const auto json = toJson(everything());
  EXPECT_EQ(json["format_version"], 2);
  EXPECT_EQ(json["learning_rate"], 0.1 + 0.2);
  EXPECT_EQ(json["normalisation"]["std"][0], 1.0 / 3);
  for (const char* key : {"program_version", "torch_version", "reference_term", "clip_norm", "checkpoint_every"}) EXPECT_TRUE(json.contains(key)) << key;
}

TEST(RunSpec, aSpecByHandNeedsDataAlone) {
  EXPECT_EQ(toRunSpec({{"data", "digits"}}, "x"), digits());
  EXPECT_THROW(toRunSpec(nlohmann::json::object(), "x"), DataError);
}

TEST(RunSpec, damagedJsonIsRefusedWithKeyAndFile) {
  const auto messageFor = [](const char* text) {
    return messageOf<DataError>([&] { toRunSpec(nlohmann::json::parse(text), "my.json"); });
  };
  EXPECT_EQ(messageFor(R"({"data":"digits","rhoo":1})"), "'my.json' has the unknown key 'rhoo'");
  EXPECT_NE(messageFor(R"({"data":"digits","format_version":3})").find("newer Sharpscape"), std::string::npos);
  for (const char* text : {R"([])", R"(3)", R"({"data":5})", R"({"data":"digits","rho":"big"})", R"({"data":"digits","rho":null})",
                           R"({"data":"digits","epochs":1.5})", R"({"data":"digits","epochs":0})", R"({"data":"digits","batch_size":0})",
                           R"({"data":"digits","batch_size":"some"})", R"({"data":"digits","threads":-1})", R"({"data":"digits","mean":["a"]})", R"({"data":"digits","epochs":18446744073709551615})",
                           R"({"data":"digits","seed":-1})", R"({"data":"digits","nesterov":1})", R"({"data":"digits","format_version":0})",
                           R"({"data":"digits","format_version":"1"})", R"({"data":"digits","normalisation":{"scale":0,"mean":[0],"std":[1]}})",
                           R"({"data":"digits","normalisation":{"scale":1,"mean":[0,0],"std":[1]}})",
                           R"({"data":"digits","normalisation":{"scale":1,"mean":[0],"std":[0]}})",
                           R"({"data":"digits","normalisation":{"scale":1,"mean":["0"],"std":[1]}})", R"({"data":"digits","normalisation":[]})"})
    EXPECT_NE(messageFor(text).find("my.json"), std::string::npos) << text << ": " << messageFor(text);
}

TEST(RunSpec, theCommandHoldsWhatDiffersFromTheDefaults) {
  EXPECT_EQ(commandLine(resolve(digits(), nullptr)), "sharpscape train --data digits");
  EXPECT_EQ(commandLine(resolve(exampleRuns(0)[2], nullptr)), "sharpscape train --data digits --sharpness penalty --rho 0.2");
  EXPECT_EQ(commandLine(everything()),
            "sharpscape train --data idx:/some/folder --data-limit 1000 --validation 0.1 --label-noise 0.2 --augment standard --model mlp:15-7-3 "
            "--activation gelu --dropout 0.25 --label-smoothing 0.05 --learning-rate 0.30000000000000004 --momentum 0.8 --nesterov "
            "--weight-decay 0.0001 --sharpness penalty --rho 0.3 --alpha 0.7 --perturbation adaptive --perturb-only weight --perturb-every 2 "
            "--perturbation-group 8 --reference-term unit --asam-eta 0.02 --penalty-warmup lambda --penalty-warmup-steps 50 --schedule constant "
            "--warmup-steps 7 --clip-norm 5 --batch-size 17 --epochs 3 --checkpoint-every 2 --ema 0.99 --swa-from 2 --curvature-every 1 "
            "--curvature-samples 100 --curvature-products 10 --curvature-measures batch-sharpness,gradient-share --curvature-top 3 --curvature-share 0.5 --seed 18446744073709551615 --device cpu --threads 1 --precision double");
  RunSpec all = digits();
  all.batchSize = kAllItems;
  all.optimizer = "lion";
  EXPECT_EQ(commandLine(resolve(all, nullptr)), "sharpscape train --data digits --optimizer lion --batch-size all");
  RunSpec spaced = digits();
  spaced.data = "idx:/my data/it's";
  EXPECT_EQ(commandLine(spaced), R"(sharpscape train --data 'idx:/my data/it'\''s')");
}

TEST(RunSpec, namesForPeople) {
  const std::vector<RunSpec> runs = exampleRuns(0);
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(displayName(resolve(runs[0], nullptr)), "SGD");
  EXPECT_EQ(displayName(resolve(runs[1], nullptr)), "SAM rho 0.1");
  EXPECT_EQ(displayName(resolve(runs[2], nullptr)), "penalty rho 0.2 alpha 0.8");
  RunSpec exact = runs[2];
  exact.optimizer = "adamw";
  exact.penaltyProduct = "exact";
  EXPECT_EQ(displayName(resolve(exact, nullptr)), "AdamW penalty rho 0.2 alpha 0.8 exact");
}

TEST(RunSpec, oneFieldIsSetByItsKey) {
  RunSpec spec = digits();
  setField(spec, "alpha", 0.25, "x");
  setField(spec, "batch_size", "all", "x");
  setField(spec, "nesterov", true, "x");
  EXPECT_EQ(spec.alpha, 0.25);
  EXPECT_EQ(spec.batchSize, kAllItems);
  EXPECT_TRUE(spec.nesterov);
  EXPECT_EQ(messageOf<DataError>([&] { setField(spec, "alpa", 1, "my sweep"); }), "'my sweep' has the unknown key 'alpa'");
  EXPECT_THROW(setField(spec, "alpha", "big", "x"), DataError);
}

TEST(RunSpec, whatAStepCosts) {
  RunSpec spec = digits();
  const auto cost = [&] { return gradientsPerStep(resolve(spec, nullptr)); };
  EXPECT_EQ(cost(), 1);
  spec.sharpness = "sam";
  EXPECT_EQ(cost(), 2);
  spec.sharpness = "looksam";
  EXPECT_EQ(cost(), 1.2);
  spec.sharpness = "penalty";
  spec.penaltyProduct = "exact";
  EXPECT_EQ(cost(), 3);
  spec.alpha = 0;
  EXPECT_EQ(cost(), 1);
}

TEST(Device, theCpuIsAlwaysThere) {
  EXPECT_EQ(availableDevices().front(), "cpu");
  EXPECT_EQ(chooseDevice("cpu"), "cpu");
  EXPECT_NO_THROW(chooseDevice(""));
  for (const char* bad : {"gpu", "cuda:", "cuda:x", "cuda:-1"}) EXPECT_THROW(chooseDevice(bad), std::invalid_argument) << bad;
  const std::string message = messageOf<DeviceError>([] { chooseDevice("cuda:99"); });
  EXPECT_NE(message.find("this machine has: cpu"), std::string::npos) << message;
}

}  // namespace
}  // namespace trainer
