// SPDX-License-Identifier: GPL-3.0-or-later
// Four linked surfaces of the Landscape page: how long a frame takes while they turn and at rest, a hover, and the longest silence of the event loop meanwhile.
// scene_frames [POINTS A SIDE = 257] [FRAMES = 40]; needs a display (xvfb-run will do). Medians.
#include <fmt/format.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "tests/ui/scene_fields.h"
#include "ui/pages/landscape_board.h"
#include "ui/pages/landscape_views.h"
#include "ui/scenes/surface_view.h"

namespace {

using namespace ui;

/// The longest time between two beats of a 5 ms timer.
class Heartbeat : public QObject {
 public:
  Heartbeat() {
    beat_.setTimerType(Qt::PreciseTimer);
    connect(&beat_, &QTimer::timeout, this, [this] { longest_ = std::max(longest_, since_.restart()); });
    since_.start();
    beat_.start(5);
  }
  qint64 takeLongest() { return std::exchange(longest_, 0); }

 private:
  QTimer beat_;
  QElapsedTimer since_;
  qint64 longest_ = 0;
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

/// One change, until every view has drawn it.
template <class Change>
double framesOf(LandscapeBoard& board, int frames, const Change& change) {
  std::vector<double> times;
  for (int i = 0; i < frames; ++i) {
    QElapsedTimer clock;
    clock.start();
    change(i);
    for (SurfaceView* view : board.views()->views()) view->grabFramebuffer();
    QCoreApplication::processEvents();
    times.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
  }
  return median(times);
}

std::string rendererName() {
  QOffscreenSurface surface;
  surface.create();
  QOpenGLContext context;
  if (!context.create() || !context.makeCurrent(&surface)) return "none";
  return reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER));
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  QSurfaceFormat::setDefaultFormat(sceneSurfaceFormat());
  QApplication application(argc, argv);
  const int side = argc > 1 ? std::atoi(argv[1]) : 257, frames = argc > 2 ? std::atoi(argv[2]) : 40;
  LandscapeBoard board;
  board.resize(1000, 800);
  std::vector<BoardRun> runs;
  for (int i = 0; i < 4; ++i) runs.push_back({.folder = "run" + std::to_string(i), .name = QStringLiteral("run %1").arg(i), .swatch = {}, .look = {}, .measurable = true, .waiting = {}, .curvature = {}});
  board.setRuns(runs);
  for (int i = 0; i < 4; ++i)
    board.setSurface(runs[static_cast<std::size_t>(i)].folder, sampled(side, [i](double x, double y) { return 0.1 + (1 + 0.3 * i) * x * x + (1.5 - 0.2 * i) * y * y + 0.1 * std::sin(9 * x * y); }));
  board.refresh();
  board.show();
  if (!QTest::qWaitForWindowExposed(&board)) return 1;
  QTest::qWait(500);
  Heartbeat heartbeat;
  fmt::print("{}; {} views of {} x {} points, {} x {} pixels each\n", rendererName(), board.views()->views().size(), side, side, board.view()->width(), board.view()->height());
  ViewCamera& camera = *board.view()->viewCamera();
  const auto turn = [&](int i) {
    OrbitCamera orbit = camera.orbit();
    orbit.azimuth += i % 2 == 0 ? 1.5 : -1.0;
    camera.set(orbit);
  };
  fmt::print("at rest, camera set: all four frames {:.1f} ms\n", framesOf(board, frames, turn));
  camera.begin();
  heartbeat.takeLongest();
  fmt::print("while dragged: all four frames {:.1f} ms", framesOf(board, frames, turn));
  fmt::print(", longest silence of the event loop {} ms\n", heartbeat.takeLongest());
  camera.end();
  QTest::qWait(300);
  std::vector<double> handled;
  heartbeat.takeLongest();
  const double hover = framesOf(board, frames, [&](int i) {
    QElapsedTimer clock;
    clock.start();
    board.setProbe(QPointF(0.6 * std::sin(0.3 * i), 0.6 * std::cos(0.2 * i)));
    handled.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
  });
  fmt::print("hover: read and told to every part {:.2f} ms, all four frames {:.1f} ms, longest silence {} ms\n", median(handled), hover, heartbeat.takeLongest());
  return 0;
}
