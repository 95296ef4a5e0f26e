// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_options.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "analysis/export/result_file.h"
#include "analysis/surface/sample_surface.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

QComboBox* combo(const std::vector<std::pair<QString, QString>>& items, const QString& toolTip) {
  auto* box = new QComboBox;
  for (const auto& [text, value] : items) box->addItem(text, value);
  box->setToolTip(toolTip);
  return box;
}

QDoubleSpinBox* rangeEnd(double value) {
  auto* box = new QDoubleSpinBox;
  box->setDecimals(3);
  box->setRange(-1000, 1000);
  box->setSingleStep(0.1);
  box->setValue(value);
  box->setAlignment(Qt::AlignRight);
  box->setToolTip(QStringLiteral("End of the axis in units of its direction. Default: \u22121 to 1; 0 must lie on the grid."));
  return box;
}

std::string valueOf(const QComboBox* box) { return box->currentData().toString().toStdString(); }

}  // namespace

LandscapeOptions::LandscapeOptions(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* body = new QWidget;
  QFormLayout* form = newForm();
  form->setContentsMargins(12, 4, 12, 8);
  body->setLayout(form);
  addScrolled(column, body);
  x_ = addAxis(form, QStringLiteral("x axis"), false);
  y_ = addAxis(form, QStringLiteral("y axis"), true);
  addGridAndNumbers(form);
  addCost(column);
  letFieldsShrink(body);
  for (QComboBox* box : body->findChildren<QComboBox*>()) connect(box, &QComboBox::currentIndexChanged, this, &LandscapeOptions::refresh);
  for (QSpinBox* box : body->findChildren<QSpinBox*>()) connect(box, &QSpinBox::valueChanged, this, &LandscapeOptions::refresh);
  for (QDoubleSpinBox* box : body->findChildren<QDoubleSpinBox*>()) connect(box, &QDoubleSpinBox::valueChanged, this, &LandscapeOptions::refresh);
  connect(orthogonalise_, &QCheckBox::toggled, this, &LandscapeOptions::refresh);
  refresh();
}

LandscapeOptions::AxisFields LandscapeOptions::addAxis(QFormLayout* form, const QString& name, bool optional) {
  AxisFields fields{};
  form->addRow(sectionTitle(name));
  std::vector<std::pair<QString, QString>> kinds{{QStringLiteral("Random direction"), QStringLiteral("random")},
                                                 {QStringLiteral("Hessian eigenvector"), QStringLiteral("eigen")}};
  if (optional) kinds.emplace_back(QStringLiteral("None: a 1-D slice"), QStringLiteral("none"));
  fields.kind = combo(kinds, QStringLiteral("Direction of the axis. Random: Gaussian, drawn per seed, axis and tensor (Li et al. 2018). "
                                            "Eigenvector: of the k-th largest eigenvalue of the Hessian."));
  fields.kind->setObjectName(optional ? QStringLiteral("yKind") : QStringLiteral("xKind"));
  fields.kind->setMinimumWidth(80);
  fields.kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  fields.index = new QSpinBox;
  fields.index->setRange(1, 50);
  fields.index->setValue(optional ? 2 : 1);
  fields.index->setToolTip(QStringLiteral("k: the k-th largest eigenvalue. Range 1 to 50."));
  fields.index->setFixedWidth(52);
  auto* direction = new QHBoxLayout;
  direction->setSpacing(4);
  direction->addWidget(fields.kind, 1);
  direction->addWidget(fields.index);
  form->addRow(QStringLiteral("Direction"), direction);
  fields.hint = hintLabel({});
  form->addRow(QString(), fields.hint);
  fields.from = rangeEnd(-1);
  fields.to = rangeEnd(1);
  auto* range = new QHBoxLayout;
  range->setSpacing(4);
  range->addWidget(fields.from);
  range->addWidget(fields.to);
  form->addRow(QStringLiteral("Range"), range);
  return fields;
}

