// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/measure_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/pages/measure_fields.h"

namespace ui {

QSpinBox* countField(int least, int most, int value, const QString& toolTip) {
  auto* box = new QSpinBox;
  box->setRange(least, most);
  box->setValue(value);
  box->setAlignment(Qt::AlignRight);
  box->setToolTip(toolTip);
  return box;
}

QComboBox* wordField(const std::vector<std::pair<QString, QString>>& words, const QString& toolTip) {
  auto* box = new QComboBox;
  for (const auto& [text, value] : words) box->addItem(text, value);
  box->setToolTip(toolTip);
  return box;
}

std::string wordOf(const QComboBox* field) { return field->currentData().toString().toStdString(); }

MeasureForm::MeasureForm(const QString& name, const QString& verb, QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* body = new QWidget;
  fields_ = newForm();
  fields_->setContentsMargins(12, 4, 12, 8);
  body->setLayout(fields_);
  addScrolled(column, body);
  auto* pinned = new QVBoxLayout;
  pinned->setContentsMargins(12, 4, 12, 12);
  pinned->setSpacing(8);
  problemLabel_ = problemLabel();
  pinned->addWidget(problemLabel_);
  costs_ = newForm();
  costs_->addRow(sectionTitle(QStringLiteral("Cost before running")));
  pinned->addLayout(costs_);
  command_ = addCommandBox(pinned);
  measure_ = new QPushButton(verb);
  measure_->setProperty("primary", true);
  measure_->setObjectName(name);
  measure_->setToolTip(QStringLiteral("For the selected run, in the background"));
  measureAll_ = new QPushButton(QStringLiteral("All runs"));
  measureAll_->setToolTip(QStringLiteral("The same for every run of the session, one after the other"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(measure_, 1);
  buttons->addWidget(measureAll_);
  pinned->addLayout(buttons);
  column->addLayout(pinned);
  connect(measure_, &QPushButton::clicked, this, &MeasureForm::measureRequested);
  connect(measureAll_, &QPushButton::clicked, this, &MeasureForm::measureAllRequested);
}

void MeasureForm::watchFields() {
  letFieldsShrink(this);
  const auto changed = [this] { refresh(); };
  for (QComboBox* box : findChildren<QComboBox*>()) connect(box, &QComboBox::currentTextChanged, this, changed);  // typed words too
  for (QSpinBox* box : findChildren<QSpinBox*>()) connect(box, &QSpinBox::valueChanged, this, changed);
  for (QDoubleSpinBox* box : findChildren<QDoubleSpinBox*>()) connect(box, &QDoubleSpinBox::valueChanged, this, changed);
  for (QCheckBox* box : findChildren<QCheckBox*>()) connect(box, &QCheckBox::toggled, this, changed);
  for (QLineEdit* box : findChildren<QLineEdit*>())
    if (qobject_cast<QAbstractSpinBox*>(box->parentWidget()) == nullptr) connect(box, &QLineEdit::textChanged, this, changed);
  for (QSlider* slider : findChildren<QSlider*>()) connect(slider, &QSlider::valueChanged, this, changed);
  refresh();
}

void MeasureForm::addDataFields() {
  fields_->addRow(sectionTitle(QStringLiteral("Data and numbers")));
  samples_ = samplesField();
  samples_->setObjectName(QStringLiteral("samples"));
  fields_->addRow(QStringLiteral("Samples"), samples_);
  policy_ = wordField({{QStringLiteral("eval: running statistics"), QStringLiteral("eval")},
                       {QStringLiteral("train: of the batch"), QStringLiteral("train")},
                       {QStringLiteral("recomputed at each point"), QStringLiteral("recomputed")},
                       {QStringLiteral("interpolated"), QStringLiteral("interpolated")}},
                      QStringLiteral("Where batch normalisation takes its statistics from. Default: eval. Networks without it give the same with each."));
  policy_->setObjectName(QStringLiteral("batchNorm"));
  fields_->addRow(QStringLiteral("Batch norm"), policy_);
  loss_ = wordField({{QStringLiteral("plain, no L2"), QStringLiteral("plain")}, {QStringLiteral("training, with L2"), QStringLiteral("training")}},
                    QStringLiteral("The loss whose curvature it is. Plain: without label smoothing and L2. Default: plain."));
  loss_->setObjectName(QStringLiteral("loss"));
  fields_->addRow(QStringLiteral("Loss"), loss_);
  precision_ = precisionField();
  fields_->addRow(QStringLiteral("Precision"), precision_);
}

void MeasureForm::readDataFields(const std::string& folder, analysis::MeasureSpec& spec) const {
  spec.run = folder;
  spec.samples = samplesOf(samples_);
  spec.batchNorm = wordOf(policy_);
  spec.loss = wordOf(loss_);
  spec.precision = precisionOf(precision_);
}

void MeasureForm::setRun(const std::string& folder) {
  if (folder == folder_) return;
  folder_ = folder;
  refresh();
}

QString MeasureForm::command() const { return command_->toPlainText(); }

void MeasureForm::say(const QString& problem, const QString& command) {
  problem_ = problem;
  showProblem(problemLabel_, problem_);
  command_->setPlainText(command);
  measure_->setEnabled(problem_.isEmpty() && !folder_.empty());
  measureAll_->setEnabled(problem_.isEmpty() && !folder_.empty());
}

}  // namespace ui
