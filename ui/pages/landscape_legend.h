// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/pages/landscape_model.h"

class QBoxLayout;
class QButtonGroup;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QSpinBox;

namespace ui {

class ColourBar;

/// What is said of the views under the legend's colours.
struct LegendBadges {
  QString policy, samples, precision;
  QString warning, warningTip;  ///< scales that differ
  bool operator==(const LegendBadges&) const = default;
};

/// The row under the views: which layer, the colour bar with ends that can be dragged, the range's scope, the scale, the number of contour levels, the map of
/// colours, badges. One for all views. In a narrow page the badges get a row of their own.
class LandscapeLegend : public QWidget {
  Q_OBJECT
 public:
  explicit LandscapeLegend(QWidget* parent = nullptr);

  /// Takes the choices over into the model.
  void applyTo(LandscapeModel& model) const;
  /// Shows what a model says; nothing is emitted.
  void takeFrom(const LandscapeModel& model);
  void showScale(const HeightScale& scale, int levels);
  void setBadges(const LegendBadges& badges);
  void showBar(bool shown);
  ColourBar* bar() const { return bar_; }

 signals:
  void changed();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void addFields(QHBoxLayout* row);
  void addScaleButtons(QHBoxLayout* row);

  QBoxLayout* rows_;
  ColourBar* bar_;
  QComboBox *layer_, *scope_, *map_;
  QButtonGroup* scale_;
  QSpinBox* levels_;
  QLabel *policy_, *samples_, *precision_, *warning_;
  std::optional<std::pair<double, double>> fixed_;
};

}  // namespace ui
