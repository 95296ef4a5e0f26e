// SPDX-License-Identifier: GPL-3.0-or-later
// What is written is read back: data formats bit for bit, GLB and VTK by tiny readers of the test's own.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "analysis/export/provenance_of.h"
#include "analysis/export/result_figure.h"
#include "analysis/export/surface_columns.h"
#include "analysis/figure/figure.h"
#include "analysis/interchange/file_provenance.h"
#include "analysis/interchange/hdf5_file.h"
#include "analysis/interchange/npy.h"
#include "analysis/interchange/read_surface.h"
#include "analysis/interchange/zip.h"
#include "small_results.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

class FormatsTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
  std::string bytes(const Result& result, const std::string& name) {
    exportResult(result, folder / name);
    return trainer::readFile(folder / name);
  }
  const fs::path folder = fs::temp_directory_path() / ("sharpscape_formats_" + std::to_string(::getpid()) + "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
};

/// Equal bits: NaN equals NaN.
void expectSame(const std::vector<double>& a, const std::vector<double>& b, const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(std::memcmp(&a[i], &b[i], sizeof(double)) == 0 || (std::isnan(a[i]) && std::isnan(b[i]))) << what << " " << i << ": " << a[i] << " " << b[i];
}

void expectSame(const SurfaceGrid& a, const SurfaceGrid& b) {
  const NamedArrays first = surfaceArrays(a), second = surfaceArrays(b);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].name, second[i].name);
    EXPECT_EQ(first[i].shape, second[i].shape) << first[i].name;
    EXPECT_EQ(first[i].texts, second[i].texts) << first[i].name;
    expectSame(first[i].values, second[i].values, first[i].name);
  }
}

/// With numbers that have no short decimal form, and shares whose hundredfold would not come back.
SurfaceResult awkwardSurface() {
  SurfaceResult r = test::surfaceWithExtras("runs/a b");
  for (std::size_t i = 0; i < r.grid.computed.size(); ++i) {
    if (!std::isfinite(r.grid.train.loss[i])) continue;
    r.grid.train.loss[i] = std::sqrt(2.0 + static_cast<double>(i)), r.grid.train.accuracy[i] = 1 / (3.0 + static_cast<double>(i));
  }
  return r;
}

TEST_F(FormatsTest, surfacesComeBackBitForBit) {
  for (const SurfaceResult& r : {awkwardSurface(), test::surfaceWithHoles("runs/a"), test::smallSurface("runs/a", true)})
    for (const std::string ending : {"npz", "h5", "csv", "json"}) {
      if (ending == "h5" && !hasHdf5()) continue;
      SCOPED_TRACE(ending);
      exportResult(r, folder / ("x." + ending));
      const ImportedSurface back = readSurfaceFile(folder / ("x." + ending));
      expectSame(r.grid, back.result.grid);
      EXPECT_EQ(commandLine(back.result), commandLine(r));
      EXPECT_EQ(back.result.grid.samples, r.grid.samples);
      EXPECT_EQ(back.result.grid.batchNorm, r.grid.batchNorm);
      EXPECT_EQ(back.result.grid.directions, r.grid.directions);
      EXPECT_EQ(back.result.grid.centre, r.grid.centre);
      EXPECT_EQ(back.result.grid.cosine, r.grid.cosine);
      EXPECT_TRUE(back.unknown.empty());
      EXPECT_EQ(back.result.grid.slice, r.grid.slice);
    }
}

TEST_F(FormatsTest, theLossOfANpyComesBackBitForBit) {
  const SurfaceResult r = awkwardSurface();
  exportResult(r, folder / "x.npy");
  const SurfaceGrid back = readSurfaceFile(folder / "x.npy").result.grid;
  expectSame(back.train.loss, r.grid.train.loss, "loss");
  expectSame(back.x, r.grid.x, "x");
  expectSame(back.y, r.grid.y, "y");
  EXPECT_EQ(back.computed, r.grid.computed);
}

TEST_F(FormatsTest, whatWasReadIsWrittenAsTheSameBytes) {
  const SurfaceResult r = test::surfaceWithHoles("runs/a");
  for (const std::string ending : {"npz", "h5", "csv"}) {
    if (ending == "h5" && !hasHdf5()) continue;
    const std::string first = bytes(r, "x." + ending);
    EXPECT_EQ(bytes(readSurfaceFile(folder / ("x." + ending)).result, "y." + ending), first) << ending;
  }
}

