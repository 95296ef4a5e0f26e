// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedLayout;

namespace ui {

class SurfaceView;

/// The card around the 3-D view: run and badges above, the view or what will appear there, curvature and drawing notes below.
class LandscapeCard : public QFrame {
  Q_OBJECT
 public:
  explicit LandscapeCard(QWidget* parent = nullptr);

  SurfaceView* view() const { return view_; }
  void setRun(const QString& name, const QPixmap& swatch);
  void setBadges(const QString& grid, bool refining, const QString& cosine);
  void setFooter(const QString& curvature, const QString& notes);
  /// Shows the view, or the empty state with its sentence and, where something can be computed, its button.
  void showView(bool hasSurface, const QString& sentence = {}, bool canCompute = false);

 signals:
  void computeClicked();

 private:
  void fillHeader(QHBoxLayout* row);
  QWidget* makeEmpty();
  void fillFooter(QHBoxLayout* row);

  SurfaceView* view_;
  QStackedLayout* body_;
  QLabel *swatch_, *name_, *grid_, *cosine_, *emptySentence_, *curvature_, *notes_;
  QPushButton* compute_;
};

/// A small rounded label: BN policy, N, precision, grid. `warning` gives it the warning colour.
QLabel* makeBadge(const QString& toolTip);
void setBadge(QLabel* badge, const QString& text, bool warning = false);

}  // namespace ui
