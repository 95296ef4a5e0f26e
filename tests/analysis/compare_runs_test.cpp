// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/compare_runs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analysis/comparison/citations.h"
#include "analysis/comparison/correlate.h"
#include "analysis/comparison/methods.h"
#include "analysis/export/comparison_table.h"
#include "analysis/export/export_result.h"
#include "analysis/export/write_comparison.h"
#include "tests/analysis/comparison_evidence.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_store.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

using testing::row;

/// Plain and SAM, two seeds each, and one of another data set.
class FourRuns : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    for (const char* method : {"none", "sam"})
      for (const std::uint64_t seed : {0, 1}) {
        trainer::RunSpec spec;
        spec.data = "digits", spec.dataLimit = 150, spec.model = "mlp:64-4-10", spec.epochs = 2, spec.seed = seed, spec.device = "cpu", spec.threads = 1, spec.sharpness = method;
        trainer::train(trainer::resolve(spec, nullptr), *folder_ / (method + std::to_string(seed)), {}, {});
      }
    trainer::RunSpec spirals;
    spirals.data = "spirals", spirals.epochs = 1, spirals.device = "cpu", spirals.threads = 1;
    trainer::train(trainer::resolve(spirals, nullptr), *folder_ / "spirals", {}, {});
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string folder(const std::string& name) { return (*folder_ / name).string(); }
  static CompareSpec spec() {
    CompareSpec s;
    s.runs = {folder("none0"), folder("none1"), folder("sam0"), folder("sam1")};
    s.measure.run = s.runs.front(), s.measure.device = "cpu", s.measure.threads = 1;
    s.points = 3, s.size = 3;
    return s;
  }
  static TemporaryFolder* folder_;
};
TemporaryFolder* FourRuns::folder_ = nullptr;

TEST_F(FourRuns, AreMeasuredOnceAndTakenFromTheirAnalysesAfterwards) {
  std::vector<std::string> stages;
  trainer::Context context;
  context.progress = [&](const trainer::Progress& p) { stages.push_back(p.stage); };
  const ComparedRuns first = compareRuns(spec(), context);
  const Comparison& c = first.comparison;
  EXPECT_FALSE(c.stopped);
  ASSERT_EQ(c.settings.size(), 2U);
  EXPECT_EQ(c.measured, 4 * 3 + 3 + 1) << "a spectrum and two sharpness measures a run, a line to each but the baseline's first, equal loss";
  for (const char* key : {"test_accuracy", "lambda_max", "trace", "worst@0.5", "worst_adaptive@0.5", "one-step@0.5", "average@0.05", "equal_loss/lambda_max", "distance", "barrier"}) EXPECT_NO_THROW(row(c, key)) << key;
  EXPECT_EQ(row(c, "lambda_max").contrasts[1].test, "Welch t, 2 and 2 seeds");
  EXPECT_GT(row(c, "distance").runs[3].value, 0);
  EXPECT_TRUE(std::isnan(row(c, "distance").runs[0].value)) << "the baseline itself";
  EXPECT_NE(row(c, "distance").runs[3].note.find("none1"), std::string::npos) << "the partner has the same seed";
  EXPECT_FALSE(stages.empty());

  const ComparedRuns second = compareRuns(spec(), {});
  EXPECT_EQ(second.comparison.measured, 0);
  EXPECT_GT(second.comparison.reused, 0);
  ASSERT_EQ(second.comparison.rows.size(), c.rows.size());
  for (std::size_t r = 0; r < c.rows.size(); ++r)
    for (std::size_t i = 0; i < c.runs.size(); ++i) {
      const double a = c.rows[r].runs[i].value, b = second.comparison.rows[r].runs[i].value;
      EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << c.rows[r].key << " " << a << " " << b;
    }
  CompareSpec fewer = spec();
  fewer.measure.samples = 100, fewer.measures = {"curvature"};
  EXPECT_EQ(compareRuns(fewer, {}).comparison.measured, 4) << "other samples are another measure";
}

TEST_F(FourRuns, TheAnswersAreThoseOfTheEvaluation) {
  CompareSpec s = spec();
  s.measures = {"items"};
  const ComparedRuns made = compareRuns(s, {});
  for (const RunEvidence& e : made.evidence.runs) {
    ASSERT_TRUE(e.answers);
    ASSERT_EQ(e.testItems, 355);
    ASSERT_EQ(e.answers->correct.size(), 355U);
    double right = 0, loss = 0;
    for (const auto k : e.answers->correct) right += k;
    for (const double l : e.answers->loss) loss += l;
    const trainer::EvaluationRecord& last = e.record.evaluations.back();
    EXPECT_DOUBLE_EQ(right / 355, last.testAccuracy);
    EXPECT_NEAR(loss / 355, last.testLoss, 1e-6 * last.testLoss) << "float logits";
  }
}

