// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/vtk_view.h"

#include <vtkAutoInit.h>
#include <vtkCallbackCommand.h>
#include <vtkCamera.h>
#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QOpenGLContext>
#include <QSurfaceFormat>
#include <QWheelEvent>

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
}

void VtkView::resizeGL(int, int) {
  const double ratio = devicePixelRatioF();
  window_->SetSize(qRound(width() * ratio), qRound(height() * ratio));
  window_->SetDPI(qRound(72 * ratio));
}

void VtkView::paintGL() {
  if (!window_->GetReadyForRendering()) return;
  const auto eye = camera_.position();
  vtkCamera* active = renderer_->GetActiveCamera();
  active->SetPosition(eye[0], eye[1], eye[2]);
  active->SetFocalPoint(camera_.focalPoint[0], camera_.focalPoint[1], camera_.focalPoint[2]);
  active->SetViewUp(0, 0, 1);
  active->SetViewAngle(projection().viewAngle());
  active->SetClippingRange(std::max(0.1, camera_.distance - 3), camera_.distance + 3);
  prepareFrame();
  window_->GetState()->Reset();
  window_->GetState()->Push();
  window_->Render();
  window_->GetState()->Pop();
}

void VtkView::setCamera(const OrbitCamera& camera) {
  if (camera == camera_) return;
  camera_ = camera;
  update();
}

void VtkView::moveCamera(const OrbitCamera& camera) {
  setCamera(camera);
  emit cameraChanged();
}

void VtkView::mousePressEvent(QMouseEvent* event) {
  pressed_ = last_ = event->position();
  turning_ = event->button() == Qt::LeftButton;
}

void VtkView::mouseMoveEvent(QMouseEvent* event) {
  if (!turning_ || (event->buttons() & Qt::LeftButton) == 0) return;
  if (window_->GetMultiSamples() != 0 && (event->position() - pressed_).manhattanLength() > 2) window_->SetMultiSamples(0);
  OrbitCamera next = camera_;
  next.drag(event->position().x() - last_.x(), event->position().y() - last_.y());
  last_ = event->position();
  moveCamera(next);
}

void VtkView::mouseReleaseEvent(QMouseEvent* event) {
  if (!turning_ || event->button() != Qt::LeftButton) return;
  turning_ = false;
  if ((event->position() - pressed_).manhattanLength() <= 2) clicked(event->position());
  window_->SetMultiSamples(kRestSamples);
  update();
}

void VtkView::mouseDoubleClickEvent(QMouseEvent*) { moveCamera(OrbitCamera::iso()); }

void VtkView::wheelEvent(QWheelEvent* event) {
  OrbitCamera next = camera_;
  next.zoom(event->angleDelta().y() / 120.0);
  moveCamera(next);
  event->accept();
}

void VtkView::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_1:
      return moveCamera(OrbitCamera::front());
    case Qt::Key_3:
      return moveCamera(OrbitCamera::right());
    case Qt::Key_7:
      return moveCamera(OrbitCamera::top());
    case Qt::Key_9:
    case Qt::Key_R:
      return moveCamera(OrbitCamera::iso());
    default:
      QOpenGLWidget::keyPressEvent(event);
  }
}

}  // namespace ui
