// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QIcon>
#include <vector>

#include "ui/pages/landscape_model.h"

class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedLayout;
class QToolButton;

namespace ui {

class ElidedLabel;
class SurfaceView;

/// What stands around a view.
struct CardText {
  QString gridTip;                       ///< how many points were evaluated and what is promised of the rest; empty: all were
  QString name, grid, cosine, variance;  ///< variance: explained by the axes, against a random walk's
  bool refining = false, paused = false;
  QString direction, directionTip;       ///< whose directions these are, where several are compared
  QString warning, warningTip;           ///< settings unlike the other views'
  QString curvature, trace, notes;
  bool operator==(const CardText&) const = default;
};

/// Something that a view can show: a run's newest surface or an older one.
struct CardChoice {
  QString title;
  QIcon swatch;       ///< of a run; none for what stands under it
  ViewChoice choice;
};

/// The card around a 3-D view: run and badges above, the view or what will appear there, curvature and drawing notes below.
class LandscapeCard : public QFrame {
  Q_OBJECT
 public:
  explicit LandscapeCard(QWidget* parent = nullptr);

  SurfaceView* view() const { return view_; }
  void setText(const CardText& text, const QPixmap& swatch);
  void setChoices(std::vector<CardChoice> choices) { choices_ = std::move(choices); }
  void setActive(bool active);
  void setPauseIcons(const QIcon& pause, const QIcon& goOn);
  /// Shows the view, or the empty state with its sentence and, where something can be computed, its button.
  void showView(bool hasSurface, const QString& sentence = {}, const QString& action = {});
  const CardText& text() const { return text_; }

 signals:
  void computeClicked();
  void chosen(const ViewChoice& choice);
  void pauseClicked(bool paused);
  void touched();

 protected:
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void fillHeader(QHBoxLayout* row);
  QWidget* makeEmpty();
  void fillFooter(QHBoxLayout* row);
  void openChooser();

  SurfaceView* view_;
  QStackedLayout* body_;
  QPushButton* chooser_;
  QToolButton* pause_;
  QLabel *swatch_, *grid_, *cosine_, *variance_, *direction_, *warning_, *emptySentence_, *curvature_, *trace_;
  ElidedLabel* notes_;
  QPushButton* compute_;
  std::vector<CardChoice> choices_;
  QIcon pauseIcon_, goOnIcon_;
  CardText text_;
};

/// A small rounded label: BN policy, N, precision, grid. `warning` gives it the warning colour.
QLabel* makeBadge(const QString& toolTip);
void setBadge(QLabel* badge, const QString& text, bool warning = false);

}  // namespace ui
