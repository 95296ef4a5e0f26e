// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/scenes/height_scale.h"

namespace ui {

/// The colours of a scale from left to right, with its contour levels as thin lines and labelled ticks below. Its ends can be dragged: the range then
/// follows the pointer along the scale it had, and a double click frees it.
class ColourBar : public QWidget {
  Q_OBJECT
 public:
  explicit ColourBar(QWidget* parent = nullptr);
  void setScale(const HeightScale& scale, int levels);
  const HeightScale& scale() const { return scale_; }
  QSize sizeHint() const override { return {240, 36}; }
  QSize minimumSizeHint() const override { return {72, 36}; }

 signals:
  void rangeDragged(double from, double to);
  void freed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;

 private:
  enum class End { none, low, high };
  End endAt(double x) const;

  HeightScale scale_, before_;  ///< before_: when the drag began
  int levels_ = 16;
  End held_ = End::none;
};

}  // namespace ui
