// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "ui/pages/settings_model.h"

class QCheckBox;
class QLabel;

namespace ui {

class FrozenTable;

/// The card with the settings of the compared runs, differences only by default.
class SettingsCard : public QFrame {
  Q_OBJECT
 public:
  explicit SettingsCard(QWidget* parent = nullptr);
  void show(const Session& session, const std::vector<CompareEntry>& entries);
  bool differencesOnly() const;
  void setDifferencesOnly(bool only);
  SettingsModel* model() const { return model_; }
  QString summary() const;  ///< "6 of 47 differ"

 private:
  void refresh();
  SettingsModel* model_;
  FrozenTable* table_;
  QLabel* summary_;
  QCheckBox* only_;
  std::vector<CompareEntry> entries_;
  std::vector<SettingRow> rows_;
};

}  // namespace ui