TEST_F(FormatsTest, everyFileSaysWhereItComesFrom) {
  Provenance whole;
  for (const std::string& ending : endingsOf("surface")) {
    if (ending == ".json") continue;
    exportResult(test::smallSurface("runs/a"), folder / ("x" + ending));
    const FileProvenance file = fileProvenance(folder / ("x" + ending));
    EXPECT_FALSE(file.format.empty()) << ending;
    EXPECT_EQ(file.provenance.get("command"), commandLine(test::smallSurface("runs/a"))) << ending;
    for (const char* name : {"description", "seed", "direction_seed", "samples", "precision", "bn_policy", "direction_x", "norm_y", "cosine", "program_version", "torch_version"})
      EXPECT_FALSE(file.provenance.get(name).empty()) << ending << " " << name;
    EXPECT_TRUE(file.provenance.get("seconds").empty()) << "equal runs give equal files";
  }
  for (const Result& result : {Result(test::smallSpectrum("a")), Result(test::smallSharpness("a")), Result(test::smallInvariance("a")), Result(test::smallMatched("a")),
                               Result(test::smallKappa("a")), Result(test::smallPath("a")), Result(test::smallSurface("a", true))})
    for (const std::string& ending : endingsOf(kindOf(result))) {
      if (ending == ".json") continue;
      exportResult(result, folder / ("y" + ending));
      EXPECT_EQ(fileProvenance(folder / ("y" + ending)).provenance.get("command"), commandLine(result)) << kindOf(result) << ending;
    }
}

TEST_F(FormatsTest, namesOutsideAsciiComeThroughEveryFormat) {
  const SurfaceResult r = test::smallSurface("l\xC3\xA4ufe/\xE2\x88\x82(1) \\ <&> \xF0\x9F\x98\x80");
  for (const std::string& ending : endingsOf("surface")) {
    if (ending == ".json") continue;
    exportResult(r, folder / ("x" + ending));
    EXPECT_EQ(fileProvenance(folder / ("x" + ending)).provenance.get("command"), commandLine(r)) << ending;
  }
}

TEST_F(FormatsTest, theSameResultIsTheSameFile) {
  const Result result = awkwardSurface();
  fs::create_directory(folder / "again");
  // Of the same name: a script names the arrays beside it.
  for (const std::string& ending : endingsOf("surface")) EXPECT_TRUE(bytes(result, "x" + ending) == bytes(result, "again/x" + ending)) << ending;
}

