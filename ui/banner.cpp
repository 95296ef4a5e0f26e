// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace ui {

Banner::Banner(const Theme& theme, QWidget* parent) : QFrame(parent), theme_(theme), icon_(new QLabel), text_(new QLabel), close_(new QToolButton) {
  setProperty("role", QStringLiteral("card"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 6, 8, 6);
  row->addWidget(icon_);
  row->addWidget(text_, 1);
  row->addWidget(close_);
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  close_->setToolTip(QStringLiteral("Close this message"));
  connect(close_, &QToolButton::clicked, this, &QWidget::hide);
  connect(&theme_, &Theme::changed, this, &Banner::recolour);
  recolour();
  hide();
}

void Banner::showError(const QString& sentence) {
  text_->setText(sentence);
  show();
}

QString Banner::sentence() const { return isHidden() ? QString() : text_->text(); }

void Banner::recolour() {
  icon_->setPixmap(theme_.icon(QStringLiteral("triangle"), theme_.tokens().error).pixmap(16, 16));
  close_->setIcon(theme_.icon(QStringLiteral("close")));
}

}  // namespace ui
