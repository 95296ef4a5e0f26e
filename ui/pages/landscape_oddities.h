// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "ui/pages/page.h"

class QToolButton;

namespace ui {

class LandscapeBoard;
class OddityCard;

/// The button "Why does it look odd?" above the views, the job behind it and the card below them. The active view's surface is looked at; those of the other views are
/// shown beside it.
class LandscapeOddities : public QObject {
  Q_OBJECT
 public:
  LandscapeOddities(const Workspace& workspace, LandscapeBoard* board, QObject* parent = nullptr);
  void look();  ///< at the active view; what is being looked at is stopped
  OddityCard* card() const { return card_; }
  QToolButton* button() const { return button_; }

 private:
  void recolour();
  Workspace workspace_;
  LandscapeBoard* board_;
  OddityCard* card_;
  QToolButton* button_;
  std::int64_t job_ = 0;
};

}  // namespace ui
