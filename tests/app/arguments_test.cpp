// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>

#include "program.h"

using test::expectOneSentence;
using test::run;
using test::TemporaryFolder;

TEST(Help, everyCommandHasAnExample) {
  for (const char* command : {"demo", "train", "adjust", "sweep", "spectrum", "slice", "surface", "export", "info", "fetch", "bench"}) {
    const auto outcome = run({command, "--help"});
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_NE(outcome.out.find(std::string("Example: sharpscape ") + command), std::string::npos) << outcome.out;
  }
}

TEST(Version, namesLibTorchCudaAndWindow) {
  const auto outcome = run({"--version"});
  EXPECT_EQ(outcome.exitCode, 0);
  for (const char* word : {"sharpscape ", "LibTorch 2.", "CUDA", "window: no"}) EXPECT_NE(outcome.out.find(word), std::string::npos) << outcome.out;
}

TEST(WithoutWords, aProgramWithoutWindowSaysSo) { expectOneSentence(run({}), 2); }

struct WrongUsage {
  const char* name;
  std::vector<std::string> words;
  const char* mentions;  ///< what the sentence must name
};

class WrongUsageTest : public testing::TestWithParam<WrongUsage> {};

TEST_P(WrongUsageTest, isOneSentenceAndExitCode2) {
  TemporaryFolder folder;
  auto words = GetParam().words;
  if (words.front() == "train") words.insert(words.end(), {"--out", folder / "run"});
  const auto outcome = run(words);
  expectOneSentence(outcome, 2);
  EXPECT_NE(outcome.err.find(GetParam().mentions), std::string::npos) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "run")) << "a refused run must leave nothing behind";
}

