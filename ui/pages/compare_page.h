// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QThreadPool>
#include <QTimer>

#include "ui/pages/compare_board.h"
#include "ui/pages/page.h"
#include "ui/workspace/compare_jobs.h"

namespace ui {

/// Joins CompareBoard with the session: tabulates what is known, measures what is missing, trains more seeds, samples matched planes. No form.
class ComparePage : public Page {
  Q_OBJECT
 public:
  explicit ComparePage(const Workspace& workspace, QObject* parent = nullptr);

  QString title() const override { return QStringLiteral("Compare"); }
  QString icon() const override { return QStringLiteral("compare"); }
  QString optionsTitle() const override { return {}; }
  CompareBoard* board() const override { return board_; }
  QWidget* options() const override { return nullptr; }
  QJsonObject state() const override { return board_->state(); }
  void restoreState(const QJsonObject& state) override { board_->restoreState(state); }

  CompareJobs* jobs() const { return jobs_; }
  /// Draws what is known now, also while the page is behind another.
  void refresh();
  /// `sharpscape compare ...` that makes the table again.
  QString command() const;
  /// The table as a result, with methods and references; null while there is none.
  std::shared_ptr<const analysis::ComparisonResult> result() const;

 signals:
  /// The export dialog takes it; where nothing is connected, a file dialog with the table's formats does.
  void exportRequested(std::shared_ptr<const analysis::ComparisonResult> result);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void join();
  CompareContents contents();
  std::vector<FairnessLine> fairnessLines() const;
  CompareMeasures measures(const analysis::ComparisonEvidence& evidence) const;
  void help(Remedy remedy);
  void addSeeds();
  void copy(CompareTableCard::Format format);
  void exportNow();
  void study();

  Workspace workspace_;
  CompareBoard* board_;
  CompareJobs* jobs_;
  PlaneStore planes_;
  QTimer soon_;
  std::shared_ptr<const analysis::Comparison> comparison_;
  bool studying_ = false, studyAgain_ = false;  ///< one at a time, on another thread
  QThreadPool pool_;  ///< the study is made there; waited for at the end
};

}  // namespace ui
