// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/surface_scene.h"

#include <vtkProperty.h>
#include <vtkRenderer.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ui {
namespace {

constexpr double kBallRadius = 0.030, kRingRadius = 0.042, kProbeRadius = 0.020, kProbeRingRadius = 0.030;
constexpr std::int64_t kCoarse = 65;  ///< points an axis while the camera moves

Polylines gridLines(const HeightField& field) {
  Polylines lines;
  const auto add = [&](std::int64_t outer, std::int64_t inner, const auto& at) {
    for (std::int64_t i = 0; i < outer; ++i) {
      lines.emplace_back();
      for (std::int64_t j = 0; j < inner; ++j) {
        const Point3 p = at(i, j);
        if (std::isfinite(p[2])) lines.back().push_back(p);
        else if (!lines.back().empty()) lines.emplace_back();
      }
    }
  };
  const auto point = [&](std::int64_t r, std::int64_t c) { return Point3{field.x[static_cast<std::size_t>(c)], field.y[static_cast<std::size_t>(r)], field.at(r, c)}; };
  add(field.rows(), field.columns(), point);
  add(field.columns(), field.rows(), [&](std::int64_t c, std::int64_t r) { return point(r, c); });
  return lines;
}

}  // namespace

AxesPlacement axesPlacement(const OrbitCamera& camera) {
  const double a = camera.azimuth * std::numbers::pi / 180;
  const double x = std::cos(a), y = std::sin(a);
  const auto sign = [](double v) { return v < 0 ? -1.0 : 1.0; };
  return {.nearX = sign(x), .nearY = sign(y), .cornerX = sign(-y), .cornerY = sign(x)};
}

void SurfaceScene::Sheet::set(const HeightField& field, const std::vector<double>& contourHeights, const SurfaceStyle& style) {
  surface.setMesh(style.bands ? bandedMesh(field, contourHeights) : surfaceMesh(field));
  drawn = surface.actor->GetVisibility() != 0;
  const auto segments = style.contours ? contourSegments(field, contourHeights) : std::vector<Point3>();
  Polylines lines;
  for (std::size_t i = 0; i + 1 < segments.size(); i += 2) lines.push_back({segments[i], segments[i + 1]});
  contours.setLines(lines);
  hasContours = !lines.empty();
  if (style.mesh) edges.setLines(gridLines(field));
  hasEdges = style.mesh;
}

void SurfaceScene::Sheet::show(bool shown) {
  surface.show(shown && drawn);
  contours.show(shown && hasContours);
  edges.show(shown && hasEdges);
}

SurfaceScene::SurfaceScene(vtkRenderer* renderer) : renderer_(renderer) {
  for (ScenePart* part : parts()) part->connect(renderer);
  for (ScenePart* part : {&full_.contours, &full_.edges, &coarse_.contours, &coarse_.edges, &crossHair_, &stem_}) part->towardsEye = kLineLift;
  for (ScenePart* part : {&minimum_, &minimumRing_, &probe_, &probeRing_}) part->towardsEye = kBallLift;
  for (ScenePart* part : {&minimumRing_, &probeRing_}) part->actor->GetProperty()->FrontfaceCullingOn();
  crossHair_.width = 1.3;
  stem_.width = 1.2;
  const double e = 1;
  floor_.setLines({{{-e, -e, 0}, {e, -e, 0}, {e, e, 0}, {-e, e, 0}, {-e, -e, 0}}});
  setColours({});
}

/// In the order in which they are drawn.
std::vector<ScenePart*> SurfaceScene::parts() {
  std::vector<ScenePart*> all;
  for (ScenePart& wall : walls_) all.push_back(&wall);
  for (ScenePart* part : {&floor_, &zEdge_, &full_.surface, &coarse_.surface, &full_.edges, &coarse_.edges, &full_.contours, &coarse_.contours, &crossHair_, &stem_, &minimumRing_,
                          &minimum_, &probeRing_, &probe_})
    all.push_back(part);
  return all;
}

void SurfaceScene::setColours(const SceneColours& colours) {
  renderer_->SetBackground(colours.background.redF(), colours.background.greenF(), colours.background.blueF());
  for (ScenePart& wall : walls_) wall.paint(colours.grid);
  floor_.paint(colours.axis);
  zEdge_.paint(colours.axis);
  for (Sheet* sheet : {&full_, &coarse_}) {
    sheet->contours.paint(Qt::black, colours.contourOpacity);
    sheet->edges.paint(Qt::black, 0.35);
  }
  crossHair_.paint(Qt::white, 0.75);
  stem_.paint(Qt::white, 0.9);
  const QColor dark(0x15, 0x18, 0x1C);
  for (ScenePart* part : {&minimumRing_, &probeRing_}) part->paint(dark);
  for (ScenePart* part : {&minimum_, &probe_}) part->paint(Qt::white);
}

