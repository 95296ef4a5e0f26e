// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_tool_bar.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QSlider>
#include <QToolButton>

#include "ui/pages/adjust_panel.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

constexpr int kWide = 980, kMiddle = 840;  ///< from here on words beside the icons, and the bar

QString timeText(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  return whole < 3600 ? QStringLiteral("%1:%2 left").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'))
                      : QStringLiteral("%1 h %2 min left").arg(whole / 3600).arg(whole % 3600 / 60);
}

}  // namespace

TrainToolBar::TrainToolBar(QWidget* parent) : QWidget(parent), panel_(new AdjustPanel(this)) {
  setFixedHeight(40);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 4, 0, 4);
  row->setSpacing(8);
  start_ = addButton("startTraining", QStringLiteral("Start"), QStringLiteral("Trains what the form at the right says, as a new run (Ctrl+N)"));
  pause_ = addButton("pauseTraining", QStringLiteral("Pause"), QStringLiteral("Holds the training where it is; Continue goes on"));
  stop_ = addButton("stopTraining", QStringLiteral("Stop"), QStringLiteral("Ends the training of this run; a checkpoint of where it is is kept, and it can be resumed"));
  resume_ = addButton("resumeTraining", QStringLiteral("Resume"), QStringLiteral("Goes on with the selected run from its last checkpoint"));
  adjust_ = addButton("adjustTraining", QStringLiteral("Adjust"), QStringLiteral("Changes the rate, radius or mix of the run that is training"));
  addProgress();
  row->addStretch(1);
  addAxis();
  connect(start_, &QToolButton::clicked, this, &TrainToolBar::startRequested);
  connect(pause_, &QToolButton::clicked, this, [this] { emit pauseRequested(live_, !paused_); });
  connect(stop_, &QToolButton::clicked, this, [this] { emit stopRequested(live_); });
  connect(resume_, &QToolButton::clicked, this, [this] { emit resumeRequested(stopped_); });
  connect(adjust_, &QToolButton::clicked, this, &TrainToolBar::openPanel);
  connect(panel_, &AdjustPanel::applied, this, [this](const std::string& name, double value) { emit adjustRequested(live_, name, value); });
}

QToolButton* TrainToolBar::addButton(const char* name, const QString& text, const QString& toolTip) {
  auto* button = new QToolButton;
  button->setObjectName(QString::fromLatin1(name));
  button->setText(text);
  button->setToolTip(toolTip);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setEnabled(false);
  layout()->addWidget(button);
  return button;
}

void TrainToolBar::addProgress() {
  swatch_ = new QLabel;
  name_ = new QLabel;
  steps_ = new QLabel;
  bar_ = new QProgressBar;
  bar_->setTextVisible(false);
  bar_->setFixedWidth(96);
  bar_->setRange(0, 1000);
  rate_ = new QLabel;
  for (QWidget* part : {static_cast<QWidget*>(swatch_), static_cast<QWidget*>(name_), static_cast<QWidget*>(steps_), static_cast<QWidget*>(bar_), static_cast<QWidget*>(rate_)})
    layout()->addWidget(part);
}

void TrainToolBar::addAxis() {
  axis_ = new QComboBox;
  axis_->addItems(abscissaNames());
  axis_->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  axis_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  axis_->setMinimumContentsLength(7);
  axis_->view()->setMinimumWidth(150);
  axis_->setToolTip(QStringLiteral("The horizontal axis. Gradient evaluations compare at equal cost: SAM and the penalty need two a step."));
  smoothing_ = new QSlider(Qt::Horizontal);
  smoothing_->setRange(0, 98);
  smoothing_->setValue(85);
  smoothing_->setFixedWidth(64);
  smoothing_->setToolTip(QStringLiteral("Weight of the exponential mean, 0 to 0.98; the raw values stay visible behind it. Default: 0.85."));
  smoothWord_ = new QLabel(QStringLiteral("smooth"));
  layout()->addWidget(new QLabel(QStringLiteral("x")));
  layout()->addWidget(axis_);
  layout()->addWidget(smoothWord_);
  layout()->addWidget(smoothing_);
  connect(axis_, &QComboBox::currentIndexChanged, this, &TrainToolBar::axisChanged);
  connect(smoothing_, &QSlider::valueChanged, this, &TrainToolBar::axisChanged);
}

