// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/export/export_result.h"
#include "analysis/export/provenance_of.h"
#include "analysis/export/result_figure.h"
#include "analysis/export/vtk_file.h"
#include "small_results.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

class ExportTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
  const fs::path folder = fs::temp_directory_path() / ("sharpscape_export_" + std::to_string(::getpid()) + "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST(ResultJson, hasTheKeysOfTheContract) {
  const auto s = toJson(test::smallSpectrum("runs/a"));
  for (const char* key : {"run", "step", "samples", "parameters", "operator", "precision", "bn_policy", "loss_value", "products", "residual_products", "seconds", "top", "bottom"})
    EXPECT_TRUE(s.contains(key)) << key;
  for (const char* key : {"value", "residual", "error_estimate", "converged"}) EXPECT_TRUE(s["top"][0].contains(key)) << key;
  const auto g = toJson(test::smallSurface("runs/a"));
  for (const char* key : {"run", "step", "samples", "bn_policy", "precision", "evaluations", "seconds", "x", "y", "directions", "cosine", "centre", "train", "test"})
    EXPECT_TRUE(g.contains(key)) << key;
  EXPECT_EQ(g["train"]["loss"].size(), 3u);
  EXPECT_EQ(g["train"]["loss"][0].size(), 5u);
  EXPECT_EQ(g["train"]["loss"][2][4], 1 + 0.5 + 0.25);
  const auto line = toJson(test::smallSurface("runs/a", true));
  EXPECT_FALSE(line.contains("y"));
  EXPECT_TRUE(line["train"]["loss"][0].is_number());
}

TEST(ResultJson, everyResultComesBackAsItWas) {
  for (const Result& result : {Result(test::smallSpectrum("runs/a")), Result(test::smallSurface("runs/a")), Result(test::smallSurface("runs/a", true)), Result(test::surfaceWithHoles("runs/a")),
                              Result(test::smallSharpness("runs/a")), Result(test::smallInvariance("runs/a")), Result(test::smallMatched("runs/a")), Result(test::smallKappa("runs/a")),
                               Result(test::surfaceWithExtras("runs/a")), Result(test::seedSlice("runs/a")), Result(test::smallPath("runs/a"))}) {
    const auto text = toJson(result).dump();
    const Result back = toResult(nlohmann::json::parse(text), "test");
    EXPECT_EQ(toJson(back).dump(), text);
    EXPECT_EQ(commandLine(back), commandLine(result));
  }
  const auto back = std::get<SpectrumResult>(toResult(nlohmann::json::parse(toJson(test::smallSpectrum("runs/a")).dump()), "test"));
  EXPECT_EQ(back.spec, test::smallSpectrum("runs/a").spec);
  EXPECT_EQ(back.spectrum.top, test::smallSpectrum("runs/a").spectrum.top);
}

TEST(ResultJson, sharpnessHasTheKeysOfTheContractAndNullWhereThereIsNoError) {
  const auto s = toJson(test::smallSharpness("runs/a"));
  for (const char* key : {"gradient_norm", "measures", "penalty_approximation", "objectives", "pac_bayes", "relative_flatness"}) EXPECT_TRUE(s.contains(key)) << key;
  for (const char* key : {"kind", "norm", "adaptive", "rho", "value", "standard_error", "draws", "iterations", "groups"}) EXPECT_TRUE(s["measures"][0].contains(key)) << key;
  for (const char* key : {"rho", "relative_error"}) EXPECT_TRUE(s["penalty_approximation"][0].contains(key)) << key;
  EXPECT_EQ(s["measures"][0]["bound"], "lower");
  EXPECT_TRUE(s["measures"][0]["interval_95"].is_null());
  EXPECT_TRUE(s["relative_flatness"]["standard_error"].is_null()) << "exact";
  EXPECT_EQ(s["pac_bayes"][0]["interval_95"][1], "inf");
  EXPECT_TRUE(s["own_penalty_lambda"].is_null());
  EXPECT_TRUE(toJson(test::smallInvariance("runs/a"))["outcomes"][0]["badges"][1]["invariant"]);
}

