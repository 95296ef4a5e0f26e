// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPointF>
#include <QString>
#include <QWidget>
#include <vector>

class QPainter;

namespace ui {

/// A label at a point of the view.
struct OverlayLabel {
  enum class Kind { tick, name, plate };
  QPointF at;                              ///< widget pixels
  QString text;
  Qt::Alignment anchor = Qt::AlignCenter;  ///< which side of the text lies at the point
  Kind kind = Kind::tick;
  QColor colour{};                         ///< of the text; invalid: the theme's
  bool operator==(const OverlayLabel&) const = default;
};

struct LabelColours {
  QColor text, secondText, plate;  ///< of names; of ticks; behind what lies over the surface
};

/// The labels of a view `width` logical pixels wide, in its logical pixels.
void paintLabels(QPainter& painter, const std::vector<OverlayLabel>& labels, const LabelColours& colours, const QFont& font, double width);

/// Text over a 3-D view, painted by Qt: the system's font with real minus signs, the same in a grab and on the screen. Lets the mouse through.
class AxesOverlay : public QWidget {
  Q_OBJECT
 public:
  explicit AxesOverlay(QWidget* view);
  void setColours(const LabelColours& colours);
  void setLabels(std::vector<OverlayLabel> labels);
  const std::vector<OverlayLabel>& labels() const { return labels_; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::vector<OverlayLabel> labels_;
  LabelColours colours_;
};

}  // namespace ui
