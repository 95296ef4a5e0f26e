// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include "ui/scenes/orbit_camera.h"

namespace ui {

/// The camera of one view, or of all that are linked: they hold the same object, so their cameras cannot differ and nothing is copied back and forth.
/// It says when it is being moved, so that views draw less then.
class ViewCamera : public QObject {
  Q_OBJECT
 public:
  explicit ViewCamera(QObject* parent = nullptr);

  const OrbitCamera& orbit() const { return orbit_; }
  void set(const OrbitCamera& orbit);
  bool moving() const { return moving_; }
  void begin();      ///< a drag has begun
  void end();        ///< and is over
  void moveOnce();   ///< a turn of the wheel: over when it rests

 signals:
  void changed();
  void movingChanged(bool moving);

 private:
  void setMoving(bool moving);

  OrbitCamera orbit_;
  QTimer rest_;
  bool moving_ = false;
};

}  // namespace ui
