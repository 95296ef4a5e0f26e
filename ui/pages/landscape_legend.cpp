// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_legend.h"

#include <QAbstractItemView>
#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QToolButton>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/shy_layout.h"
#include "ui/scenes/colour_bar.h"

namespace ui {
namespace {

constexpr int kWide = 900;  ///< from here on the badges stand in the same row

struct LayerWord {
  SurfaceLayer layer;
  bool test;
};
constexpr LayerWord kLayers[] = {{SurfaceLayer::loss, false},         {SurfaceLayer::loss, true},       {SurfaceLayer::accuracy, false},
                                 {SurfaceLayer::accuracy, true},      {SurfaceLayer::gradientNorm, false}, {SurfaceLayer::lambdaMax, false},
                                 {SurfaceLayer::samMax, false},       {SurfaceLayer::generalisation, false}};

}  // namespace

LandscapeLegend::LandscapeLegend(QWidget* parent) : QWidget(parent) {
  rows_ = new QBoxLayout(QBoxLayout::LeftToRight, this);
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(4);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  addFields(row);
  rows_->addLayout(row, 1);
  policy_ = makeBadge(QStringLiteral("Where batch normalisation takes its statistics from while measuring"));
  samples_ = makeBadge(QStringLiteral("Samples that the loss is averaged over"));
  precision_ = makeBadge(QStringLiteral("Precision of the model; sums are in float64"));
  warning_ = makeBadge({});
  rows_->addWidget(shyRow({map_, warning_, policy_, samples_, precision_}));
}

void LandscapeLegend::addFields(QHBoxLayout* row) {
  layer_ = new QComboBox;
  layer_->setObjectName(QStringLiteral("layer"));
  for (const LayerWord& word : kLayers) layer_->addItem(layerName(word.layer, word.test));
  layer_->setToolTip(QStringLiteral("What height and colour show. Losses and accuracies every surface has; the others are computed where the form at the right asks for them. Default: training loss."));
  bar_ = new ColourBar;
  bar_->setToolTip(QStringLiteral("Value to height and colour, the same for every view in scope; thin lines are the contour levels. Drag an end to fix the range, double click to free it."));
  scope_ = new QComboBox;
  scope_->setObjectName(QStringLiteral("scope"));
  scope_->addItems({QStringLiteral("All visible"), QStringLiteral("This view"), QStringLiteral("Session"), QStringLiteral("Fixed")});
  scope_->setToolTip(QStringLiteral("What the range spans: the surfaces that are seen (comparable), each view its own, every run's of the session, or ends of your own. Default: all visible."));
  levels_ = new QSpinBox;
  levels_->setRange(0, 64);
  levels_->setValue(16);
  levels_->setToolTip(QStringLiteral("Contour lines, at even steps of the scale, the same in every view. Range 0 to 64, default 16."));
  map_ = new QComboBox;
  map_->addItems({QStringLiteral("viridis"), QStringLiteral("cividis")});
  map_->setToolTip(QStringLiteral("Colours; both are readable for the colour-blind and in grey. Default: viridis."));
  row->addWidget(layer_);
  row->addWidget(bar_, 1);
  row->addWidget(scope_);
  addScaleButtons(row);
  row->addWidget(new QLabel(QStringLiteral("levels")));
  row->addWidget(levels_);
  for (QComboBox* field : {layer_, scope_, map_}) {
    field->setProperty("role", QStringLiteral("whole"));
    field->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(field, &QComboBox::currentIndexChanged, this, &LandscapeLegend::changed);
  }
  levels_->setProperty("role", QStringLiteral("whole"));
  levels_->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  connect(levels_, &QSpinBox::valueChanged, this, &LandscapeLegend::changed);
  connect(scope_, &QComboBox::activated, this, [this](int index) {
    if (index == static_cast<int>(RangeScope::fixed) && !fixed_) fixed_ = std::pair(bar_->scale().from, bar_->scale().to);
  });
  connect(bar_, &ColourBar::rangeDragged, this, [this](double from, double to) {
    fixed_ = std::pair(from, to);
    const QSignalBlocker quiet(scope_);
    scope_->setCurrentIndex(static_cast<int>(RangeScope::fixed));
    emit changed();
  });
  connect(bar_, &ColourBar::freed, this, [this] {
    fixed_.reset();
    scope_->setCurrentIndex(static_cast<int>(RangeScope::allVisible));
  });
}

void LandscapeLegend::addScaleButtons(QHBoxLayout* row) {
  const QString only = QStringLiteral(" (display only)");
  scale_ = addSegments(row, this,
                       {{QStringLiteral("lin"), QStringLiteral("Linear scale") + only},
                        {QStringLiteral("log"), QStringLiteral("Logarithm, the default: on a linear scale the basin is one colour; values \u2264 0 are not drawn and counted") + only},
                        {QStringLiteral("log(L \u2212 min)"), QStringLiteral("Logarithm of the distance from the smallest value of all shown; labels stay in original units") + only}});
  scale_->button(1)->setChecked(true);
  connect(scale_, &QButtonGroup::idClicked, this, &LandscapeLegend::changed);
}

void LandscapeLegend::applyTo(LandscapeModel& model) const {
  const LayerWord& word = kLayers[std::max(0, layer_->currentIndex())];
  model.layer = word.layer;
  model.test = word.test;
  model.kind = static_cast<ScaleKind>(scale_->checkedId());
  model.scope = static_cast<RangeScope>(scope_->currentIndex());
  model.fixed = fixed_;
  model.levels = levels_->value();
  model.map = static_cast<ColourMap>(map_->currentIndex());
}

void LandscapeLegend::takeFrom(const LandscapeModel& model) {
  const QSignalBlocker one(layer_), two(scope_), three(levels_), four(map_);
  const auto found = std::ranges::find_if(kLayers, [&](const LayerWord& w) { return w.layer == model.layer && w.test == model.test; });
  if (found != std::end(kLayers)) layer_->setCurrentIndex(static_cast<int>(found - std::begin(kLayers)));
  scope_->setCurrentIndex(static_cast<int>(model.scope));
  levels_->setValue(model.levels);
  map_->setCurrentIndex(static_cast<int>(model.map));
  scale_->button(static_cast<int>(model.kind))->setChecked(true);
  fixed_ = model.fixed;
}

void LandscapeLegend::showScale(const HeightScale& scale, int levels) { bar_->setScale(scale, levels); }

void LandscapeLegend::setBadges(const LegendBadges& badges) {
  setBadge(policy_, badges.policy);
  setBadge(samples_, badges.samples);
  setBadge(precision_, badges.precision);
  setBadge(warning_, badges.warning, true);
  warning_->setToolTip(badges.warningTip);
}

void LandscapeLegend::showBar(bool shown) { bar_->setVisible(shown); }

void LandscapeLegend::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  rows_->setDirection(width() < kWide ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

}  // namespace ui
