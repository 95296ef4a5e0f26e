// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sharpness_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/pages/eigenpair_card.h"
#include "ui/pages/measure_fields.h"

namespace ui {

SharpnessView::SharpnessView(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* upper = new QSplitter(Qt::Horizontal);
  upper->setChildrenCollapsible(false);
  upper->addWidget(makeRises());
  upper->addWidget(makePenalty());
  upper->setSizes({600, 400});
  auto* whole = new QSplitter(Qt::Vertical);
  whole->setChildrenCollapsible(false);
  whole->addWidget(upper);
  whole->addWidget(makeTables());
  whole->setSizes({500, 500});
  column->addWidget(whole);
}

QWidget* SharpnessView::makeRises() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->setContentsMargins(8, 0, 4, 0);
  row->addWidget(new QLabel(QStringLiteral("<b>Rise of the loss</b>")));
  legend_ = new QLabel;
  row->addWidget(legend_);
  row->addStretch(1);
  curve_ = new QComboBox;
  curve_->setObjectName(QStringLiteral("sharpnessCurve"));
  curve_->setFixedHeight(22);
  curve_->setToolTip(QStringLiteral("Kind, norm and scale of the curves"));
  row->addWidget(curve_);
  rises_ = new BandChart;
  column->addWidget(rises_, 1);
  row = addCardBar(column, "cardFooter");
  note_ = new QLabel;
  row->addWidget(note_);
  connect(curve_, &QComboBox::currentIndexChanged, this, &SharpnessView::refreshCharts);
  return frame;
}

QWidget* SharpnessView::makePenalty() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Error of the penalty's difference</b>")));
  row->addStretch(1);
  penalty_ = new BandChart;
  column->addWidget(penalty_, 1);
  row = addCardBar(column, "cardFooter");
  penaltyNote_ = new QLabel(QStringLiteral("against H g/\u2016g\u2016; informative on networks with kinks"));
  row->addWidget(penaltyNote_);
  return frame;
}

QWidget* SharpnessView::makeTables() {
  measures_ = new SharpnessModel(this);
  figures_ = new SharpnessFiguresModel(this);
  auto* splitter = new QSplitter(Qt::Horizontal);
  splitter->setChildrenCollapsible(false);
  for (const bool first : {true, false}) {
    auto* frame = new QFrame;
    QVBoxLayout* column = makeCard(frame);
    QHBoxLayout* row = addCardBar(column, "cardHeader");
    auto* title = new QLabel(QStringLiteral("<b>At this checkpoint</b>"));
    row->addWidget(title);
    row->addStretch(1);
    QTableView* table = makeCardTable(first ? static_cast<QAbstractItemModel*>(measures_) : figures_);
    fitColumns(table, 0);
    column->addWidget(table, 1);
    if (first) measuresTitle_ = title;
    splitter->addWidget(frame);
  }
  splitter->setSizes({570, 430});
  return splitter;
}

void SharpnessView::show(const std::vector<BoardRun>& runs, const SharpnessResults& results, const std::string& selected) {
  runs_ = runs;
  results_ = results;
  fillChooser();
  std::vector<SharpnessFigures> rows;
  QString legend, name;
  std::shared_ptr<const analysis::SharpnessResult> one;
  for (const BoardRun& run : runs_) {
    const auto found = results_.find(run.folder);
    const auto result = found == results_.end() ? nullptr : found->second;
    if (run.folder == selected) one = result, name = run.name;
    if (!result) continue;
    rows.push_back({.name = run.name, .swatch = QIcon(run.swatch), .result = result});
    legend += QStringLiteral("&nbsp; <span style='color:%1'>\u25CF</span> %2").arg(run.look.colour.name(), run.name.toHtmlEscaped());
  }
  legend_->setText(legend);
  figures_->setRows(std::move(rows));
  measures_->setResult(one);
  measuresTitle_->setText(QStringLiteral("<b>Measures</b> of %1%2").arg(name.toHtmlEscaped(), one || name.isEmpty() ? QString() : QStringLiteral(": not measured yet")));
  refreshCharts();
}

void SharpnessView::fillChooser() {
  std::vector<SharpnessCurveKey> keys;
  for (const auto& [folder, result] : results_) {
    if (!result) continue;
    for (const SharpnessCurveKey& key : curvesIn(result->sharpness))
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  }
  if (keys == keys_) return;
  const int index = curve_->currentIndex();
  const SharpnessCurveKey before = index >= 0 && static_cast<std::size_t>(index) < keys_.size() ? keys_[static_cast<std::size_t>(index)] : SharpnessCurveKey{};
  keys_ = std::move(keys);
  const QSignalBlocker quiet(curve_);
  curve_->clear();
  for (const SharpnessCurveKey& key : keys_) curve_->addItem(curveName(key));
  const auto same = std::ranges::find(keys_, before);
  if (!keys_.empty()) curve_->setCurrentIndex(same == keys_.end() ? 0 : static_cast<int>(same - keys_.begin()));
}

void SharpnessView::refreshCharts() {
  const int index = curve_->currentIndex();
  const SharpnessCurveKey key = index >= 0 && static_cast<std::size_t>(index) < keys_.size() ? keys_[static_cast<std::size_t>(index)] : SharpnessCurveKey{};
  std::vector<BandCurve> rises, errors;
  for (const BoardRun& run : runs_) {
    const auto found = results_.find(run.folder);
    if (found == results_.end() || !found->second) continue;
    rises.push_back(riseCurve(found->second->sharpness, key, run.name, run.look));
    errors.push_back(penaltyCurve(found->second->sharpness, run.name, run.look));
  }
  const bool average = key.kind == "average";
  rises_->show(std::move(rises), {.xTitle = average ? QStringLiteral("\u03C1: deviation per coordinate") : QStringLiteral("\u03C1: length of \u03B4"), .yTitle = QStringLiteral("rise of the loss"),
                                  .logX = true, .logY = true});
  penalty_->show(std::move(errors), {.xTitle = QStringLiteral("\u03C1"), .yTitle = QStringLiteral("relative error"), .logX = true, .logY = true});
  QString note = average                  ? QStringLiteral("band: standard error over the draws")
                 : key.kind == "one-step" ? QStringLiteral("the loss at SAM's point less the loss here")
                                          : QStringLiteral("a lower bound of the maximum: the highest point an ascent found");
  if (rises_->dropped() > 0) note += QStringLiteral(" \u00B7 %1 values \u2264 0 not drawn").arg(rises_->dropped());
  note_->setText(note);
}

void SharpnessView::setColours(const ChartColours& charts) {
  rises_->setColours(charts);
  penalty_->setColours(charts);
}

}  // namespace ui
