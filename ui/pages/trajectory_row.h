// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSlider>
#include <QTimer>
#include <QWidget>
#include <vector>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedLayout;
class QToolButton;

namespace ui {

class Theme;

/// A horizontal slider over the checkpoints with a tick at each.
class StepSlider : public QSlider {
  Q_OBJECT
 public:
  explicit StepSlider(QWidget* parent = nullptr);
  void setTickColour(const QColor& colour);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QColor ticks_;
};

/// A checkpoint as the row says it.
struct TrajectoryStop {
  std::int64_t step = 0;
  double loss = 0, planeLoss = 0, distance = 0;
  QString curvature = {};  ///< "lambda max 9.63", or that it was not tracked there
  bool operator==(const TrajectoryStop&) const = default;
};

/// The scrubber: play, slider, step, true loss, the plane's loss under it, distance out of the plane. Arrow keys step. Where there is no path it says so and offers to compute it.
class TrajectoryRow : public QWidget {
  Q_OBJECT
 public:
  explicit TrajectoryRow(QWidget* parent = nullptr);
  void setIcons(const Theme& theme);
  void show(const std::vector<TrajectoryStop>& stops, int at, std::int64_t lastStep);
  /// No path: why, and whether one can be computed.
  void showEmpty(const QString& sentence, bool canCompute);
  int at() const { return slider_->value(); }
  StepSlider* slider() const { return slider_; }

 signals:
  void moved(int at);         ///< by the user, or while playing
  void computeRequested();

 private:
  void fillStops(QHBoxLayout* row);
  void play(bool on);
  void refresh();

  QStackedLayout* stack_;
  QToolButton* play_;
  StepSlider* slider_;
  QLabel *step_, *figures_, *sentence_;
  QPushButton* compute_;
  QTimer timer_;
  std::vector<TrajectoryStop> stops_;
  std::int64_t lastStep_ = 0;
};

}  // namespace ui
