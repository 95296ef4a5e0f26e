// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QApplication>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "tests/ui/scene_fields.h"
#include "ui/scenes/height_probe.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

/// Needs OpenGL behind Qt's platform: run under Xvfb.
class SurfaceViewGl : public testing::Test {
 protected:
  void SetUp() override {
    if (QApplication::platformName() == QLatin1String("offscreen")) GTEST_SKIP() << "the offscreen platform has no OpenGL: run under xvfb-run";
    view.setParent(&window);
    view.setGeometry(0, 0, 400, 320);
    window.resize(400, 320);
    view.setSurface(surface, scale, 0);
    window.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
  }

  static int difference(QRgb a, QRgb b) {
    return std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)), std::abs(qBlue(a) - qBlue(b))});
  }

  const SurfaceSnapshot surface = bowl(33);
  const HeightScale scale{.kind = ScaleKind::linear, .from = 0, .to = 2, .minimum = 0};
  QWidget window;
  SurfaceView view;
};

TEST_F(SurfaceViewGl, thePictureHasTheBakedColourWhereTheProjectionPutsIt) {
  view.setCamera(OrbitCamera::top());
  const QImage image = view.grabFramebuffer();
  const HeightField field = heightField(surface, scale);
  const SurfaceMesh mesh = surfaceMesh(field);
  const double ratio = static_cast<double>(image.width()) / view.width();
  int compared = 0;
  for (const auto& [row, column] : {std::pair{8, 8}, std::pair{8, 24}, std::pair{24, 6}, std::pair{28, 28}, std::pair{4, 14}}) {
    const auto vertex = static_cast<std::size_t>(row * 33 + column);
    const QPointF at = view.projection().toPixels({field.x[static_cast<std::size_t>(column)], field.y[static_cast<std::size_t>(row)], field.at(row, column)});
    const QRgb seen = image.pixel(static_cast<int>(at.x() * ratio), static_cast<int>(at.y() * ratio));
    const QRgb baked = qRgb(mesh.colours[4 * vertex], mesh.colours[4 * vertex + 1], mesh.colours[4 * vertex + 2]);
    // A pixel is a fifth of a cell, and colours change by up to 20 a cell.
    EXPECT_LE(difference(seen, baked), 12) << row << ", " << column;
    ++compared;
  }
  EXPECT_EQ(compared, 5);
  EXPECT_LE(difference(image.pixel(2, 2), SceneColours{}.background.rgb()), 1);
}

TEST_F(SurfaceViewGl, contoursDarkenAndColoursOfTheThemeAreTaken) {
  const auto brightness = [](const QImage& image) {
    double sum = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) sum += qGray(image.pixel(x, y));
    }
    return sum / (image.width() * image.height());
  };
  const double plain = brightness(view.grabFramebuffer());
  view.setSurface(surface, scale, 16);
  EXPECT_LT(brightness(view.grabFramebuffer()), plain - 0.5);
  SceneColours dark;
  dark.background = QColor(0x15, 0x18, 0x1C);
  view.setColours(dark);
  EXPECT_LE(difference(view.grabFramebuffer().pixel(2, 2), dark.background.rgb()), 1);
}

TEST_F(SurfaceViewGl, survivesANewParent) {
  const QImage before = view.grabFramebuffer();
  QWidget other;
  other.resize(400, 320);
  view.setParent(&other);
  view.show();
  other.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&other));
  EXPECT_EQ(view.grabFramebuffer(), before);
  view.setParent(nullptr);  // not deleted by `other`
}

TEST_F(SurfaceViewGl, hoveringReportsThePointUnderThePointer) {
  QSignalSpy probed(&view, &SurfaceView::probed);
  view.setCamera({.azimuth = -125, .elevation = 70});
  const double height = view.field().interpolate(0.25, -0.4);
  const QPointF at = view.projection().toPixels({0.25, -0.4, height});
  QTest::mouseMove(&view, at.toPoint());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !probed.isEmpty(); }, 2000));
  const QPointF read = probed.last().at(0).toPointF();
  EXPECT_NEAR(read.x(), 0.25, 0.02);  // toPoint() moves it by up to 0.7 pixels of about 0.012 each
  EXPECT_NEAR(read.y(), -0.4, 0.02);
}

TEST_F(SurfaceViewGl, draggingTurnsAndKeysReset) {
  const OrbitCamera before = view.camera();
  QTest::mousePress(&view, Qt::LeftButton, {}, {200, 160});
  QMouseEvent move(QEvent::MouseMove, QPointF(250, 160), QPointF(250, 160), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&view, &move);
  QTest::mouseRelease(&view, Qt::LeftButton, {}, {250, 160});
  EXPECT_NEAR(view.camera().azimuth, before.azimuth - 20, 1e-9);
  QTest::keyClick(&view, Qt::Key_7);
  EXPECT_EQ(view.camera(), OrbitCamera::top());
  QTest::keyClick(&view, Qt::Key_R);
  EXPECT_EQ(view.camera(), OrbitCamera::iso());
}

TEST_F(SurfaceViewGl, labelsNameTheAxesAndTheMinimum) {
  view.setAxes({.name = QStringLiteral("random 1")}, {.name = QStringLiteral("random 2")}, QStringLiteral("loss"));
  const auto labels = view.labels();
  const auto written = [&](const QString& text) { return std::ranges::any_of(labels, [&](const OverlayLabel& l) { return l.text == text; }); };
  EXPECT_TRUE(written(QStringLiteral("random 1")));
  EXPECT_TRUE(written(QStringLiteral("min 0")));
  EXPECT_TRUE(written(QStringLiteral("\u22121")));
  for (const OverlayLabel& label : labels) EXPECT_TRUE(QRectF(view.rect()).contains(label.at)) << label.text.toStdString();
}

}  // namespace
}  // namespace ui
