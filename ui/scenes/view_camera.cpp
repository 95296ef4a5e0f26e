// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/view_camera.h"

namespace ui {
namespace {

constexpr int kRestMilliseconds = 150;

}  // namespace

ViewCamera::ViewCamera(QObject* parent) : QObject(parent) {
  rest_.setSingleShot(true);
  rest_.setInterval(kRestMilliseconds);
  connect(&rest_, &QTimer::timeout, this, &ViewCamera::end);
}

void ViewCamera::set(const OrbitCamera& orbit) {
  if (orbit == orbit_) return;
  orbit_ = orbit;
  emit changed();
}

void ViewCamera::begin() {
  rest_.stop();
  setMoving(true);
}

void ViewCamera::end() {
  rest_.stop();
  setMoving(false);
}

void ViewCamera::moveOnce() {
  setMoving(true);
  rest_.start();
}

void ViewCamera::setMoving(bool moving) {
  if (moving == moving_) return;
  moving_ = moving;
  emit movingChanged(moving);
}

}  // namespace ui
