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
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "analysis/export/result_file.h"
#include "analysis/surface/refine_surface.h"
#include "analysis/surface/sample_surface.h"
#include "ui/pages/measure_fields.h"
#include "ui/pages/measure_form.h"

namespace ui {
namespace {

constexpr int kStillMilliseconds = 400;

}  // namespace

LandscapeOptions::LandscapeOptions(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* body = new QWidget;
  QFormLayout* form = newForm();
  form->setContentsMargins(12, 4, 12, 8);
  body->setLayout(form);
  addScrolled(column, body);
  addMode(form);
  x_ = new AxisPicker(form, QStringLiteral("x"), false, this);
  y_ = new AxisPicker(form, QStringLiteral("y"), true, this);
  addUnits(form);
  addGridAndNumbers(form);
  addCost(column);
  letFieldsShrink(body);
  still_ = new QTimer(this);
  still_->setSingleShot(true);
  still_->setInterval(kStillMilliseconds);
  connect(still_, &QTimer::timeout, this, &LandscapeOptions::previewRequested);
  for (const AxisPicker* axis : {x_, y_}) connect(axis, &AxisPicker::changed, this, &LandscapeOptions::refresh);
  for (const QComboBox* box : {size_, points_, samples_, policy_, oneD_, precision_}) connect(box, &QComboBox::currentIndexChanged, this, &LandscapeOptions::refresh);
  connect(seed_, &QSpinBox::valueChanged, this, &LandscapeOptions::refresh);
  for (const QCheckBox* box : {orthogonalise_, trajectory_, fitRange_, gradientNorm_, lambdaMax_, samMax_, generalisation_}) connect(box, &QCheckBox::toggled, this, &LandscapeOptions::refresh);
  refresh();
}

void LandscapeOptions::addGridAndNumbers(QFormLayout* form) {
  form->addRow(sectionTitle(QStringLiteral("Grid and data")));
  size_ = wordField({{QStringLiteral("17, nested 5 \u00B7 9 \u00B7 17"), QStringLiteral("17")},
                 {QStringLiteral("33, nested 5 \u00B7 9 \u00B7 17 \u00B7 33"), QStringLiteral("33")},
                 {QStringLiteral("65, nested 5 \u00B7 \u2026 \u00B7 33 \u00B7 65"), QStringLiteral("65")},
                 {QStringLiteral("129, nested 5 \u00B7 \u2026 \u00B7 65 \u00B7 129"), QStringLiteral("129")}},
                QStringLiteral("Points an axis. Every level reuses the points before it. Default: 33."));
  size_->setCurrentIndex(1);
  form->addRow(QStringLiteral("Grid"), size_);
  points_ = wordField({{QStringLiteral("every point evaluated"), QString()},
                       {QStringLiteral("few, the rest within 1 %"), QStringLiteral("0.01")},
                       {QStringLiteral("few, the rest within 5 %"), QStringLiteral("0.05")}},
                      QStringLiteral("Evaluates few points and interpolates the rest within so much of max(L, range/100) at 95 % of points, checked on held-back ones; the probe says which are which. Default: every point."));
  points_->setObjectName(QStringLiteral("tolerance"));
  form->addRow(QStringLiteral("Points"), points_);
  samples_ = samplesField();
  form->addRow(QStringLiteral("Samples"), samples_);
  policy_ = wordField({{QStringLiteral("eval: running statistics"), QStringLiteral("eval")},
                       {QStringLiteral("train: of the batch"), QStringLiteral("train")},
                       {QStringLiteral("recomputed at each point"), QStringLiteral("recomputed")},
                       {QStringLiteral("interpolated between runs"), QStringLiteral("interpolated")}},
                      QStringLiteral("Where batch normalisation takes its statistics from. Default: eval. Networks without it give the same with each."));
  form->addRow(QStringLiteral("Batch norm"), policy_);
  form->addRow(sectionTitle(QStringLiteral("Directions")));
  oneD_ = wordField({{QStringLiteral("zero"), QStringLiteral("zero")},
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
  trajectory_ = new QCheckBox(QStringLiteral("Path of the checkpoints"));
  trajectory_->setObjectName(QStringLiteral("trajectory"));
  trajectory_->setToolTip(QStringLiteral("The run's checkpoints projected into the plane, with their true loss and their distance from it. Default: off."));
  form->addRow(trajectory_);
  fitRange_ = new QCheckBox(QStringLiteral("Fit the ranges"));
  fitRange_->setObjectName(QStringLiteral("fitRange"));
  fitRange_->setToolTip(QStringLiteral("Ranges that hold the other runs and the checkpoints, instead of those above. Default: off."));
  form->addRow(fitRange_);
  form->addRow(sectionTitle(QStringLiteral("At every point also")));
  const auto field = [&](const char* name, const QString& words, const QString& tip) {
    auto* box = new QCheckBox(words);
    box->setObjectName(QString::fromLatin1(name));
    box->setToolTip(tip + QStringLiteral(" Default: off."));
    form->addRow(box);
    return box;
  };
  gradientNorm_ = field("gradient-norm", QStringLiteral("Gradient norm"), QStringLiteral("\u2016\u2207L\u2016: one gradient a point."));
  lambdaMax_ = field("lambda-max", QStringLiteral("Largest eigenvalue"), QStringLiteral("\u03BB max of the Hessian, with its residual: some products a point."));
  samMax_ = field("sam-max", QStringLiteral("SAM maximum"), QStringLiteral("The loss after SAM's step of the run's \u03C1: one gradient and one forward pass a point."));
  generalisation_ = field("generalisation", QStringLiteral("Test minus train loss"), QStringLiteral("The generalisation gap of the loss: no further cost."));
  form->addRow(sectionTitle(QStringLiteral("Numbers")));
  precision_ = precisionField();
  form->addRow(QStringLiteral("Precision"), precision_);
}

void LandscapeOptions::addMode(QFormLayout* form) {
  mode_ = wordField({{QStringLiteral("A \u00B7 own axes of each run"), QStringLiteral("A")},
                     {QStringLiteral("B \u00B7 the same vectors for all"), QStringLiteral("B")},
                     {QStringLiteral("C \u00B7 one plane through the minima"), QStringLiteral("C")}},
                    QStringLiteral("How the planes of several runs belong together. A: the same draw, scaled by each run's own filters. B: the baseline's two vectors for every run. C: one plane that holds the "
                                   "ends of the baseline and two more runs. Views change to the surfaces of this kind where there are some. Default: A."));
  mode_->setObjectName(QStringLiteral("planes"));
  form->addRow(QStringLiteral("Compare"), mode_);
  modeHint_ = hintLabel({});
  form->addRow(QString(), modeHint_);
  connect(mode_, &QComboBox::currentIndexChanged, this, [this] {
    refresh();
    emit modeChanged();
  });
}

void LandscapeOptions::setRuns(const std::vector<std::pair<QString, std::string>>& runs, const std::string& baseline) {
  if (runs == runs_ && baseline == baseline_) return;
  runs_ = runs;
  baseline_ = baseline;
  refresh();
}

std::string LandscapeOptions::mode() const { return wordOf(mode_); }

analysis::MatchedPlanes LandscapeOptions::planes() const {
  analysis::MatchedPlanesSpec wanted;
  wanted.mode = mode();
  for (const auto& [name, folder] : runs_) {
    wanted.runs.push_back(folder);
    wanted.names.push_back(name.toStdString());
  }
  const bool listed = std::ranges::find(wanted.runs, baseline_) != wanted.runs.end();
  if (listed) wanted.baseline = baseline_;
  wanted.base = spec(listed || wanted.runs.empty() ? baseline_ : wanted.runs.front());
  return analysis::matchedPlanes(wanted);
}

/// Of one run in mode A, else of every surface, a line each.
QString LandscapeOptions::commands(const analysis::SurfaceSpec& wanted) const {
  const auto line = [](const analysis::SurfaceSpec& spec) { return QString::fromStdString(analysis::commandLine(analysis::SurfaceResult{.spec = spec, .grid = {}})); };
  if (mode() == "A") return line(wanted);
  QStringList lines;
  for (const analysis::MatchedPlane& plane : planes().surfaces) lines << line(plane.spec);
  return lines.join(QLatin1Char('\n'));
}

void LandscapeOptions::addUnits(QFormLayout* form) {
  form->addRow(sectionTitle(QStringLiteral("Ticks count")));
  const std::vector<std::pair<QString, QString>> words{{QStringLiteral("the coordinate"), QStringLiteral("raw")},
                                                       {QStringLiteral("units of \u2016\u03B8\u2016"), QStringLiteral("theta")},
                                                       {QStringLiteral("steps of a rise"), QStringLiteral("rise")}};
  const QString tip = QStringLiteral("What the ticks count: lengths of the direction; t \u2016d\u2016 / \u2016\u03B8\u2016; or steps s that raise the loss by the amount below, L(s d) \u2212 L(0). "
                                     "The data stay as they are. Default: the coordinate.");
  xUnit_ = wordField(words, tip);
  xUnit_->setObjectName(QStringLiteral("xUnit"));
  yUnit_ = wordField(words, tip);
  yUnit_->setObjectName(QStringLiteral("yUnit"));
  form->addRow(QStringLiteral("along x"), xUnit_);
  form->addRow(QStringLiteral("along y"), yUnit_);
  rise_ = new QDoubleSpinBox;
  rise_->setObjectName(QStringLiteral("rise"));
  rise_->setDecimals(4);
  rise_->setRange(1e-4, 1e4);
  rise_->setValue(0.1);
  rise_->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
  rise_->setAlignment(Qt::AlignRight);
  rise_->setToolTip(QStringLiteral("The rise of the loss that is one step. Range 0.0001 to 10,000, default 0.1."));
  form->addRow(QStringLiteral("Rise"), rise_);
  const auto notify = [this, form] {
    form->setRowVisible(rise_, wordOf(xUnit_) == "rise" || wordOf(yUnit_) == "rise");
    emit unitsChanged();
  };
  for (QComboBox* box : {xUnit_, yUnit_}) connect(box, &QComboBox::currentIndexChanged, this, notify);
  connect(rise_, &QDoubleSpinBox::valueChanged, this, notify);
  form->setRowVisible(rise_, false);
}

AxisUnits LandscapeOptions::units() const {
  return {.x = static_cast<AxisUnit>(xUnit_->currentIndex()), .y = static_cast<AxisUnit>(yUnit_->currentIndex()), .rise = rise_->value()};
}

void LandscapeOptions::setUnits(const AxisUnits& units) {
  rise_->setValue(units.rise);
  xUnit_->setCurrentIndex(static_cast<int>(units.x));
  yUnit_->setCurrentIndex(static_cast<int>(units.y));
}

void LandscapeOptions::addCost(QVBoxLayout* column) {
  auto* pinned = new QVBoxLayout;
  pinned->setContentsMargins(12, 4, 12, 12);
  pinned->setSpacing(8);
  problemLabel_ = problemLabel();
  pinned->addWidget(problemLabel_);
  QFormLayout* costs = newForm();
  costs->addRow(sectionTitle(QStringLiteral("Cost before running")));
  pointsCost_ = addCostRow(costs, QStringLiteral("Points"), QStringLiteral("Grid points to evaluate"));
  passesCost_ = addCostRow(costs, QStringLiteral("Sample passes"), QStringLiteral("Points times samples: all training and test samples at every point"));
  firstCost_ = addCostRow(costs, QStringLiteral("First picture"), QStringLiteral("Points before something is drawn"));
  cosineCost_ = addCostRow(costs, QStringLiteral("cos(x, y)"), QStringLiteral("Cosine between the directions: at 0, distances on the picture are true to scale. Not known before an eigenvector is computed."));
  timeCost_ = addCostRow(costs, QStringLiteral("Time, about"), QStringLiteral("Axes and grid, from one point measured here; paths and other runs are not in it"));
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

analysis::SurfaceSpec LandscapeOptions::spec(const std::string& folder) const {
  analysis::SurfaceSpec out;
  out.measure.run = folder;
  out.measure.samples = samplesOf(samples_);
  out.measure.precision = precisionOf(precision_);
  out.measure.batchNorm = wordOf(policy_);
  out.x = x_->spec(size_->currentData().toLongLong());
  if (!y_->none()) out.y = y_->spec(out.x.size);
  if (const std::string tolerance = wordOf(points_); !tolerance.empty()) out.tolerance = std::stod(tolerance);
  out.oneD = wordOf(oneD_);
  out.directionSeed = static_cast<std::uint64_t>(seed_->value());
  out.orthogonalise = out.y.has_value() && orthogonalise_->isChecked();
  out.trajectory = trajectory_->isChecked();
  out.fitRange = fitRange_->isChecked();
  for (const QCheckBox* box : {gradientNorm_, lambdaMax_, samMax_, generalisation_})
    if (box->isChecked()) out.fields.push_back(box->objectName().toStdString());
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

void LandscapeOptions::setOthers(const std::vector<std::pair<QString, std::string>>& others) {
  x_->setOthers(others);
  y_->setOthers(others);
  refresh();
}

void LandscapeOptions::refresh() {
  orthogonalise_->setEnabled(!y_->none());
  const analysis::SurfaceSpec wanted = spec(folder_.empty() ? "RUN" : folder_);
  problem_ = x_->problem();
  if (problem_.isEmpty()) problem_ = y_->problem();
  QString text;
  modeHint_->setText(mode() == "A" ? QStringLiteral("shapes compare; distances are each run's own") : QString());
  try {
    if (problem_.isEmpty()) analysis::validate(wanted);
    if (mode() != "A") modeHint_->setText(QString::fromStdString(planes().sentence));
    text = commands(wanted);
  } catch (const std::exception& error) {
    problem_ = QString::fromStdString(error.what());
  }
  showProblem(problemLabel_, problem_);
  command_->setPlainText(text.isEmpty() ? QString::fromStdString(analysis::commandLine(analysis::SurfaceResult{.spec = wanted, .grid = {}})) : text);
  refreshCost(wanted);
  compute_->setEnabled(problem_.isEmpty() && !folder_.empty());
  computeAll_->setEnabled(problem_.isEmpty() && !folder_.empty());
  if (wanted == asked_) return;
  asked_ = wanted;
  x_->clearReport();
  y_->clearReport();
  cosineCost_->setText(QStringLiteral("\u2013"));
  timeCost_->setText(QStringLiteral("\u2013"));
  if (compute_->isEnabled()) still_->start();
}

void LandscapeOptions::showPreview(const analysis::SurfaceSpec& of, const analysis::AxesPreview& preview) {
  if (of != asked_) return;
  if (!preview.axes.empty()) x_->showReport(preview.axes[0]);
  if (preview.axes.size() > 1) y_->showReport(preview.axes[1]);
  if (std::isfinite(preview.cosine) && preview.axes.size() > 1) cosineCost_->setText(QString::number(preview.cosine, 'f', 4).replace(QLatin1Char('-'), QChar(0x2212)));
  const QString time = preview.seconds < 90 ? QStringLiteral("%1 s").arg(preview.seconds, 0, 'f', 1) : QStringLiteral("%1 min").arg(preview.seconds / 60, 0, 'f', 1);
  timeCost_->setText(of.tolerance ? QStringLiteral("\u2265 ") + time : time);
}

void LandscapeOptions::showPreviewFailure(const analysis::SurfaceSpec& of, const QString& sentence) {
  if (of != asked_) return;
  problem_ = sentence;
  showProblem(problemLabel_, problem_);
  compute_->setEnabled(false);
}

void LandscapeOptions::refreshCost(const analysis::SurfaceSpec& wanted) {
  const std::int64_t points = wanted.x.size * (wanted.y ? wanted.y->size : 1);
  const std::int64_t least = wanted.tolerance ? std::min(points, analysis::leastEvaluations(wanted.x.size, wanted.y ? wanted.y->size : 1)) : points;
  const QString atLeast = least < points ? QStringLiteral("\u2265 ") : QString();
  pointsCost_->setText(least < points ? QStringLiteral("\u2265 %1 of %2").arg(grouped(least), grouped(points)) : grouped(points));
  firstCost_->setText(wanted.y ? QStringLiteral("5 \u00D7 5, 25 points") : QStringLiteral("5 points"));
  if (trainSamples_ <= 0) {
    passesCost_->setText(QStringLiteral("\u2013"));
    return;
  }
  const auto used = [&](std::int64_t all) {
    const std::int64_t limit = wanted.measure.samples.value_or(4096);
    return limit == 0 ? all : std::min(limit, all);
  };
  passesCost_->setText(atLeast + grouped(least * (used(trainSamples_) + used(testSamples_))));
}

}  // namespace ui
