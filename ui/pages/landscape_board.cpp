// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_board.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/landscape_legend.h"
#include "ui/pages/landscape_probe_model.h"
#include "ui/pages/landscape_section.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

constexpr double kSnapCells = 0.2;  ///< a pointer this near to a grid point, in cells, reads the computed value there

}  // namespace

LandscapeBoard::LandscapeBoard(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 0, 8, 8);
  column->setSpacing(8);
  column->addWidget(makeToolBar());
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setChildrenCollapsible(false);
  auto* top = new QWidget;
  auto* topColumn = new QVBoxLayout(top);
  topColumn->setContentsMargins(0, 0, 0, 0);
  topColumn->setSpacing(4);
  card_ = new LandscapeCard;
  topColumn->addWidget(card_, 1);
  auto* legendRow = new QHBoxLayout;
  legend_ = new LandscapeLegend;
  legendRow->addWidget(legend_, 1);
  policyBadge_ = makeBadge(QStringLiteral("Batch normalisation while measuring; these models have none"));
  samplesBadge_ = makeBadge(QStringLiteral("Samples that the loss is averaged over"));
  precisionBadge_ = makeBadge(QStringLiteral("Precision of the model; sums are in float64"));
  for (QLabel* badge : {policyBadge_, samplesBadge_, precisionBadge_}) legendRow->addWidget(badge);
  topColumn->addLayout(legendRow);
  splitter->addWidget(top);
  auto* bottom = new QSplitter(Qt::Horizontal);
  bottom->setChildrenCollapsible(false);
  section_ = new LandscapeSection;
  bottom->addWidget(section_);
  bottom->addWidget(makeProbeCard());
  bottom->setStretchFactor(0, 1);
  bottom->setStretchFactor(1, 1);
  bottom->setSizes({1000, 1000});
  splitter->addWidget(bottom);
  splitter->setStretchFactor(0, 3);
  splitter->setStretchFactor(1, 2);
  column->addWidget(splitter, 1);

  connect(legend_, &LandscapeLegend::changed, this, &LandscapeBoard::refresh);
  connect(section_, &LandscapeSection::axisChanged, this, &LandscapeBoard::refreshProbe);
  connect(card_, &LandscapeCard::computeClicked, this, &LandscapeBoard::computeRequested);
  connect(view(), &SurfaceView::probed, this, &LandscapeBoard::hover);
  connect(view(), &SurfaceView::probeLeft, this, [this] {
    if (!pinned_) setProbe(std::nullopt);
  });
  connect(view(), &SurfaceView::pinned, this, [this](QPointF at) {
    pinned_ = false;
    hover(at);
    pinned_ = true;
    refreshProbe();
  });
  legend_->applyTo(model_);
  refresh();
}

QWidget* LandscapeBoard::makeToolBar() {
  auto* bar = new QWidget;
  bar->setFixedHeight(40);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(0, 4, 0, 4);
  row->setSpacing(4);
  switcher_ = new QTabBar;
  switcher_->setProperty("role", QStringLiteral("switcher"));
  switcher_->setFixedHeight(24);
  switcher_->setDrawBase(false);
  switcher_->setExpanding(false);
  switcher_->setIconSize({28, 16});
  switcher_->setToolTip(QStringLiteral("Which run's surface is drawn; camera and scale stay"));
  row->addWidget(switcher_);
  row->addStretch(1);
  const std::pair<QString, OrbitCamera> cameras[] = {{QStringLiteral("Front|1"), OrbitCamera::front()},
                                                     {QStringLiteral("Right|3"), OrbitCamera::right()},
                                                     {QStringLiteral("Top|7"), OrbitCamera::top()},
                                                     {QStringLiteral("Iso|9"), OrbitCamera::iso()}};
  for (const auto& [text, camera] : cameras) {
    auto* button = new QToolButton;
    button->setText(text.section(QLatin1Char('|'), 0, 0));
    button->setToolTip(QStringLiteral("%1 view (key %2; drag turns, wheel zooms, R or a double click resets)").arg(button->text(), text.section(QLatin1Char('|'), 1)));
    connect(button, &QToolButton::clicked, this, [this, to = camera] { view()->setCamera(to); });
    row->addWidget(button);
  }
  export_ = new QToolButton;
  export_->setText(QStringLiteral("Export\u2026"));
  export_->setToolTip(QStringLiteral("Writes the surface as png, svg, pdf, csv, json or vts, with the command that makes it again"));
  connect(export_, &QToolButton::clicked, this, &LandscapeBoard::exportRequested);
  row->addWidget(export_);
  connect(switcher_, &QTabBar::currentChanged, this, [this](int index) {
    if (index < 0 || static_cast<std::size_t>(index) >= runs_.size()) return;
    model_.selected = static_cast<std::size_t>(index);
    refresh();
    emit selected(runs_[static_cast<std::size_t>(index)].folder);
  });
  return bar;
}

