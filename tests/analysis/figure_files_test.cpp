// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/figure_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/export/encode_movie.h"
#include "analysis/export/export_result.h"
#include "analysis/export/matplotlib_file.h"
#include "analysis/export/movie.h"
#include "analysis/export/pgfplots_file.h"
#include "analysis/export/report_comparison.h"
#include "analysis/export/several_views.h"
#include "analysis/figure/draw_figure.h"
#include "analysis/figure/file_metadata.h"
#include "analysis/figure/relief_projection.h"
#include "analysis/interchange/file_provenance.h"
#include "analysis/interchange/npy.h"
#include "small_results.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

class FigureFilesTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
  const fs::path folder = fs::temp_directory_path() / ("sharpscape_figures_" + std::to_string(::getpid()) + "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
};

template <class Call>
std::string messageOf(const Call& call) {
  try {
    call();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "accepted";
}

/// A surface with the checkpoints 0, 20 and 40 of one run.
SurfaceResult withPath() {
  SurfaceResult r = test::smallSurface("runs/none");
  for (int i = 0; i < 3; ++i) r.grid.trajectory.push_back({"runs/none", 20 * i, -0.5 + 0.25 * i, 0.25 * i, 3.0 - i, 3.5 - i, 2.0 - 0.5 * i, 0.5});
  return r;
}

TEST(SeveralViews, shareOneScaleAndHaveLettersAndACaption) {
  SurfaceResult wide = test::smallSurface("runs/sam");
  for (double& v : wide.grid.train.loss) v *= 2;
  const Figure f = figureOfSeveral({{"a.json", test::smallSurface("runs/sgd")}, {"my b.json", wide}}, "both.pdf");
  ASSERT_EQ(f.panels.size(), 2u);
  EXPECT_EQ(f.panels[0].title, "(a) sgd, step 46");
  EXPECT_EQ(f.panels[1].title, "(b) sam, step 46");
  EXPECT_EQ(f.panels[0].fields[0].to, 3.5) << "that of the larger";
  EXPECT_EQ(f.panels[0].fields[0].from, f.panels[1].fields[0].from);
  EXPECT_EQ(f.panels[0].fields[0].levels, f.panels[1].fields[0].levels);
  EXPECT_EQ(f.command, "sharpscape export a.json 'my b.json' --to both.pdf");
  EXPECT_NE(f.caption.find("(b) sam, step 46: Loss at theta"), std::string::npos);
  EXPECT_EQ(f.provenance.get("panel_b_command"), commandLine(wide));
}

TEST(SeveralViews, spectraAndSlicesShareTheirAxes) {
  SpectrumResult high = test::smallSpectrum("runs/b");
  high.spectrum.top[0].value = 10;
  const Figure spectra = figureOfSeveral({{"a", test::smallSpectrum("runs/a")}, {"b", high}}, "x.png");
  EXPECT_EQ(spectra.panels[0].y.to, spectra.panels[1].y.to);
  EXPECT_GT(spectra.panels[0].y.to, 10);
  const Figure slices = figureOfSeveral({{"a", test::smallSurface("runs/a", true)}, {"b", test::smallSurface("runs/b", true)}}, "x.png");
  EXPECT_EQ(slices.panels[0].y.from, slices.panels[1].y.from);
  EXPECT_EQ(slices.panels[0].y.label, "loss (cross entropy)");
}

TEST(SeveralViews, whatCannotShareAScaleIsRefusedInASentence) {
  const View surface{"a.json", test::smallSurface("runs/a")}, spectrum{"b.json", test::smallSpectrum("runs/b")}, line{"c.json", test::smallSurface("runs/a", true)};
  EXPECT_NE(messageOf([&] { figureOfSeveral({surface, spectrum}, "x.png"); }).find("'a.json' and 'b.json' cannot share a scale: their kinds are 'surface' and 'spectrum'"), std::string::npos);
  EXPECT_NE(messageOf([&] { figureOfSeveral({surface, line}, "x.png"); }).find("'slice'"), std::string::npos);
  SurfaceResult other = test::smallSurface("runs/b");
  other.grid.split = "validation";
  EXPECT_NE(messageOf([&] { figureOfSeveral({surface, {"d.json", other}}, "x.png"); }).find("of the sets 'train' and 'validation'"), std::string::npos);
  other = test::smallSurface("runs/b");
  other.spec.measure.loss = "training";
  EXPECT_NE(messageOf([&] { figureOfSeveral({surface, {"d.json", other}}, "x.png"); }).find("'plain' and 'training'"), std::string::npos);
  EXPECT_NE(messageOf([&] { figureOfSeveral({{"k", test::smallKappa("a")}, {"l", test::smallKappa("b")}}, "x.png"); }).find("export it alone"), std::string::npos);
  EXPECT_NE(messageOf([&] { figureOfSeveral({surface}, "x.png"); }).find("at least two"), std::string::npos);
}

TEST_F(FigureFilesTest, theScriptAndItsArraysHoldWhatIsDrawn) {
  const SurfaceResult r = test::surfaceWithHoles("runs/a");
  exportResult(r, folder / "my figure.py");
  const std::string script = trainer::readFile(folder / "my figure.py");
  EXPECT_NE(script.find("np.load(script.with_name(\"my figure.npz\"))"), std::string::npos);
  EXPECT_NE(script.find("# command: " + commandLine(r)), std::string::npos);
  std::vector<std::string> skipped;
  const NamedArrays arrays = npzArrays(trainer::readFile(folder / "my figure.npz"), "x", skipped);
  const NamedArray* values = findArray(arrays, "a_values");
  ASSERT_TRUE(values);
  EXPECT_EQ(values->shape, (std::vector<std::int64_t>{3, 5}));
  EXPECT_TRUE(std::isnan(values->values[0])) << "not computed";
  EXPECT_TRUE(std::isinf(values->values[14])) << "diverged";
  EXPECT_EQ(values->values[7], 0.25);
  for (const char* name : {"a_x", "a_y", "a_levels", "train_loss", "test_accuracy", "metadata"}) EXPECT_TRUE(findArray(arrays, name)) << name;
}

TEST_F(FigureFilesTest, aScriptCannotBeBrokenByAName) {
  Figure f = figureOf(test::smallSurface("runs/a"));
  f.panels[0].title = "a\"b\\c\nimport os";
  f.caption = "first\nimport os";
  const std::string script = matplotlibScript(f, "x.npz");
  EXPECT_NE(script.find(R"(set_title("a\"b\\c\nimport os"))"), std::string::npos);
  EXPECT_EQ(script.find("\nimport os\n"), std::string::npos);
}

TEST_F(FigureFilesTest, pgfplotsHoldsTheNumbersAndEscapesTexts) {
  Figure f = figureOf(test::surfaceWithHoles("runs/a"));
  f.panels[0].title = "100 % of a_b & {c}";
  const std::string tex = pgfplotsFile(f);
  EXPECT_NE(tex.find("title={100 \\% of a\\_b \\& \\{c\\}}"), std::string::npos);
  EXPECT_NE(tex.find("\n-1 -0.5 nan\n"), std::string::npos) << "a hole";
  EXPECT_NE(tex.find("\n0 0 0.25\n"), std::string::npos);
  EXPECT_NE(tex.find("mesh/cols=5"), std::string::npos);
  EXPECT_EQ(tex.find("colours from every"), std::string::npos);
  EXPECT_EQ(latexEscaped("λ^2 \\x"), "$\\lambda$\\textasciicircum{}2 \\textbackslash{}x");
}

TEST(Pgfplots, aLargeFieldIsThinnedAndSaysSo) {
  Field field{.x = {}, .y = {}, .values = {}, .levels = {0.5}};
  for (int i = 0; i < 129; ++i) field.x.push_back(i / 128.0), field.y.push_back(i / 128.0);
  for (const double y : field.y)
    for (const double x : field.x) field.values.push_back(x * y);
  Figure f;
  f.panels.push_back({.title = "", .x = {}, .y = {}, .series = {}, .fields = {field}, .note = ""});
  const std::string tex = pgfplotsFile(f);
  EXPECT_NE(tex.find("colours from every 2th of 129 x 129 points"), std::string::npos);
  EXPECT_NE(tex.find("mesh/cols=65"), std::string::npos);
}

TEST_F(FigureFilesTest, everyEndingWritesItsFormatAndOthersAreRefused) {
  const Figure f = figureOfSeveral({{"a", test::smallSurface("runs/a")}, {"b", test::surfaceWithHoles("runs/b")}}, "x.png");
  for (const char* name : {"f.png", "f.svg", "f.pdf", "f.py", "f.tikz", "F.PNG"}) {
    writeFigure(f, folder / name);
    EXPECT_GT(fs::file_size(folder / name), 1000u) << name;
  }
  EXPECT_EQ(provenanceOfPng(trainer::readFile(folder / "f.png")).get("panel_a_command"), commandLine(test::smallSurface("runs/a")));
  EXPECT_THROW(writeFigure(f, folder / "f.bmp"), std::invalid_argument);
}

TEST_F(FigureFilesTest, aReliefIsDrawnWithoutADisplay) {
  const Figure map = figureOf(test::surfaceWithHoles("runs/a"));
  const Figure relief = inRelief(map, {}, "x.svg");
  EXPECT_NE(drawFigure(relief, FigureFormat::png), drawFigure(map, FigureFormat::png));
  EXPECT_EQ(drawFigure(relief, FigureFormat::svg), drawFigure(relief, FigureFormat::svg));
  EXPECT_EQ(drawFigure(relief, FigureFormat::svg).find("<image"), std::string::npos) << "paths, no pixels";
  EXPECT_THROW(inRelief(map, {}, "x.py"), std::invalid_argument);
  EXPECT_THROW(inRelief(figureOf(test::smallSpectrum("a")), {}, "x.png"), std::invalid_argument);
}

TEST(Relief, theProjectionIsThatOfTheWindow) {
  const ReliefProjection front({.azimuth = -90, .elevation = 5}, {0, 0, 440, 400});
  EXPECT_NEAR(front({0.02, -0.02, 0.36})[0], 220, 1e-9) << "the middle of the box is the middle of the picture";
  EXPECT_NEAR(front({0.02, -0.02, 0.36})[1], 200, 1e-9);
  EXPECT_LT(front({-1, 0, 0})[0], front({1, 0, 0})[0]);
  EXPECT_LT(front({0, 0, 1})[1], front({0, 0, 0})[1]) << "up is up";
  EXPECT_LT(front.depth({0, -1, 0}), front.depth({0, 1, 0}));
  EXPECT_EQ(front.nearY(), -1);
}

TEST(Film, theCheckpointsAreItsCornersAndTheAxesStay) {
  const Film film = filmOf(withPath());
  EXPECT_EQ(film.frames(), 1 + 2 * kFramesBetween);
  EXPECT_TRUE(film.curvature.empty()) << "the run is not there";
  const Figure first = filmFrame(film, 0, "m.mp4"), middle = filmFrame(film, kFramesBetween / 2, "m.mp4"), last = filmFrame(film, film.frames() - 1, "m.mp4");
  EXPECT_EQ(first.panels[0].series[0].x, (std::vector<double>{-0.5}));
  EXPECT_EQ(middle.panels[0].series[0].x, (std::vector<double>{-0.5, -0.375})) << "half way";
  EXPECT_EQ(last.panels[0].series[0].x, (std::vector<double>{-0.5, -0.25, 0}));
  EXPECT_EQ(first.panels[1].series[0].y.size(), 1u);
  EXPECT_EQ(last.panels[1].series[0].y, (std::vector<double>{3, 2, 1}));
  EXPECT_EQ(first.panels[1].y.to, last.panels[1].y.to);
  EXPECT_EQ(first.panels[0].fields[0].to, last.panels[0].fields[0].to);
  EXPECT_THROW(filmFrame(film, film.frames(), "m.mp4"), std::invalid_argument);
  EXPECT_THROW(filmOf(test::smallSurface("a")), std::invalid_argument);
  EXPECT_THROW(filmOf(test::smallSpectrum("a")), std::invalid_argument);
  EXPECT_TRUE(isMovie("a/b/") && isMovie("x.MP4") && isMovie("x.gif"));
  EXPECT_FALSE(isMovie("x.png") || isMovie("folder"));
}

TEST_F(FigureFilesTest, framesAreWrittenAndAStopLeavesNoMovie) {
  const Film film = filmOf(withPath());
  std::int64_t reported = 0;
  std::stop_source stop;
  trainer::Context context{.stop = stop.get_token(), .progress = [&](const trainer::Progress& p) {
                             reported = p.done;
                             EXPECT_EQ(p.total, film.frames());
                             if (p.done == 2) stop.request_stop();
                           }, .waitWhilePaused = {}};
  EXPECT_THROW(writeFrames(film, folder / "frames", context), trainer::Cancelled);
  EXPECT_EQ(reported, 2);
  const std::string png = trainer::readFile(folder / "frames/frame_00001.png");
  EXPECT_EQ(provenanceOfPng(png).get("frame"), "2 of 17");
  EXPECT_FALSE(fs::exists(folder / "frames/frame_00002.png"));
}

TEST_F(FigureFilesTest, withoutFfmpegASentenceSaysWhatToDo) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.c_str(), 1);
  const std::string message = messageOf([&] { writeMovie(filmOf(withPath()), folder / "m.mp4", {}); });
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_NE(message.find("the package ffmpeg"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(FigureFilesTest, aMovieIsWholeAndSaysWhereItComesFrom) {
  try {
    requireEncoder("m.mp4");
  } catch (const trainer::IoError&) {
    GTEST_SKIP() << "there is no ffmpeg here";
  }
  const Film film = filmOf(withPath());
  for (const char* name : {"m.mp4", "m.gif"}) {
    writeMovie(film, folder / name, {});
    const FileProvenance p = fileProvenance(folder / name);
    EXPECT_EQ(p.provenance.get("command"), commandLine(film.surface)) << p.format;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 2) << "no frames are left";
}

TEST(Matplotlib, aDollarSignIsNoFormula) {
  Figure f = figureOf(test::smallSurface("runs/a"));
  f.panels[0].title = "5 $";
  EXPECT_NE(matplotlibScript(f, "x.npz").find("set_title(\"5 \\\\$\")"), std::string::npos);
}

TEST(Gif, theCommentStandsBeforeTheEnd) {
  const std::string gif = withGifComment("GIF89a;", std::string(300, 'x'));
  EXPECT_EQ(gif.substr(6, 3), std::string("\x21\xFE\xFF"));
  EXPECT_EQ(gif.substr(gif.size() - 2), std::string("\0;", 2));
  EXPECT_EQ(gif.size(), 7u + 2 + 2 + 300 + 1);
  EXPECT_EQ(provenanceOfGif(withGifComment("GIF89a;", "command: a b\nframe: 2\n")).get("frame"), "2");
  EXPECT_TRUE(provenanceOfGif("GIF89a;").empty());
  EXPECT_THROW(withGifComment("GIF89a", "x"), trainer::DataError);
}

}  // namespace
}  // namespace analysis
