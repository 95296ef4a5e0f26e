// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_tool_bar.h"

#include <QButtonGroup>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QSignalBlocker>
#include <QToolButton>

#include "ui/theme/theme.h"

namespace ui {
namespace {

void addGap(QHBoxLayout* row) {
  auto* line = new QFrame;
  line->setFixedWidth(9);
  line->setFrameShape(QFrame::NoFrame);
  row->addWidget(line);
}

}  // namespace

LandscapeToolBar::LandscapeToolBar(QWidget* parent) : QWidget(parent) {
  setFixedHeight(40);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 4, 0, 4);
  row->setSpacing(2);
  addLayouts(row);
  addGap(row);
  addCameras(row);
  addGap(row);
  addLooks(row);
  extras_ = new QHBoxLayout;
  extras_->setSpacing(2);
  row->addLayout(extras_);
  addGap(row);
  difference_ = add(row, "viewDifference", QStringLiteral("difference"), QStringLiteral("A \u2212 B: the active view's surface minus another one, in a diverging map"), {}, true);
  row->addStretch(1);
  export_ = add(row, "exportSurface", QStringLiteral("export"), QStringLiteral("A picture, the data or a script of the active view, with the command that makes it again"), {}, false);
  export_->setText(QStringLiteral("Export\u2026"));
  export_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  export_->setAutoRaise(false);
  connect(difference_, &QToolButton::clicked, this, &LandscapeToolBar::differenceChosen);
  connect(export_, &QToolButton::clicked, this, &LandscapeToolBar::exportRequested);
  setLook(look_);
}

QToolButton* LandscapeToolBar::add(QHBoxLayout* row, const char* name, const QString& icon, const QString& toolTip, const QKeySequence& key, bool checkable) {
  auto* button = new QToolButton;
  button->setObjectName(QString::fromLatin1(name));
  button->setAutoRaise(true);
  button->setCheckable(checkable);
  button->setToolTip(key.isEmpty() ? toolTip : QStringLiteral("%1 (%2)").arg(toolTip, key.toString(QKeySequence::NativeText)));
  button->setAccessibleName(toolTip);
  button->setShortcut(key);
  icons_.emplace_back(button, icon);
  row->addWidget(button);
  return button;
}

void LandscapeToolBar::addLayouts(QHBoxLayout* row) {
  static const char* const names[] = {"One view", "Two views side by side", "Three views side by side", "Four views, two by two"};
  counts_ = new QButtonGroup(this);
  for (int i = 0; i < 4; ++i) {
    const QByteArray name = "views" + QByteArray::number(i + 1);
    counts_->addButton(add(row, name.constData(), QStringLiteral("layout-%1").arg(i + 1), QString::fromLatin1(names[i]), {}, true), i + 1);
  }
  connect(counts_, &QButtonGroup::idClicked, this, &LandscapeToolBar::countChosen);
}

void LandscapeToolBar::addCameras(QHBoxLayout* row) {
  link_ = add(row, "linkViews", QStringLiteral("link"), QStringLiteral("One camera for all views"), QKeySequence(Qt::Key_L), true);
  connect(link_, &QToolButton::clicked, this, &LandscapeToolBar::linkedChosen);
  QToolButton* reset = add(row, "resetCamera", QStringLiteral("reset"), QStringLiteral("The camera as it was at first"), QKeySequence(Qt::Key_R), false);
  connect(reset, &QToolButton::clicked, this, &LandscapeToolBar::resetRequested);
  struct Preset {
    const char *name, *icon, *tip;
    Qt::Key key;
    OrbitCamera camera;
  };
  const Preset presets[] = {{"cameraFront", "cube-front", "From the front", Qt::Key_1, OrbitCamera::front()},
                            {"cameraRight", "cube-right", "From the right", Qt::Key_3, OrbitCamera::right()},
                            {"cameraTop", "cube-top", "From above", Qt::Key_7, OrbitCamera::top()},
                            {"cameraIso", "cube", "From a corner", Qt::Key_9, OrbitCamera::iso()}};
  for (const Preset& preset : presets) {
    QToolButton* button = add(row, preset.name, QString::fromLatin1(preset.icon), QString::fromLatin1(preset.tip), QKeySequence(preset.key), false);
    connect(button, &QToolButton::clicked, this, [this, camera = preset.camera] { emit cameraChosen(camera); });
  }
  parallel_ = add(row, "parallelView", QStringLiteral("ortho"), QStringLiteral("Parallel projection: no perspective"), QKeySequence(Qt::Key_5), true);
  connect(parallel_, &QToolButton::clicked, this, &LandscapeToolBar::parallelChosen);
}

void LandscapeToolBar::addLooks(QHBoxLayout* row) {
  styles_ = {{add(row, "showContours", QStringLiteral("contours"), QStringLiteral("Contour lines, at the same levels in every view"), {}, true), &SurfaceStyle::contours},
             {add(row, "showBands", QStringLiteral("layers"), QStringLiteral("Filled bands: one colour between two levels"), {}, true), &SurfaceStyle::bands},
             {add(row, "showMesh", QStringLiteral("mesh"), QStringLiteral("The lines of the grid"), QKeySequence(Qt::Key_E), true), &SurfaceStyle::mesh}};
  flags_ = {{add(row, "showCrossHair", QStringLiteral("probe"), QStringLiteral("The cross-hair, the same point in every view"), {}, true), &ViewLook::crossHair},
            {add(row, "showSection", QStringLiteral("section"), QStringLiteral("The plane of the section: drag in the map, or Shift and drag in a view, moves it"), {}, true), &ViewLook::section},
            {add(row, "showBar", QStringLiteral("colour-bar"), QStringLiteral("The colour bar"), QKeySequence(Qt::Key_B), true), &ViewLook::bar}};
  for (const auto& [button, flag] : styles_)
    connect(button, &QToolButton::clicked, this, [this, flag = flag](bool on) {
      look_.style.*flag = on;
      emit lookChanged();
    });
  for (const auto& [button, flag] : flags_)
    connect(button, &QToolButton::clicked, this, [this, flag = flag](bool on) {
      look_.*flag = on;
      emit lookChanged();
    });
}

void LandscapeToolBar::setIcons(const Theme& theme) {
  for (const auto& [button, icon] : icons_) button->setIcon(theme.icon(icon));
}

void LandscapeToolBar::showCount(int count) { counts_->button(count)->setChecked(true); }
void LandscapeToolBar::showLinked(bool linked) { link_->setChecked(linked); }
void LandscapeToolBar::showParallel(bool parallel) { parallel_->setChecked(parallel); }
void LandscapeToolBar::showDifference(bool shown) { difference_->setChecked(shown); }
void LandscapeToolBar::showExportable(bool exportable) { export_->setEnabled(exportable); }

void LandscapeToolBar::setLook(const ViewLook& look) {
  look_ = look;
  for (const auto& [button, flag] : styles_) button->setChecked(look_.style.*flag);
  for (const auto& [button, flag] : flags_) button->setChecked(look_.*flag);
}

}  // namespace ui
