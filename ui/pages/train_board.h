// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/models/run_table_model.h"
#include "ui/workspace/run_looks.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QSlider;
class QTableView;
class QToolButton;
class QVBoxLayout;

namespace ui {

class CurvesChart;

/// Everything that is seen on the Train page: curves of loss, accuracy and gradient norm of all runs, live, and their table. It trains nothing.
class TrainBoard : public QWidget {
  Q_OBJECT
 public:
  explicit TrainBoard(const RunLooks& looks, QWidget* parent = nullptr);

  void show(const Session& session);
  void setColours(const ChartColours& colours);

  CurvesChart* lossChart() const { return loss_; }
  CurvesChart* accuracyChart() const { return accuracy_; }
  CurvesChart* gradientChart() const { return gradient_; }
  RunTableModel* table() const { return model_; }

 signals:
  void selected(const std::string& folder);
  void stopRequested(const std::string& folder);
  void axisChanged();

 private:
  QWidget* makeToolBar();
  QWidget* makeCard(const QString& title, const QString& subtitle, CurvesChart*& chart, QLabel*& figure, QLabel*& note);
  QWidget* makeTable();
  void showCurves(const Session& session);
  void showProgress(const Session& session);

  const RunLooks& looks_;
  CurvesChart *loss_ = nullptr, *accuracy_ = nullptr, *gradient_ = nullptr;
  QLabel *lossFigure_ = nullptr, *accuracyFigure_ = nullptr, *gradientFigure_ = nullptr;
  QLabel *lossNote_ = nullptr, *accuracyNote_ = nullptr, *gradientNote_ = nullptr;
  QLabel *swatch_, *name_, *steps_, *rate_;
  QProgressBar* bar_;
  QToolButton* stop_;
  QComboBox* axis_;
  QSlider* smoothing_;
  RunTableModel* model_;
  QTableView* table_;
  std::string liveFolder_;
  QStringList drawn_;  ///< what the charts show: equal means there is nothing to draw
};

}  // namespace ui
