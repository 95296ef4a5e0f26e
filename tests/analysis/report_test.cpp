// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>

#include "analysis/export/embedded_files.h"
#include "analysis/export/report_curves.h"
#include "analysis/export/report_data.h"
#include "analysis/export/report_html.h"
#include "analysis/export/report_tables.h"
#include "analysis/figure/draw_figure.h"
#include "analysis/interchange/file_provenance.h"
#include "small_results.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

class ReportTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
  const fs::path folder = fs::temp_directory_path() / ("sharpscape_report_" + std::to_string(::getpid()) + "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
};

Report twoRuns(const fs::path& folder) {
  return {.title = "Two runs", .introduction = "A <b>.", .command = "sharpscape demo",
          .runs = {test::smallRun("SGD", (folder / "runs/sgd").string()), test::smallRun("SAM <0.1></script><script>alert(1)</script>", (folder / "runs/sam").string())}};
}

/// The page with a stand-in for plotly.
std::string page(const Report& report, std::string_view plotly = "window.Plotly = null;") {
  std::vector<Figure> figures;
  for (const std::size_t k : withSurface(report.runs)) {
    Figure f;
    f.caption = "caption " + std::to_string(k), f.command = "command";
    f.panels.push_back(surfacePanel(report.runs[k].surface->grid, "", surfaceScale({&report.runs[k].surface->grid})));
    figures.push_back(f);
  }
  return reportHtml(report, curvesFigure(report.runs), figures, plotly);
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += word.size()) ++n;
  return n;
}

nlohmann::json dataOf(const std::string& html) {
  const std::string start = "id=\"report-data\">";
  const std::size_t from = html.find(start) + start.size();
  return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
}

TEST_F(ReportTest, holdsEverythingInOneFile) {
  writeReport(twoRuns(folder), folder);
  const std::string html = trainer::readFile(folder / "report.html");
  EXPECT_NE(html.find("residual 1.0e-05"), std::string::npos);
  EXPECT_NE(html.find("sharpscape surface runs/sgd --step 46"), std::string::npos) << "commands are relative to the report's folder";
  EXPECT_EQ(html.find(plotlyScript()) != std::string::npos, true) << "the script of the build, if there is one, is inside";
  const auto j = trainer::readJson(folder / "report.json");
  ASSERT_EQ(j["runs"].size(), 2u);
  for (const char* key : {"name", "train_loss", "test_loss", "test_accuracy", "lambda_max", "lambda_max_residual", "lambda_min", "surface"}) EXPECT_TRUE(j["runs"][0].contains(key)) << key;
  EXPECT_EQ(j["runs"][0]["lambda_max"], 3.25);
  EXPECT_EQ(j["runs"][0]["surface"]["loss"][1][2], 0.25);
  for (const char* file : {"table.csv", "curves.svg", "surface_1.svg", "surface_2.svg", "surface_1.csv", "surface_2.csv"}) EXPECT_TRUE(fs::exists(folder / file)) << file;
}

TEST_F(ReportTest, namesCannotBreakOutOfThePage) {
  const std::string html = page(twoRuns(folder));
  EXPECT_EQ(html.find("SAM <0.1>"), std::string::npos);
  EXPECT_NE(html.find("SAM &lt;0.1&gt;&lt;/script&gt;"), std::string::npos);
  EXPECT_EQ(count(html, "<script"), 3u) << "data, plotly, ours";
  EXPECT_EQ(count(html, "</script"), 3u);
  EXPECT_EQ(dataOf(html)["runs"][1]["name"], "SAM <0.1></script><script>alert(1)</script>");
  EXPECT_EQ(reportScript().find("</script"), std::string_view::npos);
  EXPECT_EQ(plotlyScript().find("</script"), std::string_view::npos);
}

TEST_F(ReportTest, saysWhereItComesFrom) {
  Report report = twoRuns(folder);
  report.runs[0].name = "ends a comment --> <b>";
  report.runs[0].surface->origin = {.checkpointHash = "0123abcd", .dataHash = "4567", .trainCommand = "", .programVersion = "9.9", .torchVersion = "2.11", .format = "", .command = ""};
  writeReport(report, folder);
  const FileProvenance p = fileProvenance(folder / "report.html");
  EXPECT_EQ(p.provenance.get("command"), "sharpscape demo");
  EXPECT_EQ(p.provenance.get("run_1_checkpoint_hash"), "0123abcd");
  const std::string html = trainer::readFile(folder / "report.html");
  EXPECT_NE(html.find("seed 0; checkpoint 0123abcd; data 4567; Sharpscape 9.9"), std::string::npos);
  EXPECT_EQ(html.find("comment --> "), std::string::npos);
}

