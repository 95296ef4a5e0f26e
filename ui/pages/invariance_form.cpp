// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/invariance_form.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>
#include <cmath>

#include "analysis/export/result_file.h"
#include "analysis/invariance/measure_invariance.h"
#include "ui/pages/invariance_model.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

constexpr int kSteps = 200;          ///< of the strength slider, logarithmic
constexpr double kStrongest = 100;   ///< factor at its right end; 1 / 100 at its left, 1 in the middle

/// A slider with its value at the right.
QSlider* sliderRow(QFormLayout* form, const QString& name, const char* object, int most, int value, const QString& toolTip, QLabel** shown) {
  auto* slider = new QSlider(Qt::Horizontal);
  slider->setObjectName(QString::fromLatin1(object));
  slider->setRange(0, most);
  slider->setValue(value);
  slider->setToolTip(toolTip);
  *shown = new QLabel;
  (*shown)->setMinimumWidth(44);
  (*shown)->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(slider, 1);
  row->addWidget(*shown);
  form->addRow(name, row);
  return slider;
}

}  // namespace

InvarianceForm::InvarianceForm(QWidget* parent) : MeasureForm(QStringLiteral("measureInvariance"), QStringLiteral("Transform and measure"), parent) {
  fields()->addRow(sectionTitle(QStringLiteral("The same function, other weights")));
  std::vector<std::pair<QString, QString>> words{{QStringLiteral("all that the network has"), QString()}};
  for (const std::string& name : analysis::transformationNames()) words.emplace_back(transformName(name), QString::fromStdString(name));
  transform_ = wordField(words, QStringLiteral("What is done to the weights. Every one leaves the outputs (the last layer's scale: the predictions) as they are, which is verified. Default: all."));
  transform_->setObjectName(QStringLiteral("transform"));
  fields()->addRow(QStringLiteral("Transform"), transform_);
  strength_ = sliderRow(fields(), QStringLiteral("Strength s"), "strength", kSteps, static_cast<int>(std::lround(kSteps / 2.0 * (1 + std::log(2.0) / std::log(kStrongest)))),
                        QStringLiteral("s: a layer times s, the next one by it. Range 0.01 to 100, logarithmic, default 2."), &strengthValue_);
  share_ = sliderRow(fields(), QStringLiteral("Share moved"), "share", 100, 100, QStringLiteral("Share of the units that a permutation moves. Range 0 to 100 %, default 100 %."), &shareValue_);
  seed_ = countField(0, 999999, 0, QStringLiteral("Seed of the transformation. Default 0."));
  fields()->addRow(QStringLiteral("Seed"), seed_);
  other_ = wordField({{QStringLiteral("none"), QString()}}, QStringLiteral("Another run, to be recognised as the same function or not. Default: none."));
  other_->setObjectName(QStringLiteral("other"));
  fields()->addRow(QStringLiteral("Also with"), other_);
  fields()->addRow(sectionTitle(QStringLiteral("Effort")));
  iterations_ = countField(1, 1000, 20, QStringLiteral("Iterations of the worst case's ascent. Default 20."));
  draws_ = countField(20, 10000, 20, QStringLiteral("Draws of trace, average case and random curvature: 20 or more, for standard errors. Default 20."));
  fields()->addRow(QStringLiteral("Iterations"), iterations_);
  fields()->addRow(QStringLiteral("Draws"), draws_);
  addDataFields();
  productsCost_ = addCostRow(costs(), QStringLiteral("Hessian products, about"), QStringLiteral("3 a draw and 30 for the eigenvalues: once before, and once more for each transformation"));
  evaluationsCost_ = addCostRow(costs(), QStringLiteral("Gradients and evaluations, about"), QStringLiteral("4 a step of the ascents and 2 a draw: once before, and once more for each transformation"));
  watchFields();
}

double InvarianceForm::strength() const { return std::pow(kStrongest, 2.0 * strength_->value() / kSteps - 1); }
double InvarianceForm::share() const { return share_->value() / 100.0; }

void InvarianceForm::setOthers(const std::vector<std::pair<QString, std::string>>& others) {
  if (others == others_) return;
  others_ = others;
  const QVariant before = other_->currentData();
  other_->clear();
  other_->addItem(QStringLiteral("none"), QString());
  for (const auto& [name, folder] : others_) other_->addItem(name, QString::fromStdString(folder));
  other_->setCurrentIndex(std::max(0, other_->findData(before)));
}

analysis::InvarianceSpec InvarianceForm::spec(const std::string& folder) const {
  analysis::InvarianceSpec out;
  readDataFields(folder, out.measure);
  if (const std::string word = wordOf(transform_); !word.empty()) out.transforms = {word};
  out.strength = QString::number(strength(), 'g', 3).toDouble();  // as it is shown
  out.share = share();
  out.transformSeed = static_cast<std::uint64_t>(seed_->value());
  out.other = wordOf(other_);
  if (out.other == folder) out.other.clear();
  out.iterations = iterations_->value();
  out.draws = draws_->value();
  return out;
}

void InvarianceForm::refresh() {
  const analysis::InvarianceSpec wanted = spec(run().empty() ? "RUN" : run());
  strengthValue_->setText(QStringLiteral("<b>%1</b>").arg(wanted.strength));
  shareValue_->setText(QStringLiteral("<b>%1 %</b>").arg(share_->value()));
  const std::int64_t sets = 1 + (wanted.transforms.empty() ? 4 : 1) + (wanted.other.empty() ? 0 : 1);  // most networks have three or four
  productsCost_->setText(grouped(sets * (3 * wanted.draws + 30)));
  evaluationsCost_->setText(grouped(sets * (4 * (wanted.iterations + 1) + 2 * wanted.draws)));
  QString problem;
  try {
    analysis::validate(wanted);
  } catch (const std::exception& error) {
    problem = QString::fromUtf8(error.what());
  }
  say(problem, QString::fromStdString(analysis::commandLine(analysis::InvarianceResult{.spec = wanted, .invariance = {}})));
}

}  // namespace ui
