// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/study_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <algorithm>
#include <cmath>

#include "ui/pages/card.h"
#include "ui/pages/compare_text.h"
#include "ui/pages/eigenpair_card.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

constexpr int kDigits = 2;
const QString kNone = QStringLiteral("\u2013");
const std::pair<const char*, const char*> kTargets[] = {{"generalisation_gap", "Test \u2212 train loss"}, {"accuracy_gap", "Train \u2212 test accuracy"}, {"test_accuracy", "Test accuracy"}, {"test_loss", "Test loss"}};

QString tauText(double tau) { return std::isnan(tau) ? kNone : (tau > 0 ? QStringLiteral("+") : QString()) + significant(tau, kDigits); }

QString intervalText(const analysis::StudiedMeasure& m) {
  return std::isnan(m.low) ? kNone : QStringLiteral("%1 to %2").arg(tauText(m.low), tauText(m.high));
}

QString counted(double tau, std::int64_t count, const QString& what) { return std::isnan(tau) ? kNone : QStringLiteral("%1 (%2 %3)").arg(tauText(tau)).arg(count).arg(what); }

}  // namespace

QString studiedName(const analysis::StudiedMeasure& m) {
  analysis::ComparedRow row;
  row.key = m.key, row.name = m.name, row.symbol = m.symbol, row.percent = m.percent;
  return measureName(row);
}

void StudyModel::show(std::shared_ptr<const analysis::Study> study) {
  if (study == study_) return;
  beginResetModel();
  study_ = std::move(study);
  endResetModel();
}

int StudyModel::rowCount(const QModelIndex& parent) const { return parent.isValid() || !study_ ? 0 : static_cast<int>(study_->measures.size()); }
int StudyModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QVariant StudyModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const analysis::StudiedMeasure& m = study_->measures[static_cast<std::size_t>(index.row())];
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (index.column() == measure ? Qt::AlignLeft : Qt::AlignRight));
  if (role == Qt::ToolTipRole && index.column() == granulated) {
    QStringList lines;
    for (const analysis::StudiedAxis& axis : m.axes) lines << QStringLiteral("%1: %2, %3 groups").arg(QString::fromStdString(axis.flag), tauText(axis.tau)).arg(axis.groups);
    return lines.isEmpty() ? QStringLiteral("No two runs differ in one flag alone.") : lines.join(QLatin1Char('\n'));
  }
  if (role == Qt::ToolTipRole) return QString::fromStdString(m.name);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case measure: return studiedName(m);
    case runs: return QString::number(m.n);
    case tau: return tauText(m.tau);
    case interval: return intervalText(m);
    case within: return counted(m.within, m.withinSettings, m.withinSettings == 1 ? QStringLiteral("setting") : QStringLiteral("settings"));
    case across: return counted(m.across, m.acrossSettings, QStringLiteral("settings"));
    case granulated: return tauText(m.granulated);
    default: return {};
  }
}

QVariant StudyModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_) return {};
  static const char* const titles[] = {"Measure", "Runs", "\u03C4", "95 %", "Within", "Across", "One flag"};
  static const char* const tips[] = {"A row of the comparison that is measured: curvature and sharpness",
                                     "Runs that have both, the measure and the target",
                                     "Kendall's rank correlation, tau-b, over all runs: +1 where the order is the same, -1 where it is turned round",
                                     "Its bootstrap interval, percentiles",
                                     "Mean of the taus inside settings, over their seeds: three or more each",
                                     "Tau of the settings' means",
                                     "Where one flag alone varies: a correlation that only follows one strong flag does not reach it"};
  if (role == Qt::DisplayRole) return QString::fromUtf8(titles[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (section == measure ? Qt::AlignLeft : Qt::AlignRight));
  return {};
}

StudyView::StudyView(QWidget* parent) : QWidget(parent), model_(new StudyModel(this)), chart_(new ScatterChart) {
  body_ = new QStackedLayout(this);
  why_ = new QLabel;
  why_->setWordWrap(true);
  why_->setAlignment(Qt::AlignCenter);
  why_->setMargin(24);
  body_->addWidget(why_);
  auto* splitter = new QSplitter(Qt::Horizontal);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(makeScatter());
  splitter->addWidget(makeTable());
  splitter->setStretchFactor(0, 1);
  splitter->setStretchFactor(1, 1);
  body_->addWidget(splitter);
  connect(chart_, &ScatterChart::clicked, this, &StudyView::clicked);
}

