// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <array>
#include <utility>
#include <vector>

#include "ui/scenes/orbit_camera.h"
#include "ui/scenes/surface_scene.h"

class QButtonGroup;
class QHBoxLayout;
class QToolButton;

namespace ui {

class Theme;

/// What the buttons above the views say about all of them.
struct ViewLook {
  SurfaceStyle style;
  bool section = true, crossHair = true, bar = true;
  bool operator==(const ViewLook&) const = default;
};

/// The row above the views: how many, linked, from where they are seen, what is drawn, difference, export. It holds choices and does nothing itself.
class LandscapeToolBar : public QWidget {
  Q_OBJECT
 public:
  explicit LandscapeToolBar(QWidget* parent = nullptr);

  void setIcons(const Theme& theme);
  void showCount(int count);
  void showLinked(bool linked);
  void showParallel(bool parallel);
  void showDifference(bool shown);
  void showExportable(bool exportable);
  void setLook(const ViewLook& look);
  const ViewLook& look() const { return look_; }
  /// Room for buttons of others, before the difference.
  QHBoxLayout* extras() const { return extras_; }

 signals:
  void countChosen(int count);
  void linkedChosen(bool linked);
  void cameraChosen(const OrbitCamera& camera);  ///< the projection stays
  void resetRequested();
  void parallelChosen(bool parallel);
  void lookChanged();
  void differenceChosen(bool shown);
  void exportRequested();

 private:
  QToolButton* add(QHBoxLayout* row, const char* name, const QString& icon, const QString& toolTip, const QKeySequence& key, bool checkable);
  void addLayouts(QHBoxLayout* row);
  void addCameras(QHBoxLayout* row);
  void addLooks(QHBoxLayout* row);

  QButtonGroup* counts_;
  QToolButton *link_, *parallel_, *difference_, *export_;
  std::vector<std::pair<QToolButton*, bool ViewLook::*>> flags_;
  std::vector<std::pair<QToolButton*, bool SurfaceStyle::*>> styles_;
  std::vector<std::pair<QToolButton*, QString>> icons_;
  QHBoxLayout* extras_;
  ViewLook look_;
};

}  // namespace ui
