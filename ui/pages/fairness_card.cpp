// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/fairness_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/verdict_list.h"

namespace ui {
namespace {

QString words(const std::string& text) { return QString::fromStdString(text); }

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
  list_ = new VerdictList;
  column->addWidget(list_, 1);
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
  list_->clear();
  // Warnings first: they are what there is to do.
  std::vector<const FairnessLine*> order;
  for (const auto verdict : {analysis::FairVerdict::warning, analysis::FairVerdict::unknown, analysis::FairVerdict::ok})
    for (const FairnessLine& line : lines_)
      if (line.check.verdict == verdict) order.push_back(&line);
  for (const FairnessLine* line : order) addLine(*line);
  list_->finish();
  const auto count = [&](analysis::FairVerdict v) { return std::ranges::count(lines_, v, [](const FairnessLine& l) { return l.check.verdict; }); };
  const auto good = count(analysis::FairVerdict::ok), known = good + count(analysis::FairVerdict::warning);
  setBadge(badge_, known == 0 ? QString() : QStringLiteral("%1 of %2").arg(good).arg(known), good < known);
}

void FairnessCard::addLine(const FairnessLine& line) {
  const auto icon = theme_ != nullptr ? iconOf(line.check.verdict, theme_->tokens()) : std::pair<QString, QColor>();
  const VerdictList::Line shown = list_->addLine(theme_, icon, words(analysis::toString(line.check.verdict)));
  shown.icon->setAlignment(Qt::AlignTop | Qt::AlignHCenter);
  addWords(shown.words, sentenceOf(line.check.sentence), false)->setToolTip(line.check.remedy.empty() ? words(line.check.name) : words(line.check.remedy));
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
    shown.words->addLayout(buttons);
  } else if (line.check.verdict == analysis::FairVerdict::warning && !line.check.remedy.empty()) {
    addWords(shown.words, sentenceOf(line.check.remedy), true);
  }
}

}  // namespace ui
