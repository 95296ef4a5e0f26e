// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/card.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

QVBoxLayout* makeCard(QFrame* frame) {
  frame->setProperty("role", QStringLiteral("card"));
  auto* column = new QVBoxLayout(frame);
  column->setContentsMargins(1, 1, 1, 1);
  column->setSpacing(0);
  return column;
}

QHBoxLayout* addCardBar(QVBoxLayout* card, const char* role) {
  auto* bar = new QFrame;
  bar->setProperty("role", QString::fromLatin1(role));
  bar->setFixedHeight(24);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(8, 0, 8, 0);
  card->addWidget(bar);
  return row;
}

ElidedLabel::ElidedLabel(QWidget* parent) : QLabel(parent) { setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); }

void ElidedLabel::setWords(const QString& words) {
  words_ = words;
  setToolTip(words);
  elide();
}

QSize ElidedLabel::minimumSizeHint() const { return {0, QLabel::minimumSizeHint().height()}; }

void ElidedLabel::resizeEvent(QResizeEvent* event) {
  QLabel::resizeEvent(event);
  elide();
}

void ElidedLabel::elide() { setText(fontMetrics().elidedText(words_, Qt::ElideRight, width())); }

QButtonGroup* addSegments(QHBoxLayout* row, QObject* owner, const std::vector<std::pair<QString, QString>>& words) {
  auto* group = new QButtonGroup(owner);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  for (const auto& [text, tip] : words) {
    auto* button = new QToolButton;
    button->setText(text);
    button->setToolTip(tip);
    button->setCheckable(true);
    button->setChecked(group->buttons().isEmpty());
    button->setProperty("role", QStringLiteral("segment"));
    group->addButton(button, static_cast<int>(group->buttons().size()));
    segments->addWidget(button);
  }
  row->addLayout(segments);
  return group;
}

}  // namespace ui
