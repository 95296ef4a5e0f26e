// SPDX-License-Identifier: GPL-3.0-or-later
// Stills of a view: tile by tile with the view's own context, so that neither memory nor the largest framebuffer sets their size.
#include <vtkCamera.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>
#include <vtkUnsignedCharArray.h>

#include <QOpenGLContext>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "ui/scenes/vtk_view.h"

namespace ui {
namespace {

constexpr int kTile = 2048, kStillSamples = 4;

}  // namespace

/// One of tiles x tiles parts of the camera's picture; row 0 at the bottom.
QImage VtkView::renderTile(QSize size, int tiles, int column, int row) {
  vtkCamera* camera = renderer_->GetActiveCamera();
  const double half = std::tan(projection().viewAngle() * std::numbers::pi / 360) / tiles;
  camera->SetViewAngle(2 * std::atan(half) * 180 / std::numbers::pi);
  camera->SetParallelScale(projection().parallelScale() / tiles);
  camera->SetWindowCenter(2 * column - (tiles - 1), 2 * row - (tiles - 1));  // in halves of a tile
  window_->GetState()->Reset();
  window_->GetState()->Push();
  window_->Render();
  vtkNew<vtkUnsignedCharArray> pixels;
  window_->GetRGBACharPixelData(0, 0, size.width() - 1, size.height() - 1, 0, pixels);
  window_->GetState()->Pop();
  if (pixels->GetNumberOfTuples() < qint64(size.width()) * size.height()) return {};
  return QImage(pixels->GetPointer(0), size.width(), size.height(), 4 * size.width(), QImage::Format_RGBA8888_Premultiplied).mirrored();
}

QImage VtkView::renderStill(QSize pixels, bool transparent) {
  if (context() == nullptr || !window_->GetReadyForRendering() || pixels.isEmpty() || width() < 1) return {};
  QImage still(pixels, QImage::Format_RGBA8888_Premultiplied);
  if (still.isNull()) return {};
  const int tiles = (std::max(pixels.width(), pixels.height()) - 1) / kTile + 1;
  const QSize size((pixels.width() + tiles - 1) / tiles, (pixels.height() + tiles - 1) / tiles);
  const int* before = window_->GetSize();
  const QSize shown(before[0], before[1]);
  std::array<double, 3> background{};
  renderer_->GetBackground(background.data());
  makeCurrent();
  stillRatio_ = double(pixels.width()) / width();
  aimCamera();
  prepareFrame();
  window_->SetFrameBlitModeToNoBlit();
  window_->SetMultiSamples(kStillSamples);
  window_->SetSize(size.width(), size.height());
  if (transparent) {
    window_->SetAlphaBitPlanes(1);
    renderer_->SetBackground(0, 0, 0);  // premultiplied: edges take nothing of it
    renderer_->SetBackgroundAlpha(0);
  }
  bool whole = true;
  for (int row = 0; row < tiles && whole; ++row)
    for (int column = 0; column < tiles && whole; ++column) {
      const QImage part = renderTile(size, tiles, column, row);
      whole = !part.isNull();
      // Row 0 of the tiles is the lowest; what they have too much, less than a pixel a tile, is left out at the top and at the right.
      const int left = column * size.width(), top = pixels.height() - (row + 1) * size.height(), bytes = 4 * std::min(size.width(), pixels.width() - left);
      for (int y = std::max(0, -top); y < part.height(); ++y) std::memcpy(still.scanLine(top + y) + 4 * left, part.constScanLine(y), static_cast<std::size_t>(bytes));
    }
  renderer_->SetBackground(background.data());
  renderer_->SetBackgroundAlpha(1);
  renderer_->GetActiveCamera()->SetWindowCenter(0, 0);
  window_->SetSize(shown.width(), shown.height());
  window_->SetFrameBlitModeToBlitToCurrent();
  cameraMoves(camera_->moving());
  stillRatio_ = 0;
  drawn_ = 0;
  doneCurrent();
  update();
  return whole ? still : QImage();
}

}  // namespace ui
