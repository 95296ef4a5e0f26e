// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vtkNew.h>
#include <vtkSmartPointer.h>

#include <QOpenGLWidget>
#include <QPointF>

#include "ui/scenes/orbit_camera.h"

class vtkCallbackCommand;
class vtkGenericOpenGLRenderWindow;
class vtkObject;
class vtkRenderer;

namespace ui {

/// What the default surface format must be before QApplication is made (with Qt::AA_ShareOpenGLContexts).
QSurfaceFormat sceneSurfaceFormat();

/// A VTK render window inside a Qt widget, with an orbit camera of our own: drag turns, wheel zooms, 1 3 7 9 are front, right, top and iso, R or a
/// double click resets. No interactor, so nothing happens behind our back and an idle view never repaints. Survives reparenting.
class VtkView : public QOpenGLWidget {
  Q_OBJECT
 public:
  explicit VtkView(QWidget* parent = nullptr);
  ~VtkView() override;

  const OrbitCamera& camera() const { return camera_; }
  void setCamera(const OrbitCamera& camera);
  Projection projection() const { return {camera_, QSizeF(size())}; }
  QSize sizeHint() const override { return {480, 360}; }
  QSize minimumSizeHint() const override { return {160, 140}; }

 signals:
  void cameraChanged();  ///< by the user, not by setCamera

 protected:
  vtkRenderer* renderer() const { return renderer_; }
  bool turning() const { return turning_; }
  /// Before each frame, context current: place what depends on the camera. Line widths are in device pixels: times devicePixelRatioF().
  virtual void prepareFrame() {}
  virtual void clicked(QPointF) {}

  void initializeGL() override;
  void resizeGL(int width, int height) override;
  void paintGL() override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  static void answerWindow(vtkObject*, unsigned long event, void* self, void* result);
  void releaseWindow();
  void moveCamera(const OrbitCamera& camera);

  vtkNew<vtkGenericOpenGLRenderWindow> window_;
  vtkNew<vtkRenderer> renderer_;
  vtkNew<vtkCallbackCommand> answers_;
  QMetaObject::Connection contextGone_;
  OrbitCamera camera_;
  QPointF pressed_, last_;
  bool turning_ = false;
};

}  // namespace ui