QWidget* LandscapeBoard::makeProbeCard() {
  auto* card = new QFrame;
  QVBoxLayout* column = makeCard(card);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  auto* name = new QLabel(QStringLiteral("<b>Probe</b>"));
  probeTitle_ = new QLabel;
  row->addWidget(name);
  row->addWidget(probeTitle_);
  row->addStretch(1);
  probeModel_ = new LandscapeProbeModel(this);
  probeTable_ = new QTableView;
  probeTable_->setModel(probeModel_);
  probeTable_->setFrameShape(QFrame::NoFrame);
  probeTable_->setSelectionBehavior(QAbstractItemView::SelectRows);
  probeTable_->setSelectionMode(QAbstractItemView::NoSelection);
  probeTable_->setShowGrid(false);
  probeTable_->verticalHeader()->hide();
  probeTable_->verticalHeader()->setDefaultSectionSize(24);
  probeTable_->setIconSize({28, 16});
  probeTable_->horizontalHeader()->setMinimumSectionSize(20);
  fitColumns(probeTable_, LandscapeProbeModel::run);
  for (const int column_ : {LandscapeProbeModel::x, LandscapeProbeModel::y}) probeTable_->hideColumn(column_);  // in the header
  column->addWidget(probeTable_, 1);
  auto* note = hintLabel(QStringLiteral("\u25CF computed   \u25CB interpolated   \u00B7   click the surface to pin"));
  note->setContentsMargins(8, 2, 8, 2);
  column->addWidget(note);
  return card;
}

SurfaceView* LandscapeBoard::view() const { return card_->view(); }

void LandscapeBoard::setRuns(const std::vector<BoardRun>& runs) {
  if (runs == runs_) return;
  const std::string before = model_.selected < runs_.size() ? runs_[model_.selected].folder : std::string();
  std::vector<LandscapeEntry> entries;
  for (const BoardRun& run : runs) {
    const LandscapeEntry* known = model_.find(run.folder);
    entries.push_back(known != nullptr ? *known : LandscapeEntry{.folder = run.folder, .name = {}, .surface = {}, .slice = nullptr, .result = nullptr});
    entries.back().name = run.name;
  }
  runs_ = runs;
  model_.entries = std::move(entries);
  const QSignalBlocker quiet(switcher_);
  while (switcher_->count() > static_cast<int>(runs_.size())) switcher_->removeTab(switcher_->count() - 1);
  while (switcher_->count() < static_cast<int>(runs_.size())) switcher_->addTab(QString());
  model_.selected = 0;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    switcher_->setTabText(static_cast<int>(i), runs_[i].name);
    switcher_->setTabIcon(static_cast<int>(i), runs_[i].swatch);
    if (runs_[i].folder == before) model_.selected = i;
  }
  if (!runs_.empty()) switcher_->setCurrentIndex(static_cast<int>(model_.selected));
  switcher_->updateGeometry();  // tabs that are changed while the page is hidden would keep their old width
  refresh();
}

void LandscapeBoard::select(const std::string& folder) {
  const auto found = std::ranges::find(runs_, folder, &BoardRun::folder);
  if (found != runs_.end()) switcher_->setCurrentIndex(static_cast<int>(found - runs_.begin()));
}

void LandscapeBoard::setSurface(const std::string& folder, const SurfaceSnapshot& surface, std::shared_ptr<const analysis::SurfaceResult> result) {
  LandscapeEntry* entry = model_.find(folder);
  if (entry == nullptr) return;
  entry->surface = surface;
  entry->result = std::move(result);
  refresh();
}

void LandscapeBoard::setSlice(const std::string& folder, std::shared_ptr<const analysis::SurfaceResult> slice) {
  LandscapeEntry* entry = model_.find(folder);
  if (entry == nullptr) return;
  entry->slice = std::move(slice);
  refresh();
}

void LandscapeBoard::setColours(const SceneColours& scene, const ChartColours& charts) {
  view()->setColours(scene);
  section_->chart()->setColours(charts);
}

