// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <map>

#include "trainer/run/run_spec.h"

class QLabel;
class QPushButton;

namespace ui {

class FieldEditor;

/// Someone else's weights: which network they are for and which data they were trained on. Stays open beside the window; whether they fit is found when they are read.
class ImportDialog : public QDialog {
  Q_OBJECT
 public:
  explicit ImportDialog(const QString& file, QWidget* parent = nullptr);
  QString problem() const { return problem_; }
  FieldEditor* editor(const QString& key) const { return editors_.at(key); }

 signals:
  void wanted(const trainer::RunSpec& spec);

 private:
  void refresh();

  std::map<QString, FieldEditor*> editors_;
  QLabel* problemLabel_;
  QPushButton* import_;
  QString problem_;
  trainer::RunSpec spec_;
};

}  // namespace ui
