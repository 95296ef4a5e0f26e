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
#include "ui/pages/invariance_view.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/measure_fields.h"
#include "ui/pages/sharpness_view.h"
#include "ui/pages/spectrum_view.h"

namespace ui {
namespace {

/// What a view is about, while it is empty.
struct EmptyWords {
  const char *title, *sentence, *button;
};
constexpr EmptyWords kEmpty[] = {
    {"How sharp each minimum is", "The largest and smallest eigenvalues of the Hessian, each with its residual; density, traces and layers where they are switched on.", "Measure the spectrum"},
    {"How much the loss rises around each minimum", "Worst case, one step and average case over a grid of radii, plain and adaptive, each with its error.", "Measure the sharpness"},
    {"The same function, other weights", "Transformations that leave the outputs as they are, and which measures they move: a measure that moves says nothing about the function.", "Transform and measure"}};

/// What the badges say of a result.
struct MeasuredWith {
  std::string operatorName, batchNorm, precision, loss;
  std::int64_t samples = 0;
};

MeasuredWith measuredWith(const analysis::Result& result) {
  if (const auto* spectrum = std::get_if<analysis::SpectrumResult>(&result)) {
    const analysis::Spectrum& s = spectrum->spectrum;
    return {s.operatorName, s.batchNorm, s.precision, spectrum->spec.measure.loss, s.samples};
  }
  if (const auto* sharpness = std::get_if<analysis::SharpnessResult>(&result)) {
    const analysis::Sharpness& s = sharpness->sharpness;
    return {{}, s.batchNorm, s.precision, sharpness->spec.measure.loss, s.samples};
  }
  if (const auto* invariance = std::get_if<analysis::InvarianceResult>(&result)) {
    const analysis::Invariance& i = invariance->invariance;
    return {{}, i.batchNorm, i.precision, invariance->spec.measure.loss, i.samples};
  }
  return {};
}

}  // namespace

CurvatureBoard::CurvatureBoard(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 0, 8, 8);
  column->setSpacing(8);
  column->addWidget(makeToolBar());
  spectrum_ = new SpectrumView;
  sharpness_ = new SharpnessView;
  invariance_ = new InvarianceView;
  connect(spectrum_->checks(), &CheckCard::checkRequested, this, &CurvatureBoard::checkRequested);
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  body_->addWidget(makeEmpty());
  body_->addWidget(spectrum_);
  body_->addWidget(sharpness_);
  body_->addWidget(invariance_);
  column->addWidget(body, 1);
  refresh();
}

QWidget* CurvatureBoard::makeToolBar() {
  auto* tools = new QWidget;
  tools->setFixedHeight(40);
  auto* row = new QHBoxLayout(tools);
  row->setContentsMargins(0, 4, 0, 4);
  row->addWidget(makeChooser());
  view_ = addSegments(row, this,
                      {{QStringLiteral("Spectrum"), QStringLiteral("Eigenvalues, density, layers, traces")},
                       {QStringLiteral("Sharpness"), QStringLiteral("How much the loss rises within a radius: worst case, one step, average")},
                       {QStringLiteral("Invariance"), QStringLiteral("Weights changed so that the function stays: which measures move all the same")}});
  operatorBadge_ = makeBadge(QStringLiteral("The matrix that was measured"));
  policyBadge_ = makeBadge(QStringLiteral("Batch normalisation while measuring"));
  samplesBadge_ = makeBadge(QStringLiteral("Samples of the mean loss: fewer than all give too large a \u03BB on average"));
  precisionBadge_ = makeBadge(QStringLiteral("Precision of the products"));
  lossBadge_ = makeBadge(QStringLiteral("The loss whose curvature it is: plain is without L2 and label smoothing"));
  for (QLabel* badge : {operatorBadge_, policyBadge_, samplesBadge_, precisionBadge_, lossBadge_}) row->addWidget(badge);
  row->addStretch(1);
  export_ = new QToolButton;
  export_->setText(QStringLiteral("Export\u2026"));
  export_->setToolTip(QStringLiteral("Writes what is shown of the chosen run as png, svg, pdf, csv or json, with the command that makes it again"));
  row->addWidget(export_);
  connect(export_, &QToolButton::clicked, this, &CurvatureBoard::exportRequested);
  connect(view_, &QButtonGroup::idToggled, this, [this](int id, bool on) {
    if (!on) return;
    refresh();
    emit viewChanged(id);
  });
  return tools;
}

