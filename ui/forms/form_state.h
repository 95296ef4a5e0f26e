// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

class QWidget;

namespace ui {

/// What the fields below `form` say, by object name, else by the label of their row ("Samples", "Range", "Range 2"): combo boxes by their data where they have any, spin boxes, sliders,
/// check boxes, lines that can be edited. For the session file.
QJsonObject formState(const QWidget* form);
/// Puts it back. Fields that are not named, and words that a combo box does not offer, are left as they are.
void restoreForm(QWidget* form, const QJsonObject& state);

}  // namespace ui
