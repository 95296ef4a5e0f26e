// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/ratio_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/pages/card.h"
#include "ui/pages/compare_text.h"

namespace ui {
namespace {

constexpr std::size_t kNamed = 2, kLegend = 6;  ///< runs with their names in the header; with their swatches
constexpr int kDigits = 3;

const CompareEntry* entryOf(const analysis::Comparison& c, std::size_t setting, const std::vector<CompareEntry>& entries) {
  const std::string& folder = c.runs[c.settings[setting].runs.front()].folder;
  const auto found = std::ranges::find_if(entries, [&](const CompareEntry& e) { return std::ranges::find(e.folders, folder) != e.folders.end(); });
  return found == entries.end() ? nullptr : &*found;
}

RatioBar barOf(const analysis::ComparedRow& row, std::size_t setting, std::size_t baseline, const CompareEntry& entry) {
  const analysis::ComparedCell &a = row.settings[setting], &b = row.settings[baseline];
  RatioBar bar{.name = entry.name, .look = entry.look, .ratio = a.value / b.value};
  if (a.kind == b.kind && std::isfinite(a.error) && std::isfinite(b.error)) bar.error = bar.ratio * std::hypot(a.error / a.value, b.error / b.value);
  bar.toolTip = QStringLiteral("%1, %2: \u00D7 %3").arg(entry.name, measureName(row), significant(bar.ratio, 5));
  if (bar.error > 0) bar.toolTip += QStringLiteral("; %1 of both, as if independent: %2").arg(QString::fromStdString(analysis::toString(a.kind)), significant(bar.error, 2));
  return bar;
}

/// Without its radius where no other row is of the same kind: "Worst case, adaptive".
QString shortName(const analysis::Comparison& c, const analysis::ComparedRow& row) {
  const std::string kind = row.key.substr(0, row.key.find('@'));
  const auto same = std::ranges::count_if(c.rows, [&](const analysis::ComparedRow& other) { return other.key.substr(0, other.key.find('@')) == kind; });
  QString name = measureName(row);
  if (row.rho > 0 && same == 1 && !row.key.starts_with("equal_loss/")) name = name.left(name.lastIndexOf(QStringLiteral(", ")));
  return name;
}

}  // namespace

std::vector<RatioGroup> ratioGroups(const analysis::Comparison& c, const std::vector<CompareEntry>& entries) {
  std::vector<RatioGroup> groups;
  for (const analysis::ComparedRow& row : c.rows) {
    if (row.group != "Curvature" && row.group != "Sharpness") continue;
    if (row.key == "lambda_min" || !(row.settings[c.baseline].value > 0)) continue;
    RatioGroup group{.name = shortName(c, row), .bars = {}};
    for (std::size_t s = 0; s < c.settings.size(); ++s) {
      const CompareEntry* entry = s == c.baseline ? nullptr : entryOf(c, s, entries);
      if (entry != nullptr && row.settings[s].value > 0) group.bars.push_back(barOf(row, s, c.baseline, *entry));
    }
    if (!group.bars.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

RatioCard::RatioCard(QWidget* parent) : QFrame(parent), chart_(new RatioChart) {
  QVBoxLayout* column = makeCard(this);
  header_ = addCardBar(column, "cardHeader");
  header_->addWidget(new QLabel(QStringLiteral("<b>Sharpness</b>")));
  subtitle_ = new ElidedLabel;
  subtitle_->setProperty("role", QStringLiteral("second"));
  header_->addWidget(subtitle_, 1);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(chart_);
  column->addWidget(scroll, 1);
  QHBoxLayout* row = addCardBar(column, "cardFooter");
  note_ = new ElidedLabel;
  row->addWidget(note_, 1);
  show(nullptr, {});
}

void RatioCard::showLegend(const std::vector<CompareEntry>& entries) {
  for (auto* labels : {&legend_, &legendNames_}) {
    for (QLabel* label : *labels) delete label;
    labels->clear();
  }
  std::vector<const CompareEntry*> others;
  for (const CompareEntry& entry : entries)
    if (!entry.baseline) others.push_back(&entry);
  for (std::size_t i = 0; i < std::min(others.size(), kLegend); ++i) {
    auto* swatch = new QLabel;
    swatch->setPixmap(others[i]->swatch);
    swatch->setToolTip(others[i]->name);
    header_->addWidget(swatch);
    legend_.push_back(swatch);
    if (others.size() > kNamed) continue;
    auto* name = new QLabel(others[i]->name);
    header_->addWidget(name);
    legendNames_.push_back(name);
  }
  fitLegend();
}

/// Names beside the swatches only where there is room; they are in the tool tips too.
void RatioCard::fitLegend() {
  int needed = 220;
  for (const QLabel* name : legendNames_) needed += name->sizeHint().width() + 40;
  for (QLabel* name : legendNames_) name->setVisible(width() >= needed);
}

void RatioCard::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  fitLegend();
}

void RatioCard::show(std::shared_ptr<const analysis::Comparison> comparison, const std::vector<CompareEntry>& entries) {
  std::vector<RatioGroup> groups;
  const auto baseline = std::ranges::find(entries, true, &CompareEntry::baseline);
  if (comparison) groups = ratioGroups(*comparison, entries);
  const bool any = !groups.empty();
  showLegend(any ? entries : std::vector<CompareEntry>{});
  subtitle_->setWords(any && baseline != entries.end() ? QStringLiteral("relative to %1").arg(baseline->name) : QString());
  note_->setWords(any ? QStringLiteral("adaptive measures do not change with the scale of the weights; \u03BBmax and trace do") : QStringLiteral("appears when two runs are measured"));
  note_->setToolTip(QStringLiteral("Bars: value over the baseline's, on a linear axis from 0. Caps: the errors of both, as if independent, where both have one of the same kind."));
  chart_->show(std::move(groups), baseline != entries.end() ? baseline->name : QString(), baseline != entries.end() ? baseline->look : CurveLook{}, kDigits);
}

QString RatioCard::footer() const { return note_->text(); }

}  // namespace ui
