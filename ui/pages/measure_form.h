// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>

#include "analysis/measure_spec.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace ui {

/// The frame of a measure's form: fields that scroll, below them, always seen, the problem, the cost before running, the command and the buttons.
class MeasureForm : public QWidget {
  Q_OBJECT
 public:
  /// `name`: of the primary button, for tests; `verb`: what it says.
  MeasureForm(const QString& name, const QString& verb, QWidget* parent);

  /// The run that `measure` would be about; empty: none, the buttons are off.
  void setRun(const std::string& folder);
  const std::string& run() const { return folder_; }
  QString command() const;
  QString problem() const { return problem_; }  ///< empty while everything is valid

 signals:
  void measureRequested();
  void measureAllRequested();

 protected:
  QFormLayout* fields() const { return fields_; }
  QFormLayout* costs() const { return costs_; }
  /// After all fields were added: refresh() is called whenever one changes, and now.
  void watchFields();
  /// Called with everything that can be said before running; the buttons follow.
  void say(const QString& problem, const QString& command);
  virtual void refresh() = 0;

  /// Samples, batch-norm policy, loss, precision: what every measure has.
  void addDataFields();
  /// `spec` with what those fields say.
  void readDataFields(const std::string& folder, analysis::MeasureSpec& spec) const;

 private:
  QFormLayout *fields_, *costs_;
  QComboBox *samples_ = nullptr, *policy_ = nullptr, *loss_ = nullptr, *precision_ = nullptr;
  QLabel* problemLabel_;
  QPlainTextEdit* command_;
  QPushButton *measure_, *measureAll_;
  std::string folder_;
  QString problem_;
};

/// A count, right-aligned, with its symbol, range and default in the tool tip.
QSpinBox* countField(int least, int most, int value, const QString& toolTip);
/// Words with what they stand for in a spec as data.
QComboBox* wordField(const std::vector<std::pair<QString, QString>>& words, const QString& toolTip);
std::string wordOf(const QComboBox* field);

}  // namespace ui
