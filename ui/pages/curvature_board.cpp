// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_board.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/charts/eigenvalue_chart.h"
#include "ui/pages/card.h"
#include "ui/pages/curvature_model.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/measure_fields.h"

namespace ui {
CurvatureBoard::CurvatureBoard(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 0, 8, 8);
  column->setSpacing(8);
  column->addWidget(makeToolBar());
  auto* results = new QSplitter(Qt::Vertical);
  results->setChildrenCollapsible(false);
  results->addWidget(makeCharts());
  results->addWidget(makeTable());
  results->setStretchFactor(0, 3);
  results->setStretchFactor(1, 2);
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  body_->addWidget(makeEmpty());
  body_->addWidget(results);
  column->addWidget(body, 1);
  refresh();
}

QWidget* CurvatureBoard::makeToolBar() {
  auto* tools = new QWidget;
  tools->setFixedHeight(40);
  auto* row = new QHBoxLayout(tools);
  row->setContentsMargins(0, 4, 0, 4);
  row->addWidget(new QLabel(QStringLiteral("Hessian at the end of training")));
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  scale_ = new QButtonGroup(this);
  for (int i = 0; i < 2; ++i) {
    auto* button = new QToolButton;
    button->setText(i == 0 ? QStringLiteral("log") : QStringLiteral("lin"));
    button->setToolTip(i == 0 ? QStringLiteral("Top eigenvalues on a log axis; values \u2264 0 are left out and counted") : QStringLiteral("Top eigenvalues on a linear axis"));
    button->setCheckable(true);
    button->setChecked(i == 0);
    button->setProperty("role", QStringLiteral("segment"));
    scale_->addButton(button, i);
    segments->addWidget(button);
  }
  row->addLayout(segments);
  policyBadge_ = makeBadge(QStringLiteral("Batch normalisation while measuring; these models have none"));
  samplesBadge_ = makeBadge(QStringLiteral("Samples of the mean loss: fewer than all give too large a \u03BB on average"));
  precisionBadge_ = makeBadge(QStringLiteral("Precision of the products"));
  for (QLabel* badge : {policyBadge_, samplesBadge_, precisionBadge_}) row->addWidget(badge);
  row->addStretch(1);
  export_ = new QToolButton;
  export_->setText(QStringLiteral("Export\u2026"));
  export_->setToolTip(QStringLiteral("Writes the eigenvalues of the run in the table as png, svg, pdf, csv or json"));
  row->addWidget(export_);
  connect(export_, &QToolButton::clicked, this, &CurvatureBoard::exportRequested);
  connect(scale_, &QButtonGroup::idClicked, this, &CurvatureBoard::refresh);
  return tools;
}

QWidget* CurvatureBoard::makeCharts() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Eigenvalues at both ends</b>")));
  row->addStretch(1);
  legend_ = new QLabel;
  row->addWidget(legend_);
  auto* charts = new QHBoxLayout;
  charts->setSpacing(0);
  top_ = new EigenvalueChart;
  bottom_ = new EigenvalueChart;
  charts->addWidget(top_, 5);
  charts->addWidget(bottom_, 3);
  column->addLayout(charts, 1);
  row = addCardBar(column, "cardFooter");
  row->addWidget(new QLabel(QStringLiteral("bars: residual \u2016H\u200Aq \u2212 \u03BBq\u2016   hollow: not converged")));
  row->addStretch(1);
  note_ = new QLabel;
  row->addWidget(note_);
  return frame;
}

QWidget* CurvatureBoard::makeTable() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Eigenpairs</b>")));
  row->addStretch(1);
  run_ = new QComboBox;
  run_->setIconSize({28, 16});
  run_->setToolTip(QStringLiteral("The run whose pairs are listed"));
  run_->setFixedHeight(22);
  row->addWidget(run_);
  model_ = new EigenpairModel(this);
  auto* table = new QTableView;
  table->setModel(model_);
  table->setFrameShape(QFrame::NoFrame);
  table->setShowGrid(false);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(24);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  table->horizontalHeader()->setSectionResizeMode(EigenpairModel::verdict, QHeaderView::ResizeToContents);
  table->horizontalHeader()->setHighlightSections(false);
  column->addWidget(table, 1);
  row = addCardBar(column, "cardFooter");
  summary_ = new QLabel;
  row->addWidget(summary_);
  connect(run_, &QComboBox::currentIndexChanged, this, [this](int index) {
    refreshTable();
    if (index >= 0 && static_cast<std::size_t>(index) < runs_.size()) emit selected(runs_[static_cast<std::size_t>(index)].folder);
  });
  return frame;
}

