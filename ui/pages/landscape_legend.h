// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/pages/landscape_model.h"

class QButtonGroup;
class QComboBox;
class QDoubleSpinBox;
class QHBoxLayout;
class QSpinBox;

namespace ui {

class ColourBar;

/// The row under the view: which loss, the colour bar, the range's scope, the scale, the number of contour levels. One for all runs.
class LandscapeLegend : public QWidget {
  Q_OBJECT
 public:
  explicit LandscapeLegend(QWidget* parent = nullptr);

  /// Takes the choices over into the model.
  void applyTo(LandscapeModel& model) const;
  void showScale(const HeightScale& scale, int levels);
  ColourBar* bar() const { return bar_; }

 signals:
  void changed();

 private:
  void addScaleButtons(QHBoxLayout* row);

  ColourBar* bar_;
  QComboBox *split_, *scope_;
  QDoubleSpinBox* top_;
  QButtonGroup* scale_;
  QSpinBox* levels_;
};

}  // namespace ui
