// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sharpness_form.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSpinBox>
#include <stdexcept>

#include "analysis/export/result_file.h"
#include "analysis/sharpness/measure_sharpness.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

QCheckBox* choice(QHBoxLayout* row, const QString& words, const char* name, bool on, const QString& toolTip) {
  auto* box = new QCheckBox(words);
  box->setObjectName(QString::fromLatin1(name));
  box->setChecked(on);
  box->setToolTip(toolTip);
  row->addWidget(box);
  return box;
}

QHBoxLayout* choiceRow() {
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  return row;
}

}  // namespace

std::vector<double> numbersIn(const QString& text) {
  std::vector<double> numbers;
  static const QRegularExpression between(QStringLiteral("[\\s,;]+"));
  for (const QString& word : text.split(between, Qt::SkipEmptyParts)) {
    bool good = false;
    numbers.push_back(word.toDouble(&good));
    if (!good) throw std::invalid_argument("\u201C" + word.toStdString() + "\u201D is no number: write radii like 0.05, 0.1, 0.2, or nothing for the defaults");
  }
  return numbers;
}

SharpnessForm::SharpnessForm(QWidget* parent) : MeasureForm(QStringLiteral("measureSharpness"), QStringLiteral("Measure"), parent) {
  addChoices();
  addEffort();
  addDataFields();
  gradientsCost_ = addCostRow(costs(), QStringLiteral("Gradients"), QStringLiteral("Of ascents: (iterations + 1) a start and radius; each is over all samples"));
  evaluationsCost_ = addCostRow(costs(), QStringLiteral("Evaluations"), QStringLiteral("Forward passes over all samples; PAC-Bayes and relative flatness come on top"));
  watchFields();
}

void SharpnessForm::addChoices() {
  fields()->addRow(sectionTitle(QStringLiteral("Kinds")));
  QHBoxLayout* row = choiceRow();
  worst_ = choice(row, QStringLiteral("worst"), "worst", true, QStringLiteral("Highest loss in the ball, by projected ascent (APGD): a lower bound. Default: on."));
  oneStep_ = choice(row, QStringLiteral("one step"), "oneStep", true, QStringLiteral("The loss at SAM's perturbed point. Default: on."));
  average_ = choice(row, QStringLiteral("average"), "average", true, QStringLiteral("Mean rise under Gaussian noise, with its standard error. Default: on."));
  fields()->addRow(row);
  row = choiceRow();
  l2_ = choice(row, QStringLiteral("\u2113\u2082"), "l2", true, QStringLiteral("Euclidean ball. Default: on."));
  linf_ = choice(row, QStringLiteral("\u2113\u221E"), "linf", false, QStringLiteral("Every coordinate by itself. Default: off."));
  fields()->addRow(QStringLiteral("Norm"), row);
  row = choiceRow();
  plain_ = choice(row, QStringLiteral("plain"), "plain", true, QStringLiteral("The same radius for every weight. Default: on."));
  adaptive_ = choice(row, QStringLiteral("adaptive"), "adaptive", true, QStringLiteral("The radius grows with |w|: unchanged when ReLU layers are scaled against each other. Default: on."));
  fields()->addRow(QStringLiteral("Scale"), row);
  rho_ = new QLineEdit;
  rho_->setObjectName(QStringLiteral("rho"));
  rho_->setPlaceholderText(QStringLiteral("by kind and norm"));
  rho_->setToolTip(QStringLiteral("\u03C1: radii of the curve, like 0.05, 0.1, 0.2. Length of \u03B4 for worst and one step, deviation per coordinate for average. "
                                  "Default: published grids, by kind and norm."));
  fields()->addRow(QStringLiteral("Radii \u03C1"), rho_);
}

