// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_legend.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

#include "ui/scenes/colour_bar.h"

namespace ui {

LandscapeLegend::LandscapeLegend(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  split_ = new QComboBox;
  split_->addItems({QStringLiteral("Train loss"), QStringLiteral("Test loss")});
  split_->setToolTip(QStringLiteral("L on the training or on the test samples. Default: training."));
  row->addWidget(split_);
  bar_ = new ColourBar;
  bar_->setToolTip(QStringLiteral("Loss to height and colour, the same for every run in scope; thin lines are the contour levels"));
  row->addWidget(bar_, 1);
  scope_ = new QComboBox;
  scope_->addItems({QStringLiteral("All runs"), QStringLiteral("This run"), QStringLiteral("Fixed top")});
  scope_->setToolTip(QStringLiteral("What the range spans: every run's surface (comparable), this one only, or up to a loss of your own. Default: all runs."));
  row->addWidget(scope_);
  top_ = new QDoubleSpinBox;
  top_->setDecimals(4);
  top_->setRange(1e-4, 1e6);
  top_->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
  top_->setToolTip(QStringLiteral("Upper end of the range; larger values are drawn flat at the top"));
  top_->hide();
  row->addWidget(top_);
  addScaleButtons(row);
  row->addWidget(new QLabel(QStringLiteral("levels")));
  levels_ = new QSpinBox;
  levels_->setRange(0, 64);
  levels_->setValue(16);
  levels_->setToolTip(QStringLiteral("Contour lines, at even steps of the scale. Range 0 to 64, default 16."));
  row->addWidget(levels_);
  for (QWidget* field : std::initializer_list<QWidget*>{split_, scope_, top_, levels_}) {
    field->setProperty("role", QStringLiteral("whole"));
    field->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  }
  connect(split_, &QComboBox::currentIndexChanged, this, &LandscapeLegend::changed);
  connect(levels_, &QSpinBox::valueChanged, this, &LandscapeLegend::changed);
  connect(top_, &QDoubleSpinBox::valueChanged, this, &LandscapeLegend::changed);
  connect(scope_, &QComboBox::currentIndexChanged, this, [this](int index) {
    const QSignalBlocker quiet(top_);
    top_->setValue(bar_->scale().to);
    top_->setVisible(index == 2);
    emit changed();
  });
}

void LandscapeLegend::addScaleButtons(QHBoxLayout* row) {
  scale_ = new QButtonGroup(this);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  const std::pair<const char*, const char*> choices[] = {
      {"lin", "Linear scale"},
      {"log", "Logarithm of the loss, the default: on a linear scale the basin is one colour; values \u2264 0 are not drawn and counted"},
      {"log(L \u2212 min)", "Logarithm of the distance from the smallest loss of all shown; labels stay in original units"}};
  int id = 0;
  for (const auto& [text, toolTip] : choices) {
    auto* button = new QToolButton;
    button->setText(QString::fromUtf8(text));
    button->setToolTip(QString::fromUtf8(toolTip) + QStringLiteral(" (display only)"));
    button->setCheckable(true);
    button->setChecked(id == 1);
    button->setProperty("role", QStringLiteral("segment"));
    scale_->addButton(button, id++);
    segments->addWidget(button);
  }
  row->addLayout(segments);
  connect(scale_, &QButtonGroup::idClicked, this, &LandscapeLegend::changed);
}

void LandscapeLegend::applyTo(LandscapeModel& model) const {
  model.kind = static_cast<ScaleKind>(scale_->checkedId());
  model.scope = static_cast<RangeScope>(scope_->currentIndex());
  model.fixedTop = top_->value();
  model.levels = levels_->value();
  model.test = split_->currentIndex() == 1;
}

void LandscapeLegend::showScale(const HeightScale& scale, int levels) { bar_->setScale(scale, levels); }

}  // namespace ui