TEST_F(ReportTest, loadsNothing) {
  const std::string html = page(twoRuns(folder));
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  EXPECT_FALSE(std::regex_search(html, std::regex(R"(\b(src|href)\s*=\s*(?!["']?data:image/))"))) << "what is named by an attribute is in the file";
  EXPECT_EQ(html.find("url("), std::string::npos);
  EXPECT_EQ(html.find("@import"), std::string::npos);
  EXPECT_EQ(std::regex_replace(html, std::regex("http-equiv"), "").find("http"), std::string::npos);
}

TEST_F(ReportTest, withoutPlotlyItHasStillPicturesAndSaysSo) {
  const std::string html = page(twoRuns(folder), "");
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("built without plotly.js"), std::string::npos);
  EXPECT_EQ(count(html, "<img "), 7u) << "three curves, two maps, two reliefs";
  EXPECT_EQ(count(html, "<img "), count(html, " alt=\"")) << "each has words for it";
}

TEST_F(ReportTest, everyPlotHasItsPlaceItsWordsAndItsStillPicture) {
  const std::string html = page(twoRuns(folder));
  for (const char* id : {"surface-1", "surface-2", "map-1", "map-2", "section", "curve-1", "curve-2", "curve-3", "probe-body", "field", "linked", "abscissa", "scale"})
    EXPECT_EQ(count(html, std::string("id=\"") + id + "\""), 1u) << id;
  EXPECT_EQ(count(html, "<div class=\"plot"), count(html, "tabindex=\"0\" role=\"group\" aria-label=\"")) << "reached by the keyboard, with a name";
  EXPECT_EQ(count(html, "<img "), 7u);
}

TEST_F(ReportTest, holesAreNullAndDivergedCellsAWord) {
  Report report = twoRuns(folder);
  report.runs[1].surface = test::surfaceWithHoles("a");
  const auto data = dataOf(page(report));
  const auto& loss = data["surfaces"][1]["values"]["loss"];
  EXPECT_TRUE(loss[0][0].is_null());
  EXPECT_EQ(loss[0][4], "inf");
  EXPECT_EQ(loss[2][4], "nan");
  EXPECT_EQ(data["fields"][0]["scale"]["to"], 1.75) << "the scale is that of the finite values";
}

TEST_F(ReportTest, numbersAreRoundedAndTheSizeIsStated) {
  Report report = twoRuns(folder);
  report.runs[0].surface->grid.train.loss[3] = 1.0 / 3;
  report.runs[0].surface->grid.train.accuracy[3] = 2.0 / 3;
  const std::string html = page(report);
  const auto data = dataOf(html);
  EXPECT_EQ(data["surfaces"][0]["values"]["loss"][0][3], 0.33333);
  EXPECT_EQ(data["surfaces"][0]["values"]["accuracy"][0][3], 0.6667);
  EXPECT_NE(html.find("rounded to 5 significant digits"), std::string::npos);
}

TEST_F(ReportTest, oneScaleServesAllRuns) {
  Report report = twoRuns(folder);
  for (double& v : report.runs[1].surface->grid.train.loss) v *= 1e-4;
  const auto scale = dataOf(page(report))["fields"][0]["scale"];
  EXPECT_EQ(scale["log"], true);
  EXPECT_EQ(scale["from"], 0.25e-4);
  EXPECT_EQ(scale["to"], 1.75);
  EXPECT_GT(scale["levels"]["step"], 0.0);
}

TEST_F(ReportTest, runsMayLackWhatWasNotMeasured) {
  Report report = twoRuns(folder);
  report.runs[0].spectrum.reset(), report.runs[0].surface.reset();
  report.tables = {{"Fairness <checks>", "note", {"check", "verdict"}, {{"same start", "yes & no"}, {"line", "a<\nb>"}}}};
  report.methods = "First.\n\nSecond.", report.bibliography = "@article{x}";
  writeReport(report, folder);
  const std::string html = page(report);
  EXPECT_NE(html.find("not measured"), std::string::npos);
  EXPECT_EQ(dataOf(html)["surfaces"][0]["run"], 1);
  EXPECT_NE(html.find("<td>yes &amp; no</td>"), std::string::npos);
  EXPECT_NE(html.find("<td>a&lt;<small>b&gt;</small></td>"), std::string::npos);
  EXPECT_NE(html.find("<p>Second.</p>"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder / "surface_1.svg"));
  EXPECT_TRUE(fs::exists(folder / "surface_2.svg"));
  EXPECT_TRUE(trainer::readJson(folder / "report.json")["runs"][0]["lambda_max"].is_null());
  report.runs[1].surface.reset();
  EXPECT_EQ(page(report).find("surface-1"), std::string::npos);
  report.runs[1].record.evaluations.clear();
  EXPECT_THROW(writeReport(report, folder), std::invalid_argument);
  EXPECT_THROW(writeReport({}, folder), std::invalid_argument);
}

TEST(Curves, areMeansOfEpochsAtTheirLastStep) {
  const auto run = test::smallRun("SGD", "a");
  const Figure f = curvesFigure({run});
  const Series& loss = f.panels[0].series[0];
  ASSERT_EQ(loss.x, (std::vector<double>{23, 46}));
  double first = 0;
  for (int i = 1; i <= 23; ++i) first += 2.0 / i / 23;
  EXPECT_NEAR(loss.y[0], first, 1e-12);
  EXPECT_EQ(pointOf(run.record, 23).gradientEvaluations, 46);
  EXPECT_EQ(pointOf(run.record, 0).gradientEvaluations, 0);
}

TEST(TableCsv, namesWithACommaAreQuoted) {
  const std::string text = tableCsv({test::smallRun("SAM, rho \"0.1\"", "a")}, "c");
  EXPECT_NE(text.find("\n\"SAM, rho \"\"0.1\"\"\",0.25,"), std::string::npos);
}

}  // namespace
}  // namespace analysis