Abscissa TrainToolBar::abscissa() const { return static_cast<Abscissa>(axis_->currentIndex()); }
double TrainToolBar::smoothing() const { return smoothing_->value() / 100.0; }

void TrainToolBar::setIcons(const Theme& theme) {
  start_->setIcon(theme.icon(QStringLiteral("play")));
  pauseIcon_ = theme.icon(QStringLiteral("pause"));
  goOnIcon_ = theme.icon(QStringLiteral("play"));
  pause_->setIcon(paused_ ? goOnIcon_ : pauseIcon_);
  stop_->setIcon(theme.icon(QStringLiteral("stop")));
  resume_->setIcon(theme.icon(QStringLiteral("play")));
}

void TrainToolBar::show(const TrainStatus& status, const RunLooks& looks, bool anyRuns) {
  const SessionRun* live = status.live;
  live_ = live != nullptr ? live->folder : std::string();
  stopped_ = status.stopped != nullptr ? status.stopped->folder : std::string();
  paused_ = status.paused;
  start_->setEnabled(status.problem.isEmpty());
  for (QToolButton* button : {pause_, stop_}) button->setEnabled(live != nullptr);
  pause_->setText(paused_ ? QStringLiteral("Continue") : QStringLiteral("Pause"));
  pause_->setIcon(paused_ ? goOnIcon_ : pauseIcon_);
  resume_->setVisible(status.stopped != nullptr);
  resume_->setEnabled(status.stopped != nullptr);
  adjust_->setVisible(live != nullptr);
  adjust_->setEnabled(live != nullptr);
  if (live == nullptr && panel_->isVisible()) panel_->hide();
  swatch_->setVisible(live != nullptr);
  if (live == nullptr) {
    name_->setText(anyRuns ? QStringLiteral("Nothing is training") : QStringLiteral("No runs yet: set one up at the right and press Start"));
    steps_->clear();
    rate_->clear();
  } else {
    shown_.spec = live->spec;
    shown_.name = live->name;
    shown_.record.steps = live->record.steps;
    shown_.record.events = live->record.events;
    swatch_->setPixmap(looks.swatch(*live));
    name_->setText(QStringLiteral("<b>%1</b>").arg(live->name.toHtmlEscaped()));
    steps_->setText(QStringLiteral("step %1 of %2").arg(grouped(live->record.steps), grouped(live->totalSteps)));
    bar_->setValue(live->totalSteps > 0 ? static_cast<int>(1000 * live->record.steps / live->totalSteps) : 0);
    const double rate = live->record.seconds > 0 ? static_cast<double>(live->record.steps) / live->record.seconds : 0;
    const double left = rate > 0 ? static_cast<double>(live->totalSteps - live->record.steps) / rate : 0;
    rate_->setText(paused_ ? QStringLiteral("paused") : rate > 0 ? QStringLiteral("%1 steps/s \u00B7 %2").arg(rate, 0, 'f', rate < 10 ? 1 : 0).arg(timeText(left)) : QString());
  }
  fitWidth();
}

/// In a narrow window the words beside the icons go first, then the bar and the rate.
void TrainToolBar::fitWidth() {
  const bool wide = width() >= kWide, middle = width() >= kMiddle;
  for (QToolButton* button : {start_, pause_, stop_})
    button->setToolButtonStyle(wide || live_.empty() ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
  bar_->setVisible(!live_.empty() && middle);
  smoothWord_->setVisible(middle);
}

void TrainToolBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitWidth();
}

void TrainToolBar::openPanel() {
  panel_->setRun(shown_);
  panel_->move(adjust_->mapToGlobal(QPoint(0, adjust_->height() + 2)));
  panel_->show();
}

}  // namespace ui