TEST_F(FourRuns, PlanesAreSampledKeptAndLabelled) {
  CompareSpec s = spec();
  s.measures.clear(), s.planes = "B";
  const ComparedRuns b = compareRuns(s, {});
  ASSERT_EQ(b.surfaces.size(), 2U) << "the first run of each setting";
  EXPECT_EQ(b.surfaces[1]->spec.directions, b.surfaces[0]->spec.saveDirections);
  EXPECT_TRUE(fs::exists(b.surfaces[1]->spec.directions));
  EXPECT_DOUBLE_EQ(b.surfaces[0]->grid.directionNorms[0], b.surfaces[1]->grid.directionNorms[0]) << "the very same vectors";
  EXPECT_TRUE(fs::exists(b.comparison.planes[0].file));
  s.planes = "A";
  const ComparedRuns a = compareRuns(s, {});
  EXPECT_NE(a.surfaces[0]->grid.directionNorms[0], a.surfaces[1]->grid.directionNorms[0]) << "each scaled to its own filters";
  s.planes = "C";
  const ComparedRuns c = compareRuns(s, {});
  ASSERT_EQ(c.surfaces.size(), 1U);
  ASSERT_EQ(c.surfaces[0]->grid.marks.size(), 1U);
  EXPECT_LT(c.surfaces[0]->grid.marks[0].distance, 1e-4);
  EXPECT_EQ(compareRuns(s, {}).comparison.reused, 1);
}

TEST_F(FourRuns, AStopKeepsWhatIsDone) {
  std::stop_source source;
  trainer::Context context;
  context.stop = source.get_token();
  context.progress = [&](const trainer::Progress& p) {
    if (p.stage.find("curvature of " + folder("sam0")) != std::string::npos) source.request_stop();
  };
  CompareSpec s = spec();
  s.measure.samples = 90, s.measures = {"curvature"};
  const Comparison c = compareRuns(s, context).comparison;
  EXPECT_TRUE(c.stopped);
  EXPECT_FALSE(std::isnan(row(c, "lambda_max").runs[0].value));
  EXPECT_TRUE(std::isnan(row(c, "lambda_max").runs[3].value));
  EXPECT_EQ(row(c, "lambda_max").contrasts[1].verdict, ComparedVerdict::cannotTell);
}

TEST_F(FourRuns, WrongInputIsOneSentence) {
  CompareSpec s = spec();
  s.runs[1] = folder("nothing");
  EXPECT_NE(messageOf<trainer::IoError>([&] { compareRuns(s, {}); }).find("nothing"), std::string::npos);
  s.runs[1] = folder("spirals");
  EXPECT_NE(messageOf<std::invalid_argument>([&] { compareRuns(s, {}); }).find("other data"), std::string::npos);
  s = spec();
  s.runs.push_back(s.runs.front());
  EXPECT_NE(messageOf<std::invalid_argument>([&] { compareRuns(s, {}); }).find("twice"), std::string::npos);
  s = spec();
  s.measures = {"luck"};
  EXPECT_NE(messageOf<std::invalid_argument>([&] { compareRuns(s, {}); }).find("--measures"), std::string::npos);
  s = spec();
  s.planes = "D";
  EXPECT_NE(messageOf<std::invalid_argument>([&] { compareRuns(s, {}); }).find("--planes"), std::string::npos);
  s = spec();
  s.measure.samples = 1000000;
  EXPECT_NE(messageOf<std::invalid_argument>([&] { compareRuns(s, {}); }).find("--samples"), std::string::npos);
}

TEST_F(FourRuns, ADamagedResultIsLeftAsideAndSaid) {
  CompareSpec s = spec();
  s.measures = {"curvature"}, s.measure.samples = 80;
  const std::int64_t step = trainer::findCheckpoint(folder("sam1"), "last").step;
  fs::create_directories(fs::path(folder("sam1")) / "analyses");
  const fs::path damaged = fs::path(folder("sam1")) / "analyses" / ("spectrum_step" + std::to_string(step) + "_zzzz.json");
  std::ofstream(damaged) << "{\"kind\": ";
  const Comparison c = compareRuns(s, {}).comparison;
  fs::remove(damaged);
  EXPECT_FALSE(std::isnan(row(c, "lambda_max").runs[3].value));
  ASSERT_EQ(c.notes.size(), 1U);
  EXPECT_NE(c.notes[0].find("zzzz"), std::string::npos);
}

TEST_F(FourRuns, AStudyIsMadeOfTheSameResults) {
  StudySpec s;
  s.runs = spec().runs, s.measure = spec().measure, s.measures = {"curvature"}, s.resamples = 50;
  const StudyResult r{s, studyRuns(s, {})};
  ASSERT_FALSE(r.study.measures.empty());
  EXPECT_EQ(r.study.measures.front().n, 4);
  const Result back = toResult(nlohmann::json::parse(toJson(r).dump()), "here");
  EXPECT_EQ(toJson(back).dump(), toJson(r).dump());
  EXPECT_EQ(std::get<StudyResult>(back).spec, s);
  const fs::path picture = *folder_ / "study.svg";
  exportResult(r, picture);
  EXPECT_GT(fs::file_size(picture), 1000U);
}

