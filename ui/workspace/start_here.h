// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "ui/theme/theme.h"

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace ui {

/// The first minutes: what to do next, what each page shows, what the example is. A page of the right dock until it is closed.
class StartHere : public QWidget {
  Q_OBJECT
 public:
  explicit StartHere(const Theme& theme, QWidget* parent = nullptr);

 signals:
  void trainRequested();
  void openRequested();
  void surfaceRequested();
  void shortcutsRequested();
  void closed();

 private:
  void addAction(QVBoxLayout* column, const char* icon, const char* title, const char* words, const char* key, void (StartHere::*signal)());
  void addPage(QVBoxLayout* column, const char* icon, const char* title, const char* words);
  void refreshIcons();

  const Theme& theme_;
  std::vector<std::pair<QLabel*, QString>> icons_;
  std::vector<bool> accented_;
  QToolButton* close_;
};

}  // namespace ui
