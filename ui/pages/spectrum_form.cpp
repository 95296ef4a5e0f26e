// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/spectrum_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

#include "analysis/export/result_file.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

constexpr std::int64_t kTraceProducts = 200;  ///< TraceOptions::maxProducts

QCheckBox* checkField(const QString& words, const char* name, const QString& toolTip) {
  auto* box = new QCheckBox(words);
  box->setObjectName(QString::fromLatin1(name));
  box->setToolTip(toolTip);
  return box;
}

QDoubleSpinBox* realField(double least, double most, double value, int decimals, const QString& toolTip) {
  auto* box = new QDoubleSpinBox;
  box->setDecimals(decimals);
  box->setRange(least, most);
  box->setValue(value);
  box->setAlignment(Qt::AlignRight);
  box->setToolTip(toolTip);
  return box;
}

}  // namespace

SpectrumForm::SpectrumForm(QWidget* parent) : MeasureForm(QStringLiteral("measureSpectrum"), QStringLiteral("Measure"), parent) {
  fields()->addRow(sectionTitle(QStringLiteral("Operator")));
  operator_ = wordField({{QStringLiteral("Hessian"), QStringLiteral("hessian")},
                         {QStringLiteral("Gauss-Newton"), QStringLiteral("gauss-newton")},
                         {QStringLiteral("Hessian \u2212 Gauss-Newton"), QStringLiteral("functional")},
                         {QStringLiteral("Fisher"), QStringLiteral("fisher")},
                         {QStringLiteral("empirical Fisher"), QStringLiteral("empirical-fisher")},
                         {QStringLiteral("Hessian by differences"), QStringLiteral("finite-difference")}},
                        QStringLiteral("The matrix: Hessian with exact products (default), the Gauss-Newton matrix J\u1D40 H_out J, what is left of the Hessian without it, "
                                       "Fisher and empirical Fisher, or differences of gradients (smooth networks only)."));
  operator_->setObjectName(QStringLiteral("operator"));
  fields()->addRow(QStringLiteral("Matrix"), operator_);
  scope_ = wordField({{QStringLiteral("all parameters"), QString()}, {QStringLiteral("weights"), QStringLiteral("weights")}, {QStringLiteral("biases"), QStringLiteral("biases")},
                      {QStringLiteral("norms"), QStringLiteral("norms")}, {QStringLiteral("embeddings"), QStringLiteral("embeddings")}},
                     QStringLiteral("The block of the matrix: all parameters (default), a kind, or the name of a layer, typed: conv1, layer1.0."));
  scope_->setEditable(true);
  scope_->setObjectName(QStringLiteral("scope"));
  fields()->addRow(QStringLiteral("Scope"), scope_);
  precondition_ = wordField({{QStringLiteral("none"), QStringLiteral("none")}, {QStringLiteral("Adam's"), QStringLiteral("adam")}},
                            QStringLiteral("D^\u22121/2 A D^\u22121/2 with the second moments of the checkpoint: what Adam sees. Default: none."));
  precondition_->setObjectName(QStringLiteral("precondition"));
  fields()->addRow(QStringLiteral("Precondition"), precondition_);
  addEigenvalues();
  addDensityAndTrace();
  addDataFields();
  fields()->addRow(QString(), hintLabel(QStringLiteral("A subset of the samples gives too large a \u03BB on average: N is shown with every value.")));
  productsCost_ = addCostRow(costs(), QStringLiteral("Products for eigenvalues, at most"),
                             QStringLiteral("One is about two gradients over the samples. 6 to 25 are typical for one pair; each pair's residual takes one more."));
  moreCost_ = addCostRow(costs(), QStringLiteral("Density and trace, at most"), QStringLiteral("Probes times steps; up to 200 for the trace. Layers and \u201Cover N\u201D come on top, by the network."));
  watchFields();
}

void SpectrumForm::addEigenvalues() {
  fields()->addRow(sectionTitle(QStringLiteral("Eigenvalues")));
  top_ = countField(0, 100, 5, QStringLiteral("k: algebraically largest eigenvalues. Range 0 to 100, default 5."));
  top_->setObjectName(QStringLiteral("top"));
  bottom_ = countField(0, 100, 2, QStringLiteral("k: algebraically smallest eigenvalues, most negative first. Range 0 to 100, default 2."));
  bottom_->setObjectName(QStringLiteral("bottom"));
  fields()->addRow(QStringLiteral("Top k"), top_);
  fields()->addRow(QStringLiteral("Bottom k"), bottom_);
  residual_ = new QComboBox;
  residual_->addItem(QStringLiteral("by precision"), QVariant());
  for (const double value : {1e-2, 1e-3, 1e-4, 1e-6}) residual_->addItem(QString::number(value), value);
  residual_->setToolTip(QStringLiteral("A pair has converged when \u2016Hq \u2212 \u03BBq\u2016 is below this times max|\u03BB|. Default: 1e-3 in float32, 1e-8 in float64."));
  fields()->addRow(QStringLiteral("Residual"), residual_);
  maxProducts_ = countField(0, 20000, 0, QStringLiteral("Hessian products before giving up. Default: 200, or the number of parameters up to 2,000 if that is larger."));
  maxProducts_->setSpecialValueText(QStringLiteral("automatic"));
  fields()->addRow(QStringLiteral("Max products"), maxProducts_);
}

