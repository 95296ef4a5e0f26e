// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ui/models/spectrum_parts.h"
#include "ui/pages/landscape_board.h"
#include "ui/theme/tokens.h"

class QButtonGroup;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedLayout;
class QToolButton;

namespace ui {

class EigenpairModel;
class EigenvalueChart;
class InvarianceView;
class SharpnessView;
class SpectrumView;

/// Everything that is seen on the Curvature page, in views of their own: the spectrum and the sharpness of all runs, the invariance lab of one. It
/// computes nothing.
class CurvatureBoard : public QWidget {
  Q_OBJECT
 public:
  enum View { spectrumView, sharpnessView, invarianceView };
  explicit CurvatureBoard(QWidget* parent = nullptr);

  void setRuns(const std::vector<BoardRun>& runs);
  void select(const std::string& folder);
  void setSpectrum(const std::string& folder, const SpectrumParts& parts);
  void setSharpness(const std::string& folder, std::shared_ptr<const analysis::SharpnessResult> result);
  void setInvariance(const std::string& folder, std::shared_ptr<const analysis::InvarianceResult> result);
  void setCheck(const std::string& folder, std::shared_ptr<const analysis::CheckResult> result);
  void setView(int view);
  int view() const;
  void setColours(const ChartColours& charts, const Tokens& tokens);

  std::shared_ptr<const analysis::Result> exportable() const;  ///< of the chosen run, in the view that is seen
  EigenvalueChart* topChart() const;
  EigenvalueChart* bottomChart() const;
  EigenpairModel* table() const;
  SpectrumView* spectrum() const { return spectrum_; }
  SharpnessView* sharpness() const { return sharpness_; }
  InvarianceView* invariance() const { return invariance_; }

 signals:
  void selected(const std::string& folder);
  void viewChanged(int view);
  void measureRequested();  ///< what the view shows
  void checkRequested();    ///< of the chosen run
  void exportRequested();

 private:
  QWidget* makeToolBar();
  QWidget* makeEmpty();
  bool hasAny() const;
  void showView(const BoardRun* run);
  QComboBox* makeChooser();
  const BoardRun* chosen() const;
  void refresh();
  void refreshBadges();

  std::vector<BoardRun> runs_;
  std::map<std::string, SpectrumParts> parts_;
  std::map<std::string, std::shared_ptr<const analysis::SharpnessResult>> sharpnesses_;
  std::map<std::string, std::shared_ptr<const analysis::InvarianceResult>> invariances_;
  std::map<std::string, std::shared_ptr<const analysis::CheckResult>> checks_;
  SpectrumView* spectrum_;
  SharpnessView* sharpness_;
  InvarianceView* invariance_;
  QComboBox* run_;
  QButtonGroup* view_;
  QStackedLayout* body_;
  QToolButton* export_;
  QPushButton* measure_;
  QLabel *operatorBadge_, *policyBadge_, *samplesBadge_, *precisionBadge_, *lossBadge_, *emptyTitle_, *emptySentence_;
};

}  // namespace ui