const WrongUsage kWrongUsages[] = {
    {"unknownCommand", {"fly"}, "fly"},
    {"unknownFlag", {"train", "--data", "digits", "--speed", "9"}, "--speed"},
    {"noData", {"train"}, "--data"},
    {"unknownSet", {"fetch", "imagenet", "data"}, "imagenet"},
    {"noFolder", {"fetch", "mnist"}, "DIR"},
    {"baseUrlNotHttp", {"fetch", "mnist", "data", "--base-url", "/media/data"}, "/media/data"},
    {"unknownData", {"train", "--data", "letters"}, "letters"},
    {"unknownOptimizer", {"train", "--data", "digits", "--optimizer", "sgdd"}, "sgdd"},
    {"unknownModel", {"train", "--data", "digits", "--model", "alexnet"}, "alexnet"},
    {"unknownSharpness", {"train", "--data", "digits", "--sharpness", "flat"}, "flat"},
    {"unknownDeviceWord", {"train", "--data", "digits", "--device", "tpu"}, "tpu"},
    {"negativeRho", {"train", "--data", "digits", "--sharpness", "sam", "--rho", "-0.1"}, "rho"},
    {"alphaAboveOne", {"train", "--data", "digits", "--sharpness", "penalty", "--alpha", "1.5"}, "alpha"},
    {"alphaBelowZero", {"train", "--data", "digits", "--sharpness", "penalty", "--alpha", "-0.5"}, "alpha"},
    {"alphaNotANumber", {"train", "--data", "digits", "--sharpness", "penalty", "--alpha", "nan"}, "alpha"},
    {"learningRateZero", {"train", "--data", "digits", "--learning-rate", "0"}, "learning-rate"},
    {"momentumOne", {"train", "--data", "digits", "--momentum", "1"}, "momentum"},
    {"clipZero", {"train", "--data", "digits", "--clip-norm", "0"}, "clip-norm"},
    {"batchZero", {"train", "--data", "digits", "--batch-size", "0"}, "batch-size"},
    {"epochsWord", {"train", "--data", "digits", "--epochs", "many"}, "epochs"},
    {"widthsDoNotFitInput", {"train", "--data", "digits", "--model", "mlp:63-10"}, "64"},
    {"widthsDoNotFitClasses", {"train", "--data", "digits", "--model", "mlp:64-9"}, "10"},
    {"lenetOnSmallImages", {"train", "--data", "digits", "--model", "lenet"}, "cnn"},
    {"evenSize", {"surface", "nowhere", "--size", "32"}, "odd"},
    {"toleranceAndExact", {"surface", "nowhere", "--exact", "--tolerance", "0.01"}, "--exact and --tolerance"},
    {"toleranceNegative", {"surface", "nowhere", "--tolerance", "-0.01"}, "--tolerance"},
    {"toleranceSize", {"surface", "nowhere", "--tolerance", "0.01", "--size", "51"}, "65 x 65"},
    {"toleranceFields", {"slice", "nowhere", "--tolerance", "0.01", "--size", "65", "--fields", "gradient-norm"}, "--fields"},
    {"sizeWord", {"surface", "nowhere", "--size", "big"}, "big"},
    {"rangeWithoutZero", {"surface", "nowhere", "--range", "1:2"}, "0"},
    {"rangeOffTheGrid", {"slice", "nowhere", "--range", "-1:2.5", "--size", "5"}, "nearest"},
    {"unknownDirection", {"surface", "nowhere", "--x", "sideways"}, "sideways"},
    {"operatorUnknown", {"spectrum", "nowhere", "--operator", "jacobian"}, "gauss-newton"},
    {"densityForm", {"spectrum", "nowhere", "--density", "20"}, "--density"},
    {"layersOfABlock", {"spectrum", "nowhere", "--layers", "--restrict", "fc1"}, "--layers"},
    {"traceMethod", {"spectrum", "nowhere", "--trace", "exact"}, "--trace"},
    {"sharpnessKind", {"sharpness", "nowhere", "--kind", "best"}, "--kind"},
    {"sharpnessRho", {"sharpness", "nowhere", "--rho", "-1"}, "--rho"},
    {"axisWord", {"slice", "nowhere", "--x", "sideways"}, "toward"},
    {"kappaDirection", {"kappa", "nowhere", "--direction", "up"}, "--direction"},
    {"curvatureMeasure", {"train", "--data", "digits", "--curvature-every", "1", "--curvature-measures", "torsion"}, "lambda-max"},
    {"benchUnknownNet", {"bench", "--nets", "alexnet"}, "lenet"},
    {"benchNetOfText", {"bench", "--nets", "gpt"}, "--nets"},
    {"benchNoTime", {"bench", "--budget", "0"}, "--budget"},
    {"benchOutEnding", {"bench", "--out", "x.svg"}, ".csv"},
    {"topNegative", {"spectrum", "nowhere", "--top", "-1"}, "top"},
    {"exportUnknownEnding", {"export", "nowhere.json", "--to", "x.docx"}, "docx"},
};

INSTANTIATE_TEST_SUITE_P(Arguments, WrongUsageTest, testing::ValuesIn(kWrongUsages), [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(Arguments, anOutFolderThatIsNotEmptyIsRefusedAndKept) {
  TemporaryFolder folder;
  std::ofstream(folder / "precious.txt") << "keep me";
  for (const char* command : {"train", "demo"}) {
    std::vector<std::string> words{command, "--out", folder.path().string()};
    if (words.front() == "train") words.insert(words.end(), {"--data", "digits"});
    expectOneSentence(run(words), 2);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Arguments, aGpuThatIsNotThereIsAnErrorThatNamesWhatIs) {
  TemporaryFolder folder;
  const auto outcome = run({"train", "--data", "digits", "--device", "cuda:77", "--out", folder / "run"});
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("cpu"), std::string::npos) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST(Arguments, aFlagThatTheMethodDoesNotUseIsNotedAndNotStored) {
  TemporaryFolder folder;
  const auto outcome = run({"train", "--data", "digits", "--model", "mlp:64-10", "--epochs", "1", "--rho", "0.3", "--out", folder / "run"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("rho"), std::string::npos) << outcome.err;
  std::ifstream file(folder / "run/spec.json");
  EXPECT_FALSE(nlohmann::json::parse(file).contains("rho"));
}
