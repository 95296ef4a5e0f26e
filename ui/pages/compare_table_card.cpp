// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_table_card.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <map>
#include <set>

#include "ui/pages/frozen_table.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

constexpr int kPadding = 4;

QString withText(const analysis::Comparison& c) {
  QStringList parts;
  if (c.samples > 0) parts << QStringLiteral("N %1").arg(grouped(c.samples));
  if (!c.batchNorm.empty()) parts << QStringLiteral("BN %1").arg(QString::fromStdString(c.batchNorm));
  if (!c.precision.empty()) parts << (c.precision == "double" ? QStringLiteral("float64") : QStringLiteral("float32"));
  return parts.join(QStringLiteral(" \u00B7 "));
}

}  // namespace

CompareTableCard::CompareTableCard(QWidget* parent) : QFrame(parent), model_(new CompareModel(this)), table_(new FrozenTable) {
  QVBoxLayout* column = makeCard(this);
  fillHeader(addCardBar(column, "cardHeader"));
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  why_ = new QLabel;
  why_->setWordWrap(true);
  why_->setAlignment(Qt::AlignCenter);
  why_->setMargin(24);
  body_->addWidget(why_);
  body_->addWidget(table_);
  table_->setModel(model_);
  table_->setFrozen(3);
  table_->setAccessibleName(QStringLiteral("Comparison of the runs"));
  table_->setSelectionBehavior(QAbstractItemView::SelectItems);
  column->addWidget(body, 1);
  QHBoxLayout* footer = addCardBar(column, "cardFooter");
  footer->parentWidget()->setFixedHeight(32);
  fillFooter(footer);
  connect(model_, &QAbstractItemModel::modelReset, this, &CompareTableCard::fit);
  connect(model_, &QAbstractItemModel::dataChanged, this, &CompareTableCard::fit);
  connect(table_->horizontalHeader(), &QHeaderView::sectionResized, this, [this] {
    if (fitting_) return;
    widths_.clear();
    for (int c = 0; c < model_->columnCount(); ++c) widths_ << table_->columnWidth(c);
  });
  connect(table_, &FrozenTable::copyRequested, this, [this] { QApplication::clipboard()->setText(selectionText()); });
  refresh();
}

void CompareTableCard::fillHeader(QHBoxLayout* row) {
  row->addWidget(new QLabel(QStringLiteral("<b>Comparison</b>")));
  with_ = new QLabel;
  with_->setProperty("role", QStringLiteral("second"));
  with_->setToolTip(QStringLiteral("What the measures were taken with, the same for every run"));
  row->addWidget(with_);
  row->addStretch(1);
  seeds_ = new QCheckBox(QStringLiteral("seeds apart"));
  seeds_->setObjectName(QStringLiteral("seedsApart"));
  seeds_->setToolTip(QStringLiteral("Beside mean and deviation over the seeds of a setting, each of its runs in a column of its own. Default: off."));
  row->addWidget(seeds_);
  copy_ = new QToolButton;
  copy_->setText(QStringLiteral("Copy"));
  copy_->setObjectName(QStringLiteral("copyTable"));
  copy_->setProperty("role", QStringLiteral("segment"));
  copy_->setPopupMode(QToolButton::InstantPopup);
  copy_->setToolTip(QStringLiteral("The whole table to the clipboard. Ctrl+C in the table copies the selected cells in full precision."));
  auto* menu = new QMenu(copy_);
  const std::pair<const char*, Format> formats[] = {
      {"With tabs, full precision", Format::tabs}, {"CSV, full precision", Format::csv}, {"Markdown table", Format::markdown}, {"LaTeX table", Format::latex}};
  for (const auto& [text, format] : formats) connect(menu->addAction(QString::fromLatin1(text)), &QAction::triggered, this, [this, format = format] { emit copyRequested(format); });
  copy_->setMenu(menu);
  row->addWidget(copy_);
  connect(seeds_, &QCheckBox::toggled, this, &CompareTableCard::setSeedsApart);
}

void CompareTableCard::fillFooter(QHBoxLayout* row) {
  row->setContentsMargins(8, 3, 8, 3);
  measure_ = new QPushButton;
  measure_->setObjectName(QStringLiteral("measureMissing"));
  equalLoss_ = new QCheckBox;
  equalLoss_->setObjectName(QStringLiteral("wantEqualLoss"));
  barriers_ = new QCheckBox;
  barriers_->setObjectName(QStringLiteral("wantBarriers"));
  note_ = new ElidedLabel;
  note_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  row->addWidget(measure_);
  row->addWidget(equalLoss_);
  row->addWidget(barriers_);
  row->addWidget(note_, 1);
  connect(measure_, &QPushButton::clicked, this, [this] {
    if (measures_.running.isEmpty()) emit measureRequested();
    else emit cancelRequested();
  });
  for (QCheckBox* box : {equalLoss_, barriers_}) connect(box, &QCheckBox::toggled, this, &CompareTableCard::refresh);
}

void CompareTableCard::show(std::shared_ptr<const analysis::Comparison> comparison, const std::vector<CompareEntry>& entries, const QString& why) {
  comparison_ = std::move(comparison);
  entries_ = entries;
  why_->setText(why);
  body_->setCurrentIndex(comparison_ ? 1 : 0);
  refresh();
}

