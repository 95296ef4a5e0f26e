// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/surface_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/scenes/height_probe.h"

namespace ui {

namespace {

bool same(const SurfaceSnapshot& a, const SurfaceSnapshot& b) { return a.grid == b.grid && a.stride == b.stride && a.test == b.test && a.layer == b.layer; }

}  // namespace

SurfaceView::SurfaceView(QWidget* parent)
    : VtkView(parent), scene_(std::make_unique<SurfaceScene>(renderer())), overlay_(new AxesOverlay(this)) {
  marks_.connect(renderer());
  marks_.paint(Qt::white);
  marks_.towardsEye = kBallLift;
  plane_ = std::make_unique<SectionPlane>(renderer());
  traceScene_ = std::make_unique<TraceScene>(renderer());
  setColours({});
}

SurfaceView::~SurfaceView() = default;

void SurfaceView::setColours(const SceneColours& colours) {
  colours_ = colours;
  scene_->setColours(colours);
  plane_->setColour(colours.accent);
  traceScene_->setColours(colours);
  overlay_->setColours({colours.text, colours.secondText, colours.plate});
  update();
}

void SurfaceView::setAxes(const ViewAxis& x, const ViewAxis& y, const QString& z) {
  if (x == x_ && y == y_ && z == zName_) return;
  x_ = x;
  y_ = y;
  zName_ = z;
  update();
}

void SurfaceView::setStyle(const SurfaceStyle& style) {
  if (style == style_) return;
  style_ = style;
  if (surface_) rebuild();
}

void SurfaceView::setSurface(const SurfaceSnapshot& surface, const HeightScale& scale, int levels) {
  if (same(surface, surface_) && scale == scale_ && levels == levels_) return;
  surface_ = surface;
  scale_ = scale;
  levels_ = levels;
  rebuild();
}

void SurfaceView::rebuild() {
  field_ = heightField(surface_, scale_);
  const auto sceneHeight = [&](double loss) { return std::clamp(scale_.fraction(loss), 0.0, 1.0) * kBoxHeight; };
  std::vector<double> contours, walls;
  for (const double loss : scale_.contourLevels(levels_)) contours.push_back(sceneHeight(loss));
  for (const double loss : scale_.ticks(3)) walls.push_back(sceneHeight(loss));
  scene_->setSurface(field_, contours, style_);
  scene_->setWalls(walls);
  placeMinimum();
  placeProbe();
  placeMarks();
  placeTraces();
  update();
}

void SurfaceView::placeMinimum() {
  const std::int64_t least = scale_.map == ColourMap::diverging ? -1 : minimumIndex(surface_);  // of a difference it means nothing
  minimumText_.clear();
  std::optional<Point3> minimum;
  if (least >= 0) {
    const auto& grid = *surface_.grid;
    const double x = toScene(grid.x, grid.x[static_cast<std::size_t>(least % grid.columns())]);
    const double y = toScene(grid.y, grid.y[static_cast<std::size_t>(least / grid.columns())]);
    const double z = field_.interpolate(x, y);
    if (std::isfinite(z)) minimum = Point3{x, y, z};
    stemTop_ = {x, y, std::max(0.72 * kBoxHeight, z + 0.15)};
    if (minimum && static_cast<std::size_t>(least) < surface_.shown().size()) {
      minimumText_ = surface_.layer == SurfaceLayer::loss ? QStringLiteral("min ") : QStringLiteral("at min. loss ");
      minimumText_ += QString::fromStdString(numberText(surface_.shown()[static_cast<std::size_t>(least)], 6));
    }
  }
  scene_->setMinimum(minimum, stemTop_[2]);
}

void SurfaceView::clearSurface() {
  if (!surface_) return;
  surface_ = {};
  field_ = {};
  minimumText_.clear();
  scene_->clearSurface();
  placeProbe();
  placeMarks();
  placeTraces();
  update();
}

void SurfaceView::setProbe(std::optional<QPointF> at) {
  if (at == probe_) return;
  probe_ = at;
  placeProbe();
  update();
}

void SurfaceView::setSection(std::optional<SectionLine> line) {
  if (line == section_) return;
  section_ = line;
  placeProbe();
  update();
}

void SurfaceView::placeProbe() {
  std::optional<std::array<double, 2>> scene;
  if (probe_ && surface_) scene = std::array<double, 2>{toScene(surface_.grid->x, probe_->x()), toScene(surface_.grid->y, probe_->y())};
  scene_->setCrossHair(field_, scene);
  std::optional<SectionLine> line = surface_ ? section_ : std::nullopt;
  if (line) line->at = toScene(line->axis == 0 ? surface_.grid->y : surface_.grid->x, line->at);
  plane_->set(field_, line);
}

void SurfaceView::setMarks(const std::vector<SurfaceMark>& marks) {
  if (marks == markList_) return;
  markList_ = marks;
  placeMarks();
  update();
}

void SurfaceView::placeMarks() {
  std::vector<Point3> balls;
  for (const SurfaceMark& mark : markList_) {
    if (!surface_) break;
    const double x = toScene(surface_.grid->x, mark.at.x()), y = toScene(surface_.grid->y, mark.at.y()), z = field_.interpolate(x, y);
    if (std::isfinite(z)) balls.push_back({x, y, z + 0.02});
  }
  marks_.setBalls(balls, 0.030);
}

void SurfaceView::setTraces(const SurfaceTraces& traces) {
  if (traces.empty() && traceList_.empty()) return;
  traceList_ = traces;
  placeTraces();
  update();
}

void SurfaceView::placeTraces() { traceScene_->set(surface_ ? traceGeometry(traceList_, *surface_.grid, field_, scale_) : TraceGeometry{}); }

void SurfaceView::addTraceLabels(const Projection& eye, std::vector<OverlayLabel>& out) const {
  const auto plate = [&](const Point3& at, const QString& text) { out.push_back({eye.toPixels(at) - QPointF(0, 8), text, Qt::AlignBottom, OverlayLabel::Kind::plate}); };
  for (const TraceGeometry::Pin& pin : traces().pins) plate(pin.at, pin.label);
  for (const TraceGeometry::Arrow& arrow : traces().arrows)
    if (!arrow.label.isEmpty()) plate(arrow.end, arrow.label);
}

void SurfaceView::prepareFrame() {
  scene_->place(camera(), pixelRatio());
  plane_->place(camera(), pixelRatio());
  marks_.place(camera(), pixelRatio());
  traceScene_->place(camera(), pixelRatio());
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
  addTraceLabels(eye, out);
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
      out.push_back({at(along) + (level ? 4 : 9) * away, QString::fromStdString(numberText(fromScene(values, along) * (axis == 0 ? x_ : y_).factor, 3)), anchor,
                     OverlayLabel::Kind::tick});
    }
    out.push_back({at(0) + (level ? 18.0 : std::clamp(0.09 * width(), 26.0, 38.0)) * away, (axis == 0 ? x_ : y_).name, anchor, OverlayLabel::Kind::name});
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
  for (const SurfaceMark& mark : markList_) {
    const double x = toScene(surface_.grid->x, mark.at.x()), y = toScene(surface_.grid->y, mark.at.y()), z = field_.interpolate(x, y);
    if (std::isfinite(z)) out.push_back({eye.toPixels({x, y, z + 0.02}) - QPointF(0, 12), mark.name, Qt::AlignBottom, OverlayLabel::Kind::plate, mark.colour});
  }
  if (!minimumText_.isEmpty() && markList_.empty()) out.push_back({eye.toPixels(stemTop_), minimumText_, Qt::AlignBottom, OverlayLabel::Kind::plate});
}

