// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vtkNew.h>
#include <vtkSmartPointer.h>
#include <vtkType.h>

#include <QImage>
#include <QOpenGLWidget>
#include <QPointF>

#include <memory>

#include "ui/scenes/orbit_camera.h"
#include "ui/scenes/view_camera.h"

class vtkCallbackCommand;
class vtkGenericOpenGLRenderWindow;
class vtkObject;
class vtkRenderer;

namespace ui {

/// What the default surface format must be before QApplication is made (with Qt::AA_ShareOpenGLContexts).
QSurfaceFormat sceneSurfaceFormat();

/// A VTK render window inside a Qt widget, with an orbit camera of our own: drag turns, wheel zooms, 1 3 7 9 are front, right, top and iso, 5 is the
/// parallel projection, R resets. Several views may share one camera. No interactor, so nothing happens behind our back and an idle view never repaints; a frame
/// whose props, camera and size have not changed is not drawn again, so that what lies over it (labels, cross-hair) is cheap. Survives reparenting.
class VtkView : public QOpenGLWidget {
  Q_OBJECT
 public:
  explicit VtkView(QWidget* parent = nullptr);
  ~VtkView() override;

  const OrbitCamera& camera() const { return camera_->orbit(); }
  void setCamera(const OrbitCamera& camera) { camera_->set(camera); }
  /// From now on the camera is that of everyone who holds this object.
  void shareCamera(std::shared_ptr<ViewCamera> camera);
  const std::shared_ptr<ViewCamera>& viewCamera() const { return camera_; }
  Projection projection() const { return {camera(), QSizeF(size())}; }
  /// The scene as the camera sees it in so many pixels, drawn in tiles off the screen. Premultiplied alpha; transparent: nothing where nothing is. Null before the
  /// view was first shown. Cost: 1.5 s at 4096 x 3072 on llvmpipe, on this thread.
  QImage renderStill(QSize pixels, bool transparent);
  qint64 framesDrawn() const { return frames_; }  ///< by VTK
  QSize sizeHint() const override { return {480, 360}; }
  QSize minimumSizeHint() const override { return {160, 140}; }

 signals:
  void enlargeRequested();  ///< double click
  void touched();           ///< pressed, or turned by the wheel

 protected:
  vtkRenderer* renderer() const { return renderer_; }
  bool turning() const { return turning_; }
  double pixelRatio() const { return stillRatio_ > 0 ? stillRatio_ : devicePixelRatioF(); }
  /// The camera has begun to move or rests again: the view draws less in between.
  virtual void cameraMoves(bool moving);
  /// Before each frame, context current: place what depends on the camera. Line widths are in device pixels: times pixelRatio().
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
  void aimCamera();
  QImage renderTile(QSize size, int tiles, int column, int row);
  vtkMTimeType newestChange() const;

  vtkNew<vtkGenericOpenGLRenderWindow> window_;
  vtkNew<vtkRenderer> renderer_;
  vtkNew<vtkCallbackCommand> answers_;
  QMetaObject::Connection contextGone_;
  std::shared_ptr<ViewCamera> camera_ = std::make_shared<ViewCamera>();
  vtkMTimeType drawn_ = 0;  ///< the newest change that is in the framebuffer; 0: none is
  qint64 frames_ = 0;
  QPointF pressed_, last_;
  bool turning_ = false;
  double stillRatio_ = 0;  ///< pixels of a still a logical pixel, while one is made
};

}  // namespace ui
