// SPDX-License-Identifier: GPL-3.0-or-later
// What makes a surface look odd and can be told from its numbers: each planted alone, named alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "analysis/check/grid_oddities.h"
#include "analysis/export/export_result.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

/// 1/2 + x^2 + 2 y^2 on 9 x 9 points, axes 3 long at right angles; nothing is odd about it.
SurfaceResult bowl(std::int64_t size = 9) {
  SurfaceResult r;
  r.spec.measure.run = "run";
  r.spec.x.size = size, r.spec.y = AxisSpec{.size = size};
  SurfaceGrid& g = r.grid;
  g.step = 7, g.samples = 100, g.batchNorm = "eval", g.precision = "float";
  for (std::int64_t i = 0; i < size; ++i) g.x.push_back(-1 + 2.0 * static_cast<double>(i) / static_cast<double>(size - 1));
  g.y = g.x;
  for (const double y : g.y)
    for (const double x : g.x) g.train.loss.push_back(0.5 + x * x + 2 * y * y), g.computed.push_back(1);
  g.train.accuracy = g.test.loss = g.test.accuracy = g.train.loss;
  g.directions = {"random", "random"}, g.directionNorms = {3, 3};
  g.axes.resize(2);
  g.centre = 0.5;
  return r;
}

const Finding& named(const std::vector<Finding>& all, const std::string& name) {
  const auto found = std::ranges::find(all, name, &Finding::name);
  if (found == all.end()) throw std::logic_error("no finding " + name);
  return *found;
}

std::vector<std::string> found(const std::vector<Finding>& all) {
  std::vector<std::string> names;
  for (const Finding& f : all)
    if (f.verdict == OddityVerdict::found) names.push_back(f.name);
  return names;
}

using Names = std::vector<std::string>;

Names plant(const std::function<void(SurfaceResult&)>& fault) {
  SurfaceResult r = bowl();
  fault(r);
  return found(gridOddities(r, {bowl()}));
}

double& cell(SurfaceResult& r, std::size_t row, std::size_t column) { return r.grid.train.loss[row * r.grid.x.size() + column]; }

TEST(GridOddities, FindsNothingInABowl) {
  for (const Finding& f : gridOddities(bowl(), {bowl(), bowl()})) {
    EXPECT_NE(f.verdict, OddityVerdict::found) << f.name << ": " << f.sentence;
    EXPECT_FALSE(f.sentence.empty()) << f.name;
  }
  EXPECT_TRUE(spikesOf(bowl().grid).empty());
}

TEST(GridOddities, NamesEachFaultAndNoOther) {
  EXPECT_EQ(plant([](SurfaceResult& r) { cell(r, 4, 5) = 0.4, cell(r, 4, 3) = 0.4; }), Names{"lowest-point"});
  EXPECT_EQ(plant([](SurfaceResult& r) { for (std::size_t i = 0; i < 9; ++i) for (std::size_t k = 5; k < 9; ++k) cell(r, i, k) += 6 * r.grid.x[k]; }), (Names{"symmetry", "equal-scales"}));
  EXPECT_EQ(plant([](SurfaceResult& r) { cell(r, 1, 1) = NAN; }), Names{"cells"});
  EXPECT_EQ(plant([](SurfaceResult& r) { cell(r, 1, 1) = INFINITY; }), Names{"cells"});
  EXPECT_EQ(plant([](SurfaceResult& r) { cell(r, 1, 1) = NAN, r.grid.computed[10] = 0; }), Names{"cells"});
  EXPECT_EQ(plant([](SurfaceResult& r) { for (double& v : r.grid.train.loss) v -= 0.5; }), Names{"log-scale"});
  EXPECT_EQ(plant([](SurfaceResult& r) { r.grid.cosine = -0.4; }), Names{"axis-angle"});
  EXPECT_EQ(plant([](SurfaceResult& r) { r.grid.directionNorms = {3, 0.5}; }), Names{"axis-lengths"});
  EXPECT_EQ(plant([](SurfaceResult& r) { r.grid.axes[0].explainedVariance = 0.62, r.grid.axes[0].randomWalkVariance = 0.61; }), Names{"pca-variance"});
  EXPECT_EQ(plant([](SurfaceResult& r) { r.grid.trajectory = {{.run = "run", .step = 3, .x = 1, .y = 0, .loss = 2, .planeLoss = 1, .distance = 5}}; }), Names{"trajectory"});
  EXPECT_EQ(plant([](SurfaceResult& r) { r.grid.samples = 50; }), Names{"equal-settings"});
  EXPECT_EQ(plant([](SurfaceResult& r) { for (double& v : r.grid.train.loss) v *= 3; }), Names{"equal-scales"});
}

TEST(GridOddities, PassesWhatOnlyLooksLikeAFault) {
  EXPECT_EQ(plant([](SurfaceResult& r) { r.grid.axes[0].explainedVariance = 0.95, r.grid.axes[0].randomWalkVariance = 0.61; }), Names{});
  EXPECT_EQ(plant([](SurfaceResult& r) { r.grid.trajectory = {{.run = "run", .step = 3, .x = 1, .y = 0, .loss = 2, .planeLoss = 1, .distance = 1}}; }), Names{});
  EXPECT_EQ(plant([](SurfaceResult& r) { cell(r, 4, 5) = 0.5 - 1e-4; }), Names{});  // below a thousandth of the span of 3
}

