// SPDX-License-Identifier: GPL-3.0-or-later
// Surfaces of other programs: tests/data/surfaces, written with their layouts by tests/data/make_foreign_surfaces.py.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <functional>

#include "analysis/export/export_result.h"
#include "analysis/interchange/hdf5_file.h"
#include "analysis/interchange/npy.h"
#include "analysis/interchange/read_surface.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;
const fs::path kData = SHARPSCAPE_TEST_DATA;

/// What each of them holds: no exchange or reflection of the axes leaves it as it is.
double f(double x, double y) { return 0.25 + x * x + 2 * y * y + x * y / 8; }

ImportedSurface open(const char* name, const ImportOptions& options = {}) { return readSurfaceFile(kData / "surfaces" / name, options); }

/// Equal up to the order of the operations in the two languages: a few roundings of numbers up to 40.
void expectF(const ImportedSurface& s, double stepX = 1, double stepY = 1) {
  const SurfaceGrid& g = s.result.grid;
  for (std::int64_t r = 0; r < g.rows(); ++r)
    for (std::int64_t c = 0; c < g.columns(); ++c) {
      const auto i = static_cast<std::size_t>(r * g.columns() + c);
      if (!g.computed[i]) continue;
      EXPECT_NEAR(g.train.loss[i], f(stepX * g.x[static_cast<std::size_t>(c)], stepY * g.y[static_cast<std::size_t>(r)]), 1e-13) << r << " " << c;
    }
}

std::string all(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& s : sentences) text += s + "\n";
  return text;
}

TEST(Interchange, liTransposedLookingUnfinishedAndInPercent) {
  if (!hasHdf5()) GTEST_SKIP() << "built without HDF5";
  const ImportedSurface s = open("li_7x5.h5");
  const SurfaceGrid& g = s.result.grid;
  EXPECT_EQ(g.columns(), 7);
  EXPECT_EQ(g.rows(), 5);
  expectF(s);
  EXPECT_EQ(g.computed[0], 0) << "-1: not finished";
  EXPECT_EQ(g.computed[33], 0);
  EXPECT_EQ(g.evaluations, 33);
  EXPECT_NEAR(g.train.accuracy[17], 1 / (1 + f(0, 0)), 1e-15) << "a share, not percent";
  EXPECT_NEAR(g.centre, 0.25, 1e-15);
  EXPECT_EQ(s.unknown.size(), 1u);
  EXPECT_NE(all(s.warnings).find("1-D tensors"), std::string::npos);
  EXPECT_NE(all(s.warnings).find("nothing says that the direction was normalised"), std::string::npos);
  EXPECT_NE(all(s.warnings).find("2 of 35 points are missing"), std::string::npos) << all(s.warnings);
}

TEST(Interchange, liEigenvaluesAndALine) {
  if (!hasHdf5()) GTEST_SKIP() << "built without HDF5";
  const ImportedSurface s = open("li_5x5_eigenvalues.h5");
  ASSERT_EQ(s.result.grid.fields.size(), 2u);
  EXPECT_EQ(s.result.grid.fields[1].name, "max_eig");
  EXPECT_EQ(s.result.grid.fields[1].values[12], 128 * 0.25);
  EXPECT_NE(all(s.warnings).find("number of batches"), std::string::npos);
  EXPECT_EQ(all(s.warnings).find("1-D tensors"), std::string::npos) << "its direction file's name says biasbn was ignored";
  EXPECT_NE(s.result.grid.directions[1].find("filter-normalised"), std::string::npos);
  const ImportedSurface line = open("li_line.h5");
  EXPECT_TRUE(line.result.grid.slice);
  expectF(line);
  EXPECT_NEAR(line.result.grid.test.loss[0], f(-1, 0.5), 1e-13);
}

TEST(Interchange, losscapeGaripovAndLandscaper) {
  if (hasHdf5()) expectF(open("losscape_data.h5"));
  const ImportedSurface plane = open("plane.npz");
  expectF(plane);
  EXPECT_NEAR(plane.result.grid.x.back(), 3.6, 1e-12);
  EXPECT_NEAR(plane.result.grid.y.back(), 2.4, 1e-12);
  EXPECT_NEAR(plane.result.grid.test.loss[3], plane.result.grid.train.loss[3] + 0.5, 1e-13) << "nll, not the loss with its decay";
  EXPECT_EQ(plane.result.grid.batchNorm, "recomputed");
  ASSERT_EQ(plane.result.grid.trajectory.size(), 7u);
  EXPECT_EQ(plane.result.grid.trajectory[3].x, 1.5);
  EXPECT_EQ(plane.result.grid.marks.size(), 3u);
  const ImportedSurface curve = open("curve.npz");
  EXPECT_TRUE(curve.result.grid.slice);
  expectF(curve);
  expectF(open("landscaper.npz"));
  expectF(open("table.csv"));
}