TEST_F(FormatsTest, anEndingThatDoesNotFitIsRefusedWithThoseThatDo) {
  const auto message = [&](const char* file, std::string_view kind) -> std::string {
    try {
      requireKnownEnding(folder / file, kind);
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(message("x.glb", "spectrum").find(".csv .json .npz .tex .png .svg .pdf"), std::string::npos) << message("x.glb", "spectrum");
  EXPECT_NE(message("x.tex", "surface").find(".glb"), std::string::npos);
  EXPECT_EQ(message("x.tex", "slice"), "");
  EXPECT_EQ(message("x.GLB", ""), "");
  EXPECT_NE(message("x", "surface"), "");
  EXPECT_NE(message("x.npy", "kappa"), "");
}

TEST_F(FormatsTest, tablesOfEveryKindAreArrays) {
  std::vector<std::string> skipped;
  const NamedArrays spectrum = npzArrays(bytes(test::smallSpectrum("a"), "s.npz"), "s", skipped);
  const NamedArray* value = findArray(spectrum, "value");
  ASSERT_TRUE(value);
  expectSame(value->values, {3.25, 1.0 / 3, -0.125}, "eigenvalues");
  EXPECT_EQ(findArray(spectrum, "end")->texts, (std::vector<std::string>{"top", "top", "bottom"}));
  EXPECT_EQ(findArray(spectrum, "converged")->values, (std::vector<double>{1, 0, 1}));
  const NamedArrays sharpness = npzArrays(bytes(test::smallSharpness("a"), "t.npz"), "t", skipped);
  EXPECT_TRUE(std::isnan(findArray(sharpness, "low_68")->values[0])) << "an empty cell";
  EXPECT_EQ(findArray(sharpness, "low_68")->values[1], 0.25 - 0.02);
  EXPECT_TRUE(skipped.empty());
}

TEST_F(FormatsTest, aLatexTableIsEscapedAndRounded) {
  const std::string text = bytes(test::smallSpectrum("a_b"), "s.tex");
  EXPECT_NE(text.find("% command: sharpscape spectrum a_b"), std::string::npos);
  EXPECT_NE(text.find("\\begin{tabular}{lrrrrr}"), std::string::npos);
  EXPECT_NE(text.find("error\\_estimate"), std::string::npos);
  EXPECT_NE(text.find("top & $1$ & $3.25$ & $1 \\times 10^{-5}$ & $1 \\times 10^{-9}$ & yes \\\\"), std::string::npos) << text;
  EXPECT_NE(text.find("top & $2$ & $0.333333$ &"), std::string::npos);
}

// ---- GLB ----------------------------------------------------------------------------------------------------------------

/// A binary glTF taken apart: its json, and an accessor's numbers as they lie.
struct Glb {
  explicit Glb(const std::string& bytes) {
    std::uint32_t head[5];
    std::memcpy(head, bytes.data(), sizeof(head));
    EXPECT_EQ(bytes.substr(0, 4), "glTF");
    EXPECT_EQ(head[1], 2u);
    EXPECT_EQ(head[2], bytes.size());
    EXPECT_EQ(head[3] % 4, 0u);
    json = nlohmann::json::parse(bytes.substr(20, head[3]));
    binary = bytes.substr(20 + head[3] + 8);
    EXPECT_EQ(bytes.substr(20 + head[3] + 4, 4), std::string("BIN\0", 4));
    EXPECT_EQ(json["buffers"][0]["byteLength"], binary.size());
  }
  template <class T>
  std::vector<T> numbers(std::size_t accessor) const {
    const auto& view = json["bufferViews"][json["accessors"][accessor]["bufferView"].get<std::size_t>()];
    std::vector<T> out(view["byteLength"].get<std::size_t>() / sizeof(T));
    std::memcpy(out.data(), binary.data() + view["byteOffset"].get<std::size_t>(), out.size() * sizeof(T));
    return out;
  }
  nlohmann::json json;
  std::string binary;
};

TEST_F(FormatsTest, aGlbHasTheSurfaceItsColoursAndEveryTriangle) {
  const SurfaceResult r = test::smallSurface("runs/a");
  const Glb glb(bytes(r, "x.glb"));
  const auto& primitive = glb.json["meshes"][0]["primitives"][0];
  const auto positions = glb.numbers<float>(primitive["attributes"]["POSITION"]), normals = glb.numbers<float>(primitive["attributes"]["NORMAL"]);
  const auto colours = glb.numbers<std::uint16_t>(primitive["attributes"]["COLOR_0"]);
  const auto indices = glb.numbers<std::uint32_t>(primitive["indices"]);
  EXPECT_EQ(indices.size(), 2u * 3 * 4 * 2);
  ASSERT_EQ(positions.size(), 3u * 15);
  ASSERT_EQ(colours.size(), 4u * 15);
  EXPECT_EQ(positions[0], -1);
  EXPECT_EQ(positions[1], -1) << "both axes fill the box";
  EXPECT_NEAR(positions[2], 1.08, 1e-6) << "the highest loss";
  const double lowest = 0.25 / 1.75;  // of a linear scale from 0: its smallest is within a quarter of its largest
  EXPECT_NEAR(positions[3 * 7 + 2], 1.08 * lowest, 1e-6) << "the centre";
  EXPECT_EQ(glb.json["accessors"][primitive["attributes"]["POSITION"].get<std::size_t>()]["max"], (std::vector<float>{1, 1, 1.08F}));
  // The light on a level face: 0.42 + 0.66 (0.82 l1z + 0.28 l2z); sRGB to linear light by its own formula.
  const double shade = 0.42 + 0.66 * (0.82 * 4.2 / std::sqrt(2.5 * 2.5 + 1.2 * 1.2 + 4.2 * 4.2) + 0.28 * 2 / std::sqrt(2.4 * 2.4 + 9 + 4));
  const Colour c = viridis(lowest);
  std::size_t i = 0;
  for (const double channel : {c.r, c.g, c.b}) {
    const double srgb = shade * channel, linear = srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4);
    EXPECT_NEAR(colours[4 * 7 + i++] / 65535.0, linear, 1e-4) << "float colours: 1e-7, 16 bits: 8e-6";
  }
  for (std::size_t p = 0; p < normals.size(); p += 3) EXPECT_NEAR(std::hypot(normals[p], normals[p + 1], normals[p + 2]), 1, 1e-6);
  for (std::size_t t = 0; t < indices.size(); t += 3) {
    const float* a = &positions[3 * indices[t]];
    const float* b = &positions[3 * indices[t + 1]];
    const float* d = &positions[3 * indices[t + 2]];
    EXPECT_GT((b[0] - a[0]) * (d[1] - a[1]) - (b[1] - a[1]) * (d[0] - a[0]), 0) << "counter-clockwise seen from above";
  }
}

TEST_F(FormatsTest, aGlbLeavesOutWhatIsMissingAndShowsWhatDiverged) {
  const Glb glb(bytes(test::surfaceWithHoles("runs/a"), "x.glb"));
  const auto& primitive = glb.json["meshes"][0]["primitives"][0];
  const auto indices = glb.numbers<std::uint32_t>(primitive["indices"]);
  EXPECT_EQ(indices.size(), 7u * 6) << "the cell at the missing corner is not there";
  const auto positions = glb.numbers<float>(primitive["attributes"]["POSITION"]);
  EXPECT_NEAR(positions[3 * 4 + 2], 1.08, 1e-6) << "infinite: at the top";
  EXPECT_NEAR(positions[3 * 14 + 2], 1.08, 1e-6) << "not a number: at the top";
  const auto colours = glb.numbers<std::uint16_t>(primitive["attributes"]["COLOR_0"]);
  EXPECT_EQ(colours[16], colours[17]) << "grey";
  EXPECT_EQ(colours[17], colours[18]);
  SurfaceResult none = test::smallSurface("a");
  for (auto& c : none.grid.computed) c = 0;
  EXPECT_THROW(exportResult(none, folder / "none.glb"), std::invalid_argument);
  EXPECT_FALSE(fs::exists(folder / "none.glb"));
}

// ---- VTK ----------------------------------------------------------------------------------------------------------------

std::string unbase64(const std::string& text) {
  static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    group = (group << 6) | static_cast<std::uint32_t>(digits.find(c)), bits += 6;
    if (bits >= 8) out += static_cast<char>((group >> (bits -= 8)) & 0xFF);
  }
  return out;
}

