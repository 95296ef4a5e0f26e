// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/oddity_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/pages/card.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/verdict_list.h"

namespace ui {
namespace {

using analysis::OddityVerdict;

constexpr int kHeight = 200;

QString words(const std::string& text) { return QString::fromStdString(text); }

/// Shape and colour by verdict: never colour alone.
std::pair<QString, QColor> iconOf(OddityVerdict verdict, const Tokens& t) {
  switch (verdict) {
    case OddityVerdict::found: return {QStringLiteral("triangle"), t.warn};
    case OddityVerdict::passed: return {QStringLiteral("check"), t.ok};
    case OddityVerdict::informative: return {QStringLiteral("info"), t.info};
    case OddityVerdict::notApplicable: break;
  }
  return {QStringLiteral("more"), t.third};
}

}  // namespace

QString oddityTitle(const std::string& name) {
  static const std::pair<const char*, const char*> titles[] = {{"centre-value", "Centre value"}, {"recorded-loss", "Recorded loss"}, {"cells-again", "Cells evaluated again"}, {"spikes", "Isolated spikes"},
    {"rounding", "Rounding of float"}, {"batch-norm", "Batch-norm policy"}, {"samples", "Number of samples"}, {"range", "Range and grid"}, {"curvature-over-step", "Curvature over step"},
    {"filter-normalisation", "Filter normalisation"}, {"one-d-tensors", "Biases and norms"}, {"scale-invariance", "Scale invariance"}, {"lowest-point", "Lowest point"}, {"symmetry", "Symmetry"},
    {"cells", "Missing and diverged cells"}, {"log-scale", "Losses \u2264 0"}, {"row-shift", "Shifted rows"}, {"axis-angle", "Angle of the axes"}, {"axis-lengths", "Lengths of the axes"},
    {"pca-variance", "Explained variance"}, {"trajectory", "Path and plane"}, {"equal-settings", "Equal settings"}, {"equal-scales", "Equal scales"}};
  for (const auto& [word, title] : titles)
    if (name == word) return QString::fromUtf8(title);
  return words(name);
}

OddityCard::OddityCard(QWidget* parent) : QFrame(parent) {
  setFixedHeight(kHeight);
  setObjectName(QStringLiteral("oddityCard"));
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Why does my surface look odd?</b>")));
  badge_ = makeBadge(QStringLiteral("Things that were found, of those that were looked for"));
  row->addWidget(badge_);
  title_ = new ElidedLabel;
  row->addWidget(title_, 1);
  copy_ = new QToolButton;
  copy_->setObjectName(QStringLiteral("copyOddities"));
  copy_->setToolTip(QStringLiteral("Copies the command that looks again"));
  copy_->setAccessibleName(QStringLiteral("Copy the command"));
  close_ = new QToolButton;
  close_->setObjectName(QStringLiteral("closeOddities"));
  close_->setToolTip(QStringLiteral("Closes what was found"));
  close_->setAccessibleName(QStringLiteral("Close"));
  for (QToolButton* button : {copy_, close_}) button->setAutoRaise(true), row->addWidget(button);
  list_ = new VerdictList;
  list_->setAccessibleName(QStringLiteral("What was found"));
  column->addWidget(list_, 1);
  connect(copy_, &QToolButton::clicked, this, &OddityCard::copyRequested);
  connect(close_, &QToolButton::clicked, this, &OddityCard::closeRequested);
  setResult(nullptr);
}

void OddityCard::setResult(std::shared_ptr<const analysis::OdditiesResult> result) {
  result_ = std::move(result);
  waiting_ = QStringLiteral("Cells are evaluated again, axes made again\u2026");
  rebuild();
}

void OddityCard::setFailure(const QString& failure) {
  result_.reset();
  waiting_ = failure;
  rebuild();
}

void OddityCard::setTheme(const Theme& theme) {
  theme_ = &theme;
  copy_->setIcon(theme.icon(QStringLiteral("copy")));
  close_->setIcon(theme.icon(QStringLiteral("close")));
  rebuild();
}

QString OddityCard::badge() const { return badge_->text(); }

void OddityCard::rebuild() {
  list_->clear();
  copy_->setEnabled(result_ != nullptr && !result_->spec.surface.empty());
  title_->setWords(result_ ? sentenceOf(result_->oddities.title) : QString());
  setBadge(badge_, {});
  if (!result_) {
    list_->addWords(waiting_);
  } else {
    const analysis::Oddities& o = result_->oddities;
    if (!o.without.empty()) list_->addWords(sentenceOf(o.without));
    for (const OddityVerdict verdict : {OddityVerdict::found, OddityVerdict::informative, OddityVerdict::passed, OddityVerdict::notApplicable})
      for (const analysis::Finding& f : o.findings)
        if (f.verdict == verdict) addLine(f);
    const auto found = o.count(OddityVerdict::found);
    setBadge(badge_, QStringLiteral("%1 of %2").arg(found).arg(static_cast<std::int64_t>(o.findings.size()) - o.count(OddityVerdict::notApplicable)), found > 0);
  }
  list_->finish();
}

void OddityCard::addLine(const analysis::Finding& f) {
  const QString verdict = QString::fromLatin1(analysis::toString(f.verdict));
  const VerdictList::Line line = list_->addLine(theme_, theme_ != nullptr ? iconOf(f.verdict, theme_->tokens()) : std::pair<QString, QColor>(), verdict, oddityTitle(f.name));
  line.icon->setToolTip(verdict);
  const auto add = [&](const std::string& text, bool hint) { addWords(line.words, sentenceOf(text), hint)->setTextInteractionFlags(Qt::TextSelectableByMouse); };
  add(f.sentence, f.verdict == OddityVerdict::notApplicable);
  if (!f.advice.empty()) add(f.advice, true);
}

}  // namespace ui
