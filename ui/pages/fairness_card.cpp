// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/fairness_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/pages/landscape_card.h"

namespace ui {
namespace {

QString words(const std::string& text) { return QString::fromStdString(text); }

QString sentence(const std::string& text) {
  QString out = words(text);
  if (!out.isEmpty()) out[0] = out[0].toUpper();
  return out;
}

/// Dot, icon and role by verdict: never by colour alone.
std::pair<QString, QColor> iconOf(analysis::FairVerdict verdict, const Tokens& t) {
  if (verdict == analysis::FairVerdict::ok) return {QStringLiteral("check"), t.ok};
  if (verdict == analysis::FairVerdict::warning) return {QStringLiteral("triangle"), t.warn};
  return {QStringLiteral("help"), t.second};
}

}  // namespace

QString remedyText(Remedy remedy, int seeds) {
  switch (remedy) {
    case Remedy::none: return {};
    case Remedy::addSeeds: return QStringLiteral("Add %1 %2 to each").arg(seeds).arg(seeds == 1 ? QStringLiteral("seed") : QStringLiteral("seeds"));
    case Remedy::measureMissing: return QStringLiteral("Measure what is missing");
    case Remedy::measureEqualLoss: return QStringLiteral("Measure at equal train loss");
  }
  return {};
}

FairnessCard::FairnessCard(QWidget* parent) : QFrame(parent) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Is it a fair comparison?</b>")));
  row->addStretch(1);
  badge_ = makeBadge(QStringLiteral("Checks that hold, of those that could be made"));
  row->addWidget(badge_);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_ = new QWidget;
  column_ = new QVBoxLayout(list_);
  column_->setContentsMargins(8, 6, 8, 6);
  column_->setSpacing(4);
  scroll->setWidget(list_);
  column->addWidget(scroll, 1);
}

void FairnessCard::show(std::vector<FairnessLine> lines, int seeds, const QString& cost) {
  if (lines == lines_ && seeds == seeds_ && cost == cost_) return;
  lines_ = std::move(lines);
  seeds_ = seeds;
  cost_ = cost;
  rebuild();
}

void FairnessCard::setTheme(const Theme& theme) {
  theme_ = &theme;
  rebuild();
}

QString FairnessCard::badge() const { return badge_->text(); }

void FairnessCard::rebuild() {
  while (QLayoutItem* item = column_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  // Warnings first: they are what there is to do.
  std::vector<const FairnessLine*> order;
  for (const auto verdict : {analysis::FairVerdict::warning, analysis::FairVerdict::unknown, analysis::FairVerdict::ok})
    for (const FairnessLine& line : lines_)
      if (line.check.verdict == verdict) order.push_back(&line);
  for (const FairnessLine* line : order) addLine(*line);
  column_->addStretch(1);
  const auto count = [&](analysis::FairVerdict v) { return std::ranges::count(lines_, v, [](const FairnessLine& l) { return l.check.verdict; }); };
  const auto good = count(analysis::FairVerdict::ok), known = good + count(analysis::FairVerdict::warning);
  setBadge(badge_, known == 0 ? QString() : QStringLiteral("%1 of %2").arg(good).arg(known), good < known);
}

void FairnessCard::addLine(const FairnessLine& line) {
  auto* row = new QWidget;
  auto* across = new QHBoxLayout(row);
  across->setContentsMargins(0, 0, 0, 0);
  across->setSpacing(8);
  auto* icon = new QLabel;
  if (theme_ != nullptr) {
    const auto [name, colour] = iconOf(line.check.verdict, theme_->tokens());
    icon->setPixmap(theme_->icon(name, colour).pixmap(14, 14));
  }
  icon->setFixedWidth(16);
  icon->setAccessibleName(words(analysis::toString(line.check.verdict)));
  icon->setAlignment(Qt::AlignTop | Qt::AlignHCenter);
  across->addWidget(icon, 0, Qt::AlignTop);
  auto* column = new QVBoxLayout;
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  auto* found = new QLabel(sentence(line.check.sentence));
  found->setWordWrap(true);
  found->setTextFormat(Qt::PlainText);
  found->setToolTip(line.check.remedy.empty() ? words(line.check.name) : words(line.check.remedy));
  column->addWidget(found);
  if (line.remedy != Remedy::none) {
    auto* buttons = new QHBoxLayout;
    auto* button = new QPushButton(remedyText(line.remedy, seeds_));
    button->setObjectName(QStringLiteral("remedy-%1").arg(words(line.check.name)));
    button->setToolTip(words(line.check.remedy));
    connect(button, &QPushButton::clicked, this, [this, remedy = line.remedy] { emit remedyRequested(remedy); });
    buttons->addWidget(button);
    if (line.remedy == Remedy::addSeeds && !cost_.isEmpty()) {
      auto* cost = new QLabel(cost_);
      cost->setProperty("role", QStringLiteral("hint"));
      buttons->addWidget(cost);
    }
    buttons->addStretch(1);
    column->addLayout(buttons);
  } else if (line.check.verdict == analysis::FairVerdict::warning && !line.check.remedy.empty()) {
    auto* remedy = new QLabel(sentence(line.check.remedy));
    remedy->setProperty("role", QStringLiteral("hint"));
    remedy->setWordWrap(true);
    remedy->setTextFormat(Qt::PlainText);
    column->addWidget(remedy);
  }
  across->addLayout(column, 1);
  column_->addWidget(row);
}

}  // namespace ui
