// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control_names.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QFormLayout>
#include <QFrame>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <map>

namespace ui {
namespace {

using Labels = std::map<const QWidget*, QString>;

QString plain(QString text) {
  static const QRegularExpression tags(QStringLiteral("<[^>]*>"));
  return text.remove(tags).remove(QLatin1Char('&')).trimmed();
}

/// The label of each row of each form, by its field.
Labels rowLabels(const QWidget& root) {
  Labels labels;
  for (const QFormLayout* form : root.findChildren<QFormLayout*>())
    for (int row = 0; row < form->rowCount(); ++row) {
      const QLayoutItem* label = form->itemAt(row, QFormLayout::LabelRole);
      const QLayoutItem* field = form->itemAt(row, QFormLayout::FieldRole);
      const auto* words = label != nullptr ? qobject_cast<const QLabel*>(label->widget()) : nullptr;
      if (words == nullptr || field == nullptr) continue;
      if (field->widget() != nullptr) labels[field->widget()] = plain(words->text());
      if (const QLayout* several = const_cast<QLayoutItem*>(field)->layout(); several != nullptr)
        for (int i = 0; i < several->count(); ++i)
          if (several->itemAt(i)->widget() != nullptr) labels[several->itemAt(i)->widget()] = plain(words->text());
    }
  return labels;
}

QString labelOf(const QWidget* w, const Labels& labels) {
  for (; w != nullptr; w = w->parentWidget())
    if (const auto found = labels.find(w); found != labels.end()) return found->second;
  return {};
}

QString firstWords(const QString& toolTip) {
  static const QRegularExpression stop(QStringLiteral("[.:;,(\\x{2026}]"));
  return plain(toolTip).section(stop, 0, 0).trimmed();
}

/// The bold words over the card that holds it.
QString cardTitle(const QWidget* w) {
  for (const QWidget* p = w->parentWidget(); p != nullptr; p = p->parentWidget())
    for (const QLabel* label : p->findChildren<QLabel*>())
      if (label->text().startsWith(QLatin1String("<b>"))) return plain(label->text());
  return {};
}

QString tipOf(const QWidget* w) {
  for (int up = 0; w != nullptr && up < 3; w = w->parentWidget(), ++up)
    if (!w->toolTip().isEmpty()) return w->toolTip();
  return {};
}

bool isControl(const QWidget* w) {
  return qobject_cast<const QAbstractButton*>(w) != nullptr || qobject_cast<const QAbstractSpinBox*>(w) != nullptr || qobject_cast<const QComboBox*>(w) != nullptr ||
         qobject_cast<const QLineEdit*>(w) != nullptr || qobject_cast<const QAbstractSlider*>(w) != nullptr;
}

}  // namespace

void nameControls(QWidget& root) {
  const Labels labels = rowLabels(root);
  for (QWidget* w : root.findChildren<QWidget*>()) {
    if (w->objectName().startsWith(QLatin1String("qt_"))) continue;
    if (qobject_cast<QAbstractItemView*>(w) != nullptr && qobject_cast<QHeaderView*>(w) == nullptr) {
      if (w->accessibleName().isEmpty()) w->setAccessibleName(cardTitle(w));
      continue;
    }
    if (!isControl(w)) continue;
    if (w->toolTip().isEmpty()) w->setToolTip(tipOf(w));
    const auto* button = qobject_cast<const QAbstractButton*>(w);
    if (!w->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty())) continue;
    const QString label = labelOf(w, labels);
    w->setAccessibleName(label.isEmpty() ? firstWords(w->toolTip()) : label);
  }
}

}  // namespace ui
