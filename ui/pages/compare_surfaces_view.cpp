// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_surfaces_view.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/landscape_model.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/colour_bar.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

constexpr int kLevels = 16, kEachOfMany = 10;

bool sameSnapshot(const SurfaceSnapshot& a, const SurfaceSnapshot& b) { return a.grid == b.grid && a.stride == b.stride && a.test == b.test; }

}  // namespace

bool SurfacePane::operator==(const SurfacePane& o) const {
  return folder == o.folder && name == o.name && swatch.cacheKey() == o.swatch.cacheKey() && sameSnapshot(surface, o.surface) && cosine == o.cosine && badge == o.badge &&
         sentence == o.sentence && toolTip == o.toolTip;
}

CompareSurfacesView::CompareSurfacesView(QWidget* parent) : QWidget(parent) {
  row_ = new QHBoxLayout(this);
  row_->setContentsMargins(0, 0, 0, 0);
  row_->setSpacing(1);
  empty_ = new QLabel;
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  empty_->setMargin(16);
  row_->addWidget(empty_, 1);
  makeControls();
}

CompareSurfacesView::~CompareSurfacesView() = default;

void CompareSurfacesView::makeControls() {
  controls_ = new QWidget;
  auto* row = new QHBoxLayout(controls_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  row->addStretch(1);
  kind_ = addSegments(row, this,
                      {{QStringLiteral("lin"), QStringLiteral("Linear scale of heights and colours")},
                       {QStringLiteral("log"), QStringLiteral("Logarithm of the loss, the default: on a linear scale the basin is one colour")},
                       {QStringLiteral("log(L \u2212 min)"), QStringLiteral("Logarithm of the distance from the smallest loss of all shown")}});
  kind_->button(1)->setChecked(true);
  connect(kind_, &QButtonGroup::idToggled, this, [this](int, bool on) {
    if (!on) return;
    refresh();
    emit changed();
  });
  legend_ = new QWidget;
  auto* below = new QHBoxLayout(legend_);
  below->setContentsMargins(0, 0, 0, 0);
  below->setSpacing(8);
  what_ = new QLabel;
  bar_ = new ColourBar;
  bar_->setMaximumWidth(320);
  note_ = new QLabel;
  note_->setProperty("role", QStringLiteral("hint"));
  policy_ = makeBadge(QStringLiteral("Batch normalisation while measuring"));
  samples_ = makeBadge(QStringLiteral("Samples that the loss is averaged over"));
  precision_ = makeBadge(QStringLiteral("Precision of the model; sums are in float64"));
  below->addWidget(what_);
  below->addWidget(bar_, 1);
  below->addWidget(note_);
  below->addStretch(1);
  for (QLabel* badge : {policy_, samples_, precision_}) below->addWidget(badge);
}

CompareSurfacesView::Cell CompareSurfacesView::makeCell() {
  Cell cell;
  cell.frame = new QWidget;
  auto* column = new QVBoxLayout(cell.frame);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  cell.swatch = new QLabel;
  auto* name = new ElidedLabel;
  QFont bold = name->font();
  bold.setBold(true);
  name->setFont(bold);
  cell.name = name;
  cell.cosine = new QLabel;
  cell.cosine->setProperty("role", QStringLiteral("hint"));
  cell.cosine->setToolTip(QStringLiteral("Cosine between the two directions: at 0, distances on the picture are true to scale"));
  cell.badge = makeBadge(QString());
  row->addWidget(cell.swatch);
  row->addWidget(cell.name, 1);
  row->addWidget(cell.badge);
  row->addWidget(cell.cosine);
  cell.sentence = new QLabel;
  cell.sentence->setWordWrap(true);
  cell.sentence->setAlignment(Qt::AlignCenter);
  cell.sentence->setMargin(12);
  column->addWidget(cell.sentence, 1);
  row_->addWidget(cell.frame, kEachOfMany);
  return cell;
}

/// Made when there is something to draw: a view costs memory, and a page without surfaces needs no OpenGL.
SurfaceView* CompareSurfacesView::makeView(Cell& cell) {
  auto* view = new SurfaceView;
  view->setColours(colours_);
  static_cast<QVBoxLayout*>(cell.frame->layout())->addWidget(view, 1);
  join(view);
  connect(view, &SurfaceView::pinned, this, [this, frame = cell.frame] {
    const auto found = std::ranges::find(cells_, frame, &Cell::frame);
    if (found != cells_.end()) emit clicked(panes_[static_cast<std::size_t>(found - cells_.begin())].folder);
  });
  return view;
}

/// Linked views hold one camera, the others one each that starts where the linked one is.
void CompareSurfacesView::join(SurfaceView* view) {
  std::shared_ptr<ViewCamera> camera = linked_ ? camera_ : std::make_shared<ViewCamera>();
  if (!linked_) camera->set(camera_->orbit());
  connect(camera.get(), &ViewCamera::changed, this, &CompareSurfacesView::changed, Qt::UniqueConnection);
  view->shareCamera(std::move(camera));
}

void CompareSurfacesView::setLinked(bool linked) {
  if (linked_ == linked) return;
  linked_ = linked;
  for (const Cell& cell : cells_)
    if (cell.view != nullptr) join(cell.view);
}

void CompareSurfacesView::setCamera(const OrbitCamera& camera) {
  camera_->set(camera);
  for (const Cell& cell : cells_)
    if (cell.view != nullptr) cell.view->setCamera(camera);
}

ScaleKind CompareSurfacesView::scaleKind() const { return static_cast<ScaleKind>(kind_->checkedId()); }
void CompareSurfacesView::setScaleKind(ScaleKind kind) { kind_->button(static_cast<int>(kind))->setChecked(true); }

SurfaceView* CompareSurfacesView::view(std::size_t pane) const { return pane < cells_.size() && cells_[pane].drawn ? cells_[pane].view : nullptr; }

void CompareSurfacesView::setColours(const SceneColours& colours) {
  colours_ = colours;
  for (const Cell& cell : cells_)
    if (cell.view != nullptr) cell.view->setColours(colours);
}

void CompareSurfacesView::show(std::vector<SurfacePane> panes, const QString& why) {
  empty_->setText(why);
  if (panes == panes_ && !panes.empty()) return;
  panes_ = std::move(panes);
  refresh();
}

void CompareSurfacesView::fill(Cell& cell, const SurfacePane& pane) {
  cell.swatch->setPixmap(pane.swatch);
  static_cast<ElidedLabel*>(cell.name)->setWords(pane.name);
  cell.frame->setToolTip(pane.toolTip);
  cell.cosine->setText(pane.cosine);
  cell.cosine->setVisible(!pane.cosine.isEmpty() && pane.badge.isEmpty());
  setBadge(cell.badge, pane.badge, true);
  cell.badge->setToolTip(pane.toolTip);
  cell.sentence->setText(pane.sentence);
  cell.sentence->setVisible(!pane.surface);
  if (!pane.surface) {
    if (cell.view != nullptr) cell.view->hide();
    cell.drawn = {};
    return;
  }
  if (cell.view == nullptr) cell.view = makeView(cell);
  cell.view->show();
  if (sameSnapshot(cell.drawn, pane.surface) && cell.scale == scale_) return;  // a mesh costs milliseconds
  cell.drawn = pane.surface;
  cell.scale = scale_;
  cell.view->setAxes({axisNameOf(*pane.surface.grid, 0)}, {axisNameOf(*pane.surface.grid, 1)}, QStringLiteral("loss"));
  cell.view->setSurface(pane.surface, scale_, kLevels);
  cell.view->setAccessibleName(QStringLiteral("Loss surface of %1").arg(pane.name));
}

void CompareSurfacesView::refresh() {
  std::vector<SurfaceSnapshot> shown;
  const std::size_t count = std::min(panes_.size(), kMost);
  for (std::size_t i = 0; i < count; ++i)
    if (panes_[i].surface) shown.push_back(panes_[i].surface);
  scale_ = sharedScale(scaleKind(), shown);
  while (cells_.size() < count) cells_.push_back(makeCell());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    cells_[i].frame->setVisible(i < count);
    if (i < count) fill(cells_[i], panes_[i]);
  }
  empty_->setVisible(count == 0);
  bar_->setScale(scale_, kLevels);
  legend_->setVisible(!shown.empty());
  what_->setText(shown.empty() ? QString() : QStringLiteral("<b>%1</b>").arg(shown.front().test ? QStringLiteral("Test loss") : QStringLiteral("Train loss")));
  note_->setText(panes_.size() > kMost ? QStringLiteral("one scale \u00B7 %1 of %2 drawn, the eye chooses").arg(count).arg(panes_.size()) : QStringLiteral("one scale"));
  const analysis::SurfaceGrid* grid = shown.empty() ? nullptr : shown.front().grid.get();
  setBadge(policy_, grid == nullptr || grid->batchNorm.empty() ? QString() : QStringLiteral("BN ") + QString::fromStdString(grid->batchNorm));
  setBadge(samples_, grid == nullptr ? QString() : QStringLiteral("N ") + grouped(grid->samples));
  setBadge(precision_, grid == nullptr ? QString() : grid->precision == "double" ? QStringLiteral("float64") : QStringLiteral("float32"));
}

}  // namespace ui