TEST(Interchange, lossLandscapesRowsAreStraightenedOnRequestOnly) {
  const ImportedSurface raw = open("loss_landscapes.npy");
  EXPECT_TRUE(raw.rowsShifted);
  EXPECT_NE(all(raw.warnings).find("shifted by one step"), std::string::npos);
  EXPECT_EQ(raw.result.grid.columns(), 12);
  const ImportedSurface straight = open("loss_landscapes.npy", {.straightenRows = true});
  EXPECT_EQ(straight.result.grid.columns(), 11);
  EXPECT_EQ(straight.result.grid.rows(), 12);
  expectF(straight, 0.125, 0.125);
  EXPECT_FALSE(straight.rowsShifted);
  EXPECT_NE(commandLine(straight.result).find("--straighten-rows"), std::string::npos);
  EXPECT_THROW(open("table.csv", {.straightenRows = true}), std::invalid_argument);
}

class InterchangeFiles : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
  fs::path file(const std::string& name, const std::string& content) {
    trainer::writeFileAtomically(folder / name, content);
    return folder / name;
  }
  /// The sentence with which it is refused.
  std::string refusal(const std::string& name, const std::string& content) {
    try {
      readSurfaceFile(file(name, content));
    } catch (const trainer::DataError& e) {
      const std::string what = e.what();
      EXPECT_NE(what.find(name), std::string::npos) << what;
      EXPECT_LT(what.size(), 560u) << what;
      EXPECT_EQ(what.find('\n'), std::string::npos) << what;
      return what;
    }
    return "accepted";
  }
  const fs::path folder = fs::temp_directory_path() / ("sharpscape_interchange_" + std::to_string(::getpid()) + "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(InterchangeFiles, aForeignSurfaceBecomesEverythingElse) {
  for (const char* name : {"li_7x5.h5", "plane.npz", "loss_landscapes.npy", "table.csv", "landscaper.npz", "losscape_data.h5"}) {
    if (std::string(name).ends_with(".h5") && !hasHdf5()) continue;
    const ImportedSurface s = open(name);
    for (const std::string& ending : endingsOf("surface")) {
      SCOPED_TRACE(name + ending);
      exportResult(s.result, folder / ("x" + ending));
      if (ending != ".npz" && ending != ".csv" && ending != ".h5" && ending != ".json") continue;
      const ImportedSurface back = readSurfaceFile(folder / ("x" + ending));
      EXPECT_EQ(back.result.grid.x, s.result.grid.x);
      EXPECT_EQ(back.result.grid.computed, s.result.grid.computed);
      for (std::size_t i = 0; i < s.result.grid.computed.size(); ++i)
        EXPECT_TRUE(!s.result.grid.computed[i] || back.result.grid.train.loss[i] == s.result.grid.train.loss[i]) << i;
      EXPECT_EQ(back.result.origin.format, s.format) << "what it once was stays known";
      EXPECT_FALSE(back.result.origin.unknown.empty());
    }
  }
}

TEST_F(InterchangeFiles, theLayoutOfLiIsWhatHisScriptsRead) {
  if (!hasHdf5()) GTEST_SKIP() << "built without HDF5";
  const ImportedSurface s = open("li_7x5.h5");
  exportResult(s.result, folder / "x.h5");
  const NamedArrays arrays = hdf5Content(trainer::readFile(folder / "x.h5"), "x").arrays, theirs = hdf5Content(trainer::readFile(kData / "surfaces/li_7x5.h5"), "x").arrays;
  for (const NamedArray& a : theirs) {
    const NamedArray* const ours = findArray(arrays, a.name);
    ASSERT_TRUE(ours) << a.name;
    EXPECT_EQ(ours->shape, a.shape) << a.name;
    if (a.name == "dir_file") continue;  // the directions' file is not this program's
    for (std::size_t i = 0; i < a.values.size(); ++i) EXPECT_NEAR(ours->values[i], a.values[i], 1e-12) << a.name << " " << i;
  }
}

