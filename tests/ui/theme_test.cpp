// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QFile>
#include <QImage>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <cmath>
#include <cstdlib>
#include <set>

#include "ui/theme/style_sheet.h"

namespace ui {
namespace {

constexpr double kReadable = 4.5;  // WCAG 2.1, level AA, text of normal size
constexpr ThemeKind kKinds[] = {ThemeKind::dark, ThemeKind::light, ThemeKind::paper};

double luminance(const QColor& colour) {
  const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const auto [dark, bright] = std::minmax({luminance(a), luminance(b)});  // the list: a pair of references would dangle
  return (bright + 0.05) / (dark + 0.05);
}

/// Every pixel that is fully covered has the colour. Where antialiased shapes overlap, premultiplied bytes are rounded once a shape: 2 of
/// 255.
void expectDrawnIn(const QPixmap& pixmap, const QColor& colour) {
  const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
  int covered = 0, wrong = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) {
      if (qAlpha(image.pixel(x, y)) != 255) continue;
      ++covered;
      const QColor seen(image.pixel(x, y));
      wrong += std::abs(seen.red() - colour.red()) > 2 || std::abs(seen.green() - colour.green()) > 2 ||
               std::abs(seen.blue() - colour.blue()) > 2;
    }
  EXPECT_GT(covered, 0);
  EXPECT_EQ(wrong, 0);
}

TEST(Contrast, isTheFormulaOfWcag) {
  EXPECT_NEAR(contrast(Qt::black, Qt::white), 21, 1e-9);  // by definition 1.05 / 0.05
  // Published for #777777 on white: 4.48. Half a unit of the last digit.
  EXPECT_NEAR(contrast(QColor(0x77, 0x77, 0x77), Qt::white), 4.48, 0.005);
}

class TokensOf : public testing::TestWithParam<ThemeKind> {
 protected:
  const Tokens& t = tokens(GetParam());
};
INSTANTIATE_TEST_SUITE_P(AllThemes, TokensOf, testing::ValuesIn(kKinds));

TEST_P(TokensOf, textIsReadableOnEverySurface) {
  const std::pair<const char*, QColor> surfaces[] = {{"window", t.window},         {"panel", t.panel},      {"header", t.header},
                                                     {"button", t.button},         {"sunken", t.sunken},    {"scene", t.scene},
                                                     {"accentSoft", t.accentSoft}, {"baseline", t.baseline}};
  for (const auto& [name, surface] : surfaces)
    for (const QColor& text : {t.text, t.second})
      EXPECT_GE(contrast(text, surface), kReadable) << text.name().toStdString() << " on " << name;
}

TEST_P(TokensOf, verdictsAreReadableInHeadersTablesAndSelectedRows) {
  for (const QColor& surface : {t.window, t.panel, t.header, t.sunken, t.accentSoft})
    for (const QColor& text : {t.ok, t.warn, t.error, t.info})
      EXPECT_GE(contrast(text, surface), kReadable) << text.name().toStdString() << " on " << surface.name().toStdString();
}

TEST_P(TokensOf, accentIsReadableAsTextAndUnderWhite) {
  for (const QColor& surface : {t.panel, t.window, t.sunken, t.accentSoft})
    EXPECT_GE(contrast(t.accent, surface), kReadable) << surface.name().toStdString();
  EXPECT_GE(contrast(Qt::white, t.accentFill), kReadable);
}

TEST_P(TokensOf, chartsAndScenesTakeTheirColoursFromTheTokens) {
  const ChartColours charts = chartColours(GetParam());
  EXPECT_EQ(charts.background, t.sunken);
  EXPECT_EQ(charts.text, t.text);
  EXPECT_EQ(charts.accent, t.accent);
  const SceneColours scene = sceneColours(GetParam());
  EXPECT_EQ(scene.background, t.scene);
  EXPECT_EQ(scene.plate.alpha(), 217);  // 85 %
  EXPECT_GE(contrast(scene.text, QColor(scene.plate.rgb())), kReadable);
}

TEST_P(TokensOf, styleSheetNamesOnlyKnownTokensAndFilesThatAreThere) {
  const Theme loadsTheIcons;
  const QString sheet = styleSheetOf(t);
  EXPECT_FALSE(sheet.contains(QLatin1Char('@'))) << sheet.mid(sheet.indexOf(QLatin1Char('@')), 40).toStdString();
  std::set<QString> files;
  static const QRegularExpression url(QStringLiteral("url\\(([^)]*)\\)"));
  for (auto match = url.globalMatch(sheet); match.hasNext();) files.insert(match.next().captured(1));
  EXPECT_GE(files.size(), 6u);
  for (const QString& file : files) EXPECT_TRUE(QFile::exists(file)) << file.toStdString();
}

TEST_P(TokensOf, paletteHasTheTokens) {
  const QPalette palette = paletteOf(t);
  EXPECT_EQ(palette.color(QPalette::Window), t.window);
  EXPECT_EQ(palette.color(QPalette::Base), t.sunken);
  EXPECT_EQ(palette.color(QPalette::Text), t.text);
  EXPECT_EQ(palette.color(QPalette::Disabled, QPalette::Text), t.third);
  EXPECT_EQ(palette.color(QPalette::PlaceholderText), t.third);
}

class RunLook : public testing::TestWithParam<ThemeKind> {};
INSTANTIATE_TEST_SUITE_P(AllThemes, RunLook, testing::ValuesIn(kKinds));

TEST_P(RunLook, sixDifferInColourAndDashesAndFiveInTheMarkerToo) {
  std::set<QRgb> colours;
  std::set<CurveLook::Marker> markers;
  for (std::size_t i = 0; i < 6; ++i) {
    const CurveLook look = runLook(i, GetParam());
    colours.insert(look.colour.rgb());
    if (i < 5) markers.insert(look.marker);
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(look.dashes, runLook(j, GetParam()).dashes) << i << " and " << j;
  }
  EXPECT_EQ(colours.size(), 6u);
  EXPECT_EQ(markers.size(), 5u);
}

TEST_P(RunLook, startsAgainAfterSix) {
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(runLook(i + 6, GetParam()), runLook(i, GetParam()));
}

TEST_P(RunLook, keepsDashesAndMarkerInEveryTheme) {
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(runLook(i, GetParam()).dashes, runLook(i, ThemeKind::dark).dashes);
    EXPECT_EQ(runLook(i, GetParam()).marker, runLook(i, ThemeKind::dark).marker);
  }
}

