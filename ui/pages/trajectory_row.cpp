// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/trajectory_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QToolButton>
#include <cmath>

#include "ui/pages/measure_fields.h"
#include "ui/scenes/height_scale.h"
#include "ui/theme/theme.h"

namespace ui {
namespace {

constexpr int kPlayEveryMilliseconds = 350;

QString number(double value) { return std::isnan(value) ? QStringLiteral("\u2013") : QString::fromStdString(numberText(value, 4)); }

}  // namespace

StepSlider::StepSlider(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
  setPageStep(1);
  setMinimumWidth(120);
  setFixedHeight(32);
  setAccessibleName(QStringLiteral("Checkpoint of the path"));
  setToolTip(QStringLiteral("Checkpoint that the path is drawn up to (arrow keys step through them)"));
}

void StepSlider::setTickColour(const QColor& colour) {
  ticks_ = colour;
  update();
}

void StepSlider::paintEvent(QPaintEvent* event) {
  QSlider::paintEvent(event);
  QStyleOptionSlider option;
  initStyleOption(&option);
  const int handle = style()->pixelMetric(QStyle::PM_SliderLength, &option, this);
  QPainter painter(this);
  painter.setPen(ticks_);
  for (int i = minimum(); i <= maximum(); ++i) {
    const int x = handle / 2 + QStyle::sliderPositionFromValue(minimum(), maximum(), i, width() - handle);
    painter.drawLine(x, height() - 6, x, height() - 2);
  }
}

TrajectoryRow::TrajectoryRow(QWidget* parent) : QWidget(parent), stack_(new QStackedLayout(this)) {
  setFixedHeight(40);
  auto* stops = new QWidget;
  auto* row = new QHBoxLayout(stops);
  row->setContentsMargins(8, 4, 8, 4);
  fillStops(row);
  stack_->addWidget(stops);
  auto* empty = new QWidget;
  auto* other = new QHBoxLayout(empty);
  other->setContentsMargins(8, 4, 8, 4);
  sentence_ = new QLabel;
  compute_ = new QPushButton(QStringLiteral("Compute the path"));
  compute_->setObjectName(QStringLiteral("computePath"));
  compute_->setToolTip(QStringLiteral("Projects the run's checkpoints into this plane and evaluates each; the surface's points are kept"));
  other->addWidget(sentence_);
  other->addWidget(compute_);
  other->addStretch(1);
  stack_->addWidget(empty);
  timer_.setInterval(kPlayEveryMilliseconds);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (slider_->value() >= slider_->maximum()) return play(false);
    slider_->setValue(slider_->value() + 1);
  });
  connect(compute_, &QPushButton::clicked, this, &TrajectoryRow::computeRequested);
  showEmpty({}, false);
}

void TrajectoryRow::fillStops(QHBoxLayout* row) {
  play_ = new QToolButton;
  play_->setCheckable(true);
  play_->setToolTip(QStringLiteral("Plays the path from checkpoint to checkpoint"));
  play_->setAccessibleName(QStringLiteral("Play the path"));
  auto* name = new QLabel(QStringLiteral("<b>Step</b>"));
  slider_ = new StepSlider;
  step_ = new QLabel;
  figures_ = new QLabel;
  figures_->setToolTip(QStringLiteral("True loss: at the checkpoint itself. Plane: of the surface under it. Out of plane: the distance between the two points. "
                                      "\u03BB max: tracked while it trained (curvature.csv)."));
  row->addWidget(play_);
  row->addWidget(name);
  row->addWidget(slider_, 1);
  row->addWidget(step_);
  row->addSpacing(8);
  row->addWidget(figures_);
  connect(play_, &QToolButton::clicked, this, &TrajectoryRow::play);
  connect(slider_, &QSlider::valueChanged, this, [this](int at) {
    refresh();
    emit moved(at);
  });
}

void TrajectoryRow::setIcons(const Theme& theme) {
  play_->setIcon(theme.icon(QStringLiteral("play")));
  slider_->setTickColour(theme.tokens().strongLine);
}

void TrajectoryRow::play(bool on) {
  if (on && slider_->value() >= slider_->maximum()) slider_->setValue(slider_->minimum());
  play_->setChecked(on);
  on ? timer_.start() : timer_.stop();
}

void TrajectoryRow::show(const std::vector<TrajectoryStop>& stops, int at, std::int64_t lastStep) {
  stack_->setCurrentIndex(0);
  const QSignalBlocker quiet(slider_);
  stops_ = stops;
  lastStep_ = lastStep;
  slider_->setRange(0, std::max(0, static_cast<int>(stops.size()) - 1));
  slider_->setValue(at);
  refresh();
}

void TrajectoryRow::showEmpty(const QString& sentence, bool canCompute) {
  play(false);
  stack_->setCurrentIndex(1);
  sentence_->setText(sentence);
  compute_->setVisible(canCompute);
}

void TrajectoryRow::refresh() {
  const auto at = static_cast<std::size_t>(slider_->value());
  if (at >= stops_.size()) return;
  const TrajectoryStop& stop = stops_[at];
  step_->setText(QStringLiteral("<b>%1</b> of %2").arg(grouped(stop.step), grouped(lastStep_)));
  figures_->setText(QStringLiteral("true loss <b>%1</b> &nbsp; plane <b>%2</b> &nbsp; out of plane <b>%3</b> &nbsp; %4").arg(number(stop.loss), number(stop.planeLoss), number(stop.distance), stop.curvature));
}

}  // namespace ui