QComboBox* CurvatureBoard::makeChooser() {
  run_ = new QComboBox;
  run_->setIconSize({28, 16});
  run_->setToolTip(QStringLiteral("The run of the tables; charts show all"));
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
  emptyTitle_ = new QLabel;
  emptySentence_ = new QLabel;
  emptySentence_->setWordWrap(true);
  emptySentence_->setAlignment(Qt::AlignCenter);
  measure_ = new QPushButton;
  measure_->setToolTip(QStringLiteral("Measures what the form at the right says, for the selected run"));
  measure_->setProperty("primary", true);
  column->addStretch(1);
  column->addWidget(emptyTitle_, 0, Qt::AlignCenter);
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

void CurvatureBoard::setSharpness(const std::string& folder, std::shared_ptr<const analysis::SharpnessResult> result) {
  if (sharpnesses_[folder] == result) return;
  sharpnesses_[folder] = std::move(result);
  refresh();
}

void CurvatureBoard::setInvariance(const std::string& folder, std::shared_ptr<const analysis::InvarianceResult> result) {
  if (invariances_[folder] == result) return;
  invariances_[folder] = std::move(result);
  refresh();
}

void CurvatureBoard::setCheck(const std::string& folder, std::shared_ptr<const analysis::CheckResult> result) {
  if (checks_[folder] == result) return;
  checks_[folder] = std::move(result);
  refresh();
}

int CurvatureBoard::view() const { return view_->checkedId(); }
void CurvatureBoard::setView(int view) {
  if (auto* button = view_->button(view)) button->setChecked(true);
}

void CurvatureBoard::setColours(const ChartColours& charts, const Tokens& t) {
  spectrum_->setColours(charts, t);
  sharpness_->setColours(charts);
  invariance_->setColours(t.ok, t.second, t.error);
}

const BoardRun* CurvatureBoard::chosen() const {
  const int index = run_->currentIndex();
  return index >= 0 && static_cast<std::size_t>(index) < runs_.size() ? &runs_[static_cast<std::size_t>(index)] : nullptr;
}

std::shared_ptr<const analysis::Result> CurvatureBoard::exportable() const {
  const BoardRun* run = chosen();
  if (run == nullptr) return nullptr;
  const auto of = [run](const auto& results) {
    const auto found = results.find(run->folder);
    return found == results.end() || !found->second ? nullptr : std::make_shared<const analysis::Result>(*found->second);
  };
  if (view() == sharpnessView) return of(sharpnesses_);
  if (view() == invarianceView) return of(invariances_);
  const auto found = parts_.find(run->folder);
  if (found == parts_.end() || found->second.empty()) return nullptr;
  return std::make_shared<const analysis::Result>(*found->second.newest);
}

bool CurvatureBoard::hasAny() const {
  return std::ranges::any_of(runs_, [this](const BoardRun& run) {
    if (view() == invarianceView) return invariances_.contains(run.folder) && invariances_.at(run.folder) != nullptr;
    if (view() == sharpnessView) return sharpnesses_.contains(run.folder) && sharpnesses_.at(run.folder) != nullptr;
    return (parts_.contains(run.folder) && !parts_.at(run.folder).empty()) || (checks_.contains(run.folder) && checks_.at(run.folder) != nullptr);
  });
}

EigenvalueChart* CurvatureBoard::topChart() const { return spectrum_->eigenvalues()->top(); }
EigenvalueChart* CurvatureBoard::bottomChart() const { return spectrum_->eigenvalues()->bottom(); }
EigenpairModel* CurvatureBoard::table() const { return spectrum_->pairs()->model(); }

void CurvatureBoard::refresh() {
  const BoardRun* run = chosen();
  showView(run);
  export_->setEnabled(exportable() != nullptr);
  measure_->setVisible(run != nullptr && run->measurable);
  const EmptyWords& words = kEmpty[view()];
  emptyTitle_->setText(QStringLiteral("<b>%1</b>").arg(QString::fromUtf8(words.title)));
  measure_->setText(QString::fromUtf8(words.button));
  emptySentence_->setText(run == nullptr           ? QStringLiteral("Train a run first. Then: ") + QString::fromUtf8(words.sentence)
                          : run->waiting.isEmpty() ? QString::fromUtf8(words.sentence)
                                                   : run->waiting);
  refreshBadges();
}

void CurvatureBoard::showView(const BoardRun* run) {
  const std::string folder = run != nullptr ? run->folder : std::string();
  body_->setCurrentIndex(hasAny() ? 1 + view() : 0);
  if (view() == spectrumView) spectrum_->show(runs_, parts_, folder);
  if (view() == spectrumView) spectrum_->checks()->setResult(checks_.contains(folder) ? checks_.at(folder) : nullptr, run != nullptr && run->measurable);
  if (view() == sharpnessView) sharpness_->show(runs_, sharpnesses_, folder);
  if (view() == invarianceView) invariance_->show(run != nullptr ? run->name : QString(), invariances_.contains(folder) ? invariances_.at(folder) : nullptr);
}

void CurvatureBoard::refreshBadges() {
  const auto result = exportable();
  const MeasuredWith with = result ? measuredWith(*result) : MeasuredWith{};
  const auto words = [](const std::string& text) { return QString::fromStdString(text); };
  setBadge(operatorBadge_, words(with.operatorName));
  setBadge(policyBadge_, with.batchNorm.empty() ? QString() : QStringLiteral("BN ") + words(with.batchNorm));
  setBadge(samplesBadge_, result ? QStringLiteral("N ") + grouped(with.samples) : QString());
  setBadge(precisionBadge_, !result ? QString() : with.precision == "double" ? QStringLiteral("float64") : QStringLiteral("float32"));
  setBadge(lossBadge_, !result ? QString() : with.loss == "training" ? QStringLiteral("training loss") : QStringLiteral("L2 not in loss"));
}

}  // namespace ui
