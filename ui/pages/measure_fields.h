// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string>

class QComboBox;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QTableView;
class QVBoxLayout;
class QWidget;

/// Fields that the forms of the measures have in common.
namespace ui {

QLabel* sectionTitle(const QString& text);
QLabel* hintLabel(const QString& text);  ///< small, second text, wraps
/// A row "name ... value" in a list of costs; returns the value's label.
QLabel* addCostRow(QFormLayout* form, const QString& name, const QString& toolTip);
QFormLayout* newForm();
/// The fields of a form, scrolling where they do not fit; what stands below it stays visible.
void addScrolled(QVBoxLayout* column, QWidget* fields);
/// Lets the form be as narrow as its dock: the longest item of a combo box no longer decides.
void letFieldsShrink(QWidget* form);
/// Columns as wide as their titles and cells, now and whenever the model changes; `stretched` takes the rest. (Qt's own fitting leaves out the padding that a
/// style sheet gives a header.)
void fitColumns(QTableView* table, int stretched);
/// "up to 4,096 (default)", some counts, "all".
QComboBox* samplesField();
std::optional<std::int64_t> samplesOf(const QComboBox* field);
QComboBox* precisionField();
std::string precisionOf(const QComboBox* field);
/// Read-only, monospace, with a copy button at its right.
QPlainTextEdit* addCommandBox(QVBoxLayout* column);
/// The invalid sentence under a form, hidden while empty.
QLabel* problemLabel();
void showProblem(QLabel* label, const QString& sentence);
/// 12675 -> "12,675".
QString grouped(std::int64_t count);

}  // namespace ui