QImage SurfaceView::picture() {
  QImage image = grabFramebuffer();
  QPainter painter(&image);
  overlay_->render(&painter, {}, {}, QWidget::DrawChildren);
  return image;
}

SceneStill SurfaceView::still(const StillSpec& spec, const SceneColours& colours) {
  const SceneColours before = colours_;
  setColours(colours);
  scene_->setCoarse(false);  // cameraMoves() decides again
  const int height = std::max(1, static_cast<int>(std::lround(double(spec.width) * this->height() / std::max(1, width()))));
  SceneStill out{.picture = renderStill({spec.width, height}, spec.transparent),
                 .view = size(),
                 .labels = labels(),
                 .colours = {colours.text, colours.secondText, colours.plate},
                 .font = overlay_->font()};
  setColours(before);
  return out;
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

void SurfaceView::cameraMoves(bool moving) {
  scene_->setCoarse(moving);
  VtkView::cameraMoves(moving);
}

void SurfaceView::mousePressEvent(QMouseEvent* event) {
  probing_ = event->button() == Qt::LeftButton && (event->modifiers() & Qt::ShiftModifier) != 0;
  if (!probing_) return VtkView::mousePressEvent(event);
  emit touched();
  if (const auto point = dataAt(event->position())) emit probeDragged(*point);
}

void SurfaceView::mouseReleaseEvent(QMouseEvent* event) {
  if (!probing_) return VtkView::mouseReleaseEvent(event);
  probing_ = false;
}

void SurfaceView::mouseMoveEvent(QMouseEvent* event) {
  if (probing_) {
    if (const auto point = dataAt(event->position())) emit probeDragged(*point);
    return;
  }
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
