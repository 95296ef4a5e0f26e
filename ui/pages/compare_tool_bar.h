// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/pages/compare_entries.h"
#include "ui/pages/plane_store.h"
#include "ui/theme/theme.h"

class QButtonGroup;
class QComboBox;
class QLabel;
class QSpinBox;
class QToolButton;

namespace ui {

/// The tool bar of the Compare page: runs or study, baseline, planes, cameras, digits, command, export.
class CompareToolBar : public QWidget {
  Q_OBJECT
 public:
  enum View { runsView, studyView };
  explicit CompareToolBar(QWidget* parent = nullptr);

  /// The runs that can be the baseline.
  void show(const Session& session, const RunLooks& looks);
  void setTheme(const Theme& theme);
  void setReady(bool table);  ///< there is a table to copy and export
  View view() const;
  void setView(View view);
  Planes planes() const;
  void setPlanes(Planes planes);
  int digits() const;
  void setDigits(int digits);
  bool linked() const;
  void setLinked(bool linked);

 signals:
  void viewChanged();
  void baselineChosen(const std::string& folder);
  void planesChanged();
  void digitsChanged(int digits);
  void linkChanged(bool linked);
  void commandRequested();
  void exportRequested();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fitWidth();
  QButtonGroup *view_, *planes_;
  QComboBox* baseline_;
  std::vector<std::string> folders_;
  QSpinBox* digits_;
  QLabel *baselineWord_, *planesWord_, *digitsWord_;
  QToolButton *link_, *command_, *export_;
};

}  // namespace ui