void SharpnessForm::addEffort() {
  fields()->addRow(sectionTitle(QStringLiteral("Effort")));
  iterations_ = countField(1, 1000, 20, QStringLiteral("Iterations of an ascent. Default 20."));
  restarts_ = countField(0, 50, 1, QStringLiteral("Random starts of an ascent beside the one along the gradient. Default 1."));
  draws_ = countField(20, 10000, 32, QStringLiteral("Draws of the average case: 20 or more, for a standard error. Default 32."));
  draws_->setObjectName(QStringLiteral("draws"));
  group_ = countField(0, 1000000, 0, QStringLiteral("m: samples a group for worst and one step, as in m-sharpness. Default: all in one."));
  group_->setSpecialValueText(QStringLiteral("all in one"));
  fields()->addRow(QStringLiteral("Iterations"), iterations_);
  fields()->addRow(QStringLiteral("Restarts"), restarts_);
  fields()->addRow(QStringLiteral("Draws"), draws_);
  fields()->addRow(QStringLiteral("Group m"), group_);
  flatness_ = new QCheckBox(QStringLiteral("Relative flatness"));
  flatness_->setObjectName(QStringLiteral("flatness"));
  flatness_->setToolTip(QStringLiteral("Of the last layer (Petzka et al. 2021). Default: off."));
  fields()->addRow(flatness_);
  pacBayes_ = new QCheckBox(QStringLiteral("PAC-Bayes \u03C3"));
  pacBayes_->setObjectName(QStringLiteral("pacBayes"));
  pacBayes_->setToolTip(QStringLiteral("The largest noise whose mean rise of the loss is at most this (Jiang et al. 2020). Default: off."));
  rise_ = new QDoubleSpinBox;
  rise_->setDecimals(3);
  rise_->setRange(0.001, 10);
  rise_->setValue(0.1);
  rise_->setAlignment(Qt::AlignRight);
  rise_->setToolTip(QStringLiteral("Rise of the loss that the noise may cost. Range 0.001 to 10, default 0.1."));
  fields()->addRow(pacBayes_, rise_);
}

analysis::SharpnessSpec SharpnessForm::spec(const std::string& folder) const {
  analysis::SharpnessSpec out;
  readDataFields(folder, out.measure);
  const auto chosen = [](std::initializer_list<std::pair<const QCheckBox*, const char*>> boxes) {
    std::vector<std::string> words;
    for (const auto& [box, word] : boxes)
      if (box->isChecked()) words.emplace_back(word);
    return words;
  };
  out.kinds = chosen({{worst_, "worst"}, {oneStep_, "one-step"}, {average_, "average"}});
  out.norms = chosen({{l2_, "l2"}, {linf_, "linf"}});
  out.scales = chosen({{plain_, "plain"}, {adaptive_, "adaptive"}});
  out.rho = numbersIn(rho_->text());
  out.group = group_->value();
  out.iterations = iterations_->value();
  out.restarts = restarts_->value();
  out.draws = draws_->value();
  out.relativeFlatness = flatness_->isChecked();
  if (pacBayes_->isChecked()) out.pacBayes = rise_->value();
  return out;
}

void SharpnessForm::refresh() {
  rise_->setEnabled(pacBayes_->isChecked());
  try {
    const analysis::SharpnessSpec wanted = spec(run().empty() ? "RUN" : run());
    analysis::validate(wanted);
    refreshCost(wanted);
    say({}, QString::fromStdString(analysis::commandLine(analysis::SharpnessResult{.spec = wanted, .sharpness = {}})));
  } catch (const std::invalid_argument& error) {
    say(QString::fromUtf8(error.what()), command());
  }
}

void SharpnessForm::refreshCost(const analysis::SharpnessSpec& wanted) {
  std::int64_t gradients = 1, evaluations = 1;
  for (const std::string& kind : wanted.kinds) {
    for (const std::string& scale : wanted.scales) {
      for (const std::string& norm : kind == "average" ? std::vector<std::string>{"l2"} : wanted.norms) {
        const auto radii = static_cast<std::int64_t>(wanted.rho.empty() ? analysis::defaultRho(kind, norm, scale == "adaptive").size() : wanted.rho.size());
        const std::int64_t ascent = (wanted.iterations + 1) * (wanted.restarts + 1);
        if (kind == "worst") gradients += radii * ascent;
        evaluations += radii * (kind == "worst" ? ascent : kind == "average" ? wanted.draws : 1);
      }
    }
  }
  gradientsCost_->setText(grouped(gradients));
  evaluationsCost_->setText(grouped(evaluations));
}

}  // namespace ui
