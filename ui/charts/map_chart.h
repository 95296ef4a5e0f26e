// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>
#include <optional>
#include <vector>

#include "ui/charts/axes_chart.h"
#include "ui/scenes/height_scale.h"
#include "ui/scenes/surface_mesh.h"

namespace ui {

class MapItem;

/// A surface seen from above. Ticks are data coordinates times the factors.
struct MapPicture {
  SurfaceSnapshot surface;
  HeightScale scale;
  int levels = 16;
  bool contours = true, bands = false;
  QString xTitle = {}, yTitle = {};
  double xFactor = 1, yFactor = 1;
};

/// The path of a run in the plane, with its checkpoints, in data coordinates; what comes after `upTo` points is pale.
struct MapPath {
  std::vector<QPointF> points;
  CurveLook look;
  std::size_t upTo = 0;
  bool operator==(const MapPath&) const = default;
};

/// A named point of the map, in data coordinates.
struct MapPin {
  QString label;
  QPointF at;
  bool operator==(const MapPin&) const = default;
};

/// The 2-D map: an image with contour lines as paths, so that they stay lines in a vector file, the minimum, paths and the cross-hair. Dragging moves the
/// cross-hair, the wheel zooms about the pointer, a double click shows all of it again, a click pins.
class MapChart : public AxesChart {
  Q_OBJECT
 public:
  explicit MapChart(QWidget* parent = nullptr);
  void show(const MapPicture& picture);
  void clear();
  void setProbe(std::optional<QPointF> at);
  void setPaths(const std::vector<MapPath>& paths);
  void setPins(const std::vector<MapPin>& pins);
  /// What is seen, in data coordinates; empty: all of it.
  QRectF zoom() const { return zoom_; }
  void setZoom(const QRectF& range);
  QPointF toData(QPointF pixels) const;
  QPointF toPixels(QPointF at) const;

 signals:
  void probeDragged(QPointF at);
  void pinned(QPointF at);
  void zoomChanged();

 protected:
  void redraw() override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  QRectF whole() const;  ///< of the data
  QRectF seen() const { return zoom_.isEmpty() ? whole() : zoom_; }

  MapPicture picture_;
  MapItem* item_;
  QRectF zoom_;
  QPointF pressed_;
  bool down_ = false, dragged_ = false;
};

}  // namespace ui
