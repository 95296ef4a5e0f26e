// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/vtk_view.h"

#include <vtkAutoInit.h>
#include <vtkCallbackCommand.h>
#include <vtkCamera.h>
#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLState.h>
#include <vtkProp.h>
#include <vtkPropCollection.h>
#include <vtkRenderer.h>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QOpenGLContext>
#include <QSurfaceFormat>
#include <QWheelEvent>
#include <algorithm>

VTK_MODULE_INIT(vtkRenderingOpenGL2);

namespace ui {
namespace {

constexpr int kRestSamples = 4;

}  // namespace

QSurfaceFormat sceneSurfaceFormat() {
  QSurfaceFormat format;
  format.setRenderableType(QSurfaceFormat::OpenGL);
  format.setVersion(3, 2);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setDepthBufferSize(24);
  format.setStencilBufferSize(8);
  format.setSamples(0);  // VTK resolves its own samples
  return format;
}

VtkView::VtkView(QWidget* parent) : QOpenGLWidget(parent) {
  setFormat(sceneSurfaceFormat());
  setUpdateBehavior(QOpenGLWidget::PartialUpdate);  // a frame stays until the next
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  window_->SetReadyForRendering(false);
  window_->SetOwnContext(0);
  window_->SetForceMaximumHardwareLineWidth(1);  // a core profile ignores glLineWidth: VTK's geometry shader draws wide lines instead
  window_->SetFrameBlitModeToBlitToCurrent();
  window_->SetMultiSamples(kRestSamples);
  window_->AddRenderer(renderer_);
  renderer_->SetBackgroundAlpha(1.0);  // 0, the default, leaves the window transparent
  renderer_->AutomaticLightCreationOff();
  answers_->SetCallback(&VtkView::answerWindow);
  answers_->SetClientData(this);
  for (const auto event :
       {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent, vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowFrameEvent}) {
    window_->AddObserver(event, answers_);
  }
  shareCamera(camera_);
}

VtkView::~VtkView() {
  disconnect(contextGone_);  // before Qt's own destructor emits it on a half-destroyed widget
  releaseWindow();
  window_->RemoveObserver(answers_);
}

void VtkView::answerWindow(vtkObject*, unsigned long event, void* self, void* result) {
  auto* view = static_cast<VtkView*>(self);
  QOpenGLContext* context = view->context();
  switch (event) {
    case vtkCommand::WindowMakeCurrentEvent:
      // Not QOpenGLWidget::makeCurrent(), which binds Qt's framebuffer in the middle of VTK's frame.
      if (context != nullptr && context->surface() != nullptr) context->makeCurrent(context->surface());
      break;
    case vtkCommand::WindowIsCurrentEvent:
      *static_cast<bool*>(result) = context != nullptr && QOpenGLContext::currentContext() == context;
      break;
    case vtkCommand::WindowSupportsOpenGLEvent:
      *static_cast<int*>(result) = 1;
      break;
    default:
      break;
  }
}

void VtkView::releaseWindow() {
  if (context() == nullptr) return;
  makeCurrent();
  window_->Finalize();
  window_->SetReadyForRendering(false);
  doneCurrent();
}

void VtkView::initializeGL() {
  disconnect(contextGone_);
  contextGone_ = connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &VtkView::releaseWindow);
  window_->SetReadyForRendering(true);
  window_->SetForceMaximumHardwareLineWidth(1);
  window_->OpenGLInitContext();
  drawn_ = 0;
}

void VtkView::resizeGL(int, int) {
  const double ratio = devicePixelRatioF();
  window_->SetSize(qRound(width() * ratio), qRound(height() * ratio));
  window_->SetDPI(qRound(72 * ratio));
  drawn_ = 0;
}

vtkMTimeType VtkView::newestChange() const {
  vtkMTimeType newest = std::max({renderer_->GetMTime(), renderer_->GetActiveCamera()->GetMTime(), window_->GetMTime()});
  vtkPropCollection* props = renderer_->GetViewProps();
  vtkCollectionSimpleIterator at;
  props->InitTraversal(at);
  while (vtkProp* prop = props->GetNextProp(at)) newest = std::max(newest, prop->GetRedrawMTime());
  return newest;
}

