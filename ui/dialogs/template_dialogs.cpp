// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <stdexcept>

#include "ui/dialogs/plan_dialog.h"
#include "ui/forms/run_fields.h"
#include "ui/pages/measure_fields.h"

/// The templates and the sweep.
namespace ui {
namespace {

const QString kSeedsTip = QStringLiteral("<p>Seeds of start, data order, dropout, augmentation and noise, like 0, 1, 2 or 0:4. Default: %1.</p>");
const QString kLambdaTip = QStringLiteral("<p>\u03BBmax, the largest eigenvalue of the Hessian of the training loss, of each run as soon as it is trained; up to 4,096 samples.</p>");
const QString kValidationTip = QStringLiteral("<p>Share of the training set that is set aside, 0 to below 1. With it the best setting can be chosen; test data never choose.</p>");

double oneNumber(const QLineEdit* line) {
  const std::vector<double> numbers = numbersOf(line->text());
  if (numbers.size() != 1) throw std::invalid_argument((line->accessibleName() + QStringLiteral(" takes one number here.")).toStdString());
  return numbers.front();
}

}  // namespace

ComparisonDialog::ComparisonDialog(QWidget* parent)
    : PlanDialog(QStringLiteral("SGD vs SAM vs penalty"), QStringLiteral("Three runs a seed that differ in the optimizer alone: same start, same data order, same steps."), parent) {
  setObjectName(QStringLiteral("comparisonDialog"));
  addField(QStringLiteral("data"), QStringLiteral("digits"));
  addField(QStringLiteral("model"), QString());
  addField(QStringLiteral("epochs"), QString());
  rho_ = addLine(QStringLiteral("planRho"), QStringLiteral("Radius \u03C1"), QStringLiteral("0.1"), QStringLiteral("<p>\u03C1 of SAM and of the penalty, \u2265 0. Default: 0.1.</p>"));
  alpha_ = addLine(QStringLiteral("planAlpha"), QStringLiteral("Mix \u03B1"), QStringLiteral("0.8"), QStringLiteral("<p>\u03B1 of the penalty, 0 to 1: weight \u03BB = \u03B1 \u03C1 (Zhao, Zhang, Hu 2022, eq. 13). Default: 0.8.</p>"));
  seeds_ = addLine(QStringLiteral("planSeeds"), QStringLiteral("Seeds"), QStringLiteral("0"), kSeedsTip.arg(QStringLiteral("0")));
  lambda_ = addCheck(QStringLiteral("planLambda"), QStringLiteral("then \u03BBmax of each"), true, kLambdaTip);
  refresh();
}

GroupPlan ComparisonDialog::plan() const {
  GroupPlan plan = comparisonPlan(base(), oneNumber(rho_), oneNumber(alpha_), seedsOf(seeds_->text()));
  plan.lambdaMax = lambda_->isChecked();
  return plan;
}

AlphaDialog::AlphaDialog(QWidget* parent)
    : PlanDialog(QStringLiteral("\u03B1 from 0 to 1"),
                 QStringLiteral("The gradient-norm penalty from plain training (\u03B1 = 0: its second gradient weighs nothing) to SAM (\u03B1 = 1). The paper's claim is that the best lies between."), parent) {
  setObjectName(QStringLiteral("alphaDialog"));
  addField(QStringLiteral("data"), QStringLiteral("digits"));
  addField(QStringLiteral("label_noise"), QString());
  addField(QStringLiteral("validation"), QStringLiteral("0.2"));
  addField(QStringLiteral("model"), QString());
  addField(QStringLiteral("epochs"), QString());
  rho_ = addLine(QStringLiteral("planRho"), QStringLiteral("Radius \u03C1"), QStringLiteral("0.1"), QStringLiteral("<p>\u03C1 of the penalty, \u2265 0. Default: 0.1.</p>"));
  alphas_ = addLine(QStringLiteral("planAlphas"), QStringLiteral("Values of \u03B1"), QStringLiteral("0, 0.2, 0.4, 0.6, 0.8, 1"), QStringLiteral("<p>0 is plain, 1 is SAM. Default: six values from 0 to 1.</p>"));
  seeds_ = addLine(QStringLiteral("planSeeds"), QStringLiteral("Seeds"), QStringLiteral("0, 1, 2"), kSeedsTip.arg(QStringLiteral("0, 1, 2")));
  lambda_ = addCheck(QStringLiteral("planLambda"), QStringLiteral("then \u03BBmax of each"), true, kLambdaTip);
  refresh();
}

trainer::SweepSpec AlphaDialog::spec() const { return alphaSweep(base(), oneNumber(rho_), numbersOf(alphas_->text()), seedsOf(seeds_->text())); }

GroupPlan AlphaDialog::plan() const {
  GroupPlan plan = sweepPlan(spec(), QStringLiteral("\u03B1 from 0 to 1"));
  plan.lambdaMax = lambda_->isChecked();
  return plan;
}

/// A field and its values.
struct SweepDialog::Row : QWidget {
  QComboBox* key = new QComboBox;
  QLineEdit* values = new QLineEdit;
  QToolButton* remove = new QToolButton;
};

SweepDialog::SweepDialog(const trainer::RunSpec& base, QWidget* parent)
    : PlanDialog(QStringLiteral("Sweep"), QStringLiteral("Every combination of the values below, on top of what the form on the Train page says. The best is the one with the highest mean validation accuracy."), parent),
      base_(base),
      rows_(new QVBoxLayout) {
  setObjectName(QStringLiteral("sweepDialog"));
  title_ = addLine(QStringLiteral("planTitle"), QStringLiteral("Name"), QStringLiteral("Sweep"), QStringLiteral("Of the group in the session"));
  validation_ = addLine(QStringLiteral("planValidation"), QStringLiteral("Validation"), base.validation > 0 ? QString::number(base.validation) : QStringLiteral("0.2"), kValidationTip);
  seeds_ = addLine(QStringLiteral("planSeeds"), QStringLiteral("Seeds"), QStringLiteral("0, 1, 2"), kSeedsTip.arg(QStringLiteral("0, 1, 2")));
  lambda_ = addCheck(QStringLiteral("planLambda"), QStringLiteral("then \u03BBmax of each"), false, kLambdaTip);
  middle()->addWidget(sectionTitle(QStringLiteral("Fields and their values")));
  middle()->addLayout(rows_);
  auto* more = new QPushButton(QStringLiteral("Add a field"));
  more->setAutoDefault(false);
  more->setToolTip(QStringLiteral("Another flag of the run with values of its own"));
  connect(more, &QPushButton::clicked, this, [this] { addValues(QStringLiteral("rho"), QStringLiteral("0.05, 0.1, 0.2")); });
  middle()->addWidget(more, 0, Qt::AlignLeft);
  addValues(QStringLiteral("learning_rate"), QStringLiteral("0.02, 0.05, 0.1"));
}

void SweepDialog::addValues(const QString& key, const QString& values) {
  auto* row = new Row;
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  for (const RunSection& section : runSections())
    for (const RunField& field : section.fields)
      if (QLatin1String(field.key) != QLatin1String("seed")) row->key->addItem(QString::fromUtf8(field.label), QString::fromLatin1(field.key));
  row->key->setCurrentIndex(row->key->findData(key));
  row->key->setToolTip(QStringLiteral("A flag of the run"));
  row->key->setAccessibleName(QStringLiteral("Field"));
  row->values->setText(values);
  row->values->setToolTip(QStringLiteral("Its values with commas between, as on the command line: 0.1, 0.2 or none, sam, penalty"));
  row->values->setAccessibleName(QStringLiteral("Values"));
  row->remove->setText(QStringLiteral("\u00D7"));
  row->remove->setToolTip(QStringLiteral("Takes this field out of the sweep"));
  line->addWidget(row->key);
  line->addWidget(row->values, 1);
  line->addWidget(row->remove);
  rows_->addWidget(row);
  connect(row->key, &QComboBox::currentIndexChanged, this, &SweepDialog::refresh);
  connect(row->values, &QLineEdit::textChanged, this, &SweepDialog::refresh);
  connect(row->remove, &QToolButton::clicked, this, [this, row] {
    rows_->removeWidget(row);
    row->deleteLater();
    refresh();
  });
  refresh();
}

trainer::SweepSpec SweepDialog::spec() const {
  trainer::SweepSpec spec;
  spec.name = title_->text().toStdString();
  trainer::RunSpec base = base_;
  base.validation = oneNumber(validation_);
  base.normalisation.reset();
  base.dataHash.clear();
  spec.base = nlohmann::json(trainer::toJson(base));
  for (int i = 0; i < rows_->count(); ++i) {
    const auto* row = static_cast<const Row*>(rows_->itemAt(i)->widget());
    const QString key = row->key->currentData().toString();
    if (spec.grid.contains(key.toStdString())) throw std::invalid_argument((row->key->currentText() + QStringLiteral(" is there twice.")).toStdString());
    spec.grid[key.toStdString()] = valuesOf(key, row->values->text());
    spec.base.erase(key.toStdString());
  }
  spec.base.erase("seed");
  spec.grid["seed"] = seedsOf(seeds_->text());
  return spec;
}

GroupPlan SweepDialog::plan() const {
  GroupPlan plan = sweepPlan(spec(), title_->text().trimmed().isEmpty() ? QStringLiteral("Sweep") : title_->text().trimmed());
  plan.lambdaMax = lambda_->isChecked();
  return plan;
}

}  // namespace ui