/// The numbers of an array by its attributes: base64 of a 32-bit length and the numbers.
template <class T>
std::vector<T> vtkArray(const std::string& xml, const std::string& attributes, std::size_t from = 0) {
  const std::size_t at = xml.find(attributes, from), start = xml.find('>', at) + 1, end = xml.find('<', start);
  if (at == std::string::npos) return {};
  const std::string bytes = unbase64(xml.substr(start, end - start));
  std::uint32_t size = 0;
  std::memcpy(&size, bytes.data(), 4);
  EXPECT_EQ(bytes.size(), size + 4u) << attributes;
  std::vector<T> out(size / sizeof(T));
  std::memcpy(out.data(), bytes.data() + 4, size);
  return out;
}

// What is interpolated is there in every format, marked, and not missing.
TEST_F(FormatsTest, interpolatedPointsComeBackAsSuch) {
  const SurfaceResult r = test::surfaceInPart("runs/a");
  for (const std::string ending : {"npz", "h5", "csv", "json", "npy"}) {
    if (ending == "h5" && !hasHdf5()) continue;
    SCOPED_TRACE(ending);
    exportResult(r, folder / ("x." + ending));
    const ImportedSurface back = readSurfaceFile(folder / ("x." + ending));
    EXPECT_EQ(back.result.grid.computed, r.grid.computed);
    EXPECT_EQ(back.result.grid.interpolated, r.grid.interpolated);
    expectSame(back.result.grid.train.loss, r.grid.train.loss, "loss");
    EXPECT_EQ(back.result.grid.promise.has_value(), ending == "json");
    if (ending != "npy") EXPECT_TRUE(back.warnings.empty() || back.warnings.front().find("missing") == std::string::npos) << back.warnings.front();
  }
  exportResult(r, folder / "x.vts");
  const std::string vts = trainer::readFile(folder / "x.vts");
  EXPECT_EQ(vtkArray<std::uint8_t>(vts, "Name=\"interpolated\""), r.grid.interpolated);
  EXPECT_EQ(fileProvenance(folder / "x.vts").provenance.get("evaluated"), "9 of 15 points evaluated, the rest interpolated: within 1 % at 95 % of points (worst of 30 checked 0.6 %)");
  EXPECT_NE(surfaceCaption(r.grid).find("9 of 15 points evaluated"), std::string::npos);
  EXPECT_EQ(surfaceCaption(r.grid).find("not computed"), std::string::npos);
}

