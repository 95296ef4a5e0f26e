// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/map_chart.h"

#include <QChart>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "ui/charts/map_item.h"

namespace ui {
namespace {

constexpr double kClosest = 1e-3;  ///< of the whole, the least that is zoomed to

}  // namespace

MapChart::MapChart(QWidget* parent) : AxesChart(parent), item_(new MapItem(chart())) {
  item_->hide();
  setMouseTracking(true);
  connect(chart(), &QChart::plotAreaChanged, this, [this] { setZoom(zoom_); });
}

QRectF MapChart::whole() const {
  if (!picture_.surface) return {-1, -1, 2, 2};
  const analysis::SurfaceGrid& grid = *picture_.surface.grid;
  return {QPointF(grid.x.front(), grid.y.front()), QPointF(grid.x.back(), grid.y.back())};
}

void MapChart::show(const MapPicture& picture) {
  const bool same = picture_.surface.grid == picture.surface.grid && picture_.surface.stride == picture.surface.stride && picture_.surface.test == picture.surface.test &&
                    picture_.surface.layer == picture.surface.layer && picture_.scale == picture.scale && picture_.levels == picture.levels &&
                    picture_.contours == picture.contours && picture_.bands == picture.bands;
  const bool sameAxes = picture_.xTitle == picture.xTitle && picture_.yTitle == picture.yTitle && picture_.xFactor == picture.xFactor && picture_.yFactor == picture.yFactor;
  if (same && sameAxes) return;
  const QRectF before = whole();
  picture_ = picture;
  if (whole() != before) zoom_ = {};
  if (!same) {
    item_->setSurface(picture);
    std::optional<QPointF> minimum;
    const analysis::SurfaceGrid& grid = *picture.surface.grid;
    if (const std::int64_t least = minimumIndex(picture.surface); least >= 0 && picture.scale.map != ColourMap::diverging)
      minimum = QPointF(toScene(grid.x, grid.x[static_cast<std::size_t>(least % grid.columns())]), toScene(grid.y, grid.y[static_cast<std::size_t>(least / grid.columns())]));
    item_->setMinimum(minimum);
  }
  item_->show();
  redraw();
}

void MapChart::clear() {
  if (!picture_.surface) return;
  picture_ = {};
  zoom_ = {};
  item_->hide();
  redraw();
}

void MapChart::redraw() {
  const QRectF range = seen();
  reset({range.left() * picture_.xFactor, range.right() * picture_.xFactor}, {range.top() * picture_.yFactor, range.bottom() * picture_.yFactor}, false, picture_.xTitle, picture_.yTitle);
  setZoom(zoom_);
}

void MapChart::setZoom(const QRectF& range) {
  const bool differs = range != zoom_;
  zoom_ = range;
  if (differs) {
    redraw();
    emit zoomChanged();
    return;
  }
  const QRectF all = whole(), part = seen();
  const QRectF scene(QPointF(-1 + 2 * (part.left() - all.left()) / all.width(), -1 + 2 * (part.top() - all.top()) / all.height()),
                     QSizeF(2 * part.width() / all.width(), 2 * part.height() / all.height()));
  item_->place(chart()->plotArea(), scene);
}

void MapChart::setProbe(std::optional<QPointF> at) {
  if (at && picture_.surface) at = QPointF(toScene(picture_.surface.grid->x, at->x()), toScene(picture_.surface.grid->y, at->y()));
  item_->setProbe(at);
}

void MapChart::setPaths(const std::vector<MapPath>& paths) {
  std::vector<MapPath> inScene = paths;
  if (!picture_.surface) inScene.clear();
  for (MapPath& path : inScene)
    for (QPointF& at : path.points) at = {toScene(picture_.surface.grid->x, at.x()), toScene(picture_.surface.grid->y, at.y())};
  item_->setPaths(std::move(inScene));
}

void MapChart::setPins(const std::vector<MapPin>& pins) {
  std::vector<MapPin> inScene = pins;
  if (!picture_.surface) inScene.clear();
  for (MapPin& pin : inScene) pin.at = {toScene(picture_.surface.grid->x, pin.at.x()), toScene(picture_.surface.grid->y, pin.at.y())};
  item_->setPins(std::move(inScene));
}

QPointF MapChart::toData(QPointF pixels) const {
  const QRectF plot = chart()->plotArea(), range = seen();
  return {range.left() + (pixels.x() - plot.left()) / plot.width() * range.width(), range.top() + (plot.bottom() - pixels.y()) / plot.height() * range.height()};
}

QPointF MapChart::toPixels(QPointF at) const {
  const QRectF plot = chart()->plotArea(), range = seen();
  return {plot.left() + (at.x() - range.left()) / range.width() * plot.width(), plot.bottom() - (at.y() - range.top()) / range.height() * plot.height()};
}

void MapChart::mousePressEvent(QMouseEvent* event) {
  down_ = event->button() == Qt::LeftButton && picture_.surface && chart()->plotArea().contains(event->position());
  dragged_ = false;
  pressed_ = event->position();
}

void MapChart::mouseMoveEvent(QMouseEvent* event) {
  if (!down_) return;
  if (!dragged_ && (event->position() - pressed_).manhattanLength() <= 2) return;
  dragged_ = true;
  const QPointF at = toData(event->position());
  const QRectF all = whole();
  emit probeDragged({std::clamp(at.x(), all.left(), all.right()), std::clamp(at.y(), all.top(), all.bottom())});
}

void MapChart::mouseReleaseEvent(QMouseEvent* event) {
  if (down_ && !dragged_) emit pinned(toData(event->position()));
  down_ = false;
}

void MapChart::mouseDoubleClickEvent(QMouseEvent*) {
  down_ = false;
  setZoom({});
}

void MapChart::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (!picture_.surface) return;
  const QRectF all = whole(), part = seen();
  const double factor = std::pow(0.85, event->angleDelta().y() / 120.0);
  const QPointF at = toData(event->position());
  const double width = std::clamp(part.width() * factor, kClosest * all.width(), all.width()), height = std::clamp(part.height() * factor, kClosest * all.height(), all.height());
  if (width >= all.width() && height >= all.height()) return setZoom({});
  const double left = std::clamp(at.x() - (at.x() - part.left()) / part.width() * width, all.left(), all.right() - width);
  const double bottom = std::clamp(at.y() - (at.y() - part.top()) / part.height() * height, all.top(), all.bottom() - height);
  setZoom({left, bottom, width, height});
}

}  // namespace ui
