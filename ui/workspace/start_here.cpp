// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/start_here.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

/// A button over the whole row, with the row's labels on it.
class RowButton : public QPushButton {
 public:
  using QPushButton::QPushButton;
  QSize sizeHint() const override { return layout()->sizeHint(); }
  QSize minimumSizeHint() const override { return layout()->minimumSize(); }
  bool hasHeightForWidth() const override { return layout()->hasHeightForWidth(); }
  int heightForWidth(int width) const override { return layout()->heightForWidth(width); }
};

QVBoxLayout* addWords(QHBoxLayout* row, const char* title, const char* words) {
  auto* column = new QVBoxLayout;
  column->setSpacing(0);
  column->addWidget(new QLabel(QStringLiteral("<b>%1</b>").arg(QString::fromUtf8(title))));
  QLabel* hint = hintLabel(QString::fromUtf8(words));
  hint->setMinimumWidth(1);  // it wraps as narrow as the dock is
  column->addWidget(hint);
  row->addLayout(column, 1);
  return column;
}

}  // namespace

StartHere::StartHere(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme), close_(new QToolButton) {
  setAccessibleName(QStringLiteral("Start here"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 8, 12, 12);
  column->setSpacing(8);
  auto* head = new QHBoxLayout;
  head->addWidget(new QLabel(QStringLiteral("<b>What next</b>")), 1);
  close_->setToolTip(QStringLiteral("Shows the page's form instead; this is back under Help"));
  close_->setAccessibleName(QStringLiteral("Close Start here"));
  close_->setObjectName(QStringLiteral("closeStartHere"));
  connect(close_, &QToolButton::clicked, this, &StartHere::closed);
  head->addWidget(close_);
  column->addLayout(head);
  addAction(column, "plus", "Train a fourth run", "Change \u03C1 or the optimizer; it joins the comparison.", "Ctrl+N", &StartHere::trainRequested);
  addAction(column, "folder", "Open a run", "A run folder; checkpoints and results come with it.", "Ctrl+O", &StartHere::openRequested);
  addAction(column, "landscape", "Open a surface", ".h5, .npz, .csv or .npy from other tools.", "Ctrl+Alt+O", &StartHere::surfaceRequested);
  addAction(column, "keyboard", "Shortcuts", "All keys, searchable.", "F1", &StartHere::shortcutsRequested);
  column->addWidget(sectionTitle(QStringLiteral("What each page shows")));
  addPage(column, "train", "Train", "Loss, accuracy, gradient norm, \u03BBmax while it learns.");
  addPage(column, "curvature", "Curvature", "Eigenvalues with residuals, spectrum, trace, layers.");
  addPage(column, "landscape", "Landscape", "The loss around the minimum, one scale and camera.");
  addPage(column, "compare", "Compare", "One baseline, deltas, what differs in the settings.");
  column->addWidget(sectionTitle(QStringLiteral("The example")));
  column->addWidget(hintLabel(QStringLiteral("A small convolutional network on 1,797 handwritten digits (UCI, CC BY 4.0), 8 \u00D7 8 pixels. The same start, data order and steps for all three; only the optimizer differs.")));
  column->addStretch(1);
  auto* drop = new QLabel(QStringLiteral("Drop runs, models or surfaces anywhere on the window"));
  drop->setProperty("role", QStringLiteral("drop"));
  drop->setAlignment(Qt::AlignCenter);
  drop->setWordWrap(true);
  drop->setMinimumSize(1, 64);
  column->addWidget(drop);
  column->addWidget(hintLabel(QStringLiteral("The same from a terminal")));
  addCommandBox(column)->setPlainText(QStringLiteral("sharpscape demo"));
  connect(&theme_, &Theme::changed, this, &StartHere::refreshIcons);
  refreshIcons();
}

void StartHere::addAction(QVBoxLayout* column, const char* icon, const char* title, const char* words, const char* key, void (StartHere::*signal)()) {
  auto* button = new RowButton;
  button->setFlat(true);
  button->setAccessibleName(QString::fromUtf8(title));
  button->setToolTip(QString::fromUtf8(words));
  auto* row = new QHBoxLayout(button);
  row->setContentsMargins(4, 4, 4, 4);
  row->setSpacing(12);
  auto* picture = new QLabel;
  row->addWidget(picture);
  addWords(row, title, words);
  row->addWidget(hintLabel(QString::fromUtf8(key)), 0, Qt::AlignTop);
  for (QLabel* label : button->findChildren<QLabel*>()) label->setAttribute(Qt::WA_TransparentForMouseEvents);
  icons_.emplace_back(picture, QString::fromUtf8(icon));
  accented_.push_back(true);
  connect(button, &QPushButton::clicked, this, signal);
  column->addWidget(button);
}

void StartHere::addPage(QVBoxLayout* column, const char* icon, const char* title, const char* words) {
  auto* row = new QHBoxLayout;
  row->setContentsMargins(4, 0, 4, 0);
  row->setSpacing(12);
  auto* picture = new QLabel;
  row->addWidget(picture, 0, Qt::AlignTop);
  addWords(row, title, words);
  icons_.emplace_back(picture, QString::fromUtf8(icon));
  accented_.push_back(false);
  column->addLayout(row);
}

void StartHere::refreshIcons() {
  const Tokens& t = theme_.tokens();
  for (std::size_t i = 0; i < icons_.size(); ++i) icons_[i].first->setPixmap(theme_.icon(icons_[i].second, accented_[i] ? t.accent : t.second).pixmap(20, 20));
  close_->setIcon(theme_.icon(QStringLiteral("close")));
}

}  // namespace ui