TEST(CommandLine, ofSharpnessAndWhatComparesIt) {
  EXPECT_EQ(commandLine(test::smallSharpness("runs/a")),
            "sharpscape sharpness runs/a --step 46 --kind worst average --adaptive --rho 0.25 0.5 --group 128 --relative-flatness --pac-bayes 0.1");
  EXPECT_EQ(commandLine(test::smallInvariance("runs/a")), "sharpscape invariance runs/a --step 46 --transform scale-layers --strength 4 --other 'runs/b c'");
  EXPECT_EQ(commandLine(test::smallMatched("runs/a")), "sharpscape matched runs/a runs/b --target-loss 0.01");
  EXPECT_EQ(commandLine(test::smallKappa("runs/a")), "sharpscape kappa runs/a --step 46 --direction gradient --steps 0.01 0.1");
}

TEST(ResultFigure, ofSharpnessAndWhatComparesItHasAPanelForEach) {
  EXPECT_EQ(figureOf(test::smallSharpness("runs/a")).panels.size(), 3u) << "worst, average, penalty";
  EXPECT_EQ(figureOf(test::smallInvariance("runs/a")).panels.size(), 2u);
  EXPECT_EQ(figureOf(test::smallMatched("runs/a")).panels.size(), 2u);
  EXPECT_EQ(figureOf(test::smallKappa("runs/a")).panels.size(), 1u);
}

TEST(ResultJson, weightsAndNormalisationStandThereWhereTheyDiffer) {
  SpectrumResult r = test::smallSpectrum("runs/a");
  for (const char* key : {"weights", "mean", "std"}) EXPECT_FALSE(toJson(r)["spec"].contains(key)) << key;
  r.spec.measure.weights = "swa", r.spec.measure.mean = {0.5, -0.25}, r.spec.measure.deviation = {0.125, 1};
  const auto text = toJson(r).dump();
  EXPECT_EQ(std::get<SpectrumResult>(toResult(nlohmann::json::parse(text), "test")).spec, r.spec);
  EXPECT_EQ(commandLine(r), "sharpscape spectrum runs/a --step 46 --samples all --weights swa --mean 0.5,-0.25 --std 0.125,1 --top 2 --residual 0.0001");
}

TEST(ResultJson, missingIsNullAndNotFiniteIsAWord) {
  const auto g = toJson(test::surfaceWithHoles("runs/a"));
  EXPECT_TRUE(g["train"]["loss"][0][0].is_null());
  EXPECT_EQ(g["train"]["loss"][0][4], "inf");
  EXPECT_EQ(g["train"]["loss"][2][4], "nan");
  const auto back = std::get<SurfaceResult>(toResult(nlohmann::json::parse(g.dump()), "test")).grid;
  EXPECT_EQ(back.computed[0], 0);
  EXPECT_EQ(back.computed[14], 1);
  EXPECT_TRUE(std::isinf(back.train.loss[4]));
  EXPECT_TRUE(std::isnan(back.train.loss[14]));
}

TEST(ResultJson, whatIsNoResultIsRefusedInASentence) {
  const auto message = [](const nlohmann::json& j) -> std::string {
    try {
      toResult(j, "file.json");
    } catch (const trainer::DataError& e) {
      return e.what();
    }
    return "accepted";
  };
  nlohmann::json j = nlohmann::json::parse(toJson(test::smallSurface("runs/a")).dump());
  EXPECT_NE(message(nlohmann::json::object()).find("file.json"), std::string::npos);
  auto newer = j;
  newer["format_version"] = 99;
  EXPECT_NE(message(newer).find("newer"), std::string::npos);
  auto cut = j;
  cut["train"]["loss"].erase(2);
  EXPECT_NE(message(cut).find("loss"), std::string::npos);
  auto word = j;
  word["train"]["loss"][0][0] = "seven";
  EXPECT_NE(message(word).find("seven"), std::string::npos);
  auto without = j;
  without.erase("cosine");
  EXPECT_NE(message(without).find("cosine"), std::string::npos);
}