QWidget* CurvatureBoard::makeEmpty() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  column->setSpacing(8);
  auto* title = new QLabel(QStringLiteral("<b>How sharp each minimum is</b>"));
  emptySentence_ = new QLabel;
  emptySentence_->setWordWrap(true);
  emptySentence_->setAlignment(Qt::AlignCenter);
  measure_ = new QPushButton(QStringLiteral("Measure the eigenvalues"));
  measure_->setProperty("primary", true);
  column->addStretch(1);
  column->addWidget(title, 0, Qt::AlignCenter);
  column->addWidget(emptySentence_);
  column->addWidget(measure_, 0, Qt::AlignCenter);
  column->addStretch(1);
  connect(measure_, &QPushButton::clicked, this, &CurvatureBoard::measureRequested);
  return frame;
}

void CurvatureBoard::setRuns(const std::vector<BoardRun>& runs) {
  if (runs == runs_) return;
  const int index = run_->currentIndex();
  const std::string before = index >= 0 && static_cast<std::size_t>(index) < runs_.size() ? runs_[static_cast<std::size_t>(index)].folder : std::string();
  runs_ = runs;
  {
    const QSignalBlocker quiet(run_);
    run_->clear();
    for (const BoardRun& run : runs_) run_->addItem(run.swatch, run.name);
    const auto same = std::ranges::find(runs_, before, &BoardRun::folder);
    if (!runs_.empty()) run_->setCurrentIndex(same == runs_.end() ? 0 : static_cast<int>(same - runs_.begin()));
  }
  refresh();
}

void CurvatureBoard::select(const std::string& folder) {
  const auto found = std::ranges::find(runs_, folder, &BoardRun::folder);
  if (found != runs_.end()) run_->setCurrentIndex(static_cast<int>(found - runs_.begin()));
}

void CurvatureBoard::setSpectrum(const std::string& folder, std::shared_ptr<const analysis::SpectrumResult> result) {
  if (results_[folder] == result) return;
  results_[folder] = std::move(result);
  refresh();
}

void CurvatureBoard::setColours(const ChartColours& charts, const QColor& ok, const QColor& warning) {
  top_->setColours(charts);
  bottom_->setColours(charts);
  model_->setColours(ok, warning);
}

std::shared_ptr<const analysis::SpectrumResult> CurvatureBoard::exportable() const {
  const int index = run_->currentIndex();
  if (index < 0 || static_cast<std::size_t>(index) >= runs_.size()) return nullptr;
  const auto found = results_.find(runs_[static_cast<std::size_t>(index)].folder);
  return found == results_.end() ? nullptr : found->second;
}

void CurvatureBoard::refresh() {
  std::vector<EigenvalueMarks> top, bottom;
  QString legend;
  for (const BoardRun& run : runs_) {
    const auto found = results_.find(run.folder);
    if (found == results_.end() || !found->second) continue;
    const analysis::Spectrum& spectrum = found->second->spectrum;
    top.push_back({.name = run.name, .look = run.look, .marks = eigenvalueMarks(spectrum.top)});
    bottom.push_back({.name = run.name, .look = run.look, .marks = eigenvalueMarks(spectrum.bottom)});
    legend += QStringLiteral("<span style='color:%1'>\u25CF</span> %2&nbsp;&nbsp; ").arg(run.look.colour.name(), run.name.toHtmlEscaped());
  }
  body_->setCurrentIndex(top.empty() ? 0 : 1);
  legend_->setText(legend);
  top_->show(top, scale_->checkedId() == 0, QStringLiteral("index from the top"));
  bottom_->show(bottom, false, QStringLiteral("index from the bottom"));
  note_->setText(top_->dropped() > 0 ? QStringLiteral("%1 values \u2264 0 not drawn").arg(top_->dropped()) : QString());
  refreshTable();
}

void CurvatureBoard::refreshTable() {
  const auto result = exportable();
  model_->setSpectrum(result);
  export_->setEnabled(result != nullptr);
  summary_->setText(result ? spectrumSummary(result->spectrum) : QStringLiteral("not measured yet: press Measure in the form at the right"));
  setBadge(policyBadge_, result && !result->spectrum.batchNorm.empty() ? QStringLiteral("BN ") + QString::fromStdString(result->spectrum.batchNorm) : QString());
  setBadge(samplesBadge_, result ? QStringLiteral("N ") + grouped(result->spectrum.samples) : QString());
  setBadge(precisionBadge_, !result ? QString() : result->spectrum.precision == "double" ? QStringLiteral("float64") : QStringLiteral("float32"));
  const int index = run_->currentIndex();
  const bool some = index >= 0 && static_cast<std::size_t>(index) < runs_.size();
  const BoardRun run = some ? runs_[static_cast<std::size_t>(index)] : BoardRun{};
  measure_->setVisible(run.measurable);
  emptySentence_->setText(!some                   ? QStringLiteral("Train a run first: the largest and smallest eigenvalues of its Hessian appear here, with residuals.")
                          : run.waiting.isEmpty() ? QStringLiteral("The largest and smallest eigenvalues of the Hessian, each with its residual.")
                                                  : run.waiting);
}

}  // namespace ui
