// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/trace_scene.h"

#include <vtkActor.h>
#include <vtkAppendPolyData.h>
#include <vtkCellArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSphereSource.h>
#include <vtkTubeFilter.h>

namespace ui {
namespace {

constexpr double kTube = 0.0125, kOutline = 1.75, kBall = 0.026, kRing = 1.4, kPin = 0.022;
constexpr double kAfterThickness = 0.5, kAfterOpacity = 0.45;
constexpr double kLinesTowardsEye = 0.997, kTubesTowardsEye = 0.995, kBallsTowardsEye = 0.9935;
const QColor kDark(0x15, 0x18, 0x1C);

void fill(vtkPolyData* data, const ScenePolylines& lines) {
  vtkNew<vtkPoints> points;
  vtkNew<vtkCellArray> cells;
  for (const auto& line : lines) {
    if (line.size() < 2) continue;
    cells->InsertNextCell(static_cast<vtkIdType>(line.size()));
    for (const auto& p : line) cells->InsertCellPoint(points->InsertNextPoint(p.data()));
  }
  data->SetPoints(points);
  data->SetLines(cells);
}

}  // namespace

/// One actor.
struct TraceScene::Prop {
  vtkNew<vtkPolyDataMapper> mapper;
  vtkNew<vtkActor> actor;
  vtkRenderer* renderer;
  double towardsEye, width = 1;
  Prop(vtkRenderer* into, double lift) : renderer(into), towardsEye(lift) {
    actor->SetMapper(mapper);
    actor->GetProperty()->LightingOff();
    actor->PickableOff();
    actor->ForceOpaqueOn();
    renderer->AddActor(actor);
  }
  Prop(const Prop&) = delete;
  Prop& operator=(const Prop&) = delete;
  ~Prop() { renderer->RemoveActor(actor); }
  void paint(const QColor& colour, double opacity) {
    actor->GetProperty()->SetColor(colour.redF(), colour.greenF(), colour.blueF());
    actor->GetProperty()->SetOpacity(opacity);
  }
};

TraceScene::TraceScene(vtkRenderer* renderer) : renderer_(renderer) {}
TraceScene::~TraceScene() = default;

void TraceScene::setColours(const SceneColours& colours) {
  colours_ = colours;
  set(geometry_);
}

TraceScene::Prop& TraceScene::add(double towardsEye) { return *props_.emplace_back(std::make_unique<Prop>(renderer_, towardsEye)); }

void TraceScene::addLines(const ScenePolylines& lines, double width, const QColor& colour, double opacity) {
  if (lines.empty()) return;
  vtkNew<vtkPolyData> data;
  fill(data, lines);
  Prop& prop = add(kLinesTowardsEye);
  prop.mapper->SetInputData(data);
  prop.width = width;
  prop.paint(colour, opacity);
}

/// The outline is a wider tube whose front is not drawn.
void TraceScene::addTube(const ScenePolylines& lines, double radius, double opacity) {
  if (lines.empty()) return;
  vtkNew<vtkPolyData> data;
  fill(data, lines);
  for (const bool outline : {true, false}) {
    vtkNew<vtkTubeFilter> tube;
    tube->SetInputData(data);
    tube->SetNumberOfSides(12);
    tube->SetCapping(true);
    tube->SetRadius(outline ? kOutline * radius : radius);
    tube->Update();
    Prop& prop = add(kTubesTowardsEye);
    prop.mapper->SetInputData(tube->GetOutput());
    prop.paint(outline ? kDark : QColor(Qt::white), opacity);
    if (outline) prop.actor->GetProperty()->FrontfaceCullingOn();
  }
}

void TraceScene::addBalls(const std::vector<std::array<double, 3>>& centres, double radius, const QColor& colour, double opacity, bool ringed) {
  if (centres.empty()) return;
  for (const bool ring : {true, false}) {
    if (ring && !ringed) continue;
    vtkNew<vtkAppendPolyData> all;
    for (const auto& c : centres) {
      vtkNew<vtkSphereSource> sphere;
      sphere->SetCenter(c[0], c[1], c[2]);
      sphere->SetRadius(ring ? kRing * radius : radius);
      sphere->SetThetaResolution(16);
      sphere->SetPhiResolution(12);
      sphere->Update();
      all->AddInputData(sphere->GetOutput());
    }
    all->Update();
    Prop& prop = add(kBallsTowardsEye);
    prop.mapper->SetInputData(all->GetOutput());
    prop.paint(ring ? kDark : colour, opacity);
    if (ring) prop.actor->GetProperty()->FrontfaceCullingOn();
  }
}

void TraceScene::set(const TraceGeometry& geometry) {
  geometry_ = geometry;
  props_.clear();
  addLines(geometry_.model, 1, colours_.text, 0.55);
  for (const TraceGeometry::Path& path : geometry_.paths) {
    addLines(path.stems, 1.2, Qt::white, 0.8);
    addTube(path.after, kAfterThickness * kTube, kAfterOpacity);
    addTube(path.before, kTube, 1);
    addBalls(path.later, 0.8 * kBall, path.colour, kAfterOpacity, false);
    addBalls(path.balls, kBall, path.colour, 1, true);
  }
  addLines(geometry_.walk, 4, kDark, 0.9);
  addLines(geometry_.walk, 2, Qt::white, 1);
  if (geometry_.walker) addBalls({*geometry_.walker}, kPin, Qt::white, 1, true);
  for (const TraceGeometry::Arrow& arrow : geometry_.arrows) {
    addLines(arrow.shaft, 4.5, kDark, 0.9);
    addLines(arrow.shaft, 2.5, arrow.colour, 1);
  }
  std::vector<std::array<double, 3>> computed, interpolated;
  for (const TraceGeometry::Pin& pin : geometry_.pins) (pin.computed ? computed : interpolated).push_back(pin.at);
  addBalls(computed, kPin, Qt::white, 1, true);
  addBalls(interpolated, kPin, QColor(0x9A, 0xA3, 0xAE), 1, true);
}

void TraceScene::place(const OrbitCamera& camera, double pixelRatio) {
  const auto eye = camera.position();
  for (const auto& prop : props_) {
    prop->actor->SetOrigin(eye[0], eye[1], eye[2]);
    prop->actor->SetScale(prop->towardsEye);
    prop->actor->GetProperty()->SetLineWidth(static_cast<float>(prop->width * pixelRatio));
  }
}

}  // namespace ui
