// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QWidget>
#include <memory>

#include "analysis/comparison/study.h"
#include "ui/charts/scatter_chart.h"
#include "ui/pages/compare_entries.h"

class QComboBox;
class QLabel;
class QStackedLayout;
class QTableView;

namespace ui {

class ElidedLabel;

/// Every measure against the target: runs, Kendall's tau, its 95 % interval, within and across settings, where one flag alone varies.
class StudyModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { measure, runs, tau, interval, within, across, granulated, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;
  void show(std::shared_ptr<const analysis::Study> study);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::shared_ptr<const analysis::Study> study_;
};

QString studiedName(const analysis::StudiedMeasure& measure);

/// Over all visible runs: does a measure go with how well they generalise? A scatter of the chosen measure, and all of them in a table.
class StudyView : public QWidget {
  Q_OBJECT
 public:
  static constexpr int kFewest = 4;  ///< runs
  explicit StudyView(QWidget* parent = nullptr);
  /// `runs` give names and looks, a run each; without a study `why` says what is needed.
  void show(std::shared_ptr<const analysis::Study> study, const std::vector<CompareEntry>& runs, const std::string& selected, const QString& why);
  void setColours(const ChartColours& colours);
  std::string target() const;  ///< key of the row it is held against
  void setTarget(const std::string& target);
  std::string measure() const { return measure_; }
  void setMeasure(const std::string& key);
  ScatterChart* chart() const { return chart_; }
  StudyModel* model() const { return model_; }
  QString summary() const;     ///< "tau 0.53 (95 % 0.2 to 0.8) ..."
  QString why() const;

 signals:
  void targetChanged();
  void clicked(const std::string& folder);

 private:
  QWidget* makeScatter();
  QWidget* makeTable();
  void fillMeasures();
  void refresh();

  std::shared_ptr<const analysis::Study> study_;
  std::vector<CompareEntry> runs_;
  std::string selected_, measure_ = "lambda_max";
  StudyModel* model_;
  ScatterChart* chart_;
  QTableView* table_;
  QComboBox *measures_, *targets_;
  QLabel* why_;
  ElidedLabel *summary_, *note_;
  QStackedLayout* body_;
};

}  // namespace ui
