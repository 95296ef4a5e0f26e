// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/adjust_panel.h"

#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>
#include <ranges>

#include "ui/forms/field_editor.h"
#include "ui/pages/measure_fields.h"

namespace ui {

AdjustPanel::AdjustPanel(QWidget* parent) : QFrame(parent, Qt::Popup), title_(new QLabel), problem_(problemLabel()), apply_(new QPushButton(QStringLiteral("Apply"))) {
  setProperty("role", QStringLiteral("card"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 8, 12, 12);
  column->setSpacing(8);
  column->addWidget(title_);
  QFormLayout* form = newForm();
  column->addLayout(form);
  for (const RunSection& section : runSections())
    for (const RunField& field : section.fields) {
      const QString key = QString::fromLatin1(field.key);
      if (key != QStringLiteral("learning_rate") && key != QStringLiteral("rho") && key != QStringLiteral("alpha")) continue;
      Field f{.key = key, .label = new QLabel(QString::fromUtf8(field.label)), .editor = makeEditor(field), .shown = {}};
      f.editor->setMinimumWidth(110);
      form->addRow(f.label, f.editor);
      fields_.push_back(f);
    }
  column->addWidget(hintLabel(QStringLiteral("Taken before the next step, kept in events.csv and marked in the charts.")));
  column->addWidget(problem_);
  apply_->setProperty("primary", true);
  apply_->setObjectName(QStringLiteral("applyChanges"));
  apply_->setToolTip(QStringLiteral("The run takes these values before its next step; the change is kept in its events"));
  column->addWidget(apply_);
  connect(apply_, &QPushButton::clicked, this, &AdjustPanel::apply);
}

FieldEditor* AdjustPanel::editor(const QString& key) const {
  for (const Field& field : fields_)
    if (field.key == key) return field.editor;
  return nullptr;
}

void AdjustPanel::setRun(const SessionRun& run) {
  title_->setText(QStringLiteral("<b>%1</b> at step %2").arg(run.name.toHtmlEscaped(), grouped(run.record.steps)));
  showProblem({});
  for (Field& field : fields_) {
    const std::string name = field.key.toStdString();
    const bool used = trainer::applies(run.spec, name);
    field.label->setVisible(used);
    field.editor->setVisible(used);
    field.shown = used ? QString::number(presentValue(run, name), 'g', QLocale::FloatingPointShortest) : QString();
    field.editor->setText(field.shown);
  }
  adjustSize();
}

void AdjustPanel::showProblem(const QString& sentence) { ui::showProblem(problem_, sentence); }

void AdjustPanel::apply() {
  showProblem({});
  for (Field& field : fields_) field.editor->setInvalid(false);
  for (Field& field : fields_) {
    const QString text = field.editor->text();
    if (text == field.shown) continue;
    bool good = false;
    const double value = text.toDouble(&good);
    if (!good) {
      field.editor->setInvalid(true);
      showProblem(QStringLiteral("%1 must be a number, got '%2'.").arg(field.label->text(), text));
      return;
    }
    field.shown = text;
    emit applied(field.key.toStdString(), value);
  }
  if (problem_->text().isEmpty()) hide();
}

double presentValue(const SessionRun& run, const std::string& name) {
  for (const trainer::RunEvent& event : run.record.events | std::views::reverse)
    if (event.name == name) return event.value;
  return (name == "learning_rate" ? run.spec.learningRate : name == "rho" ? run.spec.rho : run.spec.alpha).value_or(0);
}

}  // namespace ui