void SpectrumForm::addDensityAndTrace() {
  fields()->addRow(sectionTitle(QStringLiteral("Density and trace")));
  density_ = checkField(QStringLiteral("Density"), "density", QStringLiteral("Spectral density by stochastic Lanczos quadrature; smoothing is chosen afterwards. Default: off."));
  probes_ = countField(1, 1000, 20, QStringLiteral("Random vectors of the quadrature: 20 or more give standard errors. Default 20."));
  probes_->setObjectName(QStringLiteral("probes"));
  steps_ = countField(2, 500, 40, QStringLiteral("Lanczos steps of each: what can be told apart is about the range / steps. Default 40."));
  steps_->setObjectName(QStringLiteral("steps"));
  auto* size = new QHBoxLayout;
  size->setSpacing(4);
  size->addWidget(probes_, 1);
  size->addWidget(new QLabel(QStringLiteral("\u00D7")));
  size->addWidget(steps_, 1);
  fields()->addRow(density_, size);
  trace_ = wordField({{QStringLiteral("none"), QString()}, {QStringLiteral("XTrace"), QStringLiteral("xtrace")}, {QStringLiteral("Hutchinson"), QStringLiteral("hutchinson")}},
                     QStringLiteral("Trace and Frobenius norm with standard errors. XTrace (Epperly et al. 2024) needs fewer products where few eigenvalues matter. Default: none."));
  trace_->setObjectName(QStringLiteral("trace"));
  fields()->addRow(QStringLiteral("Trace"), trace_);
  traceError_ = realField(0.1, 50, 2, 1, QStringLiteral("Relative standard error at which the trace stops, or after 200 products. Range 0.1 to 50 %, default 2 %."));
  traceError_->setSuffix(QStringLiteral(" % s.e."));
  traceError_->setObjectName(QStringLiteral("traceError"));
  fields()->addRow(QStringLiteral("Until"), traceError_);
  dimension_ = checkField(QStringLiteral("d eff at c"), "dimension",
                          QStringLiteral("Effective dimension, the sum of \u03BB/(\u03BB + c), of the Gauss-Newton matrix, from the same quadrature. Default: off."));
  dimensionAt_ = realField(1e-6, 1e6, 1, 4, QStringLiteral("c: eigenvalues well above it count as 1, well below as 0. Default 1."));
  dimensionAt_->setObjectName(QStringLiteral("dimensionAt"));
  fields()->addRow(dimension_, dimensionAt_);
  layers_ = checkField(QStringLiteral("By layer"), "layers", QStringLiteral("\u03BBmax and trace of every layer's diagonal block. Default: off."));
  overN_ = checkField(QStringLiteral("Over N"), "overN", QStringLiteral("\u03BBmax of sub-samples of several sizes, and a line in 1/N to all samples. Default: off."));
  verify_ = checkField(QStringLiteral("Verify"), "verify", QStringLiteral("Compares with the dense matrix: up to 3,000 parameters. Default: off."));
  auto* more = new QHBoxLayout;
  for (QCheckBox* box : {layers_, overN_, verify_}) more->addWidget(box);
  fields()->addRow(more);
}

analysis::SpectrumSpec SpectrumForm::spec(const std::string& folder) const {
  analysis::SpectrumSpec out;
  readDataFields(folder, out.measure);
  out.operatorName = wordOf(operator_);
  const QString scope = scope_->currentText().trimmed();
  const int known = scope_->findText(scope);
  out.restrictTo = known >= 0 ? scope_->itemData(known).toString().toStdString() : scope.toStdString();
  out.precondition = wordOf(precondition_);
  out.top = top_->value();
  out.bottom = bottom_->value();
  if (residual_->currentData().isValid()) out.residual = residual_->currentData().toDouble();
  if (maxProducts_->value() > 0) out.maxProducts = maxProducts_->value();
  if (density_->isChecked() || dimension_->isChecked()) {
    out.densityProbes = probes_->value();
    out.densitySteps = steps_->value();
  }
  out.trace = wordOf(trace_);
  if (!out.trace.empty()) out.traceError = traceError_->value() / 100;
  if (dimension_->isChecked()) out.effectiveDimension = dimensionAt_->value();
  out.layers = layers_->isChecked();
  out.extrapolate = overN_->isChecked();
  out.verify = verify_->isChecked();
  return out;
}

QString SpectrumForm::refusal(const analysis::SpectrumSpec& wanted) const {
  if (wanted.extrapolate && wanted.top < 1) return QStringLiteral("\u201COver N\u201D is of \u03BBmax: ask for top k 1 or more.");
  if (wanted.layers && !wanted.restrictTo.empty()) return QStringLiteral("\u201CBy layer\u201D takes each layer in turn: leave the scope at all parameters.");
  if (wanted.top + wanted.bottom > 0 || wanted.densityProbes > 0 || !wanted.trace.empty() || wanted.layers || wanted.extrapolate) return {};
  return QStringLiteral("Ask for at least one thing: eigenvalues (top k or bottom k 1 or more), density, trace, layers or over N.");
}

void SpectrumForm::refresh() {
  probes_->setEnabled(density_->isChecked() || dimension_->isChecked());
  steps_->setEnabled(probes_->isEnabled());
  traceError_->setEnabled(!wordOf(trace_).empty());
  dimensionAt_->setEnabled(dimension_->isChecked());
  const analysis::SpectrumSpec wanted = spec(run().empty() ? "RUN" : run());
  const bool pairs = wanted.top + wanted.bottom > 0;
  productsCost_->setText(!pairs ? QStringLiteral("0") : wanted.maxProducts ? grouped(*wanted.maxProducts) : QStringLiteral("200 to 2,000"));
  moreCost_->setText(grouped(wanted.densityProbes * wanted.densitySteps * (wanted.effectiveDimension ? 2 : 1) + (wanted.trace.empty() ? 0 : kTraceProducts)));
  say(refusal(wanted), QString::fromStdString(analysis::commandLine(analysis::SpectrumResult{.spec = wanted, .spectrum = {}})));
}

}  // namespace ui
