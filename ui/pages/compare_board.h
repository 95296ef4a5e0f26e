// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QWidget>
#include <memory>

#include "ui/pages/compare_curves_view.h"
#include "ui/pages/compare_surfaces_view.h"
#include "ui/pages/compare_table_card.h"
#include "ui/pages/compare_tool_bar.h"
#include "ui/pages/fairness_card.h"
#include "ui/pages/ratio_card.h"
#include "ui/pages/settings_card.h"
#include "ui/pages/study_view.h"

class QButtonGroup;
class QSplitter;
class QStackedLayout;
class QToolButton;

namespace ui {

/// What the Compare page shows; all of it is worked out elsewhere.
struct CompareContents {
  std::vector<CompareEntry> entries;                          ///< a column each
  std::shared_ptr<const analysis::Comparison> comparison;     ///< null: `why` says what is needed
  QString why;
  std::vector<FairnessLine> fairness;
  int seeds = 4;                                              ///< that its button would add to each setting
  QString seedsCost;
  CompareMeasures measures;
  std::vector<SurfacePane> panes;
  QString planesSentence;                                     ///< what can be compared on these surfaces
  int missingSurfaces = 0;
};

/// Everything that is seen on the Compare page: table, settings, fairness, surfaces or curves, ratios. It computes nothing.
class CompareBoard : public QWidget {
  Q_OBJECT
 public:
  enum Lower { surfaces, curves };
  explicit CompareBoard(QWidget* parent = nullptr);

  void show(const Session& session, const RunLooks& looks, CompareContents contents);
  void setTheme(const Theme& theme);
  QJsonObject state() const;
  void restoreState(const QJsonObject& state);

  CompareToolBar* toolBar() const { return tools_; }
  CompareTableCard* table() const { return table_; }
  SettingsCard* settings() const { return settings_; }
  FairnessCard* fairness() const { return fairness_; }
  RatioCard* ratios() const { return ratios_; }
  CompareCurvesView* curvesView() const { return curves_; }
  CompareSurfacesView* surfacesView() const { return surfaces_; }
  StudyView* study() const { return study_; }
  Lower lower() const;
  void setLower(Lower lower);

 signals:
  void computeRequested();  ///< the surfaces that are missing
  void curvesChanged();
  void lowerChanged();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeTop();
  QWidget* makeLower();
  QWidget* makeBottom();
  void showLower();

  CompareToolBar* tools_;
  CompareTableCard* table_;
  SettingsCard* settings_;
  FairnessCard* fairness_;
  RatioCard* ratios_;
  CompareCurvesView* curves_;
  CompareSurfacesView* surfaces_;
  StudyView* study_;
  QButtonGroup* choice_ = nullptr;
  QStackedLayout *body_ = nullptr, *lowerBody_ = nullptr, *lowerControls_ = nullptr, *lowerFooter_ = nullptr;
  ElidedLabel *lowerTitle_ = nullptr, *curvesNote_ = nullptr;
  QToolButton* compute_ = nullptr;
  QSplitter *whole_ = nullptr, *top_ = nullptr, *side_ = nullptr, *bottom_ = nullptr;
  CompareContents contents_;
  bool placed_ = false;  ///< the splitters have their first sizes
};

}  // namespace ui