std::shared_ptr<const analysis::SurfaceResult> LandscapeBoard::exportable() const {
  const LandscapeEntry* entry = model_.current();
  if (entry == nullptr) return nullptr;
  return entry->result ? entry->result : entry->slice;
}

void LandscapeBoard::refresh() {
  legend_->applyTo(model_);
  legend_->showScale(model_.scale(), model_.levels);
  refreshView();
  refreshProbe();
  export_->setEnabled(exportable() != nullptr);
}

void LandscapeBoard::refreshView() {
  const LandscapeEntry* entry = model_.current();
  const bool shown = entry != nullptr && entry->surface;
  const BoardRun run = model_.selected < runs_.size() ? runs_[model_.selected] : BoardRun{};
  card_->setRun(run.name, run.swatch);
  if (!shown) {
    card_->setBadges({}, false, {});
    card_->setFooter(run.curvature, {});
    QString sentence = run.waiting;
    if (entry == nullptr) sentence = QStringLiteral("Train a run first: its surface appears here, with contours, a probe and a section.");
    if (sentence.isEmpty()) sentence = QStringLiteral("A surface of the loss on a plane through this run's end, with contours, a probe and a section.");
    card_->showView(false, sentence, entry != nullptr && run.measurable);
    view()->clearSurface();
    setBadge(policyBadge_, {});
    setBadge(samplesBadge_, {});
    setBadge(precisionBadge_, {});
    return;
  }
  const SurfaceSnapshot surface = model_.snapshotOf(*entry);
  const analysis::SurfaceGrid& grid = *surface.grid;
  view()->setAxisNames(axisNameOf(grid, 0), axisNameOf(grid, 1), QStringLiteral("loss"));
  view()->setSurface(surface, model_.scale(), model_.levels);
  const bool refining = surface.stride > 1;
  card_->setBadges(gridBadge(surface), refining, QStringLiteral("cos %1").arg(grid.cosine, 0, 'f', 4));
  QString notes = drawingNotes(view()->field());
  if (grid.stopped) notes = notes.isEmpty() ? QStringLiteral("stopped early") : QStringLiteral("stopped early \u00B7 ") + notes;
  card_->setFooter(run.curvature, notes);
  card_->showView(true);
  setBadge(policyBadge_, grid.batchNorm.empty() ? QString() : QStringLiteral("BN ") + QString::fromStdString(grid.batchNorm));
  setBadge(samplesBadge_, QStringLiteral("N ") + grouped(model_.test ? grid.testSamples : grid.samples));
  setBadge(precisionBadge_, grid.precision == "double" ? QStringLiteral("float64") : QStringLiteral("float32"));
}

void LandscapeBoard::hover(QPointF at) {
  if (pinned_) return;
  const LandscapeEntry* entry = model_.current();
  if (entry == nullptr || !entry->surface) return;
  const auto reading = readSurface(model_.snapshotOf(*entry), at.x(), at.y(), kSnapCells);
  setProbe(reading ? QPointF(reading->x, reading->y) : at);
}

void LandscapeBoard::setProbe(std::optional<QPointF> at) {
  if (!at) pinned_ = false;
  if (probe_ == at) return;
  probe_ = at;
  refreshProbe();
}

void LandscapeBoard::refreshProbe() {
  const LandscapeEntry* entry = model_.current();
  const QPointF at = probe_.value_or(QPointF(0, 0));
  view()->setProbe(probe_);
  std::vector<ProbeRow> rows;
  std::vector<SectionCurve> curves;
  for (std::size_t i = 0; i < model_.entries.size(); ++i) {
    rows.push_back({.name = runs_[i].name, .swatch = QIcon(runs_[i].swatch), .reading = model_.reading(model_.entries[i], at)});
    curves.push_back({.name = runs_[i].name, .look = runs_[i].look, .points = model_.section(model_.entries[i], section_->axis(), at)});
  }
  probeModel_->setRows(std::move(rows));
  QString x = QStringLiteral("x"), y = QStringLiteral("y");
  if (entry != nullptr && entry->surface) {
    x = axisNameOf(*entry->surface.grid, 0);
    y = axisNameOf(*entry->surface.grid, 1);
  }
  const auto number = [](double v) { return QString::fromStdString(numberText(v, 3)); };
  probeTitle_->setText(QStringLiteral("%1 %2   %3 %4%5").arg(x, number(at.x()), y, number(at.y()),
                                                              pinned_ ? QStringLiteral("   pinned") : probe_ ? QString() : QStringLiteral("   centre")));
  section_->show(curves, x, y, at, model_.kind != ScaleKind::linear);
}

}  // namespace ui
