// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "ui/workspace/follow.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QHBoxLayout;
class QLabel;
class QSpinBox;
class QToolButton;

namespace ui {

class ElidedLabel;
class StepSlider;
class Theme;

/// What the user wants to see over the surfaces.
struct ExploreWishes {
  bool path = true, samStep = false, model = false;
  std::optional<double> rho;      ///< of the SAM step; empty: the run's
  bool allSamples = true;         ///< a click is evaluated on all samples; else on the surface's
  std::int64_t walkSamples = 500;
  QJsonObject toJson() const;
  void take(const QJsonObject& json);
  bool operator==(const ExploreWishes&) const = default;
};

/// The row of switches below the scrubber: path, SAM step, quadratic model, click and walk samples, the refinement of the surface, follow.
class ExploreBar : public QWidget {
  Q_OBJECT
 public:
  explicit ExploreBar(QWidget* parent = nullptr);
  void setIcons(const Theme& theme);
  ExploreWishes wishes() const;
  void setWishes(const ExploreWishes& wishes);
  /// Without the plane, which is the form's.
  FollowSettings followSettings() const;
  void setFollowSettings(const FollowSettings& settings);
  /// Why something is not drawn, what a walk reads: one line.
  void showNote(const QString& note);
  QString note() const;
  void showWalk(bool any);                         ///< its buttons
  void showSurfaceJob(bool running, bool stopped); ///< cancel; continue
  void showFollow(bool possible, bool on, const QString& status, int frames, int frame);

 signals:
  void wishesChanged();
  void walkCleared();
  void walkExportRequested();
  void cancelRequested();
  void continueRequested();
  void followToggled(bool on);
  void followSettingsChanged();
  void frameChosen(int frame);
  void framesExportRequested();

 private:
  QToolButton* addSwitch(QHBoxLayout* row, const QString& text, const QString& name, const QString& tip, bool on);
  QToolButton* addButton(QHBoxLayout* row, const QString& text, const QString& name, const QString& tip, void (ExploreBar::*signal)());
  void addFollow(QHBoxLayout* row);
  QWidget* makeFollowPanel();

  QToolButton *path_, *sam_, *model_, *clear_, *csv_, *cancel_, *continue_, *follow_, *settings_;
  QDoubleSpinBox* rho_;
  QComboBox* samples_;
  QSpinBox *walk_, *keep_, *share_;
  QCheckBox *surface_, *section_, *eigenvalues_;
  StepSlider* frames_;
  ElidedLabel* note_;
  QLabel* status_;
};

}  // namespace ui
