// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QScrollArea>
#include <string>
#include <utility>

class QLabel;
class QVBoxLayout;

namespace ui {

class Theme;

/// Lines with an icon each, which scroll where there is no room: what was checked, what was found.
class VerdictList : public QScrollArea {
 public:
  struct Line {
    QLabel* icon;
    QVBoxLayout* words;  ///< for addWords() and buttons
  };
  explicit VerdictList(QWidget* parent = nullptr);

  void clear();
  /// `icon`: name and colour, drawn by `theme` (none: no picture); `verdict` is what a screen reader says for it. `title` stands in a column of its own; empty: none.
  Line addLine(const Theme* theme, const std::pair<QString, QColor>& icon, const QString& verdict, const QString& title = {});
  /// Words across the whole width.
  QLabel* addWords(const QString& text);
  /// Behind the last line: the lines stay at the top.
  void finish();

 private:
  QVBoxLayout* column_;
};

/// `text` with a capital first letter.
QString sentenceOf(const std::string& text);
/// Plain text that wraps; `hint`: in the hints' type.
QLabel* addWords(QVBoxLayout* column, const QString& text, bool hint);

}  // namespace ui
