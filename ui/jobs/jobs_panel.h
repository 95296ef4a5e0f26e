// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/jobs/job_delegates.h"
#include "ui/jobs/job_model.h"

class QAction;
class QStackedLayout;
class QTableView;

namespace ui {

/// The content of the Jobs dock. Space pauses or resumes the selected job, Delete cancels it or, when it is over, takes it from the list;
/// the same by two buttons in each row, and by a context menu.
class JobsPanel : public QWidget {
  Q_OBJECT
 public:
  explicit JobsPanel(JobQueue& queue, QWidget* parent = nullptr);

  /// "Jobs  1 running · 2 queued · 1 done"; "Jobs" without any.
  QString title() const;
  JobModel& model() const { return *model_; }
  QTableView* table() const { return table_; }
  QAction* pauseAction() const { return pause_; }    ///< of the selected row, for menus and tool bars
  QAction* cancelAction() const { return cancel_; }  ///< of the selected row
  QAction* clearAction() const { return clear_; }    ///< takes everything that is over from the list
  std::int64_t selected() const;                     ///< 0: none

 signals:
  void activated(qint64 id);  ///< a click on a row, or Return: show its result
  void titleChanged(const QString& title);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void setUpTable();
  void setUpActions();
  void refresh();
  void togglePause(std::int64_t id);
  void cancelOrRemove(std::int64_t id);

  JobQueue& queue_;
  JobModel* model_;
  QTableView* table_;
  QStackedLayout* stack_;
  QAction *pause_, *cancel_, *clear_;
};

}  // namespace ui