TEST_F(InterchangeFiles, tablesOfOtherKinds) {
  EXPECT_EQ(readSurfaceFile(file("a.csv", "x;y;z\n0;0;1\n1;0;2\n0;1;3\n1;1;4\n")).result.grid.train.loss, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(readSurfaceFile(file("b.csv", "0,0,1\n1,0,2\n0,1,3\n1,1,4\n")).result.grid.train.loss, (std::vector<double>{1, 2, 3, 4})) << "no header";
  EXPECT_EQ(readSurfaceFile(file("c.txt", "# x y loss\n1 1 4\n0 1 3\n1 0 2\n0 0 1\n")).result.grid.train.loss, (std::vector<double>{1, 2, 3, 4})) << "any order";
  const SurfaceGrid matrix = readSurfaceFile(file("d.csv", "1,2,3,4\n5,6,7,8\n")).result.grid;
  EXPECT_EQ(matrix.columns(), 4);
  EXPECT_EQ(matrix.rows(), 2);
  const ImportedSurface holes = readSurfaceFile(file("e.csv", "x,loss\n-1,1\n0,\n1,nan\n2,inf\n"));
  EXPECT_TRUE(holes.result.grid.slice);
  EXPECT_EQ(holes.result.grid.computed, (std::vector<std::uint8_t>{1, 0, 1, 1}));
  EXPECT_EQ(all(holes.warnings), "1 of 4 points are missing: they were not finished, or are not a number.\n2 of 4 points are not finite.\n");
  const SurfaceGrid named = readSurfaceFile(file("f.csv", "x,y,banana\n0,0,1\n1,0,2\n0,1,3\n1,1,4\n")).result.grid;
  EXPECT_EQ(named.train.loss, (std::vector<double>{1, 2, 3, 4})) << "the first column that is no coordinate";
}

TEST_F(InterchangeFiles, whatIsNoSurfaceIsRefusedInASentence) {
  EXPECT_NE(refusal("a.csv", "x,y,loss\n0,0,1\n1,0,seven\n").find("line 3, column 3: 'seven' is not a number"), std::string::npos);
  EXPECT_NE(refusal("b.csv", "x,y,loss\n0,0,1\n1,0\n").find("line 3 has 2 cells"), std::string::npos);
  EXPECT_NE(refusal("c.csv", "x,y,loss\n0,0,1\n0,0,2\n").find("lines 2 and 3 are the same point"), std::string::npos);
  EXPECT_NE(refusal("d.csv", "x,y,loss\n0,0,1\n1,1,2\n2,2,2\n3,3,3\n4,4,4\n").find("no grid"), std::string::npos);
  EXPECT_NE(refusal("e.csv", "x,y,loss\nnan,0,1\n").find("not a finite number"), std::string::npos);
  EXPECT_NE(refusal("f.csv", "").find("empty"), std::string::npos);
  EXPECT_NE(refusal("g.csv", "a,b\n1,2\n").find("no x"), std::string::npos);
  EXPECT_NE(refusal("h.csv", "x,loss\n0,nan\n1,\n").find("not one of its losses"), std::string::npos);
  EXPECT_NE(refusal("i.npz", npzBytes({listArray("x", {0, 1}), listArray("loss", {1, 2, 3})})).find("shape (3), expected (2)"), std::string::npos);
  EXPECT_NE(refusal("j.npz", npzBytes({listArray("weights", {0, 1})})).find("it holds weights"), std::string::npos);
  EXPECT_NE(refusal("k.npz", npzBytes({listArray("x", {0, 0}), listArray("loss", {1, 2})})).find("does not ascend"), std::string::npos);
  EXPECT_NE(refusal("l.npy", npyBytes({.name = "", .shape = {1, 1, 1}, .values = {1}})).find("(1, 1, 1)"), std::string::npos);
  EXPECT_NE(refusal("m.npy", "nothing of the kind").find("NUMPY"), std::string::npos);
  EXPECT_NE(refusal("n.bin", "nothing of the kind").find("expected .h5"), std::string::npos);
  EXPECT_THROW(readSurfaceFile(folder / "nowhere.npz"), trainer::IoError);
}

TEST_F(InterchangeFiles, hdf5ThatIsDamagedOrSomethingElse) {
  if (!hasHdf5()) GTEST_SKIP() << "built without HDF5";
  EXPECT_NE(refusal("a.h5", "nothing of the kind").find("signature"), std::string::npos);
  EXPECT_NE(refusal("b.h5", trainer::readFile(kData / "surfaces/li_directions.h5")).find("direction file"), std::string::npos);
  EXPECT_NE(refusal("c.h5", hdf5Bytes({listArray("weights", {1})}, {})).find("it holds weights"), std::string::npos);
  EXPECT_NE(refusal("d.h5", hdf5Bytes({listArray("xcoordinates", {0, 1}), listArray("train_loss", {1, 2, 3})}, {})).find("3 values, its coordinates ask for 2"), std::string::npos);
  EXPECT_NE(refusal("e.h5", hdf5Bytes({listArray("xcoordinates", {0, 1}), textArray("train_loss", "one")}, {})).find("'train_loss' holds no numbers"), std::string::npos);
  EXPECT_NE(refusal("f.h5", hdf5Bytes({listArray("xcoordinates", {0, 1}), listArray("train_loss", {-1, -1})}, {})).find("not one of its losses"), std::string::npos);
  const std::string whole = trainer::readFile(kData / "surfaces/li_7x5.h5");
  for (std::size_t size = 1; size < whole.size(); size += 997) EXPECT_NE(refusal("cut.h5", whole.substr(0, size)), "accepted") << size;
  // A flipped bit may change a number, which HDF5 does not notice; what matters is an answer in a sentence or a surface, never a crash.
  for (std::size_t at = 0; at < whole.size(); at += 113) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x21);
    refusal("flipped.h5", damaged);
  }
}

}  // namespace
}  // namespace analysis
