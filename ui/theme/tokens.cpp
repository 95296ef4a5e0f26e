// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

namespace ui {
namespace {

QColor rgb(QRgb value) {
  return QColor::fromRgb(value);
}

Tokens darkTokens() {
  Tokens t;
  t.window = rgb(0x1B1F24), t.panel = rgb(0x20252B), t.header = rgb(0x262C33);
  t.button = rgb(0x333B44), t.sunken = rgb(0x15181C), t.scene = rgb(0x15181C);
  t.line = rgb(0x323941), t.strongLine = rgb(0x4A545F);
  t.text = rgb(0xE3E6EA), t.second = rgb(0xA9B2BD), t.third = rgb(0x737E8A);
  t.accent = rgb(0xA29BFA), t.accentFill = rgb(0x5F56D8), t.accentSoft = rgb(0x302F58);
  t.ok = rgb(0x63C7A2), t.warn = rgb(0xE8B95A), t.error = rgb(0xF28073), t.info = rgb(0x86B8E8);
  t.chartGrid = rgb(0x272D34), t.chartAxis = rgb(0x5C6670), t.baseline = rgb(0x191D22);
  return t;
}

Tokens lightTokens() {
  Tokens t;
  t.window = rgb(0xE9ECEF), t.panel = rgb(0xF4F5F7), t.header = rgb(0xE9ECF0);
  t.button = rgb(0xFFFFFF), t.sunken = rgb(0xFFFFFF), t.scene = rgb(0xF7F8FA);
  t.line = rgb(0xD5DAE0), t.strongLine = rgb(0xB0B8C2);
  t.text = rgb(0x1B2026), t.second = rgb(0x4F5965), t.third = rgb(0x7C8692);
  t.accent = rgb(0x5A50D2), t.accentFill = rgb(0x5A50D2), t.accentSoft = rgb(0xE4E2FA);
  // 2 % to 4 % darker than 1B7A58, 8F5F00, BF3328, which miss 4.5 : 1 on a selected row (and the green on headers).
  t.ok = rgb(0x1A7454), t.warn = rgb(0x8B5D00), t.error = rgb(0xBD3228), t.info = rgb(0x22639F);
  t.chartGrid = rgb(0xE8EBEF), t.chartAxis = rgb(0x9AA3AE), t.baseline = rgb(0xF8F9FB);
  return t;
}

Tokens paperTokens() {
  Tokens t = lightTokens();
  for (QColor* surface : {&t.window, &t.panel, &t.header, &t.button, &t.sunken, &t.scene, &t.accentSoft}) *surface = Qt::white;
  t.line = rgb(0xCCCCCC), t.strongLine = rgb(0x888888);
  t.text = rgb(0x000000), t.second = rgb(0x333333), t.third = rgb(0x666666);
  t.chartGrid = rgb(0xE0E0E0), t.chartAxis = rgb(0x000000), t.baseline = rgb(0xF4F4F4);
  return t;
}

}  // namespace

const Tokens& tokens(ThemeKind kind) {
  static const Tokens dark = darkTokens(), light = lightTokens(), paper = paperTokens();
  return kind == ThemeKind::dark ? dark : kind == ThemeKind::light ? light : paper;
}

SceneColours sceneColours(ThemeKind kind) {
  const Tokens& t = tokens(kind);
  QColor plate = kind == ThemeKind::dark ? t.scene : QColor(Qt::white);
  plate.setAlpha(217);
  return {.background = t.scene,
          .axis = t.chartAxis,
          .grid = t.chartGrid,
          .text = t.text,
          .secondText = t.second,
          .plate = plate,
          .accent = t.accent,
          .contourOpacity = kind == ThemeKind::dark ? 0.5 : 0.42};
}

ChartColours chartColours(ThemeKind kind) {
  const Tokens& t = tokens(kind);
  return {.background = t.sunken, .grid = t.chartGrid, .axis = t.chartAxis, .text = t.text, .secondText = t.second, .accent = t.accent};
}

}  // namespace ui
