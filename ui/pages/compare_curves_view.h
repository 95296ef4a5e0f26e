// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <array>

#include "ui/pages/compare_curves.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QSlider;
class QToolButton;

namespace ui {

/// The curves of the compared runs over each other, a chart for each quantity that is chosen. `controls()` stand in the header of the card around it.
class CompareCurvesView : public QWidget {
  Q_OBJECT
 public:
  static constexpr std::size_t kQuantities = 5;
  explicit CompareCurvesView(QWidget* parent = nullptr);
  void show(const Session& session, const std::vector<CompareEntry>& entries);
  void setColours(const ChartColours& colours);

  QWidget* controls() const { return controls_; }
  QString note() const { return note_; }
  Abscissa abscissa() const;
  void setAbscissa(Abscissa abscissa);
  QList<int> quantities() const;  ///< chosen ones, as CurveQuantity
  void setQuantities(const QList<int>& quantities);
  CurvesChart* chart(CurveQuantity quantity) const { return charts_[static_cast<std::size_t>(quantity)]; }

 signals:
  void changed();  ///< something else is to be drawn
  void noteChanged();

 private:
  void makeControls();
  void place();
  QWidget* controls_;
  std::array<QToolButton*, kQuantities> chosen_{};
  std::array<CurvesChart*, kQuantities> charts_{};
  QLabel* empty_;
  QComboBox* axis_;
  QSlider* smoothing_;
  QString note_;
};

}  // namespace ui
