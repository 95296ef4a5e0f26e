// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/plan_dialog.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <stdexcept>

#include "trainer/base/error.h"
#include "ui/forms/data_editor.h"
#include "ui/forms/field_editor.h"
#include "ui/forms/field_text.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

const RunField* fieldOf(const QString& key) {
  for (const RunSection& section : runSections())
    for (const RunField& field : section.fields)
      if (key == QLatin1String(field.key)) return &field;
  return nullptr;
}

}  // namespace

PlanDialog::PlanDialog(const QString& title, const QString& about, QWidget* parent) : QDialog(parent), form_(newForm()), middle_(new QVBoxLayout), problemLabel_(problemLabel()), cost_(hintLabel({})) {
  setWindowTitle(title);
  setAttribute(Qt::WA_DeleteOnClose);
  setMinimumWidth(440);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  column->addWidget(hintLabel(about));
  column->addLayout(form_);
  column->addLayout(middle_);
  column->addStretch(1);
  column->addWidget(problemLabel_);
  column->addWidget(cost_);
  cost_->setObjectName(QStringLiteral("planCost"));
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  auto* close = new QPushButton(QStringLiteral("Close"));
  close->setToolTip(QStringLiteral("Queues nothing"));
  close->setAutoDefault(false);
  train_ = new QPushButton(QStringLiteral("Train"));
  train_->setObjectName(QStringLiteral("trainPlan"));
  train_->setProperty("primary", true);
  train_->setToolTip(QStringLiteral("Queues all runs in a group of the session; they are trained one after the other in the background"));
  buttons->addWidget(close);
  buttons->addWidget(train_);
  column->addLayout(buttons);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  connect(train_, &QPushButton::clicked, this, [this] {
    refresh();
    if (!problem_.isEmpty()) return;
    emit planned(plan());
    this->close();
  });
}

QString PlanDialog::cost() const { return cost_->text(); }

void PlanDialog::setCost(Cost cost) {
  costOf_ = std::move(cost);
  refresh();
}

FieldEditor* PlanDialog::addField(const QString& key, const QString& text) {
  const RunField* field = fieldOf(key);
  FieldEditor* editor = makeEditor(*field);
  editor->setText(text);
  editor->setUnset(QString::fromUtf8(field->unset));
  auto* label = new QLabel(QString::fromUtf8(field->label));
  label->setToolTip(editor->toolTip());
  label->setMinimumWidth(96);
  form_->addRow(label, editor);
  editors_[key] = editor;
  connect(editor, &FieldEditor::edited, this, &PlanDialog::refresh);
  return editor;
}

QLineEdit* PlanDialog::addLine(const QString& name, const QString& label, const QString& text, const QString& toolTip) {
  auto* line = new QLineEdit(text);
  line->setObjectName(name);
  line->setToolTip(toolTip);
  line->setAccessibleName(label);
  form_->addRow(label, line);
  connect(line, &QLineEdit::textChanged, this, &PlanDialog::refresh);
  return line;
}

QCheckBox* PlanDialog::addCheck(const QString& name, const QString& label, bool on, const QString& toolTip) {
  auto* box = new QCheckBox(label);
  box->setObjectName(name);
  box->setToolTip(toolTip);
  box->setChecked(on);
  form_->addRow(QString(), box);
  connect(box, &QCheckBox::toggled, this, &PlanDialog::refresh);
  return box;
}

trainer::RunSpec PlanDialog::base() const {
  trainer::RunSpec spec;
  for (const auto& [key, editor] : editors_)
    if (const QString wrong = setFieldText(spec, key, editor->text()); !wrong.isEmpty())
      throw std::invalid_argument(QStringLiteral("%1 %2.").arg(QString::fromUtf8(fieldOf(key)->label), wrong).toStdString());
  if (const QString missing = missingPath(QString::fromStdString(spec.data)); !missing.isEmpty()) throw std::invalid_argument(missing.toStdString());
  return spec;
}

void PlanDialog::refresh() {
  problem_.clear();
  QString cost;
  std::size_t count = 0;
  try {
    const GroupPlan made = plan();
    count = made.runs.size();
    std::vector<trainer::RunSpec> specs;
    for (const GroupPlan::Run& run : made.runs) specs.push_back(run.spec);
    cost = costOf_ ? costOf_(specs) : QString();
    for (const std::string& note : made.notes) cost += QStringLiteral("\n") + QString::fromStdString(note);
  } catch (const std::invalid_argument& e) {
    problem_ = inWordsOfTheForm(QString::fromUtf8(e.what()), nullptr);
  } catch (const trainer::Error& e) {
    problem_ = QString::fromUtf8(e.what());
  }
  showProblem(problemLabel_, problem_);
  cost_->setText(cost);
  train_->setEnabled(problem_.isEmpty());
  train_->setText(count == 1 ? QStringLiteral("Train 1 run") : QStringLiteral("Train %1 runs").arg(count));
}

}  // namespace ui
