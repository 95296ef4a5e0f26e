// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/pages/train_curves.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QSlider;
class QToolButton;

namespace ui {

class AdjustPanel;

/// What can be done with the runs at this moment.
struct TrainStatus {
  const SessionRun* live = nullptr;      ///< being trained, or paused in it
  bool paused = false;
  const SessionRun* stopped = nullptr;   ///< the selected run, where it can go on
  QString problem;                       ///< why the form cannot be trained; empty: it can
};

/// Start, Pause, Stop, Resume and Adjust; which run is trained, how far it is; what the curves are drawn over and how smooth. Narrow windows get icons only.
class TrainToolBar : public QWidget {
  Q_OBJECT
 public:
  explicit TrainToolBar(QWidget* parent = nullptr);

  void show(const TrainStatus& status, const RunLooks& looks, bool anyRuns);
  void setIcons(const Theme& theme);
  Abscissa abscissa() const;
  double smoothing() const;
  AdjustPanel* adjustPanel() const { return panel_; }

 signals:
  void startRequested();
  void pauseRequested(const std::string& folder, bool paused);
  void stopRequested(const std::string& folder);
  void resumeRequested(const std::string& folder);
  void adjustRequested(const std::string& folder, const std::string& name, double value);
  void axisChanged();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QToolButton* addButton(const char* name, const QString& text, const QString& toolTip);
  void addProgress();
  void addAxis();
  void openPanel();
  void fitWidth();

  QToolButton *start_, *pause_, *stop_, *resume_, *adjust_;
  QLabel *swatch_, *name_, *steps_, *rate_, *smoothWord_;
  QProgressBar* bar_;
  QComboBox* axis_;
  QSlider* smoothing_;
  AdjustPanel* panel_;
  QIcon pauseIcon_, goOnIcon_;
  bool paused_ = false;
  std::string live_, stopped_;
  SessionRun shown_;  ///< settings and events of the live run, for the panel
};

}  // namespace ui
