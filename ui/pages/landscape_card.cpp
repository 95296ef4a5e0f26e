// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPixmap>
#include <QPushButton>
#include <QStackedLayout>
#include <QStyle>
#include <QVBoxLayout>

#include "ui/pages/card.h"
#include "ui/scenes/surface_view.h"

namespace ui {

QLabel* makeBadge(const QString& toolTip) {
  auto* badge = new QLabel;
  badge->setProperty("role", QStringLiteral("badge"));
  badge->setToolTip(toolTip);
  badge->hide();
  return badge;
}

void setBadge(QLabel* badge, const QString& text, bool warning) {
  badge->setText(text);
  badge->setVisible(!text.isEmpty());
  const QString role = warning ? QStringLiteral("badgeWarning") : QStringLiteral("badge");
  if (badge->property("role").toString() == role) return;
  badge->setProperty("role", role);
  badge->style()->unpolish(badge);
  badge->style()->polish(badge);
}

LandscapeCard::LandscapeCard(QWidget* parent) : QFrame(parent), view_(new SurfaceView) {
  QVBoxLayout* column = makeCard(this);
  fillHeader(addCardBar(column, "cardHeader"));
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  body_->addWidget(makeEmpty());
  body_->addWidget(view_);
  column->addWidget(body, 1);
  fillFooter(addCardBar(column, "cardFooter"));
  showView(false);
}

void LandscapeCard::fillHeader(QHBoxLayout* row) {
  swatch_ = new QLabel;
  name_ = new QLabel;
  QFont bold = name_->font();
  bold.setBold(true);
  name_->setFont(bold);
  grid_ = makeBadge(QStringLiteral("Grid points, columns \u00D7 rows; an arrow while it is being refined"));
  cosine_ = makeBadge(QStringLiteral("Cosine between the two directions: at 0, distances on the picture are true to scale"));
  row->addWidget(swatch_);
  row->addWidget(name_);
  row->addStretch(1);
  row->addWidget(grid_);
  row->addWidget(cosine_);
}

QWidget* LandscapeCard::makeEmpty() {
  auto* empty = new QWidget;
  auto* column = new QVBoxLayout(empty);
  auto* title = new QLabel(QStringLiteral("The loss around this minimum"));
  QFont bold = title->font();
  bold.setBold(true);
  title->setFont(bold);
  emptySentence_ = new QLabel;
  emptySentence_->setWordWrap(true);
  emptySentence_->setAlignment(Qt::AlignCenter);
  compute_ = new QPushButton(QStringLiteral("Compute the surface"));
  compute_->setProperty("primary", true);
  compute_->setObjectName(QStringLiteral("computeEmpty"));
  column->addStretch(1);
  column->addWidget(title, 0, Qt::AlignCenter);
  column->addWidget(emptySentence_);
  column->addWidget(compute_, 0, Qt::AlignCenter);
  column->addStretch(1);
  connect(compute_, &QPushButton::clicked, this, &LandscapeCard::computeClicked);
  return empty;
}

void LandscapeCard::fillFooter(QHBoxLayout* row) {
  curvature_ = new QLabel;
  curvature_->setToolTip(QStringLiteral("Largest and smallest eigenvalue of the Hessian here: a random slice can hide both"));
  notes_ = new QLabel;
  notes_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  notes_->setToolTip(QStringLiteral("What the picture does not show as it is"));
  row->addWidget(curvature_);
  row->addStretch(1);
  row->addWidget(notes_);
}

void LandscapeCard::setRun(const QString& name, const QPixmap& swatch) {
  name_->setText(name);
  swatch_->setPixmap(swatch);
  swatch_->setVisible(!swatch.isNull());
}

void LandscapeCard::setBadges(const QString& grid, bool refining, const QString& cosine) {
  setBadge(grid_, grid, refining);
  setBadge(cosine_, cosine);
}

void LandscapeCard::setFooter(const QString& curvature, const QString& notes) {
  curvature_->setText(curvature);
  notes_->setText(notes);
}

void LandscapeCard::showView(bool hasSurface, const QString& sentence, bool canCompute) {
  body_->setCurrentIndex(hasSurface ? 1 : 0);
  emptySentence_->setText(sentence);
  compute_->setVisible(canCompute);
}

}  // namespace ui
