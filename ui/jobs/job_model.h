// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QIcon>
#include <functional>
#include <utility>
#include <vector>

#include "ui/jobs/job.h"

namespace ui {

class JobQueue;

/// The jobs of a queue as a table: those that have begun, those that wait in the order they were added, those that are over with the latest
/// first.
class JobModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { state, job, run, stage, progress, done, rate, elapsed, left, buttons, columnCount_ };
  enum Role {
    idRole = Qt::UserRole,  ///< qint64, in every column
    stateRole,              ///< int of JobState, in every column
    percentRole,            ///< double from 0 to 100, -1 while unknown, in every column
    stoppingRole,           ///< bool: cancelled, but its work has not returned yet
  };

  explicit JobModel(JobQueue& queue, QObject* parent = nullptr);

  /// Name and swatch of JobSpec::run. Call again, or refreshLabels(), when a name has changed.
  void setRunLabel(std::function<std::pair<QString, QIcon>(const QString& run)> label);
  void setIcons(std::function<QIcon(JobState)> icons);
  void refreshLabels();

  int rowOf(std::int64_t id) const;  ///< -1: none
  const JobInfo* at(const QModelIndex& index) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void insert(std::int64_t id);
  void update(std::int64_t id);
  void remove(std::int64_t id);
  int placeOf(const JobInfo& info) const;
  QVariant decoration(const JobInfo& info, int column) const;

  JobQueue& queue_;
  std::vector<JobInfo> rows_;
  std::function<std::pair<QString, QIcon>(const QString&)> runLabel_;
  std::function<QIcon(JobState)> icons_;
};

/// "0:23", "12:05", "1:02:03"; empty below 0.
QString durationText(double seconds);
/// "127 points/s", "2.4 products/s", "0.31 steps/s"; empty at 0.
QString rateText(double rate, const std::string& unit);
/// "2,871 / 4,225", "2,871" where the total is unknown, empty before the first report.
QString doneText(const trainer::Progress& progress);
QString stateText(JobState state);

}  // namespace ui