QWidget* StudyView::makeScatter() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  measures_ = new QComboBox;
  measures_->setObjectName(QStringLiteral("studyMeasure"));
  measures_->setToolTip(QStringLiteral("The measure on the horizontal axis"));
  targets_ = new QComboBox;
  targets_->setObjectName(QStringLiteral("studyTarget"));
  targets_->setToolTip(QStringLiteral("What it is held against. Default: test \u2212 train loss, the generalisation gap."));
  for (const auto& [key, text] : kTargets) targets_->addItem(QString::fromUtf8(text), QString::fromLatin1(key));
  for (QComboBox* box : {measures_, targets_}) {
    box->setFixedHeight(22);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(16);
  }
  row->addWidget(measures_);
  row->addWidget(new QLabel(QStringLiteral("against")));
  row->addWidget(targets_);
  summary_ = new ElidedLabel;
  summary_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  row->addWidget(summary_, 1);
  column->addWidget(chart_, 1);
  note_ = new ElidedLabel;
  addCardBar(column, "cardFooter")->addWidget(note_, 1);
  connect(measures_, &QComboBox::activated, this, [this] { setMeasure(measures_->currentData().toString().toStdString()); });
  connect(targets_, &QComboBox::currentIndexChanged, this, &StudyView::targetChanged);
  frame->setMinimumWidth(320);
  return frame;
}

QWidget* StudyView::makeTable() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  addCardBar(column, "cardHeader")->addWidget(new QLabel(QStringLiteral("<b>All measures</b>")));
  table_ = makeCardTable(model_);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setAccessibleName(QStringLiteral("Rank correlations"));
  fitColumns(table_, StudyModel::measure);
  column->addWidget(table_, 1);
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
    if (now.isValid() && study_) setMeasure(study_->measures[static_cast<std::size_t>(now.row())].key);
  });
  frame->setMinimumWidth(320);
  return frame;
}

std::string StudyView::target() const { return targets_->currentData().toString().toStdString(); }
void StudyView::setTarget(const std::string& target) {
  if (const int index = targets_->findData(QString::fromStdString(target)); index >= 0) targets_->setCurrentIndex(index);
}

void StudyView::setMeasure(const std::string& key) {
  measure_ = key;
  refresh();
}

void StudyView::setColours(const ChartColours& colours) { chart_->setColours(colours); }
QString StudyView::summary() const { return summary_->toolTip(); }
QString StudyView::why() const { return body_->currentIndex() == 0 ? why_->text() : QString(); }

void StudyView::fillMeasures() {
  QStringList keys, before;
  for (int i = 0; i < measures_->count(); ++i) before << measures_->itemData(i).toString();
  for (const analysis::StudiedMeasure& m : study_->measures) keys << QString::fromStdString(m.key);
  if (keys == before) return;
  const QSignalBlocker quiet(measures_);
  measures_->clear();
  for (const analysis::StudiedMeasure& m : study_->measures) measures_->addItem(studiedName(m), QString::fromStdString(m.key));
}

void StudyView::show(std::shared_ptr<const analysis::Study> study, const std::vector<CompareEntry>& runs, const std::string& selected, const QString& why) {
  study_ = std::move(study);
  runs_ = runs;
  selected_ = selected;
  why_->setText(why);
  body_->setCurrentIndex(study_ && !study_->measures.empty() ? 1 : 0);
  if (study_ && study_->measures.empty()) why_->setText(QStringLiteral("Nothing is measured yet. \"Measure what is missing\" under the table of the runs measures curvature and sharpness of all of them."));
  model_->show(study_);
  if (study_) fillMeasures();
  refresh();
}

void StudyView::refresh() {
  if (!study_ || study_->measures.empty()) return;
  auto m = std::ranges::find(study_->measures, measure_, &analysis::StudiedMeasure::key);
  if (m == study_->measures.end()) m = study_->measures.begin();
  measures_->setCurrentIndex(static_cast<int>(m - study_->measures.begin()));
  std::vector<ScatterPoint> points;
  const bool percent = study_->targetKey.ends_with("accuracy") || study_->targetKey == "accuracy_gap";
  for (std::size_t i = 0; i < study_->runs.size(); ++i) {
    const std::string& folder = study_->runs[i].folder;
    const auto entry = std::ranges::find_if(runs_, [&](const CompareEntry& e) { return !e.folders.empty() && e.folders.front() == folder; });
    if (entry == runs_.end()) continue;
    points.push_back({.folder = folder, .name = entry->name, .look = entry->look, .x = (m->percent ? 100 : 1) * m->values[i], .y = (percent ? 100 : 1) * study_->target[i], .selected = folder == selected_});
  }
  chart_->show(std::move(points), studiedName(*m), targets_->currentText() + (percent ? QStringLiteral(", %") : QString()));
  QString words = QStringLiteral("\u03C4 %1 (95 %2 %3) \u00B7 %4 runs").arg(tauText(m->tau), QStringLiteral("%"), intervalText(*m)).arg(m->n);
  if (!std::isnan(m->within)) words += QStringLiteral(" \u00B7 within settings %1").arg(tauText(m->within));
  if (!std::isnan(m->across)) words += QStringLiteral(" \u00B7 across %1").arg(tauText(m->across));
  summary_->setWords(words);
  QString note = study_->resampled.empty() ? QString() : QStringLiteral("bootstrap over %1").arg(QString::fromStdString(study_->resampled));
  if (chart_->left() > 0) note += QStringLiteral(" \u00B7 %1 runs without a value").arg(chart_->left());
  note_->setWords(note + QStringLiteral(" \u00B7 a correlation over few runs says little, and is no cause"));
}

}  // namespace ui
