// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/field_editor.h"

class QComboBox;
class QLineEdit;
class QToolButton;

namespace ui {

/// The kind of data, and below it the folder or file where the kind has one: "digits", "idx:DIR", "text:FILE".
class DataEditor : public FieldEditor {
  Q_OBJECT
 public:
  explicit DataEditor(QWidget* parent = nullptr);
  QString text() const override;
  void setText(const QString& text) override;

 private:
  bool hasPath() const;
  void showPath();
  void choosePath();

  QComboBox* kind_;
  QWidget* pathRow_;
  QLineEdit* path_;
};

/// What is missing where a kind of data has no path yet; empty where nothing is.
QString missingPath(const QString& data);

}  // namespace ui
