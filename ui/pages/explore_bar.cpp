// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/explore_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <QWidgetAction>

#include "ui/pages/card.h"
#include "ui/pages/trajectory_row.h"
#include "ui/theme/theme.h"

namespace ui {

QJsonObject ExploreWishes::toJson() const {
  QJsonObject j{{QStringLiteral("path"), path}, {QStringLiteral("sam_step"), samStep}, {QStringLiteral("model"), model}, {QStringLiteral("all_samples"), allSamples},
                {QStringLiteral("walk_samples"), qint64(walkSamples)}};
  if (rho) j[QStringLiteral("rho")] = *rho;
  return j;
}

void ExploreWishes::take(const QJsonObject& j) {
  path = j[QStringLiteral("path")].toBool(path), samStep = j[QStringLiteral("sam_step")].toBool(samStep), model = j[QStringLiteral("model")].toBool(model);
  allSamples = j[QStringLiteral("all_samples")].toBool(allSamples);
  walkSamples = std::clamp<std::int64_t>(j[QStringLiteral("walk_samples")].toInteger(walkSamples), 1, 1'000'000);
  rho = j.contains(QStringLiteral("rho")) && j[QStringLiteral("rho")].toDouble() > 0 ? std::optional(j[QStringLiteral("rho")].toDouble()) : std::nullopt;
}

ExploreBar::ExploreBar(QWidget* parent) : QWidget(parent) {
  setFixedHeight(32);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 2, 8, 4);
  row->setSpacing(4);
  path_ = addSwitch(row, QStringLiteral("Path"), QStringLiteral("showPath"), QStringLiteral("The checkpoints over the surface, with stems from the plane's loss to the true loss. Default: on."), true);
  model_ = addSwitch(row, QStringLiteral("\u00BD\u03BBa\u00B2"), QStringLiteral("showModel"),
                     QStringLiteral("What the eigenvalues of the axes say the loss is: in the section, and as wires in 3-D where both axes are eigenvectors. Default: off."), false);
  sam_ = addSwitch(row, QStringLiteral("SAM step"), QStringLiteral("showSamStep"),
                   QStringLiteral("\u03B8 + \u03C1 g/\u2016g\u2016 projected into the plane, the loss there, and the penalty's two gradients; computed once for a surface. Default: off."), false);
  rho_ = new QDoubleSpinBox;
  rho_->setRange(0, 100);
  rho_->setDecimals(3);
  rho_->setSingleStep(0.01);
  rho_->setSpecialValueText(QStringLiteral("run's \u03C1"));
  rho_->setToolTip(QStringLiteral("Radius \u03C1 of the SAM step. Default: that of the run, 0.05 where it has none."));
  row->addWidget(rho_);
  clear_ = addButton(row, QStringLiteral("Clear walk"), QStringLiteral("clearWalk"), QStringLiteral("Forgets the recorded walk"), &ExploreBar::walkCleared);
  csv_ = addButton(row, QStringLiteral("CSV\u2026"), QStringLiteral("exportWalk"), QStringLiteral("Writes the recorded walk as CSV"), &ExploreBar::walkExportRequested);
  note_ = new ElidedLabel;
  row->addWidget(note_, 1);
  cancel_ = addButton(row, QStringLiteral("Stop surface"), QStringLiteral("cancelSurface"), QStringLiteral("Stops the surface of this run; what is there is kept"), &ExploreBar::cancelRequested);
  continue_ = addButton(row, QStringLiteral("Continue"), QStringLiteral("continueSurface"), QStringLiteral("Computes what is missing of this stopped surface; its points are kept to the bit"), &ExploreBar::continueRequested);
  addFollow(row);
  connect(rho_, &QDoubleSpinBox::valueChanged, this, &ExploreBar::wishesChanged);
  connect(samples_, &QComboBox::currentIndexChanged, this, &ExploreBar::wishesChanged);
  connect(walk_, &QSpinBox::valueChanged, this, &ExploreBar::wishesChanged);
  showWalk(false);
  showSurfaceJob(false, false);
  showFollow(false, false, {}, 0, 0);
}

QToolButton* ExploreBar::addSwitch(QHBoxLayout* row, const QString& text, const QString& name, const QString& tip, bool on) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setObjectName(name);
  button->setToolTip(tip);
  button->setCheckable(true);
  button->setChecked(on);
  row->addWidget(button);
  connect(button, &QToolButton::toggled, this, &ExploreBar::wishesChanged);
  return button;
}

QToolButton* ExploreBar::addButton(QHBoxLayout* row, const QString& text, const QString& name, const QString& tip, void (ExploreBar::*signal)()) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setObjectName(name);
  button->setToolTip(tip);
  row->addWidget(button);
  connect(button, &QToolButton::clicked, this, signal);
  return button;
}

void ExploreBar::addFollow(QHBoxLayout* row) {
  status_ = new QLabel;
  frames_ = new StepSlider;
  frames_->setMaximumWidth(140);
  frames_->setFixedHeight(24);
  frames_->setAccessibleName(QStringLiteral("Frame of the followed training"));
  frames_->setToolTip(QStringLiteral("Which followed checkpoint is shown (arrow keys step)"));
  follow_ = new QToolButton;
  follow_->setText(QStringLiteral("Follow"));
  follow_->setObjectName(QStringLiteral("follow"));
  follow_->setCheckable(true);
  follow_->setToolTip(QStringLiteral("While this run trains: surface, section and eigenvalues around its newest checkpoint, again and again; by the form at the right"));
  settings_ = new QToolButton;
  settings_->setText(QStringLiteral("\u2026"));
  settings_->setPopupMode(QToolButton::InstantPopup);
  settings_->setToolTip(QStringLiteral("Samples of clicks and walks; what is followed, and how much of the time it may take"));
  auto* menu = new QMenu(settings_);
  auto* panel = new QWidgetAction(menu);
  panel->setDefaultWidget(makeFollowPanel());
  menu->addAction(panel);
  connect(menu->addAction(QStringLiteral("Copy the files of the frames")), &QAction::triggered, this, &ExploreBar::framesExportRequested);
  settings_->setMenu(menu);
  for (QWidget* part : {static_cast<QWidget*>(status_), static_cast<QWidget*>(frames_), static_cast<QWidget*>(follow_), static_cast<QWidget*>(settings_)}) row->addWidget(part);
  connect(follow_, &QToolButton::clicked, this, &ExploreBar::followToggled);
  connect(frames_, &QSlider::valueChanged, this, &ExploreBar::frameChosen);
}

