// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/verdict_list.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/theme/theme.h"

namespace ui {

VerdictList::VerdictList(QWidget* parent) : QScrollArea(parent) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* list = new QWidget;
  column_ = new QVBoxLayout(list);
  column_->setContentsMargins(8, 6, 8, 6);
  column_->setSpacing(4);
  setWidget(list);
}

void VerdictList::clear() {
  while (QLayoutItem* item = column_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

VerdictList::Line VerdictList::addLine(const Theme* theme, const std::pair<QString, QColor>& icon, const QString& verdict, const QString& title) {
  auto* row = new QWidget;
  auto* across = new QHBoxLayout(row);
  across->setContentsMargins(0, 0, 0, 0);
  across->setSpacing(8);
  auto* picture = new QLabel;
  if (theme != nullptr) picture->setPixmap(theme->icon(icon.first, icon.second).pixmap(14, 14));
  picture->setFixedWidth(16);
  picture->setAccessibleName(verdict);
  across->addWidget(picture, 0, Qt::AlignTop);
  if (!title.isEmpty()) {
    auto* name = new QLabel(title);
    name->setFixedWidth(168);
    across->addWidget(name, 0, Qt::AlignTop);
  }
  auto* words = new QVBoxLayout;
  words->setContentsMargins(0, 0, 0, 0);
  words->setSpacing(2);
  across->addLayout(words, 1);
  column_->addWidget(row);
  return {picture, words};
}

QLabel* VerdictList::addWords(const QString& text) {
  auto* label = new QLabel(text);
  label->setWordWrap(true);
  column_->addWidget(label);
  return label;
}

void VerdictList::finish() { column_->addStretch(1); }

QString sentenceOf(const std::string& text) {
  QString out = QString::fromStdString(text);
  if (!out.isEmpty()) out[0] = out[0].toUpper();
  return out;
}

QLabel* addWords(QVBoxLayout* column, const QString& text, bool hint) {
  auto* label = new QLabel(text);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  if (hint) label->setProperty("role", QStringLiteral("hint"));
  column->addWidget(label);
  return label;
}

}  // namespace ui