TEST_F(FormatsTest, vtkFilesHoldEveryNumber) {
  const SurfaceResult r = awkwardSurface();
  const std::string vts = bytes(r, "x.vts");
  expectSame(vtkArray<double>(vts, "Name=\"validation_loss\""), r.grid.train.loss, "loss");
  expectSame(vtkArray<double>(vts, "Name=\"gradient-norm\""), surfaceArrays(r.grid)[8].values, surfaceArrays(r.grid)[8].name);
  EXPECT_EQ(vtkArray<std::uint8_t>(vts, "Name=\"computed\""), r.grid.computed);
  EXPECT_EQ(vtkArray<double>(vts, "NumberOfComponents=\"3\"").size(), 45u);

  const std::string vtp = bytes(r, "x.vtp");
  const auto points = vtkArray<double>(vtp, "NumberOfComponents=\"3\"");
  ASSERT_EQ(points.size(), 3u * (15 + 2)) << "the trajectories' points stand behind the surface's";
  const auto loss = vtkArray<double>(vtp, "Name=\"validation_loss\"");
  ASSERT_EQ(loss.size(), 17u);
  EXPECT_EQ(points[3 * 7 + 2], r.grid.train.loss[7]);
  EXPECT_TRUE(std::isinf(loss[4]));
  EXPECT_TRUE(std::isfinite(points[3 * 4 + 2]));
  EXPECT_EQ(points[3 * 15], -3);
  EXPECT_EQ(loss[15], 2.5);
  EXPECT_EQ(vtkArray<double>(vtp, "Name=\"trajectory_step\"")[16], 46);
  const std::size_t polys = vtp.find("<Polys>");
  EXPECT_EQ(vtkArray<std::int64_t>(vtp, "Name=\"connectivity\"", polys).size(), 4u * 5) << "8 cells, three corners of the grid are not drawn";
  EXPECT_EQ(vtkArray<std::int64_t>(vtp, "Name=\"offsets\"", vtp.find("<Lines>")), (std::vector<std::int64_t>{1, 2})) << "a line a run";
}

// ---- containers ---------------------------------------------------------------------------------------------------------

TEST(Zip, whatIsDamagedIsSaidInASentence) {
  const std::string whole = zipBytes({{"a.npy", npyBytes(listArray("a", {1, 2, 3}))}, {"b", ""}});
  EXPECT_EQ(zipMembers(whole, "x").size(), 2u);
  for (std::size_t size = 0; size < whole.size(); size += 7) EXPECT_THROW(zipMembers(whole.substr(0, size), "x"), trainer::DataError) << size;
  std::size_t noticed = 0;
  for (std::size_t at = 30; at < 30 + 5 + 80; ++at) {  // name and content of the first member
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    try {
      zipMembers(damaged, "x");
    } catch (const trainer::DataError&) {
      ++noticed;
    }
  }
  EXPECT_EQ(noticed, 80u) << "every byte of the content; the name is taken from the directory";
}

TEST(Npy, everyTypeAndOrderIsRead) {
  const auto file = [](const std::string& header, const std::string& data) {
    std::string text = header;
    text.resize(117, ' ');
    return std::string("\x93NUMPY\x01\x00", 8) + std::string("\x76\x00", 2) + text + "\n" + data;
  };
  const std::string fortran = file("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }", std::string("\1\0\4\0\2\0\5\0\3\0\6\0", 12));
  EXPECT_EQ(npyArray(fortran, "x").values, (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(npyArray(file("{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }", std::string("a\0\0\0b\0\0\0", 8)), "x").texts, std::vector<std::string>{"ab"});
  EXPECT_THROW(npyArray(file("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", "12345678"), "x"), trainer::DataError);
  EXPECT_THROW(npyArray(file("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "12345678"), "x"), trainer::DataError);
  EXPECT_THROW(npyArray(file("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "12345678"), "x"), trainer::DataError);
  const NamedArray scalar = textArray("m", "text");
  EXPECT_EQ(npyArray(npyBytes(scalar), "x").texts, scalar.texts);
}

TEST(ProvenanceText, comesBackLineByLine) {
  Provenance p;
  p.set("command", "sharpscape surface 'a: b'");
  p.set("empty", "");
  p.set("seed", "0");
  p.set("description", "two\nlines");
  EXPECT_EQ(p.text("# "), "# command: sharpscape surface 'a: b'\n# seed: 0\n# description: two lines\n");
  EXPECT_EQ(provenanceOfText("x,y\n" + p.text("# ") + "1,2\n# Not a: name\n", "# "), p);
}

}  // namespace
}  // namespace analysis