void SurfaceScene::setSurface(const HeightField& field, const std::vector<double>& contourHeights, const SurfaceStyle& style) {
  full_.set(field, contourHeights, style);
  const std::int64_t step = (std::max(field.columns(), field.rows()) - 2) / (kCoarse - 1) + 1;
  coarse_.drawn = false;
  if (step > 1) coarse_.set(coarseField(field, step), contourHeights, style);
  setCoarse(moving_);
  floor_.actor->VisibilityOn();
}

void SurfaceScene::setCoarse(bool coarse) {
  moving_ = coarse;
  const bool stands = moving_ && coarse_.drawn;
  full_.show(!stands);
  coarse_.show(stands);
}

void SurfaceScene::setWalls(const std::vector<double>& wallHeights) {
  for (std::size_t i = 0; i < walls_.size(); ++i) {
    const double side = i % 2 == 0 ? -1 : 1;
    const auto at = [&](double along, double z) { return i < 2 ? Point3{side, along, z} : Point3{along, side, z}; };
    Polylines lines;
    for (const double z : wallHeights) {
      if (z > 1e-6 && z <= kBoxHeight + 1e-9) lines.push_back({at(-1, z), at(1, z)});
    }
    for (const double along : {-1.0, -0.5, 0.0, 0.5, 1.0}) lines.push_back({at(along, 0), at(along, kBoxHeight)});
    walls_[i].setLines(lines);
  }
  placed_.reset();
}

void SurfaceScene::clearSurface() {
  for (Sheet* sheet : {&full_, &coarse_}) {
    sheet->drawn = sheet->hasContours = sheet->hasEdges = false;
    sheet->show(false);
  }
  for (ScenePart* part : {&crossHair_, &stem_, &minimum_, &minimumRing_, &probe_, &probeRing_}) part->show(false);
}

void SurfaceScene::setMinimum(std::optional<Point3> point, double stemTop) {
  for (ScenePart* part : {&stem_, &minimum_, &minimumRing_}) part->actor->SetVisibility(point.has_value());
  if (!point) return;
  minimum_.setBall(*point, kBallRadius);
  minimumRing_.setBall(*point, kRingRadius);
  stem_.setLines({{*point, {(*point)[0], (*point)[1], stemTop}}});
}

void SurfaceScene::setCrossHair(const HeightField& field, std::optional<std::array<double, 2>> at) {
  const double height = at ? field.interpolate((*at)[0], (*at)[1]) : std::nan("");
  const bool shown = std::isfinite(height);
  for (ScenePart* part : {&crossHair_, &probe_, &probeRing_}) part->actor->SetVisibility(shown);
  if (!shown) return;
  constexpr int kPoints = 129;
  Polylines lines;
  for (int axis = 0; axis < 2; ++axis) {
    lines.emplace_back();
    for (int i = 0; i < kPoints; ++i) {
      const double along = -1 + 2.0 * i / (kPoints - 1);
      const double x = axis == 0 ? along : (*at)[0], y = axis == 0 ? (*at)[1] : along, z = field.interpolate(x, y);
      if (std::isfinite(z)) {
        lines.back().push_back({x, y, z});
      } else if (!lines.back().empty()) {
        lines.emplace_back();
      }
    }
  }
  crossHair_.setLines(lines);
  probe_.setBall({(*at)[0], (*at)[1], height}, kProbeRadius);
  probeRing_.setBall({(*at)[0], (*at)[1], height}, kProbeRingRadius);
}

void SurfaceScene::place(const OrbitCamera& camera, double pixelRatio) {
  for (ScenePart* part : parts()) part->place(camera, pixelRatio);
  const AxesPlacement placement = axesPlacement(camera);
  const bool top = camera.elevation > 80;  // seen from above, walls are lines over the edges
  if (placed_ == placement && top == top_) return;
  placed_ = placement;
  top_ = top;
  zEdge_.setLines({{{placement.cornerX, placement.cornerY, 0}, {placement.cornerX, placement.cornerY, kBoxHeight}}});
  walls_[0].actor->SetVisibility(!top && placement.nearX > 0);
  walls_[1].actor->SetVisibility(!top && placement.nearX < 0);
  walls_[2].actor->SetVisibility(!top && placement.nearY > 0);
  walls_[3].actor->SetVisibility(!top && placement.nearY < 0);
}

}  // namespace ui
