// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QFontMetrics>
#include <algorithm>

#include "ui/theme/icon_engine.h"
#include "ui/theme/style_sheet.h"
#include "ui/theme/theme_style.h"

// Outside of a namespace, as the macro declares a function there.
static void loadIcons() {
  Q_INIT_RESOURCE(resources);
}

namespace ui {
namespace {

bool hasEvenDigits(const QFont& font) {
  const QFontMetrics metrics(font);
  const auto width = [&](char digit) { return metrics.horizontalAdvance(QLatin1Char(digit)); };
  constexpr std::string_view digits = "123456789";
  return std::ranges::all_of(digits, [&](char digit) { return width(digit) == width('0'); });
}

/// `font`, or one whose digits all have the same width, so that columns of figures line up.
QFont fontForFigures(QFont font) {
  if (hasEvenDigits(font)) return font;
  const QStringList families = QFontDatabase::families();
  for (const QString& family : {QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")}) {
    if (!families.contains(family)) continue;
    font.setFamily(family);
    if (hasEvenDigits(font)) break;
  }
  return font;
}

void setFonts() {
  QFont font = QApplication::font();
  font.setPixelSize(12);
  QApplication::setFont(font);
  const QFont figures = fontForFigures(font);
  if (figures == font) return;
  for (const char* figuresIn : {"QTableView", "QTreeView", "QGraphicsView"}) QApplication::setFont(figures, figuresIn);
}

}  // namespace

Theme::Theme(QObject* parent) : QObject(parent) {
  loadIcons();
}

void Theme::set(ThemeKind kind) {
  kind_ = kind;
  icons_.clear();
  if (!styled_) QApplication::setStyle(new ThemeStyle);
  styled_ = true;
  setFonts();
  QApplication::setPalette(paletteOf(tokens()));
  qApp->setStyleSheet(styleSheetOf(tokens()));
  emit changed();
}

QIcon Theme::icon(const QString& name) const {
  return cached(name, tokens().text, tokens().accent);
}

QIcon Theme::icon(const QString& name, const QColor& colour) const {
  return cached(name, colour, colour);
}

QIcon Theme::cached(const QString& name, const QColor& colour, const QColor& on) const {
  const QString key = name + QLatin1Char(' ') + colour.name() + on.name();
  if (const auto found = icons_.constFind(key); found != icons_.constEnd()) return *found;
  QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QIcon icon(new IconEngine(file.readAll(), {.normal = colour, .disabled = tokens().third, .on = on}));
  icons_.insert(key, icon);
  return icon;
}

}  // namespace ui