TEST_P(RunLook, swatchesAreInTheRunsColourAndAllDiffer) {
  std::vector<QImage> seen;
  for (std::size_t i = 0; i < 6; ++i) {
    CurveLook look = runLook(i, GetParam());
    expectDrawnIn(swatch(look, 2), look.colour);
    look.colour = Qt::black;  // must differ without colour too
    const QImage image = swatch(look, 2).toImage();
    EXPECT_EQ(image.size(), QSize(56, 32));
    for (const QImage& other : seen) EXPECT_NE(image, other) << i;
    seen.push_back(image);
  }
}

const char* const kIcons[] = {"train", "curvature",    "landscape",     "compare",    "plus",       "folder",     "more",     "search",
                              "eye",   "eye-off",      "play",          "pause",      "stop",       "clock",      "check",    "triangle",
                              "cross", "close",        "copy",          "export",     "picture",    "reset",      "help",     "info",
                              "pin",   "probe",        "sun",           "moon",       "cube",       "cube-front", "keyboard", "layers",
                              "trash", "chevron-down", "chevron-right", "chevron-up", "cube-right", "cube-top"};

class IconNamed : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, IconNamed, testing::ValuesIn(kIcons),
                         [](const auto& info) { return QString::fromLatin1(info.param).remove(QLatin1Char('-')).toStdString(); });

TEST_P(IconNamed, isDrawnInTheColourThatIsAskedFor) {
  const Theme theme;
  const QColor colour(0x12, 0x9A, 0x5E);
  // At 64 a stroke is over 5 wide: there are fully covered pixels in every icon.
  expectDrawnIn(theme.icon(QString::fromLatin1(GetParam()), colour).pixmap(QSize(64, 64), 1.0), colour);
}

TEST_P(IconNamed, fillsItsPlaceAtSixteenPixels) {
  const Theme theme;
  const QImage image =
      theme.icon(QString::fromLatin1(GetParam())).pixmap(QSize(16, 16), 1.0).toImage().convertToFormat(QImage::Format_ARGB32);
  ASSERT_EQ(image.size(), QSize(16, 16));
  int inked = 0;
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 16; ++x) inked += qAlpha(image.pixel(x, y)) > 127;
  EXPECT_GE(inked, 8);    // three dots, the sparsest, have 12
  EXPECT_LE(inked, 160);  // an outline, not a block: the filled ones stay below two thirds
}

TEST(ThemeIcons, areAsSharpAsTheScreen) {
  const Theme theme;
  const QPixmap pixmap = theme.icon(QStringLiteral("clock")).pixmap(QSize(16, 16), 2.0);
  EXPECT_EQ(pixmap.size(), QSize(32, 32));
  EXPECT_EQ(pixmap.devicePixelRatio(), 2.0);
  const QImage doubled = theme.icon(QStringLiteral("clock")).pixmap(QSize(16, 16), 1.0).toImage().scaled(32, 32);
  EXPECT_NE(pixmap.toImage().convertToFormat(doubled.format()), doubled);
}

TEST(ThemeIcons, followTheStateOfTheirButton) {
  Theme theme;
  theme.set(ThemeKind::light);
  const QIcon icon = theme.icon(QStringLiteral("stop"));
  expectDrawnIn(icon.pixmap(QSize(32, 32), 1.0), theme.tokens().text);
  expectDrawnIn(icon.pixmap(QSize(32, 32), 1.0, QIcon::Disabled), theme.tokens().third);
  expectDrawnIn(icon.pixmap(QSize(32, 32), 1.0, QIcon::Normal, QIcon::On), theme.tokens().accent);
  theme.set(ThemeKind::dark);
  expectDrawnIn(theme.icon(QStringLiteral("stop")).pixmap(QSize(32, 32), 1.0), theme.tokens().text);
}

