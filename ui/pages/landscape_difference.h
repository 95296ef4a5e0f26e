// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "ui/pages/landscape_card.h"
#include "ui/scenes/surface_view.h"

class QComboBox;
class QLabel;
class QStackedLayout;

namespace ui {

class ElidedLabel;

/// A surface minus another one, or why it cannot be: a sentence.
struct Difference {
  SurfaceSnapshot surface;  ///< its loss is A - B of the layer shown; empty where there is a problem
  QString problem;
};

/// Only where both planes have axes of one kind, seed, range and size, and both are finished; points that either lacks are missing. A constant time a point.
Difference surfaceDifference(const SurfaceSnapshot& a, const SurfaceSnapshot& b);

/// The card of A - B: which two, a view with a diverging map and the zero contour, and its own reading at the probe.
class LandscapeDifference : public QFrame {
  Q_OBJECT
 public:
  explicit LandscapeDifference(QWidget* parent = nullptr);

  /// What A and B can be; a choice that is gone becomes the first, and the second for B.
  void setChoices(const std::vector<CardChoice>& choices);
  void choose(const ViewChoice& a, const ViewChoice& b);
  ViewChoice a() const { return chosen(a_); }
  ViewChoice b() const { return chosen(b_); }
  void show(const LandscapeModel& model, const ViewAxis& x, const ViewAxis& y);
  void setProbe(std::optional<QPointF> at);
  SurfaceView* view() const { return view_; }
  const Difference& difference() const { return difference_; }
  QString reading() const;
  QString problem() const { return difference_.problem; }

 signals:
  void changed();

 private:
  ViewChoice chosen(const QComboBox* box) const;
  void select(QComboBox* box, const ViewChoice& choice);

  SurfaceView* view_;
  QComboBox *a_, *b_;
  QStackedLayout* body_;
  QLabel *sentence_, *range_;
  ElidedLabel* reading_;
  std::vector<CardChoice> choices_;
  Difference difference_;
  const void *shownA_ = nullptr, *shownB_ = nullptr;
  int shownLayer_ = -1;
};

}  // namespace ui
