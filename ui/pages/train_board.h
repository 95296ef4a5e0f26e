// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/models/run_table_model.h"
#include "ui/pages/train_tool_bar.h"
#include "ui/workspace/run_looks.h"

class QComboBox;
class QGridLayout;
class QHBoxLayout;
class QLabel;
class QTableView;

namespace ui {

class CurvesChart;

/// Everything that is seen on the Train page: what is going on, curves of loss, accuracy, gradient norm and curvature of all runs, live, and their table. It
/// trains nothing.
class TrainBoard : public QWidget {
  Q_OBJECT
 public:
  explicit TrainBoard(const RunLooks& looks, QWidget* parent = nullptr);

  void show(const Session& session, const TrainStatus& status);
  void setColours(const ChartColours& colours);

  /// The tracked quantity that is drawn, where some run has it; else lambda-max.
  const std::string& measure() const { return wanted_; }
  void setMeasure(const std::string& measure);

  TrainToolBar* toolBar() const { return tools_; }
  CurvesChart* lossChart() const { return loss_.chart; }
  CurvesChart* accuracyChart() const { return accuracy_.chart; }
  CurvesChart* gradientChart() const { return gradient_.chart; }
  CurvesChart* curvatureChart() const { return curvature_.chart; }
  RunTableModel* table() const { return model_; }

 signals:
  void selected(const std::string& folder);
  void measureChanged();  ///< another tracked quantity is to be drawn

 private:
  struct Card {
    CurvesChart* chart = nullptr;
    QHBoxLayout* header = nullptr;
    QLabel *subtitle = nullptr, *note = nullptr, *swatch = nullptr, *figure = nullptr;
  };
  void addCard(QGridLayout* grid, int row, int column, const QString& title, const QString& toolTip, Card& card);
  QWidget* makeTable();
  void offerMeasures(const std::vector<std::string>& measures);
  void showCurves(const Session& session);
  void showFigures(const SessionRun* run);

  const RunLooks& looks_;
  TrainToolBar* tools_;
  Card loss_, accuracy_, gradient_, curvature_;
  QComboBox* measures_;
  std::string measure_ = "lambda-max";  ///< of the picture of curvature
  std::string wanted_ = "lambda-max";   ///< as chosen last, be it there or not
  RunTableModel* model_;
  QTableView* table_;
  QStringList drawn_;  ///< what the charts show: equal means there is nothing to draw
};

}  // namespace ui