TEST(CommandLine, namesTheMeasuredStepAndOnlyWhatDiffers) {
  SurfaceResult r = test::smallSurface("my runs/a");
  EXPECT_EQ(commandLine(r), "sharpscape surface 'my runs/a' --step 46 --x random --y eigen:1 --size 5x3 --range-x -1:1 --range-y -0.5:0.5");
  r.spec.y = r.spec.x;
  r.spec.normalise = "layer";
  r.spec.measure.samples = 100;
  EXPECT_EQ(commandLine(r), "sharpscape surface 'my runs/a' --step 46 --samples 100 --x random --y random --size 5 --range -1:1 --normalise layer");
  EXPECT_EQ(commandLine(test::smallSpectrum("runs/a")), "sharpscape spectrum runs/a --step 46 --samples all --top 2 --residual 0.0001");
  EXPECT_EQ(commandLine(test::surfaceWithExtras("a")),
            "sharpscape surface a --step 46 --split validation --x toward:runs/b@7 --y layer:fc1:random --size 5x3 --range fit --normalise-y none --orthonormal --trajectory "
            "--fields lambda-max,gradient-norm --field-rho 0.25 --trajectory-of 'runs/my c'");
  EXPECT_EQ(commandLine(test::seedSlice("a")), "sharpscape slice a --step 46 --x random --size 5 --range -1:1 --seeds 2");
  EXPECT_EQ(commandLine(test::smallPath("a")), "sharpscape path a --step 46 'runs/b b' --step2 92 --points 3 --match --curve 50");
  EXPECT_EQ(commandLine(PathResult{}), "sharpscape path RUN RUN2");
  EXPECT_EQ(commandLine(SpectrumResult{}), "sharpscape spectrum RUN") << "nothing measured: the spec's own words";
}

TEST_F(ExportTest, savedResultsAreFoundAgainAlsoWhenTheRunHasMoved) {
  const fs::path run = folder / "a";
  fs::create_directory(run);
  const fs::path file = saveResult(test::smallSurface(run.string()));
  EXPECT_EQ(file.parent_path(), run / "analyses");
  EXPECT_NE(saveResult(test::smallSurface(run.string())), file) << "nothing is written over";
  fs::rename(run, folder / "b");
  const Result moved = readResult(folder / "b/analyses" / file.filename());
  EXPECT_EQ(std::get<SurfaceResult>(moved).spec.measure.run, (folder / "b").string());
}

TEST_F(ExportTest, everyEndingWritesItsFormat) {
  const Result surface = test::surfaceWithHoles("runs/a");
  for (const char* ending : {"csv", "json", "vts", "png", "svg", "pdf", "SVG"}) {
    const fs::path file = folder / (std::string("x.") + ending);
    exportResult(surface, file);
    EXPECT_GT(fs::file_size(file), 300u) << ending;
  }
  EXPECT_EQ(trainer::readJson(folder / "x.json"), nlohmann::json::parse(toJson(withOrigin(surface)).dump()));
  EXPECT_THROW(exportResult(surface, folder / "x.bmp"), std::invalid_argument);
  EXPECT_THROW(exportResult(test::smallSpectrum("a"), folder / "s.vts"), std::invalid_argument);
  EXPECT_THROW(exportResult(surface, folder / "nowhere" / "x.csv"), trainer::IoError);
  for (const char* ending : {"csv", "png", "svg", "pdf"}) exportResult(test::smallSpectrum("runs/a"), folder / (std::string("s.") + ending));
  for (const Result& result : {Result(test::smallPath("runs/a")), Result(test::seedSlice("runs/a")), Result(test::surfaceWithExtras("runs/a"))})
    for (const char* ending : {"csv", "png", "svg", "pdf"}) exportResult(result, folder / (std::string("p.") + ending));
  EXPECT_THROW(exportResult(test::smallPath("a"), folder / "p.vts"), std::invalid_argument);
  exportResult(test::surfaceWithExtras("runs/a"), folder / "f.vts");
  EXPECT_NE(trainer::readFile(folder / "f.vts").find("Name=\"lambda-max_residual\""), std::string::npos);
  for (const char* ending : {"csv", "vts", "png", "svg", "pdf"}) exportResult(test::smallSurface("runs/a", true), folder / (std::string("l.") + ending));
}

