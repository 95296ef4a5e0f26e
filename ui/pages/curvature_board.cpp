// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_board.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/measure_fields.h"
#include "ui/pages/spectrum_view.h"

namespace ui {

CurvatureBoard::CurvatureBoard(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 0, 8, 8);
  column->setSpacing(8);
  column->addWidget(makeToolBar());
  spectrum_ = new SpectrumView(makeChooser());
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  body_->addWidget(makeEmpty());
  body_->addWidget(spectrum_);
  column->addWidget(body, 1);
  refresh();
}

QWidget* CurvatureBoard::makeToolBar() {
  auto* tools = new QWidget;
  tools->setFixedHeight(40);
  auto* row = new QHBoxLayout(tools);
  row->setContentsMargins(0, 4, 0, 4);
  row->addWidget(new QLabel(QStringLiteral("Top eigenvalues")));
  scale_ = addSegments(row, this,
                       {{QStringLiteral("log"), QStringLiteral("Top eigenvalues on a log axis; values \u2264 0 are left out and counted")},
                        {QStringLiteral("lin"), QStringLiteral("Top eigenvalues on a linear axis")}});
  row->addSpacing(8);
  operatorBadge_ = makeBadge(QStringLiteral("The matrix that was measured"));
  policyBadge_ = makeBadge(QStringLiteral("Batch normalisation while measuring"));
  samplesBadge_ = makeBadge(QStringLiteral("Samples of the mean loss: fewer than all give too large a \u03BB on average"));
  precisionBadge_ = makeBadge(QStringLiteral("Precision of the products"));
  lossBadge_ = makeBadge(QStringLiteral("The loss whose curvature it is: plain is without L2 and label smoothing"));
  for (QLabel* badge : {operatorBadge_, policyBadge_, samplesBadge_, precisionBadge_, lossBadge_}) row->addWidget(badge);
  row->addStretch(1);
  export_ = new QToolButton;
  export_->setText(QStringLiteral("Export\u2026"));
  export_->setToolTip(QStringLiteral("Writes the eigenvalues of the run in the table as png, svg, pdf, csv or json"));
  row->addWidget(export_);
  connect(export_, &QToolButton::clicked, this, &CurvatureBoard::exportRequested);
  connect(scale_, &QButtonGroup::idClicked, this, &CurvatureBoard::refresh);
  return tools;
}

QComboBox* CurvatureBoard::makeChooser() {
  run_ = new QComboBox;
  run_->setIconSize({28, 16});
  run_->setToolTip(QStringLiteral("The run whose pairs are listed"));
  run_->setFixedHeight(22);
  run_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  run_->setMinimumContentsLength(10);
  connect(run_, &QComboBox::currentIndexChanged, this, [this] {
    refresh();
    if (const BoardRun* run = chosen()) emit selected(run->folder);
  });
  return run_;
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
  const std::string before = chosen() != nullptr ? chosen()->folder : std::string();
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

void CurvatureBoard::setSpectrum(const std::string& folder, const SpectrumParts& parts) {
  if (parts_[folder] == parts) return;
  parts_[folder] = parts;
  refresh();
}

void CurvatureBoard::setColours(const ChartColours& charts, const QColor& ok, const QColor& warning) { spectrum_->setColours(charts, ok, warning); }

const BoardRun* CurvatureBoard::chosen() const {
  const int index = run_->currentIndex();
  return index >= 0 && static_cast<std::size_t>(index) < runs_.size() ? &runs_[static_cast<std::size_t>(index)] : nullptr;
}

std::shared_ptr<const analysis::SpectrumResult> CurvatureBoard::exportable() const {
  const BoardRun* run = chosen();
  const auto found = run != nullptr ? parts_.find(run->folder) : parts_.end();
  return found == parts_.end() ? nullptr : found->second.pairs;
}

EigenvalueChart* CurvatureBoard::topChart() const { return spectrum_->eigenvalues()->top(); }
EigenvalueChart* CurvatureBoard::bottomChart() const { return spectrum_->eigenvalues()->bottom(); }
EigenpairModel* CurvatureBoard::table() const { return spectrum_->pairs()->model(); }

void CurvatureBoard::refresh() {
  const BoardRun* run = chosen();
  const bool any = std::ranges::any_of(runs_, [this](const BoardRun& r) { return parts_.contains(r.folder) && !parts_.at(r.folder).empty(); });
  body_->setCurrentIndex(any ? 1 : 0);
  spectrum_->show(runs_, parts_, run != nullptr ? run->folder : std::string(), scale_->checkedId() == 0);
  export_->setEnabled(exportable() != nullptr);
  measure_->setVisible(run != nullptr && run->measurable);
  emptySentence_->setText(run == nullptr              ? QStringLiteral("Train a run first: the largest and smallest eigenvalues of its Hessian appear here, with residuals.")
                          : run->waiting.isEmpty() ? QStringLiteral("The largest and smallest eigenvalues of the Hessian, each with its residual.")
                                                   : run->waiting);
  refreshBadges();
}

void CurvatureBoard::refreshBadges() {
  const auto result = exportable();
  const auto words = [](const std::string& text) { return QString::fromStdString(text); };
  setBadge(operatorBadge_, result ? words(result->spectrum.operatorName) : QString());
  setBadge(policyBadge_, result && !result->spectrum.batchNorm.empty() ? QStringLiteral("BN ") + words(result->spectrum.batchNorm) : QString());
  setBadge(samplesBadge_, result ? QStringLiteral("N ") + grouped(result->spectrum.samples) : QString());
  setBadge(precisionBadge_, !result ? QString() : result->spectrum.precision == "double" ? QStringLiteral("float64") : QStringLiteral("float32"));
  setBadge(lossBadge_, !result ? QString() : result->spec.measure.loss == "training" ? QStringLiteral("training loss") : QStringLiteral("L2 not in loss"));
}

}  // namespace ui
