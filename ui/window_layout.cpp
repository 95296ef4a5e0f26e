// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window_layout.h"

#include <QMainWindow>
#include <QScreen>

namespace ui {

QString themeWord(ThemeKind kind) { return kind == ThemeKind::dark ? QStringLiteral("dark") : kind == ThemeKind::light ? QStringLiteral("light") : QStringLiteral("paper"); }

ThemeKind themeOf(const QString& word) { return word == QStringLiteral("light") ? ThemeKind::light : word == QStringLiteral("paper") ? ThemeKind::paper : ThemeKind::dark; }

QJsonObject windowLayout(const QMainWindow& window, ThemeKind theme) {
  return {{QStringLiteral("theme"), themeWord(theme)},
          {QStringLiteral("width"), window.width()},
          {QStringLiteral("height"), window.height()},
          {QStringLiteral("docks"), QString::fromLatin1(window.saveState().toBase64())}};
}

void restoreWindow(const QJsonObject& state, QMainWindow& window, Theme& theme) {
  const QSize wanted(state.value(QStringLiteral("width")).toInt(), state.value(QStringLiteral("height")).toInt());
  if (!wanted.isEmpty() && !window.isMaximized() && !window.isFullScreen()) window.resize(wanted.boundedTo(window.screen()->availableSize()));
  if (const QString docks = state.value(QStringLiteral("docks")).toString(); !docks.isEmpty()) window.restoreState(QByteArray::fromBase64(docks.toLatin1()));
  if (const QString word = state.value(QStringLiteral("theme")).toString(); !word.isEmpty() && themeOf(word) != theme.kind()) theme.set(themeOf(word));
}

}  // namespace ui