TEST_F(ExportTest, theCsvHoldsEveryDigitAndTheCommand) {
  const SurfaceResult r = test::surfaceWithHoles("runs/a");
  exportResult(r, folder / "x.csv");
  std::istringstream lines(trainer::readFile(folder / "x.csv"));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "# command: " + commandLine(r));
  while (line.starts_with("#")) std::getline(lines, line);
  EXPECT_EQ(line, "x,y,train_loss,train_accuracy,test_loss,test_accuracy");
  std::getline(lines, line);
  EXPECT_EQ(line, "-1,-0.5,,,,");
  std::getline(lines, line);
  EXPECT_EQ(line, "-0.5,-0.5,1,0.975,1.25,0.9");
  int rows = 2;
  while (std::getline(lines, line)) ++rows;
  EXPECT_EQ(rows, 15);
}

TEST_F(ExportTest, theCsvOfASurfaceHasItsFieldsAndTrajectory) {
  exportResult(test::surfaceWithExtras("runs/a"), folder / "x.csv");
  const std::string text = trainer::readFile(folder / "x.csv");
  EXPECT_NE(text.find("x,y,validation_loss,validation_accuracy,test_loss,test_accuracy,lambda-max,lambda-max_residual,gradient-norm\n"), std::string::npos);
  EXPECT_NE(text.find("#> runs/a,0,-3,0.125,2.5,2.75,1.5,9\n"), std::string::npos);
  exportResult(test::smallPath("runs/a"), folder / "p.csv");
  EXPECT_NE(trainer::readFile(folder / "p.csv").find("\nmatched,0.5,2,0.5,3,0.4\n"), std::string::npos);
}

TEST(SurfaceScale, oneForAllAndLogWhereTheRangeIsWide) {
  SurfaceGrid a = test::smallSurface("a").grid, b = a;
  EXPECT_EQ(surfaceScale({&a}).kind, Scale::linear);
  EXPECT_EQ(surfaceScale({&a}).from, 0) << "0.25 is within a quarter of 1.75";
  b.train.loss[7] = 1e-4;
  const SurfaceScale wide = surfaceScale({&a, &b});
  EXPECT_EQ(wide.kind, Scale::log);
  EXPECT_EQ(wide.from, 1e-4);
  EXPECT_EQ(wide.to, 1.75);
  for (const double level : wide.levels) EXPECT_TRUE(level > 1e-4 && level < 1.75);
  EXPECT_EQ(wide.levels.size(), 12u);  // 2, 5 | 1, 2, 5 three times | 1 at each end's decade
}

TEST(SurfacePanel, computedButNotANumberIsDrawnAsDiverged) {
  const SurfaceResult r = test::surfaceWithHoles("a");
  const Panel p = surfacePanel(r.grid, "", surfaceScale({&r.grid}));
  EXPECT_TRUE(std::isnan(p.fields[0].values[0]));
  EXPECT_TRUE(std::isinf(p.fields[0].values[14]));
  EXPECT_NE(surfaceCaption(r.grid).find("2 points are not finite"), std::string::npos);
  EXPECT_NE(surfaceCaption(r.grid).find("1 points were not computed"), std::string::npos);
}

}  // namespace
}  // namespace analysis
