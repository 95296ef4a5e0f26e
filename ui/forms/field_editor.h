// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/forms/run_fields.h"

namespace ui {

/// The editor of one field; it speaks the text of field_text.h. Its object name is the field's key.
class FieldEditor : public QWidget {
  Q_OBJECT
 public:
  using QWidget::QWidget;
  virtual QString text() const = 0;
  virtual void setText(const QString& text) = 0;  ///< says nothing
  virtual void setUnset(const QString& words) { Q_UNUSED(words) }  ///< shown pale while the text is empty
  /// Whether somebody is typing in it: its text is left alone.
  bool typing() const;
  void setInvalid(bool invalid);

 signals:
  void edited();  ///< by the user
  void left();    ///< the typing has ended

 protected:
  void take(QWidget* input);  ///< the only child that takes the focus

 private:
  QWidget* input_ = nullptr;
};

FieldEditor* makeEditor(const RunField& field);

/// A tenth up or down along 1, 2, 5, 10, ...; where it is between them, to the next one. Never below 1e-12.
double steppedValue(double value, int steps);

}  // namespace ui
