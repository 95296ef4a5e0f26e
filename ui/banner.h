// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "ui/theme/theme.h"

class QLabel;
class QToolButton;

namespace ui {

/// One sentence above the page: a failure where the user is looking, instead of a box in the way. Stays until it is closed or another comes.
class Banner : public QFrame {
  Q_OBJECT
 public:
  explicit Banner(const Theme& theme, QWidget* parent = nullptr);
  void showError(const QString& sentence);
  QString sentence() const;

 private:
  void recolour();

  const Theme& theme_;
  QLabel *icon_, *text_;
  QToolButton* close_;
};

}  // namespace ui
