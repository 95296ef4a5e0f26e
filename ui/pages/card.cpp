// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/card.h"

#include <QHBoxLayout>
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

}  // namespace ui
