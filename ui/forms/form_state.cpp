// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/form_state.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QSpinBox>
#include <QTextDocumentFragment>
#include <utility>
#include <vector>

namespace ui {
namespace {

/// The words beside a field, wherever in a row it is.
QString labelOf(const QWidget* field) {
  for (const QWidget* at = field; at != nullptr; at = at->parentWidget())
    for (const QFormLayout* layout : at->parentWidget() != nullptr ? at->parentWidget()->findChildren<QFormLayout*>() : QList<QFormLayout*>())
      if (const auto* label = qobject_cast<QLabel*>(layout->labelForField(const_cast<QWidget*>(at)))) return QTextDocumentFragment::fromHtml(label->text()).toPlainText().trimmed();
  return {};
}

bool isField(const QWidget* w) {
  if (qobject_cast<const QComboBox*>(w) != nullptr || qobject_cast<const QAbstractSpinBox*>(w) != nullptr || qobject_cast<const QSlider*>(w) != nullptr) return true;
  if (const auto* button = qobject_cast<const QAbstractButton*>(w)) return button->isCheckable();
  const auto* line = qobject_cast<const QLineEdit*>(w);
  // The line inside a combo or spin box is no field of its own.
  return line != nullptr && !line->isReadOnly() && qobject_cast<const QComboBox*>(line->parentWidget()) == nullptr && qobject_cast<const QAbstractSpinBox*>(line->parentWidget()) == nullptr;
}

std::vector<std::pair<QString, QWidget*>> fieldsOf(const QWidget* form) {
  std::vector<std::pair<QString, QWidget*>> fields;
  QHash<QString, int> seen;
  for (QWidget* w : form->findChildren<QWidget*>()) {
    if (!isField(w)) continue;
    QString key = w->objectName().isEmpty() || w->objectName().startsWith(QStringLiteral("qt_")) ? labelOf(w) : w->objectName();
    if (const auto* button = qobject_cast<QAbstractButton*>(w); key.isEmpty() && button != nullptr) key = button->text();
    if (key.isEmpty()) key = QString::fromLatin1(w->metaObject()->className());
    const int count = ++seen[key];
    fields.emplace_back(count == 1 ? key : QStringLiteral("%1 %2").arg(key).arg(count), w);
  }
  return fields;
}

QJsonValue valueOf(const QWidget* w) {
  if (const auto* box = qobject_cast<const QComboBox*>(w)) return box->isEditable() || !box->currentData().isValid() ? QJsonValue(box->currentText()) : QJsonValue::fromVariant(box->currentData());
  if (const auto* box = qobject_cast<const QSpinBox*>(w)) return box->value();
  if (const auto* box = qobject_cast<const QDoubleSpinBox*>(w)) return box->value();
  if (const auto* slider = qobject_cast<const QSlider*>(w)) return slider->value();
  if (const auto* button = qobject_cast<const QAbstractButton*>(w)) return button->isChecked();
  if (const auto* line = qobject_cast<const QLineEdit*>(w)) return line->text();
  return {};
}

void setChoice(QComboBox* box, const QJsonValue& value) {
  int found = -1;
  for (int i = 0; i < box->count() && found < 0; ++i)
    if (QJsonValue::fromVariant(box->itemData(i)) == value || (!box->itemData(i).isValid() && box->itemText(i) == value.toString())) found = i;
  if (found >= 0) box->setCurrentIndex(found);
  else if (box->isEditable()) box->setEditText(value.toString());
}

void setValue(QWidget* w, const QJsonValue& value) {
  if (auto* box = qobject_cast<QComboBox*>(w)) setChoice(box, value);
  if (auto* box = qobject_cast<QSpinBox*>(w)) box->setValue(value.toInt(box->value()));
  if (auto* box = qobject_cast<QDoubleSpinBox*>(w)) box->setValue(value.toDouble(box->value()));
  if (auto* slider = qobject_cast<QSlider*>(w)) slider->setValue(value.toInt(slider->value()));
  if (auto* line = qobject_cast<QLineEdit*>(w)) line->setText(value.toString());
  auto* button = qobject_cast<QAbstractButton*>(w);
  if (button == nullptr || button->isChecked() == value.toBool()) return;
  if (button->autoExclusive() && !value.toBool()) return;
  button->click();  // what listens to clicks follows
}

}  // namespace

QJsonObject formState(const QWidget* form) {
  QJsonObject state;
  for (const auto& [key, field] : fieldsOf(form)) state.insert(key, valueOf(field));
  return state;
}

void restoreForm(QWidget* form, const QJsonObject& state) {
  for (const auto& [key, field] : fieldsOf(form))
    if (state.contains(key)) setValue(field, state.value(key));
}

}  // namespace ui