QWidget* ExploreBar::makeFollowPanel() {
  auto* panel = new QWidget;
  auto* form = new QFormLayout(panel);
  samples_ = new QComboBox;
  samples_->addItem(QStringLiteral("all"), true);
  samples_->addItem(QStringLiteral("the surface's"), false);
  samples_->setToolTip(QStringLiteral("Samples on which a clicked point is evaluated. Default: all."));
  walk_ = new QSpinBox;
  walk_->setRange(1, 1'000'000);
  walk_->setValue(500);
  walk_->setToolTip(QStringLiteral("Samples of a walk: Shift and drag on a surface, or the arrow keys. Range 1 to the surface's own. Default: 500."));
  form->addRow(QStringLiteral("Samples of a click"), samples_);
  form->addRow(QStringLiteral("Samples of a walk"), walk_);
  surface_ = new QCheckBox(QStringLiteral("Follow: surface"));
  section_ = new QCheckBox(QStringLiteral("Follow: section along x"));
  eigenvalues_ = new QCheckBox(QStringLiteral("Follow: eigenvalues"));
  surface_->setToolTip(QStringLiteral("The surface of the form at the right, around each followed checkpoint. Default: on."));
  section_->setToolTip(QStringLiteral("The slice along the form's x axis, around each followed checkpoint."));
  eigenvalues_->setToolTip(QStringLiteral("Largest and smallest eigenvalue of the Hessian at each followed checkpoint, with residuals."));
  share_ = new QSpinBox;
  share_->setRange(1, 100);
  share_->setSuffix(QStringLiteral(" %"));
  share_->setToolTip(QStringLiteral("Most of the time that following may take while the run trains. Range 1 to 100 %. Default: 25 %."));
  keep_ = new QSpinBox;
  keep_->setRange(1, 10'000);
  keep_->setToolTip(QStringLiteral("Frames whose result files are kept; older ones are deleted. Default: 50."));
  for (QCheckBox* box : {surface_, section_, eigenvalues_}) {
    form->addRow(box);
    connect(box, &QCheckBox::toggled, this, &ExploreBar::followSettingsChanged);
  }
  form->addRow(QStringLiteral("At most"), share_);
  form->addRow(QStringLiteral("Keep frames"), keep_);
  setFollowSettings({});
  connect(share_, &QSpinBox::valueChanged, this, &ExploreBar::followSettingsChanged);
  connect(keep_, &QSpinBox::valueChanged, this, &ExploreBar::followSettingsChanged);
  return panel;
}

void ExploreBar::setIcons(const Theme& theme) { frames_->setTickColour(theme.tokens().strongLine); }

ExploreWishes ExploreBar::wishes() const {
  return {.path = path_->isChecked(), .samStep = sam_->isChecked(), .model = model_->isChecked(), .rho = rho_->value() > 0 ? std::optional(rho_->value()) : std::nullopt,
          .allSamples = samples_->currentData().toBool(), .walkSamples = walk_->value()};
}

void ExploreBar::setWishes(const ExploreWishes& wishes) {
  if (wishes == this->wishes()) return;
  {
    const QSignalBlocker quiet(this);
    path_->setChecked(wishes.path), sam_->setChecked(wishes.samStep), model_->setChecked(wishes.model);
    rho_->setValue(wishes.rho.value_or(0));
    samples_->setCurrentIndex(wishes.allSamples ? 0 : 1);
    walk_->setValue(static_cast<int>(wishes.walkSamples));
  }
  emit wishesChanged();
}

FollowSettings ExploreBar::followSettings() const {
  return {.surface = surface_->isChecked(), .section = section_->isChecked(), .eigenvalues = eigenvalues_->isChecked(), .share = share_->value() / 100.0, .keep = keep_->value(), .spec = {}};
}

void ExploreBar::setFollowSettings(const FollowSettings& s) {
  const QSignalBlocker quiet(this);
  surface_->setChecked(s.surface), section_->setChecked(s.section), eigenvalues_->setChecked(s.eigenvalues);
  share_->setValue(qRound(100 * s.share)), keep_->setValue(static_cast<int>(s.keep));
}

void ExploreBar::showNote(const QString& note) { note_->setWords(note); }
QString ExploreBar::note() const { return note_->toolTip(); }

void ExploreBar::showWalk(bool any) {
  clear_->setVisible(any);
  csv_->setVisible(any);
}

void ExploreBar::showSurfaceJob(bool running, bool stopped) {
  cancel_->setVisible(running);
  continue_->setVisible(stopped && !running);
}

void ExploreBar::showFollow(bool possible, bool on, const QString& status, int frames, int frame) {
  follow_->setEnabled(possible || on);
  follow_->setChecked(on);
  status_->setText(status);
  status_->setVisible(!status.isEmpty());
  frames_->setVisible(frames > 1);
  const QSignalBlocker quiet(frames_);
  frames_->setRange(0, std::max(0, frames - 1));
  frames_->setValue(frame);
}

}  // namespace ui