void LandscapeOptions::addGridAndNumbers(QFormLayout* form) {
  form->addRow(sectionTitle(QStringLiteral("Grid and data")));
  size_ = combo({{QStringLiteral("17, nested 5 \u00B7 9 \u00B7 17"), QStringLiteral("17")},
                 {QStringLiteral("33, nested 5 \u00B7 9 \u00B7 17 \u00B7 33"), QStringLiteral("33")},
                 {QStringLiteral("65, nested 5 \u00B7 \u2026 \u00B7 33 \u00B7 65"), QStringLiteral("65")}},
                QStringLiteral("Points an axis. Every level reuses the points before it. Default: 33."));
  size_->setCurrentIndex(1);
  form->addRow(QStringLiteral("Grid"), size_);
  samples_ = samplesField();
  form->addRow(QStringLiteral("Samples"), samples_);
  form->addRow(sectionTitle(QStringLiteral("Directions")));
  normalise_ = combo({{QStringLiteral("by filter"), QStringLiteral("filter")},
                      {QStringLiteral("by layer"), QStringLiteral("layer")},
                      {QStringLiteral("none"), QStringLiteral("none")}},
                     QStringLiteral("Random directions: every filter gets the norm of the weight's filter (Li et al. 2018). Default: by filter. "
                                    "Eigenvectors have unit length and are never normalised."));
  form->addRow(QStringLiteral("Normalise"), normalise_);
  oneD_ = combo({{QStringLiteral("zero"), QStringLiteral("zero")},
                 {QStringLiteral("norm"), QStringLiteral("norm")},
                 {QStringLiteral("elementwise"), QStringLiteral("elementwise")}},
                QStringLiteral("Biases and other 1-D tensors of a random direction. Default: zero."));
  form->addRow(QStringLiteral("1-D tensors"), oneD_);
  seed_ = new QSpinBox;
  seed_->setRange(0, 999999);
  seed_->setAlignment(Qt::AlignRight);
  seed_->setToolTip(QStringLiteral("Seed of the random directions: the same seed draws the same directions for every run. Default: 0."));
  form->addRow(QStringLiteral("Seed"), seed_);
  orthogonalise_ = new QCheckBox(QStringLiteral("Orthogonalise y against x"));
  orthogonalise_->setToolTip(QStringLiteral("Gram-Schmidt on y; it is then no longer filter-normalised. Default: off, the cosine is reported."));
  form->addRow(orthogonalise_);
  precision_ = precisionField();
  form->addRow(QStringLiteral("Precision"), precision_);
  problemLabel_ = problemLabel();
  form->addRow(problemLabel_);
}

