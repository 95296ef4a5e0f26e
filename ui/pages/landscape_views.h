// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPointF>
#include <QWidget>
#include <memory>
#include <vector>

#include "ui/pages/landscape_model.h"
#include "ui/scenes/scene_colours.h"
#include "ui/scenes/surface_scene.h"
#include "ui/scenes/view_camera.h"

class QGridLayout;

namespace ui {

class LandscapeCard;
class SurfaceView;

/// One to four cards with 3-D views, side by side or two by two, and one more widget (a difference) that takes the last place. Linked views hold one camera. One of
/// them is active; a double click gives it all of the room and the next one takes it back.
class LandscapeViews : public QWidget {
  Q_OBJECT
 public:
  static constexpr int kMost = 4;
  explicit LandscapeViews(QWidget* parent = nullptr);

  /// 1 .. 4 cards; they are made when they are first needed.
  void setCount(int count);
  int count() const { return count_; }   ///< cards that were asked for
  int shown() const;                     ///< cards that have a place beside the extra widget
  LandscapeCard* card(int index) const { return cards_[static_cast<std::size_t>(index)]; }
  SurfaceView* view(int index) const;
  void setActive(int index);
  int active() const { return active_; }
  void setLinked(bool linked);
  bool linked() const { return linked_; }
  void setOrbit(const OrbitCamera& orbit);  ///< of all where they are linked, else of the active one
  const OrbitCamera& orbit() const;         ///< of the active one
  /// All of the room for one view; -1: back.
  void enlarge(int index);
  int enlarged() const { return enlarged_; }
  /// In the last place, while it is not hidden; owned by this widget. Its view is linked with the others.
  void setExtra(QWidget* widget, SurfaceView* view);
  void showExtra(bool shown);
  void setColours(const SceneColours& colours);
  void setStyle(const SurfaceStyle& style);
  void setPauseIcons(const QIcon& pause, const QIcon& goOn);
  std::vector<SurfaceView*> views() const;  ///< of the cards that are seen, and the extra one

 signals:
  void countChanged(int count);
  void activeChanged(int index);
  void linkedChanged(bool linked);
  void cameraChanged();  ///< some view's
  void probed(int view, QPointF at);
  void probeLeft();
  void pinned(int view, QPointF at);
  void probeDragged(int view, QPointF at);
  void chosen(int view, const ViewChoice& choice);
  void computeRequested(int view);
  void pauseRequested(int view, bool paused);

 private:
  void addCard();
  void arrange();
  void linkCameras();
  void share(SurfaceView* view, std::shared_ptr<ViewCamera> camera);

  QGridLayout* grid_;
  std::vector<LandscapeCard*> cards_;
  std::vector<SurfaceView*> all_;  ///< every view that was made
  QWidget* extra_ = nullptr;
  SurfaceView* extraView_ = nullptr;
  std::shared_ptr<ViewCamera> camera_ = std::make_shared<ViewCamera>();  ///< of all while they are linked
  SceneColours colours_;
  SurfaceStyle style_;
  QIcon pause_, goOn_;
  int count_ = 0, active_ = 0, enlarged_ = -1;
  bool linked_ = true, extraShown_ = false;
};

}  // namespace ui
