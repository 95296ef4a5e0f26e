// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGraphicsItem>
#include <QImage>
#include <QPainterPath>
#include <optional>

#include "ui/charts/map_chart.h"

namespace ui {

/// What a map shows inside its axes. Everything but the colours is drawn as lines.
class MapItem : public QGraphicsItem {
 public:
  explicit MapItem(QGraphicsItem* parent);

  /// Colours and contour lines of a surface in its scene's square: made once a surface, not once a frame.
  void setSurface(const MapPicture& picture);
  void clear();
  /// The plot's rectangle, and what of the scene's square [-1, 1]^2 is seen in it (y upwards).
  void place(const QRectF& plot, const QRectF& seen);
  void setProbe(std::optional<QPointF> scene);
  void setMinimum(std::optional<QPointF> scene) { minimum_ = scene; }
  void setPaths(std::vector<MapPath> inScene);
  void setPins(std::vector<MapPin> inScene);

  QRectF boundingRect() const override { return plot_; }
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
  const QPainterPath& contours() const { return thin_; }

 private:
  QPointF toPlot(QPointF scene) const;
  void paintPaths(QPainter* painter) const;
  void paintPins(QPainter* painter) const;
  void paintMinimum(QPainter* painter) const;
  void paintProbe(QPainter* painter) const;

  QRectF plot_, seen_{-1, -1, 2, 2};
  QImage image_;
  QPainterPath thin_, thick_;  ///< every fourth level is thicker
  std::optional<QPointF> probe_, minimum_;
  std::vector<MapPath> paths_;
  std::vector<MapPin> pins_;
};

/// The colours of a field between its points, values interpolated before they are mapped, at least `pixels` an axis; one colour a band where there are levels.
/// What is not drawn is transparent, diverged points are grey. Row 0 is the top.
QImage mapImage(const HeightField& field, int pixels, const std::vector<double>& bands);

}  // namespace ui