void VtkView::aimCamera() {
  const OrbitCamera& orbit = camera();
  const auto eye = orbit.position();
  vtkCamera* active = renderer_->GetActiveCamera();
  active->SetPosition(eye[0], eye[1], eye[2]);
  active->SetFocalPoint(orbit.focalPoint[0], orbit.focalPoint[1], orbit.focalPoint[2]);
  active->SetViewUp(0, 0, 1);
  active->SetViewAngle(projection().viewAngle());
  active->SetParallelProjection(orbit.parallel);
  active->SetParallelScale(projection().parallelScale());
  active->SetClippingRange(std::max(0.1, orbit.distance - 3), orbit.distance + 3);
}

void VtkView::paintGL() {
  if (!window_->GetReadyForRendering()) return;
  aimCamera();
  prepareFrame();
  if (drawn_ != 0 && newestChange() <= drawn_) return;  // the framebuffer still holds it
  window_->GetState()->Reset();
  window_->GetState()->Push();
  window_->Render();
  window_->GetState()->Pop();
  drawn_ = newestChange();
  ++frames_;
}

void VtkView::shareCamera(std::shared_ptr<ViewCamera> camera) {
  disconnect(camera_.get(), nullptr, this, nullptr);
  camera_ = std::move(camera);
  connect(camera_.get(), &ViewCamera::changed, this, qOverload<>(&QWidget::update));
  connect(camera_.get(), &ViewCamera::movingChanged, this, &VtkView::cameraMoves);
  cameraMoves(camera_->moving());
}

void VtkView::cameraMoves(bool moving) {
  window_->SetMultiSamples(moving ? 0 : kRestSamples);
  update();
}

void VtkView::mousePressEvent(QMouseEvent* event) {
  emit touched();
  pressed_ = last_ = event->position();
  turning_ = event->button() == Qt::LeftButton;
}

void VtkView::mouseMoveEvent(QMouseEvent* event) {
  if (!turning_ || (event->buttons() & Qt::LeftButton) == 0) return;
  if (!camera_->moving() && (event->position() - pressed_).manhattanLength() <= 2) return;
  camera_->begin();
  OrbitCamera next = camera();
  next.drag(event->position().x() - last_.x(), event->position().y() - last_.y());
  last_ = event->position();
  camera_->set(next);
}

void VtkView::mouseReleaseEvent(QMouseEvent* event) {
  if (!turning_ || event->button() != Qt::LeftButton) return;
  turning_ = false;
  if (!camera_->moving() && (event->position() - pressed_).manhattanLength() <= 2) clicked(event->position());
  camera_->end();
}

void VtkView::mouseDoubleClickEvent(QMouseEvent* event) {
  turning_ = false;
  if (event->button() == Qt::LeftButton) emit enlargeRequested();
}

void VtkView::wheelEvent(QWheelEvent* event) {
  emit touched();
  OrbitCamera next = camera();
  next.zoom(event->angleDelta().y() / 120.0);
  camera_->moveOnce();
  camera_->set(next);
  event->accept();
}

void VtkView::keyPressEvent(QKeyEvent* event) {
  OrbitCamera next = camera();
  switch (event->key()) {
    case Qt::Key_1: next = next.movedTo(OrbitCamera::front()); break;
    case Qt::Key_3: next = next.movedTo(OrbitCamera::right()); break;
    case Qt::Key_7: next = next.movedTo(OrbitCamera::top()); break;
    case Qt::Key_9: next = next.movedTo(OrbitCamera::iso()); break;
    case Qt::Key_R: next = OrbitCamera::iso(); break;
    case Qt::Key_5: next.parallel = !next.parallel; break;
    default: return QOpenGLWidget::keyPressEvent(event);
  }
  camera_->set(next);
}

}  // namespace ui
