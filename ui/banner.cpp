// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <utility>

namespace ui {

Banner::Banner(const Theme& theme, QWidget* parent) : QFrame(parent), theme_(theme), icon_(new QLabel), text_(new QLabel), button_(new QPushButton), close_(new QToolButton) {
  setProperty("role", QStringLiteral("card"));
  setAccessibleName(QStringLiteral("Message"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 6, 8, 6);
  row->addWidget(icon_);
  row->addWidget(text_, 1);
  row->addWidget(button_);
  row->addWidget(close_);
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  button_->setObjectName(QStringLiteral("bannerOffer"));
  button_->setToolTip(QStringLiteral("Does what the sentence beside it offers"));
  button_->setAccessibleName(button_->toolTip());
  close_->setToolTip(QStringLiteral("Close this message"));
  close_->setAccessibleName(close_->toolTip());
  connect(close_, &QToolButton::clicked, this, &QWidget::hide);
  connect(button_, &QPushButton::clicked, this, [this] {
    hide();
    if (const auto what = std::exchange(offered_, {})) what();
  });
  connect(&theme_, &Theme::changed, this, &Banner::recolour);
  recolour();
  hide();
}

void Banner::showError(const QString& sentence) { show(sentence, true); }
void Banner::showNote(const QString& sentence) { show(sentence, false); }

void Banner::show(const QString& sentence, bool error) {
  error_ = error;
  offered_ = {};
  button_->hide();
  text_->setText(sentence);
  setAccessibleDescription(sentence);
  recolour();
  QFrame::show();
}

void Banner::offer(const QString& words, std::function<void()> what) {
  offered_ = std::move(what);
  button_->setText(words);
  button_->setToolTip(words);
  button_->show();
}

QString Banner::sentence() const { return isHidden() ? QString() : text_->text(); }

void Banner::recolour() {
  const Tokens& t = theme_.tokens();
  icon_->setPixmap((error_ ? theme_.icon(QStringLiteral("triangle"), t.error) : theme_.icon(QStringLiteral("info"), t.info)).pixmap(16, 16));
  close_->setIcon(theme_.icon(QStringLiteral("close")));
}

}  // namespace ui
