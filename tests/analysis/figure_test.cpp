// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "analysis/figure/contour.h"
#include "analysis/figure/draw_figure.h"
#include "analysis/figure/file_metadata.h"

namespace analysis {
namespace {

Figure small() {
  Figure f;
  f.title = "Title <with> & signs";
  f.caption = "What it shows";
  f.command = "sharpscape surface 'a b' --size 33";
  Panel p;
  p.title = "Panel";
  p.x.label = "x";
  p.y = {"loss", Scale::log};
  p.legend = true;
  p.series.push_back({"a", {0, 1, 2, 3}, {1, 0.1, 0, 0.01}, {0, 0.05, 0, 0}, runStyle(0)});
  f.panels.push_back(p);
  Panel map;
  map.fields.push_back({{-1, 0, 1}, {-1, 0, 1}, {2, 1, 2, 1, 0, 1, 2, 1, std::numeric_limits<double>::infinity()}, 0, 2, Scale::linear, {0.5, 1.5}});
  f.panels.push_back(map);
  f.columns = 2;
  f.colourBarLabel = "loss";
  return f;
}

std::uint32_t bigEndian(const std::string& bytes, std::size_t at) {
  std::uint32_t v = 0;
  for (std::size_t i = 0; i < 4; ++i) v = (v << 8) | static_cast<unsigned char>(bytes[at + i]);
  return v;
}

TEST(Ticks, areRoundAndInside) {
  EXPECT_EQ(niceTicks(0, 1, 5, Scale::linear), (std::vector<double>{0, 0.2, 0.4, 0.2 * 3, 0.8, 1}));
  EXPECT_EQ(niceTicks(-1, 1, 4, Scale::linear), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
  const auto decades = niceTicks(3e-4, 20, 9, Scale::log);
  ASSERT_EQ(decades.size(), 5u);
  EXPECT_NEAR(decades.front(), 1e-3, 1e-15);
  EXPECT_NEAR(decades.back(), 10, 1e-12);
  EXPECT_EQ(niceTicks(1.5, 6, 5, Scale::log).size(), 2u) << "2 and 5: less than two decades";
  EXPECT_TRUE(niceTicks(1, 1, 5, Scale::linear).empty());
  EXPECT_TRUE(niceTicks(-1, 1, 5, Scale::log).empty());
  for (const double high : {1e-9, 0.37, 5.0, 1234.5, 1e12}) {
    const auto ticks = niceTicks(0, high, 5, Scale::linear);
    EXPECT_GE(ticks.size(), 3u) << high;
    EXPECT_LE(ticks.size(), 7u) << high;
    EXPECT_LE(ticks.back(), high * (1 + 1e-9));
  }
}

TEST(Viridis, endsAndBrightnessAreThoseOfTheMap) {
  const Colour first = viridis(0), last = viridis(1);
  EXPECT_NEAR(first.r, 0.267004, 1e-3);
  EXPECT_NEAR(last.b, 0.143936, 1e-3);
  double before = -1;
  for (int i = 0; i <= 100; ++i) {
    const Colour c = viridis(i / 100.0);
    const double brightness = 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
    EXPECT_GT(brightness, before - 1e-3) << i;
    before = brightness;
  }
  EXPECT_EQ(viridis(-3).r, viridis(0).r);
  EXPECT_EQ(viridis(std::nan("")).r, viridis(0).r);
  EXPECT_EQ(viridis(7).g, viridis(1).g);
}

TEST(RunStyles, differWithoutColour) {
  std::set<std::tuple<int, int, bool>> seen;
  for (std::size_t i = 0; i < 6; ++i) seen.emplace(static_cast<int>(runStyle(i).line), static_cast<int>(runStyle(i).marker), runStyle(i).hollow);
  EXPECT_EQ(seen.size(), 6u);
}

TEST(Contour, ofAPlaneIsTheStraightLine) {
  Field f{{0, 1, 2}, {0, 1}, {}, 0, 4, Scale::linear, {}};
  for (const double y : f.y)
    for (const double x : f.x) f.values.push_back(x + 2 * y);
  const auto segments = contourSegments(f, 1.5);
  ASSERT_FALSE(segments.empty());
  for (const auto& s : segments)
    for (const auto& p : s) EXPECT_NEAR(p.x + 2 * p.y, 1.5, 1e-12);
  EXPECT_TRUE(contourSegments(f, 9).empty());
}

TEST(Contour, ofABowlIsClosed) {
  Field f;
  for (int i = -10; i <= 10; ++i) f.x.push_back(i / 10.0), f.y.push_back(i / 10.0);
  for (const double y : f.y)
    for (const double x : f.x) f.values.push_back(x * x + y * y);
  // Every end of a segment is the end of exactly one other.
  std::map<std::pair<long, long>, int> ends;
  for (const auto& s : contourSegments(f, 0.43))  // no grid point lies on it
    for (const auto& p : s) {
      ++ends[{std::lround(p.x * 1e9), std::lround(p.y * 1e9)}];
      EXPECT_NEAR(std::hypot(p.x, p.y), std::sqrt(0.43), 0.01);
    }
  EXPECT_GT(ends.size(), 20u);
  for (const auto& [at, count] : ends) EXPECT_EQ(count, 2);
}

TEST(Contour, aSaddleGoesWithItsMiddleAndBadCornersHaveNone) {
  Field f{{0, 1}, {0, 1}, {1, 0, 0, 1}, 0, 1, Scale::linear, {}};
  const auto high = contourSegments(f, 0.4);  // middle 0.5 is above: the high corners are joined, the low ones cut off
  ASSERT_EQ(high.size(), 2u);
  for (const auto& s : high) {
    const double mx = (s[0].x + s[1].x) / 2, my = (s[0].y + s[1].y) / 2;
    EXPECT_TRUE((mx > 0.5 && my < 0.5) || (mx < 0.5 && my > 0.5)) << mx << " " << my;
  }
  for (const auto& s : contourSegments(f, 0.6)) {
    const double mx = (s[0].x + s[1].x) / 2, my = (s[0].y + s[1].y) / 2;
    EXPECT_TRUE((mx < 0.5) == (my < 0.5)) << mx << " " << my;
  }
  f.values[0] = std::nan("");
  EXPECT_TRUE(contourSegments(f, 0.4).empty());
}

TEST(Drawing, sameFigureSameBytesInEveryFormat) {
  for (const FigureFormat format : {FigureFormat::png, FigureFormat::svg, FigureFormat::pdf}) {
    const std::string first = drawFigure(small(), format);
    EXPECT_GT(first.size(), 1000u);
    EXPECT_EQ(first, drawFigure(small(), format)) << static_cast<int>(format);
  }
}

TEST(Drawing, formatsAreWhatTheySay) {
  EXPECT_EQ(drawFigure(small(), FigureFormat::png).substr(1, 3), "PNG");
  EXPECT_EQ(drawFigure(small(), FigureFormat::pdf).substr(0, 5), "%PDF-");
  const std::string svg = drawFigure(small(), FigureFormat::svg);
  EXPECT_NE(svg.find("<svg"), std::string::npos);
  EXPECT_NE(svg.find("<metadata>command: sharpscape surface &#39;a b&#39; --size 33\n"), std::string::npos);
  EXPECT_NE(svg.find("<title>Title &lt;with&gt; &amp; signs</title>"), std::string::npos);
}

TEST(Drawing, thePngHoldsItsCommandAndEveryChunkIsWhole) {
  const std::string png = drawFigure(small(), FigureFormat::png, 1);
  std::string names, command;
  std::size_t at = 8;
  while (at + 12 <= png.size()) {
    const std::uint32_t length = bigEndian(png, at);
    const std::string name = png.substr(at + 4, 4);
    names += name + " ";
    EXPECT_EQ(bigEndian(png, at + 8 + length), crc32(0, reinterpret_cast<const Bytef*>(png.data() + at + 4), length + 4)) << name;
    if (name == "iTXt" && png.compare(at + 8, 7, "Command") == 0) command = png.substr(at + 8 + 12, length - 12);
    at += 12 + length;
  }
  EXPECT_EQ(at, png.size());
  EXPECT_EQ(command, small().command);
  EXPECT_EQ(names.substr(0, 5), "IHDR ");
  EXPECT_NE(names.find("IEND"), std::string::npos);
}

TEST(Drawing, aFigureWithoutPanelsOrOfAbsurdSizeIsRefused) {
  EXPECT_THROW(drawFigure({}, FigureFormat::svg), std::invalid_argument);
  EXPECT_THROW(drawFigure(small(), FigureFormat::png, 0), std::invalid_argument);
  EXPECT_THROW(drawFigure(small(), FigureFormat::png, 1e6), std::invalid_argument);
}

TEST(Drawing, emptyAndConstantDataAreDrawn) {
  Figure f;
  f.panels.push_back({.title = "empty", .x = {}, .y = {}, .series = {{"", {}, {}, {}, runStyle(0)}}, .fields = {}, .note = "", .legend = true});
  f.panels.push_back({.title = "constant", .x = {}, .y = {"", Scale::log}, .series = {{"", {0, 1}, {2, 2}, {}, runStyle(1)}}, .fields = {}, .note = "", .legend = false});
  EXPECT_GT(drawFigure(f, FigureFormat::svg).size(), 500u);
}

TEST(SvgText, onlyIdsAreRenumbered) {
  const std::string svg = "<svg>\n<image id=\"image17\"/><use href=\"#image17\"/><text>image99</text><image id=\"image23\"/></svg>";
  const std::string out = withSvgText(svg, "t", Provenance{{{"command", "c"}}});
  EXPECT_NE(out.find("id=\"image1\""), std::string::npos);
  EXPECT_NE(out.find("#image1\""), std::string::npos);
  EXPECT_NE(out.find("id=\"image2\""), std::string::npos);
  EXPECT_NE(out.find("image99"), std::string::npos);
}

}  // namespace
}  // namespace analysis