TEST(GridOddities, EverySettingThatDiffersIsNamed) {
  SurfaceResult other = bowl();
  other.grid.batchNorm = "train", other.grid.precision = "double", other.spec.directionSeed = 3, other.grid.x.back() = 2;
  const Finding f = named(gridOddities(bowl(), {other}), "equal-settings");
  for (const char* word : {"batch norm eval against train", "precision float against double", "draw of the directions 0 against 3", "range of x -1:1 against -1:2"})
    EXPECT_NE(f.sentence.find(word), std::string::npos) << word << " in " << f.sentence;
  EXPECT_EQ(f.value, 4);
}

// loss-landscapes walks each row back: every other one is a step off.
TEST(GridOddities, NamesShiftedRowsAndTheirSide) {
  for (const int side : {-1, 1}) {
    SurfaceResult r = bowl(17);
    const SurfaceResult straight = r;
    for (std::size_t row = 1; row < 17; row += 2)
      for (int c = 0; c < 17; ++c) cell(r, row, static_cast<std::size_t>(c)) = straight.grid.train.loss[row * 17 + static_cast<std::size_t>(std::clamp(c + side, 0, 16))];
    const Finding f = named(lossOddities(r.grid), "row-shift");
    EXPECT_EQ(f.verdict, OddityVerdict::found) << side << ' ' << f.value;
    EXPECT_NE(f.sentence.find(side > 0 ? "to the right" : "to the left"), std::string::npos) << f.sentence;
  }
  EXPECT_EQ(named(lossOddities(bowl(17).grid), "row-shift").verdict, OddityVerdict::passed);
}

// A valley along the diagonal moves from row to row by itself: each lies between its neighbours all the same.
TEST(GridOddities, ADiagonalValleyIsNoShift) {
  SurfaceResult r = bowl(17);
  for (std::size_t i = 0; i < 17; ++i)
    for (std::size_t k = 0; k < 17; ++k) cell(r, i, k) = 0.5 + 10 * std::pow(r.grid.x[k] - r.grid.y[i], 2);
  EXPECT_EQ(named(lossOddities(r.grid), "row-shift").verdict, OddityVerdict::passed);
}

TEST(GridOddities, SpikesAreSingleCellsFarOff) {
  SurfaceResult r = bowl();
  cell(r, 2, 6) = 40;
  const std::vector<Spike> up = spikesOf(r.grid);
  ASSERT_EQ(up.size(), 1U);
  EXPECT_EQ(up[0].row, 2);
  EXPECT_EQ(up[0].column, 6);
  EXPECT_EQ(up[0].value, 40);
  r = bowl();
  cell(r, 2, 6) = -9;
  EXPECT_EQ(spikesOf(r.grid).size(), 1U);
  r = bowl();
  for (std::size_t i = 0; i < 81; ++i) r.grid.train.loss[i] = std::exp(8 * r.grid.train.loss[i]);  // a steep wall, and smooth
  EXPECT_TRUE(spikesOf(r.grid).empty());
}

TEST(GridOddities, ASliceHasOneAxis) {
  SurfaceResult r = bowl();
  r.grid.slice = true, r.spec.y.reset(), r.grid.y = {0}, r.grid.directionNorms.pop_back();
  r.grid.train.loss.assign(r.grid.train.loss.begin() + 36, r.grid.train.loss.begin() + 45), r.grid.computed.resize(9);
  const auto all = gridOddities(r, {});
  for (const char* name : {"axis-angle", "axis-lengths", "row-shift", "equal-settings"}) EXPECT_EQ(named(all, name).verdict, OddityVerdict::notApplicable) << name;
  EXPECT_EQ(found(all), Names{});
  r.grid.train.loss[6] = 90;
  EXPECT_EQ(spikesOf(r.grid).size(), 1U);
}

TEST(OdditiesFile, ComesBackAsItWas) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder / "run");
  SurfaceResult r = bowl();
  cell(r, 1, 1) = NAN;
  OdditiesResult written{.spec = {.measure = r.spec.measure, .surface = "a b.json", .beside = {"c.json"}, .probes = 5}, .oddities = {}};
  written.spec.measure.run = (folder / "run").string();
  written.oddities = {.step = 7, .samples = 100, .evaluations = 3, .products = 2, .title = "surface", .withRun = true, .findings = gridOddities(r, {}), .seconds = 0.5};
  const auto file = saveResult(written);
  const Result read = readResult(file);
  const auto& back = std::get<OdditiesResult>(read);
  EXPECT_EQ(back.spec, written.spec);
  ASSERT_EQ(back.oddities.findings.size(), written.oddities.findings.size());
  for (std::size_t i = 0; i < back.oddities.findings.size(); ++i) {
    EXPECT_EQ(back.oddities.findings[i].name, written.oddities.findings[i].name);
    EXPECT_EQ(back.oddities.findings[i].verdict, written.oddities.findings[i].verdict);
    EXPECT_EQ(back.oddities.findings[i].sentence, written.oddities.findings[i].sentence);
    EXPECT_EQ(std::isnan(back.oddities.findings[i].value), std::isnan(written.oddities.findings[i].value));
  }
  EXPECT_EQ(commandLine(read), "sharpscape check 'a b.json' --beside c.json --probes 5");
  for (const char* ending : {"o.csv", "o.json", "o.tex"}) EXPECT_NO_THROW(exportResult(read, folder / ending)) << ending;
  EXPECT_THROW(exportResult(read, folder / "o.png"), std::invalid_argument);
}

}  // namespace
}  // namespace analysis