ComparisonResult drawnResult() {
  CompareSpec spec;
  spec.runs = {"a0", "a1", "a2", "b0", "b1", "b2"}, spec.measure.run = "a0", spec.worst = {0.5, 1}, spec.targetLoss = 0.1, spec.planes = "A";
  ComparisonResult r{spec, tabulate(testing::twoSides(1, 3, 0.3, "sam"), spec)};
  r.comparison.planes = {{"a0", "a0/analyses/surface.json", "own filters"}}, r.comparison.notes = {"a note"};
  return r;
}

TEST(ComparisonFile, ReadsBackWhatWasWritten) {
  const ComparisonResult r = drawnResult();
  const Result back = toResult(nlohmann::json::parse(toJson(r).dump()), "here");
  EXPECT_EQ(toJson(back).dump(), toJson(r).dump());
  EXPECT_EQ(std::get<ComparisonResult>(back).spec, r.spec);
  nlohmann::json wrong = nlohmann::json::parse(toJson(r).dump());
  wrong["rows"][0]["runs"].erase(0);
  EXPECT_NE(messageOf<trainer::DataError>([&] { toResult(wrong, "here"); }).find("belong together"), std::string::npos);
}

TEST(ComparisonFile, TheCommandHasWhatIsNotUsual) {
  EXPECT_EQ(commandLine(drawnResult()), "sharpscape compare a0 a1 a2 b0 b1 b2 --worst 0.5,1 --target-loss 0.1 --planes A");
}

TEST(ComparisonTable, TellsKindsOfErrorApart) {
  EXPECT_EQ(cellText({.value = 41.8312, .error = 0.00213, .kind = ErrorKind::residual}, false), "41.8312 ±r 0.0021");
  EXPECT_EQ(cellText({.value = 0.975, .error = 0.0082, .kind = ErrorKind::seeds}, true), "97.50 ±s 0.82");
  EXPECT_EQ(cellText({.value = 0.0031123}, false), "0.003112");
  EXPECT_EQ(cellText({.value = 10, .error = 3, .kind = ErrorKind::residual, .converged = false}, false), "10.0 ±r 3?");
  EXPECT_EQ(cellText({}, false), "-");
  EXPECT_EQ(cellText({.value = 1380}, false), "1380");
  const Comparison c = drawnResult().comparison;
  for (const std::string& text : {comparisonMarkdown(c), comparisonText(c)}) EXPECT_NE(text.find("±s deviation over seeds"), std::string::npos);
  const std::string latex = comparisonLatex(c);
  EXPECT_NE(latex.find("$\\lambda_{\\max}$"), std::string::npos);
  EXPECT_NE(latex.find("$\\pm_{\\mathrm{s}}$"), std::string::npos);
  for (const unsigned char byte : latex.substr(0, latex.find("bottomrule"))) ASSERT_LT(byte, 128) << "nothing that LaTeX would stumble over";
  const std::string csv = comparisonCsv(c, "sharpscape compare a b");
  EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')), 2 + c.rows.size() * c.settings.size());
}

TEST_F(FourRuns, AreWrittenIntoAFolderAndOneOfAnotherThingIsLeftAlone) {
  const TemporaryFolder folder;
  CompareSpec s = spec();
  s.measures = {"curvature"};
  writeComparison({s, compareRuns(s, {}).comparison}, folder / "made");
  for (const char* file : {"comparison.json", "table.csv", "table.md", "table.tex", "settings.csv", "methods.txt", "references.bib", "report.html"}) EXPECT_TRUE(fs::exists(folder / "made" / file)) << file;
  EXPECT_NO_THROW(requireComparisonFolder(folder / "made")) << "it may be written again";
  EXPECT_NO_THROW(requireComparisonFolder(folder / "new"));
  EXPECT_NE(messageOf<std::invalid_argument>([&] { requireComparisonFolder(folder / ""); }).find("--out"), std::string::npos);
}

TEST(Methods, CitesWhatWasUsedAndNothingElse) {
  ComparisonEvidence e = testing::twoSides(1, 3, 0.3, "sam");
  Comparison c = tabulate(e, {});
  describeMethods(e, {}, c);
  for (const char* key : {"foret2021sam", "golub2013", "epperly2024xtrace", "croce2020apgd", "welch1947", "holm1979"}) {
    EXPECT_NE(c.bibtex.find(std::string("{") + key + ","), std::string::npos) << key;
    EXPECT_NE(c.methods.find(std::string("[") + key + "]"), std::string::npos) << key;
  }
  for (const char* key : {"kwon2021asam", "zhao2022penalizing", "li2018visualizing", "hutchinson1990", "ghorbani2019density", "mcnemar1947", "kingma2015adam"})
    EXPECT_EQ(c.bibtex.find(key), std::string::npos) << key;
  EXPECT_NE(c.methods.find("1442 train samples"), std::string::npos) << c.methods;
  EXPECT_NE(bibtex(knownCitations()).find("jiang2020"), std::string::npos);
  EXPECT_THROW(bibtex({"nobody"}), std::invalid_argument);
}

}  // namespace
}  // namespace analysis
