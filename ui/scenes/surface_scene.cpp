// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/surface_scene.h"

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSphereSource.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ui {
namespace {

constexpr double kLift = 0.997, kBallLift = 0.994;
constexpr double kBallRadius = 0.030, kRingRadius = 0.042, kProbeRadius = 0.020, kProbeRingRadius = 0.030;

void paint(vtkActor* actor, const QColor& colour, double opacity = 1) {
  actor->GetProperty()->SetColor(colour.redF(), colour.greenF(), colour.blueF());
  actor->GetProperty()->SetOpacity(opacity);
}

}  // namespace

AxesPlacement axesPlacement(const OrbitCamera& camera) {
  const double a = camera.azimuth * std::numbers::pi / 180;
  const double x = std::cos(a), y = std::sin(a);
  const auto sign = [](double v) { return v < 0 ? -1.0 : 1.0; };
  return {.nearX = sign(x), .nearY = sign(y), .cornerX = sign(-y), .cornerY = sign(x)};
}

void SurfaceScene::Part::connect(vtkRenderer* renderer) {
  mapper->SetInputData(data);
  actor->SetMapper(mapper);
  actor->GetProperty()->LightingOff();
  actor->PickableOff();
  actor->ForceOpaqueOn();
  actor->VisibilityOff();
  renderer->AddActor(actor);
}

void SurfaceScene::Part::setLines(const Polylines& lines) {
  vtkNew<vtkPoints> points;
  points->SetDataTypeToFloat();
  vtkNew<vtkCellArray> cells;
  for (const auto& line : lines) {
    if (line.size() < 2) continue;
    cells->InsertNextCell(static_cast<vtkIdType>(line.size()));
    for (const Point3& p : line) cells->InsertCellPoint(points->InsertNextPoint(p.data()));
  }
  data->Initialize();
  data->SetPoints(points);
  data->SetLines(cells);
  actor->SetVisibility(cells->GetNumberOfCells() > 0);
}

void SurfaceScene::Part::setBall(const Point3& centre, double radius) {
  vtkNew<vtkSphereSource> sphere;
  sphere->SetCenter(centre[0], centre[1], centre[2]);
  sphere->SetRadius(radius);
  sphere->SetThetaResolution(20);
  sphere->SetPhiResolution(14);
  sphere->Update();
  data->ShallowCopy(sphere->GetOutput());
  actor->VisibilityOn();
}

SurfaceScene::SurfaceScene(vtkRenderer* renderer) : renderer_(renderer) {
  for (Part& wall : walls_) wall.connect(renderer);
  for (Part* part : {&floor_, &zEdge_, &surface_, &contours_, &crossHair_, &stem_, &minimumRing_, &minimum_, &probeRing_, &probe_}) {
    part->connect(renderer);
  }
  for (Part* part : {&contours_, &crossHair_, &stem_}) part->towardsEye = kLift;
  for (Part* part : {&minimum_, &minimumRing_, &probe_, &probeRing_}) part->towardsEye = kBallLift;
  for (Part* part : {&minimumRing_, &probeRing_}) part->actor->GetProperty()->FrontfaceCullingOn();
  crossHair_.width = 1.3;
  stem_.width = 1.2;
  surface_.mapper->SetColorModeToDirectScalars();
  surface_.mapper->SetScalarModeToUsePointData();
  const double e = 1;
  floor_.setLines({{{-e, -e, 0}, {e, -e, 0}, {e, e, 0}, {-e, e, 0}, {-e, -e, 0}}});
  setColours({});
}

void SurfaceScene::setColours(const SceneColours& colours) {
  renderer_->SetBackground(colours.background.redF(), colours.background.greenF(), colours.background.blueF());
  for (Part& wall : walls_) paint(wall.actor, colours.grid);
  paint(floor_.actor, colours.axis);
  paint(zEdge_.actor, colours.axis);
  paint(contours_.actor, Qt::black, colours.contourOpacity);
  paint(crossHair_.actor, Qt::white, 0.75);
  paint(stem_.actor, Qt::white, 0.9);
  const QColor dark(0x15, 0x18, 0x1C);
  for (Part* part : {&minimumRing_, &probeRing_}) paint(part->actor, dark);
  for (Part* part : {&minimum_, &probe_}) paint(part->actor, Qt::white);
}

void SurfaceScene::setSurface(const HeightField& field, const std::vector<double>& contourHeights) {
  const SurfaceMesh mesh = surfaceMesh(field);
  const auto count = static_cast<vtkIdType>(mesh.points.size() / 3);
  vtkNew<vtkFloatArray> coordinates, normals;
  for (auto [array, values] : {std::pair{coordinates.Get(), &mesh.points}, std::pair{normals.Get(), &mesh.normals}}) {
    array->SetNumberOfComponents(3);
    array->SetNumberOfTuples(count);
    std::copy(values->begin(), values->end(), array->GetPointer(0));
  }
  normals->SetName("NORMAL");
  vtkNew<vtkUnsignedCharArray> colours;
  colours->SetName("COLOR_0");
  colours->SetNumberOfComponents(4);
  colours->SetNumberOfTuples(count);
  std::copy(mesh.colours.begin(), mesh.colours.end(), colours->GetPointer(0));
  vtkNew<vtkPoints> points;
  points->SetData(coordinates);
  vtkNew<vtkCellArray> cells;
  for (std::size_t i = 0; i + 2 < mesh.triangles.size(); i += 3) {
    const std::array<vtkIdType, 3> triangle{mesh.triangles[i], mesh.triangles[i + 1], mesh.triangles[i + 2]};
    cells->InsertNextCell(3, triangle.data());
  }
  surface_.data->Initialize();
  surface_.data->SetPoints(points);
  surface_.data->SetPolys(cells);
  surface_.data->GetPointData()->SetScalars(colours);
  surface_.data->GetPointData()->SetNormals(normals);
  surface_.actor->SetVisibility(!mesh.triangles.empty());
  const auto segments = contourSegments(field, contourHeights);
  Polylines lines;
  for (std::size_t i = 0; i + 1 < segments.size(); i += 2) lines.push_back({segments[i], segments[i + 1]});
  contours_.setLines(lines);
  floor_.actor->VisibilityOn();
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
  for (Part* part : {&surface_, &contours_, &crossHair_, &stem_, &minimum_, &minimumRing_, &probe_, &probeRing_}) part->actor->VisibilityOff();
}

void SurfaceScene::setMinimum(std::optional<Point3> point, double stemTop) {
  for (Part* part : {&stem_, &minimum_, &minimumRing_}) part->actor->SetVisibility(point.has_value());
  if (!point) return;
  minimum_.setBall(*point, kBallRadius);
  minimumRing_.setBall(*point, kRingRadius);
  stem_.setLines({{*point, {(*point)[0], (*point)[1], stemTop}}});
}

void SurfaceScene::setCrossHair(const HeightField& field, std::optional<std::array<double, 2>> at) {
  const double height = at ? field.interpolate((*at)[0], (*at)[1]) : std::nan("");
  const bool shown = std::isfinite(height);
  for (Part* part : {&crossHair_, &probe_, &probeRing_}) part->actor->SetVisibility(shown);
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
  const Point3 eye = camera.position();
  for (Part* part : {&contours_, &crossHair_, &stem_, &minimum_, &minimumRing_, &probe_, &probeRing_}) {
    part->actor->SetOrigin(eye[0], eye[1], eye[2]);
    part->actor->SetScale(part->towardsEye);
  }
  for (Part* part : {&contours_, &crossHair_, &stem_, &floor_, &zEdge_, &walls_[0], &walls_[1], &walls_[2], &walls_[3]}) {
    part->actor->GetProperty()->SetLineWidth(static_cast<float>(part->width * pixelRatio));
  }
  const AxesPlacement placement = axesPlacement(camera);
  if (placed_ == placement) return;
  placed_ = placement;
  zEdge_.setLines({{{placement.cornerX, placement.cornerY, 0}, {placement.cornerX, placement.cornerY, kBoxHeight}}});
  const bool top = camera.elevation > 80;  // seen from above, walls are lines over the edges
  walls_[0].actor->SetVisibility(!top && placement.nearX > 0);
  walls_[1].actor->SetVisibility(!top && placement.nearX < 0);
  walls_[2].actor->SetVisibility(!top && placement.nearY > 0);
  walls_[3].actor->SetVisibility(!top && placement.nearY < 0);
}

}  // namespace ui