TEST(ThemeIcons, unknownNamesAreNull) {
  const Theme theme;
  EXPECT_TRUE(theme.icon(QStringLiteral("no-such-icon")).isNull());
}

TEST(ThemeIcons, swatchesKeepTheirColourInSelectedRows) {
  Theme theme;
  theme.set(ThemeKind::dark);
  const CurveLook look = runLook(1, ThemeKind::dark);
  expectDrawnIn(QIcon(swatch(look, 1)).pixmap(QSize(28, 16), 1.0, QIcon::Selected), look.colour);
}

TEST(ThemeIcons, theApplicationHasOneWithItsOwnColours) {
  const Theme theme;
  const QImage image = theme.icon(QStringLiteral("sharpscape")).pixmap(QSize(64, 64), 1.0).toImage();
  std::set<QRgb> colours;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) colours.insert(image.pixel(x, y));
  EXPECT_GE(colours.size(), 6u);  // ground, outside of the bowl and at least four bands
}

TEST(ThemeSet, appliesPaletteAndStyleSheetAndSaysSoOnce) {
  Theme theme;
  theme.set(ThemeKind::dark);
  QSignalSpy changed(&theme, &Theme::changed);
  theme.set(ThemeKind::light);
  EXPECT_EQ(changed.count(), 1);
  EXPECT_EQ(theme.kind(), ThemeKind::light);
  EXPECT_EQ(QApplication::palette().color(QPalette::Window), tokens(ThemeKind::light).window);
  EXPECT_EQ(qApp->styleSheet(), styleSheetOf(tokens(ThemeKind::light)));
  EXPECT_EQ(QApplication::font().pixelSize(), 12);
  theme.set(ThemeKind::dark);
  EXPECT_EQ(changed.count(), 2);
  EXPECT_EQ(QApplication::palette().color(QPalette::Window), tokens(ThemeKind::dark).window);
}

/// Pixels in the part of the widget that stand out from its background at least as much as a graphic must (WCAG 2.1: 3 : 1).
int visiblePixels(QWidget& widget, const QRect& part, const QColor& background) {
  const QImage image = widget.grab().toImage();
  int count = 0;
  for (int y = part.top(); y <= part.bottom(); ++y)
    for (int x = part.left(); x <= part.right(); ++x) count += contrast(QColor(image.pixel(x, y)), background) >= 3;
  return count;
}

class Drawn : public testing::TestWithParam<ThemeKind> {
 protected:
  Drawn() { theme.set(GetParam()); }
  Theme theme;
};
INSTANTIATE_TEST_SUITE_P(AllThemes, Drawn, testing::ValuesIn(kKinds));

TEST_P(Drawn, arrowsOfComboAndSpinBoxesAreVisible) {
  QComboBox combo;
  combo.resize(100, 24);
  EXPECT_EQ(combo.sizeHint().height(), 24);
  EXPECT_GE(visiblePixels(combo, QRect(82, 6, 14, 12), theme.tokens().sunken), 6);  // a chevron 6 wide
  QSpinBox spin;
  spin.resize(100, 24);
  EXPECT_EQ(spin.sizeHint().height(), 24);
  EXPECT_GE(visiblePixels(spin, QRect(84, 2, 13, 9), theme.tokens().sunken), 3);
  EXPECT_GE(visiblePixels(spin, QRect(84, 13, 13, 9), theme.tokens().sunken), 3);
}

TEST_P(Drawn, docksHaveTheColourOfPanelsWhateverTheyHold) {
  QDockWidget dock;
  dock.setTitleBarWidget(new QWidget);
  auto* held = new QDialogButtonBox;  // a class of its own below QWidget, which paints no background
  held->setFixedSize(60, 60);
  dock.setWidget(held);
  dock.resize(60, 60);
  EXPECT_EQ(dock.grab().toImage().pixelColor(30, 30), theme.tokens().panel);
}

TEST_P(Drawn, slidersShowTheirTicks) {
  QSlider slider(Qt::Horizontal);
  slider.setRange(0, 10);
  slider.resize(200, slider.sizeHint().height());
  const QImage bare = slider.grab().toImage();
  slider.setTickPosition(QSlider::TicksBelow);
  slider.setTickInterval(1);
  slider.resize(200, slider.sizeHint().height());
  const QImage ticked = slider.grab().toImage();
  const int y = ticked.height() - 3;
  int ticks = 0;
  for (int x = 1; x < ticked.width(); ++x) ticks += ticked.pixel(x, y) != ticked.pixel(0, y);
  EXPECT_EQ(ticks, 11) << bare.height() << " " << ticked.height();
}

}  // namespace
}  // namespace ui
