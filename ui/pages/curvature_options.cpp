// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_options.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "analysis/export/result_file.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

QSpinBox* countField(int least, int most, int value, const QString& toolTip) {
  auto* box = new QSpinBox;
  box->setRange(least, most);
  box->setValue(value);
  box->setAlignment(Qt::AlignRight);
  box->setToolTip(toolTip);
  return box;
}

}  // namespace

CurvatureOptions::CurvatureOptions(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 4, 12, 12);
  column->setSpacing(8);
  QFormLayout* form = newForm();
  addNumbers(form);
  problemLabel_ = problemLabel();
  form->addRow(problemLabel_);
  column->addLayout(form);
  column->addStretch(1);
  QFormLayout* costs = newForm();
  costs->addRow(sectionTitle(QStringLiteral("Cost before running")));
  productsCost_ = addCostRow(costs, QStringLiteral("Hessian products, at most"),
                             QStringLiteral("One is about two gradients over the samples. 6 to 25 are typical for one pair; each pair's residual takes one more."));
  column->addLayout(costs);
  command_ = addCommandBox(column);
  measure_ = new QPushButton(QStringLiteral("Measure"));
  measure_->setProperty("primary", true);
  measure_->setObjectName(QStringLiteral("measureSpectrum"));
  measure_->setToolTip(QStringLiteral("Measures the selected run, in the background"));
  measureAll_ = new QPushButton(QStringLiteral("All runs"));
  measureAll_->setToolTip(QStringLiteral("The same for every run of the session, one after the other"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(measure_, 1);
  buttons->addWidget(measureAll_);
  column->addLayout(buttons);
  connect(measure_, &QPushButton::clicked, this, &CurvatureOptions::measureRequested);
  connect(measureAll_, &QPushButton::clicked, this, &CurvatureOptions::measureAllRequested);
  letFieldsShrink(this);
  for (QComboBox* box : findChildren<QComboBox*>()) connect(box, &QComboBox::currentIndexChanged, this, &CurvatureOptions::refresh);
  for (QSpinBox* box : findChildren<QSpinBox*>()) connect(box, &QSpinBox::valueChanged, this, &CurvatureOptions::refresh);
  refresh();
}

void CurvatureOptions::addNumbers(QFormLayout* form) {
  form->addRow(sectionTitle(QStringLiteral("Operator")));
  form->addRow(QStringLiteral("Matrix"), new QLabel(QStringLiteral("Hessian, exact products")));
  form->addRow(sectionTitle(QStringLiteral("Eigenvalues")));
  top_ = countField(0, 100, 5, QStringLiteral("k: algebraically largest eigenvalues. Range 0 to 100, default 5."));
  top_->setObjectName(QStringLiteral("top"));
  bottom_ = countField(0, 100, 2, QStringLiteral("k: algebraically smallest eigenvalues, most negative first. Range 0 to 100, default 2."));
  bottom_->setObjectName(QStringLiteral("bottom"));
  form->addRow(QStringLiteral("Top k"), top_);
  form->addRow(QStringLiteral("Bottom k"), bottom_);
  residual_ = new QComboBox;
  residual_->addItem(QStringLiteral("by precision"), QVariant());
  for (const double value : {1e-2, 1e-3, 1e-4, 1e-6}) residual_->addItem(QString::number(value), value);
  residual_->setToolTip(QStringLiteral("A pair has converged when \u2016Hq \u2212 \u03BBq\u2016 is below this times max|\u03BB|. Default: 1e-3 in float32, 1e-8 in float64."));
  form->addRow(QStringLiteral("Residual"), residual_);
  maxProducts_ = countField(0, 20000, 0, QStringLiteral("Hessian products before giving up. Default: 200, or the number of parameters up to 2,000 if that is larger."));
  maxProducts_->setSpecialValueText(QStringLiteral("automatic"));
  form->addRow(QStringLiteral("Max products"), maxProducts_);
  form->addRow(sectionTitle(QStringLiteral("Data and numbers")));
  samples_ = samplesField();
  form->addRow(QStringLiteral("Samples"), samples_);
  precision_ = precisionField();
  form->addRow(QStringLiteral("Precision"), precision_);
  form->addRow(QString(), hintLabel(QStringLiteral("A subset of the samples gives too large a \u03BB on average: N is shown with every value.")));
}

analysis::SpectrumSpec CurvatureOptions::spec(const std::string& folder) const {
  analysis::SpectrumSpec out;
  out.measure.run = folder;
  out.measure.samples = samplesOf(samples_);
  out.measure.precision = precisionOf(precision_);
  out.top = top_->value();
  out.bottom = bottom_->value();
  if (residual_->currentData().isValid()) out.residual = residual_->currentData().toDouble();
  if (maxProducts_->value() > 0) out.maxProducts = maxProducts_->value();
  return out;
}

void CurvatureOptions::setRun(const std::string& folder) {
  if (folder == folder_) return;
  folder_ = folder;
  refresh();
}

QString CurvatureOptions::command() const { return command_->toPlainText(); }

void CurvatureOptions::refresh() {
  const analysis::SpectrumSpec wanted = spec(folder_.empty() ? "RUN" : folder_);
  problem_ = wanted.top + wanted.bottom < 1 ? QStringLiteral("Ask for at least one eigenvalue: top k or bottom k must be 1 or more.") : QString();
  showProblem(problemLabel_, problem_);
  productsCost_->setText(wanted.maxProducts ? grouped(*wanted.maxProducts) : QStringLiteral("200 to 2,000"));
  command_->setPlainText(QString::fromStdString(analysis::commandLine(analysis::SpectrumResult{.spec = wanted, .spectrum = {}})));
  measure_->setEnabled(problem_.isEmpty() && !folder_.empty());
  measureAll_->setEnabled(problem_.isEmpty() && !folder_.empty());
}

}  // namespace ui