void CompareTableCard::setMeasures(const CompareMeasures& measures) {
  if (measures == measures_) return;
  measures_ = measures;
  refresh();
}

void CompareTableCard::setDigits(int digits) {
  if (shown_.digits == digits) return;
  shown_.digits = digits;
  refresh();
}

void CompareTableCard::setSeedsApart(bool apart) {
  shown_.seedsApart = apart;
  const QSignalBlocker quiet(seeds_);
  seeds_->setChecked(apart);
  refresh();
}

void CompareTableCard::setColours(const Tokens& t) { model_->setColours(t.baseline, t.second, t.third); }

std::vector<std::string> CompareTableCard::wanted() const {
  std::vector<std::string> out{"curvature", "trace", "sharpness", "items"};
  if (equalLoss_->isChecked() || measures_.equalLoss) out.emplace_back("equal-loss");
  if (barriers_->isChecked() || measures_.barriers) out.emplace_back("barriers");
  return out;
}

void CompareTableCard::refresh() {
  const auto cost = [](const QString& what, const QString& seconds) { return seconds.isEmpty() ? what : QStringLiteral("%1 (%2)").arg(what, seconds); };
  equalLoss_->setText(cost(QStringLiteral("at equal train loss"), measures_.equalLossCost));
  equalLoss_->setToolTip(QStringLiteral("Curvature and sharpness between the checkpoints where every run has the same train loss: at equal epochs they mostly compare losses. Costs a search over the "
                                        "checkpoints and the measures at two of them for each run. Default: off."));
  barriers_->setText(cost(QStringLiteral("barriers"), measures_.barriersCost));
  barriers_->setToolTip(QStringLiteral("How much the loss rises on the straight line from the baseline to each run. Costs 25 passes over the samples for each run. Default: off."));
  const bool more = !measures_.missing.isEmpty() || (equalLoss_->isChecked() && !measures_.equalLoss) || (barriers_->isChecked() && !measures_.barriers);
  const bool running = !measures_.running.isEmpty();
  measure_->setText(running ? QStringLiteral("Cancel") : QStringLiteral("Measure what is missing"));
  measure_->setToolTip(running ? QStringLiteral("Stops measuring; what is finished is kept") : QStringLiteral("Measures what compared runs lack, in the background; what is there is not measured again"));
  measure_->setEnabled(running || (measures_.possible && more));
  equalLoss_->setVisible(!measures_.equalLoss && measures_.possible);
  barriers_->setVisible(!measures_.barriers && measures_.possible);
  for (QCheckBox* box : {equalLoss_, barriers_}) box->setEnabled(!running);
  seeds_->setVisible(comparison_ && std::ranges::any_of(comparison_->settings, [](const analysis::ComparedSetting& s) { return s.runs.size() > 1; }));
  copy_->setEnabled(comparison_ != nullptr);
  with_->setText(comparison_ ? withText(*comparison_) : QString());
  model_->show(comparison_, entries_, shown_);
  const auto [open, all] = model_->openContrasts();
  QString note = measures_.running;
  if (note.isEmpty() && !measures_.missing.isEmpty() && measures_.possible) note = QStringLiteral("not measured yet: %1").arg(measures_.missing.join(QStringLiteral(", ")));
  if (note.isEmpty() && all > 0 && open > 0) note = QStringLiteral("%1 of %2 not told apart; ? cannot tell, see the tool tips").arg(open).arg(all);
  note_->setWords(note);
}

void CompareTableCard::fit() {
  fitting_ = true;
  if (widths_.size() == model_->columnCount()) {
    for (int c = 0; c < widths_.size(); ++c) table_->setColumnWidth(c, widths_[c]);
  } else {
    table_->fitColumns(kPadding);
  }
  fitting_ = false;
}

QString CompareTableCard::footer() const { return note_->toolTip(); }
QList<int> CompareTableCard::columnWidths() const { return widths_; }

void CompareTableCard::setColumnWidths(const QList<int>& widths) {
  widths_ = widths;
  fit();
}

QString CompareTableCard::selectionText() const {
  const QModelIndexList cells = table_->selectionModel()->selectedIndexes();
  std::map<int, QStringList> rows;  // a cell that is not selected between others stays empty
  std::set<int> columns;
  for (const QModelIndex& cell : cells) columns.insert(cell.column());
  for (const QModelIndex& cell : cells) rows[cell.row()];
  QStringList lines;
  for (auto& [row, words] : rows) {
    for (const int column : columns) {
      const QModelIndex cell = model_->index(row, column);
      words << (cells.contains(cell) ? cell.data(Qt::EditRole).toString() : QString());
    }
    lines << words.join(QLatin1Char('\t'));
  }
  return lines.join(QLatin1Char('\n'));
}

QString CompareTableCard::wholeText() const {
  QStringList lines, words;
  for (int c = 0; c < model_->columnCount(); ++c) words << model_->headerData(c, Qt::Horizontal, Qt::DisplayRole).toString();
  lines << words.join(QLatin1Char('\t'));
  for (int r = 0; r < model_->rowCount(); ++r) {
    words.clear();
    for (int c = 0; c < model_->columnCount(); ++c) words << model_->index(r, c).data(Qt::EditRole).toString();
    lines << words.join(QLatin1Char('\t'));
  }
  return lines.join(QLatin1Char('\n'));
}

}  // namespace ui
