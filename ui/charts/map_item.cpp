// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/map_item.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace ui {
namespace {

constexpr int kPixels = 256;
constexpr double kEdge = 4.5;

void addSegments(const HeightField& field, const std::vector<double>& heights, QPainterPath& path) {
  const auto segments = contourSegments(field, heights);
  for (std::size_t i = 0; i + 1 < segments.size(); i += 2) {
    path.moveTo(segments[i][0], segments[i][1]);
    path.lineTo(segments[i + 1][0], segments[i + 1][1]);
  }
}

/// Whether the cell around a scene point has a diverged corner.
bool divergedNear(const HeightField& field, double x, double y) {
  const auto nearest = [](const std::vector<double>& axis, double v) { return std::ranges::min_element(axis, {}, [v](double a) { return std::abs(a - v); }) - axis.begin(); };
  return field.diverged[static_cast<std::size_t>(nearest(field.y, y) * field.columns() + nearest(field.x, x))] != 0;
}

}  // namespace

QImage mapImage(const HeightField& field, int pixels, const std::vector<double>& bands) {
  const auto size = [pixels](std::int64_t points) { return static_cast<int>((points - 1) * std::max<std::int64_t>(1, (pixels + points - 3) / (points - 1)) + 1); };
  const int width = size(field.columns()), height = size(field.rows());
  QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  for (int row = 0; row < height; ++row) {
    const double y = std::clamp(1 - 2.0 * row / (height - 1), -1.0, 1.0);
    for (int column = 0; column < width; ++column) {
      const double x = std::clamp(-1 + 2.0 * column / (width - 1), -1.0, 1.0);
      double z = field.interpolate(x, y);
      if (!std::isfinite(z)) {
        if (field.divergedCount > 0 && divergedNear(field, x, y)) image.setPixelColor(column, row, QColor(140, 140, 140));
        continue;
      }
      if (!bands.empty()) {
        const auto band = static_cast<std::size_t>(std::upper_bound(bands.begin(), bands.end(), z) - bands.begin());
        z = ((band == 0 ? 0 : bands[band - 1]) + (band < bands.size() ? bands[band] : kBoxHeight)) / 2;
      }
      const analysis::Colour c = colourOf(field.map, z / kBoxHeight);
      image.setPixelColor(column, row, QColor::fromRgbF(static_cast<float>(c.r), static_cast<float>(c.g), static_cast<float>(c.b)));
    }
  }
  return image;
}

MapItem::MapItem(QGraphicsItem* parent) : QGraphicsItem(parent) { setZValue(5); }

void MapItem::setSurface(const MapPicture& picture) {
  clear();
  const HeightField field = heightField(picture.surface, picture.scale);
  if (field.columns() < 2 || field.rows() < 2) return;
  std::vector<double> all;
  for (const double level : picture.scale.contourLevels(picture.levels)) all.push_back(std::clamp(picture.scale.fraction(level), 0.0, 1.0) * kBoxHeight);
  image_ = mapImage(field, kPixels, picture.bands ? all : std::vector<double>());
  std::vector<double> thin, thick;
  for (std::size_t i = 0; i < all.size(); ++i) (i % 4 == 3 ? thick : thin).push_back(all[i]);
  if (picture.scale.map == ColourMap::diverging) {  // the zero line is the one that counts
    thin = all;
    thick = {kBoxHeight / 2};
  }
  if (!picture.contours) return;
  addSegments(field, thin, thin_);
  addSegments(field, thick, thick_);
}

void MapItem::clear() {
  image_ = {};
  thin_ = {};
  thick_ = {};
  update();
}

void MapItem::place(const QRectF& plot, const QRectF& seen) {
  prepareGeometryChange();
  plot_ = plot;
  seen_ = seen;
  update();
}

void MapItem::setProbe(std::optional<QPointF> scene) {
  if (scene == probe_) return;
  probe_ = scene;
  update();
}

void MapItem::setPaths(std::vector<MapPath> inScene) {
  paths_ = std::move(inScene);
  update();
}

void MapItem::setPins(std::vector<MapPin> inScene) {
  pins_ = std::move(inScene);
  update();
}

QPointF MapItem::toPlot(QPointF scene) const {
  return {plot_.left() + (scene.x() - seen_.left()) / seen_.width() * plot_.width(), plot_.bottom() - (scene.y() - seen_.top()) / seen_.height() * plot_.height()};
}

void MapItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  if (image_.isNull()) return;
  painter->save();
  painter->setClipRect(plot_);
  painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
  const QPointF topLeft = toPlot({-1, 1}), bottomRight = toPlot({1, -1});
  const QPointF half((bottomRight.x() - topLeft.x()) / (image_.width() - 1) / 2, (bottomRight.y() - topLeft.y()) / (image_.height() - 1) / 2);
  painter->drawImage(QRectF(topLeft - half, bottomRight + half), image_);  // the middles of the outermost pixels lie on the edges
  QTransform toPlotArea;
  toPlotArea.translate(plot_.left() - seen_.left() / seen_.width() * plot_.width(), plot_.bottom() + seen_.top() / seen_.height() * plot_.height());
  toPlotArea.scale(plot_.width() / seen_.width(), -plot_.height() / seen_.height());
  for (const auto& [path, width, opacity] : {std::tuple(&thin_, 1.0, 110), std::tuple(&thick_, 1.3, 150)}) {
    painter->setPen(QPen(QColor(0, 0, 0, opacity), width));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(toPlotArea.map(*path));
  }
  paintPaths(painter);
  paintPins(painter);
  paintMinimum(painter);
  paintProbe(painter);
  painter->restore();
}

void MapItem::paintPaths(QPainter* painter) const {
  for (const MapPath& path : paths_) {
    QPolygonF past, rest;
    for (std::size_t i = 0; i < path.points.size(); ++i) {
      if (i < path.upTo) past << toPlot(path.points[i]);
      if (i + 1 >= path.upTo) rest << toPlot(path.points[i]);
    }
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(QColor(255, 255, 255, 115), 1));
    painter->drawPolyline(rest);
    for (const auto& [colour, width] : {std::pair(QColor(0x15, 0x18, 0x1C), 3.2), std::pair(QColor(Qt::white), 1.8)}) {
      painter->setPen(QPen(colour, width));
      painter->drawPolyline(past);
    }
    if (path.look.colour.alpha() == 0) continue;  // a walk or an arrow: it has no checkpoints
    painter->setPen(QPen(QColor(0x15, 0x18, 0x1C), 0.8));
    painter->setBrush(path.look.colour);
    for (const QPointF& at : past) painter->drawRect(QRectF(at - QPointF(2.5, 2.5), QSizeF(5, 5)));
  }
}

void MapItem::paintPins(QPainter* painter) const {
  QFont font = painter->font();
  font.setPixelSize(11);
  painter->setFont(font);
  for (const MapPin& pin : pins_) {
    const QPointF at = toPlot(pin.at);
    painter->setPen(QPen(QColor(0x15, 0x18, 0x1C), 1));
    painter->setBrush(Qt::white);
    painter->drawEllipse(at, 3.5, 3.5);
    const QRectF words = painter->fontMetrics().boundingRect(pin.label).translated((at + QPointF(7, 4)).toPoint()).adjusted(-3, -1, 3, 1);
    painter->setPen(Qt::NoPen);
    painter->setBrush(QColor(0x15, 0x18, 0x1C, 200));
    painter->drawRoundedRect(words, 3, 3);
    painter->setPen(Qt::white);
    painter->drawText(at + QPointF(7, 4), pin.label);
  }
}

void MapItem::paintMinimum(QPainter* painter) const {
  if (!minimum_) return;
  const QPointF at = toPlot(*minimum_);
  for (const auto& [colour, width] : {std::pair(QColor(0x15, 0x18, 0x1C), 3.0), std::pair(QColor(Qt::white), 1.6)}) {
    painter->setPen(QPen(colour, width));
    painter->drawLine(at - QPointF(kEdge, 0), at + QPointF(kEdge, 0));
    painter->drawLine(at - QPointF(0, kEdge), at + QPointF(0, kEdge));
  }
}

void MapItem::paintProbe(QPainter* painter) const {
  if (!probe_) return;
  const QPointF at = toPlot(*probe_);
  painter->setPen(QPen(QColor(255, 255, 255, 220), 1));
  painter->drawLine(QPointF(plot_.left(), at.y()), QPointF(plot_.right(), at.y()));
  painter->drawLine(QPointF(at.x(), plot_.top()), QPointF(at.x(), plot_.bottom()));
  painter->setBrush(QColor(0x15, 0x18, 0x1C, 160));
  painter->setPen(QPen(Qt::white, 1.4));
  painter->drawEllipse(at, 4, 4);
}

}  // namespace ui
