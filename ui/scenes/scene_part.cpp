// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/scene_part.h"

#include <vtkAppendPolyData.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSphereSource.h>
#include <vtkUnsignedCharArray.h>

namespace ui {

void ScenePart::connect(vtkRenderer* renderer) {
  mapper->SetInputData(data);
  actor->SetMapper(mapper);
  actor->GetProperty()->LightingOff();
  actor->PickableOff();
  actor->ForceOpaqueOn();
  actor->VisibilityOff();
  renderer->AddActor(actor);
}

void ScenePart::paint(const QColor& colour, double opacity) {
  actor->GetProperty()->SetColor(colour.redF(), colour.greenF(), colour.blueF());
  actor->GetProperty()->SetOpacity(opacity);
}

void ScenePart::setLines(const Polylines& lines) {
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

void ScenePart::setBall(const Point3& centre, double radius) { setBalls({centre}, radius); }

void ScenePart::setBalls(const std::vector<Point3>& centres, double radius) {
  vtkNew<vtkAppendPolyData> all;
  for (const Point3& centre : centres) {
    vtkNew<vtkSphereSource> sphere;
    sphere->SetCenter(centre[0], centre[1], centre[2]);
    sphere->SetRadius(radius);
    sphere->SetThetaResolution(20);
    sphere->SetPhiResolution(14);
    sphere->Update();
    all->AddInputData(sphere->GetOutput());
  }
  if (!centres.empty()) {
    all->Update();
    data->ShallowCopy(all->GetOutput());
  }
  actor->SetVisibility(!centres.empty());
}

void ScenePart::setMesh(const SurfaceMesh& mesh) {
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
  data->Initialize();
  data->SetPoints(points);
  data->SetPolys(cells);
  data->GetPointData()->SetScalars(colours);
  data->GetPointData()->SetNormals(normals);
  mapper->SetColorModeToDirectScalars();
  mapper->SetScalarModeToUsePointData();
  actor->SetVisibility(!mesh.triangles.empty());
}

void ScenePart::setQuad(const std::array<Point3, 4>& corners) {
  vtkNew<vtkPoints> points;
  vtkNew<vtkCellArray> cells;
  cells->InsertNextCell(4);
  for (const Point3& p : corners) cells->InsertCellPoint(points->InsertNextPoint(p.data()));
  data->Initialize();
  data->SetPoints(points);
  data->SetPolys(cells);
  actor->VisibilityOn();
}

void ScenePart::place(const OrbitCamera& camera, double pixelRatio) {
  actor->GetProperty()->SetLineWidth(static_cast<float>(width * pixelRatio));
  if (towardsEye == 1) return;
  const Point3 eye = camera.position(), forward = camera.forward();
  const double shift = camera.parallel ? (towardsEye - 1) * camera.distance : 0;  // a parallel view has no eye to scale about
  actor->SetOrigin(eye[0], eye[1], eye[2]);
  actor->SetScale(camera.parallel ? 1 : towardsEye);
  actor->SetPosition(shift * forward[0], shift * forward[1], shift * forward[2]);
}

}  // namespace ui
