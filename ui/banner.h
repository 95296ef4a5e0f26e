// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <functional>

#include "ui/theme/theme.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace ui {

/// One sentence above the page: a failure, or what is worth knowing, where the user is looking, instead of a box in the way. Stays until it is closed or another comes.
class Banner : public QFrame {
  Q_OBJECT
 public:
  explicit Banner(const Theme& theme, QWidget* parent = nullptr);
  void showError(const QString& sentence);
  void showNote(const QString& sentence);
  /// The sentence that is shown gets a button; it is gone with the sentence.
  void offer(const QString& words, std::function<void()> what);
  QString sentence() const;

 private:
  void show(const QString& sentence, bool error);
  void recolour();

  const Theme& theme_;
  QLabel *icon_, *text_;
  QPushButton* button_;
  QToolButton* close_;
  std::function<void()> offered_;
  bool error_ = true;
};

}  // namespace ui
