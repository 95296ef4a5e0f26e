// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/surface_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/scenes/height_probe.h"
#include "ui/scenes/surface_scene.h"

namespace ui {

SurfaceView::SurfaceView(QWidget* parent)
    : VtkView(parent), scene_(std::make_unique<SurfaceScene>(renderer())), overlay_(new AxesOverlay(this)) {
  setColours({});
}

SurfaceView::~SurfaceView() = default;

void SurfaceView::setColours(const SceneColours& colours) {
  scene_->setColours(colours);
  overlay_->setColours(colours.text, colours.secondText, colours.plate);
  update();
}

void SurfaceView::setAxisNames(const QString& x, const QString& y, const QString& z) {
  xName_ = x;
  yName_ = y;
  zName_ = z;
  update();
}

void SurfaceView::setSurface(const SurfaceSnapshot& surface, const HeightScale& scale, int levels) {
  surface_ = surface;
  scale_ = scale;
  field_ = heightField(surface, scale);
  const auto sceneHeight = [&](double loss) { return std::clamp(scale.fraction(loss), 0.0, 1.0) * kBoxHeight; };
  std::vector<double> contours, walls;
  for (const double loss : scale.contourLevels(levels)) contours.push_back(sceneHeight(loss));
  for (const double loss : scale.ticks(3)) walls.push_back(sceneHeight(loss));
  scene_->setSurface(field_, contours);
  scene_->setWalls(walls);
  const std::int64_t least = minimumIndex(surface);
  minimumText_.clear();
  std::optional<Point3> minimum;
  if (least >= 0) {
    const auto& grid = *surface.grid;
    const double x = toScene(grid.x, grid.x[static_cast<std::size_t>(least % grid.columns())]);
    const double y = toScene(grid.y, grid.y[static_cast<std::size_t>(least / grid.columns())]);
    const double z = field_.interpolate(x, y);
    if (std::isfinite(z)) minimum = Point3{x, y, z};
    stemTop_ = {x, y, std::max(0.72 * kBoxHeight, z + 0.15)};
    if (minimum) {
      minimumText_ = QStringLiteral("min ") + QString::fromStdString(numberText(surface.values().loss[static_cast<std::size_t>(least)], 6));
    }
  }
  scene_->setMinimum(minimum, stemTop_[2]);
  scene_->setCrossHair(field_, std::nullopt);
  update();
}

void SurfaceView::clearSurface() {
  surface_ = {};
  field_ = {};
  minimumText_.clear();
  scene_->clearSurface();
  update();
}

void SurfaceView::setProbe(std::optional<QPointF> at) {
  if (!surface_) return;
  std::optional<std::array<double, 2>> scene;
  if (at) scene = std::array<double, 2>{toScene(surface_.grid->x, at->x()), toScene(surface_.grid->y, at->y())};
  scene_->setCrossHair(field_, scene);
  update();
}

void SurfaceView::prepareFrame() {
  scene_->place(camera(), devicePixelRatioF());
  overlay_->setLabels(labels());
}

void SurfaceView::resizeGL(int width, int height) {
  VtkView::resizeGL(width, height);
  overlay_->setGeometry(rect());
}

std::vector<OverlayLabel> SurfaceView::labels() const {
  std::vector<OverlayLabel> out;
  if (!surface_ || surface_.grid->columns() < 2 || surface_.grid->rows() < 2) return out;
  const Projection eye = projection();
  addFloorLabels(eye, out);
  addHeightLabels(eye, out);
  return out;
}

void SurfaceView::addFloorLabels(const Projection& eye, std::vector<OverlayLabel>& out) const {
  const AxesPlacement edges = axesPlacement(camera());
  const QPointF middle = eye.toPixels({0, 0, 0});
  // Seen from above, perspective lets the surface reach over the floor's edges: labels go further out.
  const double reach = 1 + 0.25 * std::max(0.0, camera().elevation - 60) / 29;
  for (int axis = 0; axis < 2; ++axis) {
    const auto& values = axis == 0 ? surface_.grid->x : surface_.grid->y;
    const double side = (axis == 0 ? edges.nearY : edges.nearX) * reach;
    const auto at = [&](double along) { return eye.toPixels(axis == 0 ? Point3{along, side, 0} : Point3{side, along, 0}); };
    const QPointF edge = at(1) - at(-1), outward = at(0) - middle;
    const bool level = std::abs(edge.x()) > 3 * std::abs(edge.y());
    const double length = std::max(1.0, std::hypot(outward.x(), outward.y()));
    const QPointF away = level ? QPointF(0, 1) : outward / length;
    const Qt::Alignment anchor = level ? Qt::AlignHCenter | Qt::AlignTop : (away.x() >= 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
    for (const double along : {-1.0, 0.0, 1.0}) {
      out.push_back({at(along) + (level ? 4 : 9) * away, QString::fromStdString(numberText(fromScene(values, along), 3)), anchor,
                     OverlayLabel::Kind::tick});
    }
    out.push_back({at(0) + (level ? 18.0 : std::clamp(0.09 * width(), 26.0, 38.0)) * away, axis == 0 ? xName_ : yName_, anchor, OverlayLabel::Kind::name});
  }
}

void SurfaceView::addHeightLabels(const Projection& eye, std::vector<OverlayLabel>& out) const {
  const AxesPlacement edges = axesPlacement(camera());
  if (camera().elevation < 80) {
    double free = 1e9;  // ticks that would run into the one below are left out
    for (const double loss : scale_.ticks(3)) {
      const double fraction = scale_.fraction(loss);
      if (!(fraction >= -1e-9 && fraction <= 1 + 1e-9)) continue;
      const QPointF at = eye.toPixels({edges.cornerX, edges.cornerY, std::clamp(fraction, 0.0, 1.0) * kBoxHeight});
      if (at.y() > free) continue;
      free = at.y() - 12;
      out.push_back({at + QPointF(8, fraction < 0.01 ? -6 : 0), QString::fromStdString(numberText(loss, 3)), Qt::AlignLeft | Qt::AlignVCenter,
                     OverlayLabel::Kind::tick});
    }
    const QPointF top = eye.toPixels({edges.cornerX, edges.cornerY, kBoxHeight});
    out.push_back({top - QPointF(0, 12), zName_, Qt::AlignCenter, OverlayLabel::Kind::name});
  }
  if (!minimumText_.isEmpty()) out.push_back({eye.toPixels(stemTop_), minimumText_, Qt::AlignBottom, OverlayLabel::Kind::plate});
}

QImage SurfaceView::picture() {
  QImage image = grabFramebuffer();
  QPainter painter(&image);
  overlay_->render(&painter, {}, {}, QWidget::DrawChildren);
  return image;
}

std::optional<QPointF> SurfaceView::dataAt(QPointF pixels) const {
  if (!surface_) return std::nullopt;
  const auto hit = firstCrossing(field_, projection().rayThrough(pixels));
  if (!hit) return std::nullopt;
  return QPointF(fromScene(surface_.grid->x, (*hit)[0]), fromScene(surface_.grid->y, (*hit)[1]));
}

void SurfaceView::clicked(QPointF at) {
  if (const auto point = dataAt(at)) emit pinned(*point);
}

void SurfaceView::mouseMoveEvent(QMouseEvent* event) {
  VtkView::mouseMoveEvent(event);
  if (turning()) return;
  if (const auto point = dataAt(event->position())) {
    emit probed(*point);
  } else {
    emit probeLeft();
  }
}

void SurfaceView::leaveEvent(QEvent* event) {
  emit probeLeft();
  VtkView::leaveEvent(event);
}

}  // namespace ui