void LandscapeOptions::addCost(QVBoxLayout* column) {
  auto* pinned = new QVBoxLayout;
  pinned->setContentsMargins(12, 4, 12, 12);
  pinned->setSpacing(8);
  QFormLayout* costs = newForm();
  costs->addRow(sectionTitle(QStringLiteral("Cost before running")));
  pointsCost_ = addCostRow(costs, QStringLiteral("Points"), QStringLiteral("Grid points to evaluate"));
  passesCost_ = addCostRow(costs, QStringLiteral("Sample passes"), QStringLiteral("Points times samples: all training and test samples at every point"));
  firstCost_ = addCostRow(costs, QStringLiteral("First picture"), QStringLiteral("Points before something is drawn"));
  pinned->addLayout(costs);
  command_ = addCommandBox(pinned);
  compute_ = new QPushButton(QStringLiteral("Compute"));
  compute_->setProperty("primary", true);
  compute_->setObjectName(QStringLiteral("computeSurface"));
  compute_->setToolTip(QStringLiteral("Computes it for the selected run, in the background"));
  computeAll_ = new QPushButton(QStringLiteral("All runs"));
  computeAll_->setToolTip(QStringLiteral("The same for every run of the session, one after the other"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(compute_, 1);
  buttons->addWidget(computeAll_);
  pinned->addLayout(buttons);
  column->addLayout(pinned);
  connect(compute_, &QPushButton::clicked, this, &LandscapeOptions::computeRequested);
  connect(computeAll_, &QPushButton::clicked, this, &LandscapeOptions::computeAllRequested);
}

analysis::AxisSpec LandscapeOptions::axisSpec(const AxisFields& fields) const {
  analysis::AxisSpec axis;
  axis.kind = valueOf(fields.kind) == "eigen" ? "eigen:" + std::to_string(fields.index->value()) : "random";
  axis.from = fields.from->value();
  axis.to = fields.to->value();
  axis.size = size_->currentData().toLongLong();
  return axis;
}

analysis::SurfaceSpec LandscapeOptions::spec(const std::string& folder) const {
  analysis::SurfaceSpec out;
  out.measure.run = folder;
  out.measure.samples = samplesOf(samples_);
  out.measure.precision = precisionOf(precision_);
  out.x = axisSpec(x_);
  if (valueOf(y_.kind) != "none") out.y = axisSpec(y_);
  out.normalise = valueOf(normalise_);
  out.oneD = valueOf(oneD_);
  out.directionSeed = static_cast<std::uint64_t>(seed_->value());
  out.orthogonalise = out.y.has_value() && orthogonalise_->isChecked();
  return out;
}

void LandscapeOptions::setRun(const std::string& folder, std::int64_t trainSamples, std::int64_t testSamples) {
  if (folder == folder_ && trainSamples == trainSamples_ && testSamples == testSamples_) return;
  folder_ = folder;
  trainSamples_ = trainSamples;
  testSamples_ = testSamples;
  refresh();
}

QString LandscapeOptions::command() const { return command_->toPlainText(); }

void LandscapeOptions::refresh() {
  for (const AxisFields& axis : {x_, y_}) {
    const std::string kind = valueOf(axis.kind);
    axis.index->setVisible(kind == "eigen");
    axis.hint->setText(kind == "eigen"    ? QStringLiteral("unit L2, not normalised by filter")
                       : kind == "random" ? QStringLiteral("Gaussian, normalised as below")
                                          : QStringLiteral("curves instead of a surface"));
    axis.from->setEnabled(kind != "none");
    axis.to->setEnabled(kind != "none");
  }
  orthogonalise_->setEnabled(valueOf(y_.kind) != "none");
  const analysis::SurfaceSpec wanted = spec(folder_.empty() ? "RUN" : folder_);
  problem_.clear();
  try {
    analysis::validate(wanted);
  } catch (const std::exception& error) {
    problem_ = QString::fromStdString(error.what());
  }
  showProblem(problemLabel_, problem_);
  command_->setPlainText(QString::fromStdString(analysis::commandLine(analysis::SurfaceResult{.spec = wanted, .grid = {}})));
  refreshCost(wanted);
  compute_->setEnabled(problem_.isEmpty() && !folder_.empty());
  computeAll_->setEnabled(problem_.isEmpty() && !folder_.empty());
}

void LandscapeOptions::refreshCost(const analysis::SurfaceSpec& wanted) {
  const std::int64_t points = wanted.x.size * (wanted.y ? wanted.y->size : 1);
  pointsCost_->setText(grouped(points));
  firstCost_->setText(wanted.y ? QStringLiteral("5 \u00D7 5, 25 points") : QStringLiteral("5 points"));
  if (trainSamples_ <= 0) {
    passesCost_->setText(QStringLiteral("\u2013"));
    return;
  }
  const auto used = [&](std::int64_t all) {
    const std::int64_t limit = wanted.measure.samples.value_or(4096);
    return limit == 0 ? all : std::min(limit, all);
  };
  passesCost_->setText(grouped(points * (used(trainSamples_) + used(testSamples_))));
}

}  // namespace ui
