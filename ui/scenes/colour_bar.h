// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/scenes/height_scale.h"

namespace ui {

/// The colours of a scale from left to right, with its contour levels as thin lines and labelled ticks below.
class ColourBar : public QWidget {
  Q_OBJECT
 public:
  explicit ColourBar(QWidget* parent = nullptr);
  void setScale(const HeightScale& scale, int levels);
  const HeightScale& scale() const { return scale_; }
  QSize sizeHint() const override { return {240, 36}; }
  QSize minimumSizeHint() const override { return {72, 36}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  HeightScale scale_;
  int levels_ = 16;
};

}  // namespace ui
