// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/axis_picker.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <cmath>

#include "ui/pages/measure_fields.h"
#include "ui/pages/measure_form.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString number(double v, int digits) { return QString::fromStdString(numberText(v, digits)); }

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

/// What a kind means, while nothing is known of the direction itself.
QString meaningOf(const std::string& kind) {
  static const std::pair<const char*, const char*> meanings[] = {{"random", "Gaussian, normalised as below"},
                                                                 {"eigen", "unit length, never normalised"},
                                                                 {"bottom", "unit length, never normalised"},
                                                                 {"gradient", "g / \u2016g\u2016 at the checkpoint"},
                                                                 {"sam", "coordinate 1 is SAM's perturbed point"},
                                                                 {"pca", "of the checkpoints minus this one, unit length"},
                                                                 {"pca-centred", "of the checkpoints minus their mean, unit length"},
                                                                 {"toward", "coordinate 1 is the other run"},
                                                                 {"file", "of a directions file, as it is"}};
  for (const auto& [word, meaning] : meanings)
    if (kind == word) return QString::fromUtf8(meaning);
  return QStringLiteral("curves instead of a surface");
}

}  // namespace

QString axisReportText(const analysis::AxisReport& report) {
  QStringList words;
  if (std::isfinite(report.norm)) words << QStringLiteral("\u2016d\u2016 %1").arg(number(report.norm, 4));
  if (std::isfinite(report.eigenvalue)) words << QStringLiteral("\u03BB %1, residual %2").arg(number(report.eigenvalue, 4), number(report.residual, 2));
  if (std::isfinite(report.explainedVariance)) {
    QString text = QStringLiteral("explains %1 %").arg(100 * report.explainedVariance, 0, 'f', 1);
    if (std::isfinite(report.randomWalkVariance)) text += QStringLiteral(" (a random walk's: %1 %)").arg(100 * report.randomWalkVariance, 0, 'f', 1);
    words << text;
  }
  if (report.checkpoints > 0) words << QStringLiteral("%1 %2").arg(report.checkpoints).arg(report.checkpoints == 1 ? QStringLiteral("checkpoint") : QStringLiteral("checkpoints"));
  if (report.products > 0) words << QStringLiteral("about %1 products").arg(report.products);
  if (report.seconds >= 0.05) words << QStringLiteral("%1 s").arg(report.seconds, 0, 'f', 1);
  return words.join(QStringLiteral(" \u00B7 "));
}

AxisPicker::AxisPicker(QFormLayout* form, const QString& axis, bool optional, QObject* parent) : QObject(parent), form_(form), axis_(axis) {
  form_->addRow(sectionTitle(axis_ + QStringLiteral(" axis")));
  addKind(optional);
  addDetails();
  hint_ = hintLabel({});
  form_->addRow(QString(), hint_);
  from_ = rangeEnd(-1);
  to_ = rangeEnd(1);
  auto* range = new QHBoxLayout;
  range->setSpacing(4);
  range->addWidget(from_);
  range->addWidget(to_);
  form_->addRow(QStringLiteral("Range"), range);
  const auto notify = [this] {
    refresh();
    emit changed();
  };
  for (QComboBox* box : {kind_, run_, normalise_}) connect(box, &QComboBox::currentIndexChanged, this, notify);
  connect(index_, &QSpinBox::valueChanged, this, notify);
  for (QDoubleSpinBox* box : {rho_, from_, to_}) connect(box, &QDoubleSpinBox::valueChanged, this, notify);
  for (QLineEdit* box : {file_, layer_}) connect(box, &QLineEdit::textChanged, this, notify);
  refresh();
}

void AxisPicker::addKind(bool optional) {
  std::vector<std::pair<QString, QString>> kinds{{QStringLiteral("Random direction"), QStringLiteral("random")},
                                                 {QStringLiteral("Hessian eigenvector"), QStringLiteral("eigen")},
                                                 {QStringLiteral("Eigenvector from below"), QStringLiteral("bottom")},
                                                 {QStringLiteral("Gradient"), QStringLiteral("gradient")},
                                                 {QStringLiteral("SAM step"), QStringLiteral("sam")},
                                                 {QStringLiteral("PCA of checkpoints"), QStringLiteral("pca")},
                                                 {QStringLiteral("PCA, centred"), QStringLiteral("pca-centred")},
                                                 {QStringLiteral("Toward another run"), QStringLiteral("toward")},
                                                 {QStringLiteral("Directions file"), QStringLiteral("file")}};
  if (optional) kinds.emplace_back(QStringLiteral("None: a 1-D slice"), QStringLiteral("none"));
  kind_ = wordField(kinds, QStringLiteral("Direction of the axis. Random: Gaussian, drawn per seed, axis and tensor (Li et al. 2018). Eigenvectors: of the k-th largest or smallest eigenvalue "
                                          "of the Hessian. PCA: of the run's checkpoints. Toward: another run's end lies at coordinate 1. Default: random."));
  kind_->setObjectName(axis_ + QStringLiteral("Kind"));
  kind_->setMinimumWidth(80);
  index_ = new QSpinBox;
  index_->setObjectName(axis_ + QStringLiteral("Index"));
  index_->setRange(1, 50);
  index_->setValue(optional ? 2 : 1);
  index_->setToolTip(QStringLiteral("k: the k-th eigenvalue or principal direction. Range 1 to 50."));
  index_->setFixedWidth(52);
  auto* direction = new QHBoxLayout;
  direction->setSpacing(4);
  direction->addWidget(kind_, 1);
  direction->addWidget(index_);
  form_->addRow(QStringLiteral("Direction"), direction);
}

void AxisPicker::addDetails() {
  run_ = new QComboBox;
  run_->setObjectName(axis_ + QStringLiteral("Run"));
  run_->setToolTip(QStringLiteral("The run whose last checkpoint lies at coordinate 1."));
  form_->addRow(QStringLiteral("Run"), run_);
  rho_ = new QDoubleSpinBox;
  rho_->setObjectName(axis_ + QStringLiteral("Rho"));
  rho_->setDecimals(4);
  rho_->setRange(0, 100);
  rho_->setSpecialValueText(QStringLiteral("the run's own"));
  rho_->setAlignment(Qt::AlignRight);
  rho_->setToolTip(QStringLiteral("\u03C1 of the step. Default: the run's, 0.05 where it has none."));
  form_->addRow(QStringLiteral("\u03C1"), rho_);
  file_ = new QLineEdit;
  file_->setObjectName(axis_ + QStringLiteral("File"));
  file_->setPlaceholderText(QStringLiteral("directions.safetensors"));
  file_->setToolTip(QStringLiteral("A file of --save-directions: its x for the x axis, its y for the y axis."));
  form_->addRow(QStringLiteral("File"), file_);
  layer_ = new QLineEdit;
  layer_->setObjectName(axis_ + QStringLiteral("Layer"));
  layer_->setPlaceholderText(QStringLiteral("all"));
  layer_->setToolTip(QStringLiteral("A state-dict prefix such as conv1 or layer1.0: the direction is zero outside. Default: all of the weights."));
  form_->addRow(QStringLiteral("Layer"), layer_);
  normalise_ = wordField({{QStringLiteral("by filter"), QString()}, {QStringLiteral("by layer"), QStringLiteral("layer")}, {QStringLiteral("none"), QStringLiteral("none")}},
                         QStringLiteral("Random directions: every filter gets the norm of the weight's filter (Li et al. 2018). Default: by filter."));
  normalise_->setObjectName(axis_ + QStringLiteral("Normalise"));
  form_->addRow(QStringLiteral("Normalise"), normalise_);
}

bool AxisPicker::none() const { return wordOf(kind_) == "none"; }

std::string AxisPicker::kind() const {
  const std::string word = wordOf(kind_), k = std::to_string(index_->value());
  if (word == "eigen") return "eigen:" + k;
  if (word == "bottom") return "eigen:-" + k;
  if (word == "pca" || word == "pca-centred") return word + ":" + k;
  if (word == "sam" && rho_->value() > 0) return "sam:" + QString::number(rho_->value()).toStdString();
  if (word == "toward") return "toward:" + wordOf(run_);
  if (word == "file") return "file:" + file_->text().trimmed().toStdString();
  return word;
}

analysis::AxisSpec AxisPicker::spec(std::int64_t size) const {
  analysis::AxisSpec axis;
  axis.kind = kind();
  if (const std::string layer = layer_->text().trimmed().toStdString(); !layer.empty()) axis.kind = "layer:" + layer + ":" + axis.kind;
  axis.from = from_->value();
  axis.to = to_->value();
  axis.size = size;
  if (wordOf(kind_) == "random") axis.normalise = wordOf(normalise_);
  return axis;
}

QString AxisPicker::problem() const {
  const std::string word = wordOf(kind_);
  if (word == "toward" && run_->count() == 0) return QStringLiteral("%1 axis: there is no other trained run in the session to point toward; open or train one.").arg(axis_);
  if (word == "file" && file_->text().trimmed().isEmpty()) return QStringLiteral("%1 axis: name a directions file, as --save-directions writes it.").arg(axis_);
  return {};
}

void AxisPicker::setOthers(const std::vector<std::pair<QString, std::string>>& others) {
  const QString before = run_->currentData().toString();
  const QSignalBlocker quiet(run_);
  run_->clear();
  for (const auto& [name, folder] : others) run_->addItem(name, QString::fromStdString(folder));
  run_->setCurrentIndex(others.empty() ? -1 : std::max(0, run_->findData(before)));
}

void AxisPicker::showReport(const analysis::AxisReport& report) {
  hint_->setText(axisReportText(report));
  hint_->setToolTip(QString::fromStdString(report.description));
}

void AxisPicker::clearReport() {
  hint_->setText(meaningOf(wordOf(kind_)));
  hint_->setToolTip({});
}

QString AxisPicker::hint() const { return hint_->text(); }

void AxisPicker::refresh() {
  const std::string word = wordOf(kind_);
  index_->setVisible(word == "eigen" || word == "bottom" || word == "pca" || word == "pca-centred");
  form_->setRowVisible(run_, word == "toward");
  form_->setRowVisible(rho_, word == "sam");
  form_->setRowVisible(file_, word == "file");
  form_->setRowVisible(layer_, word != "none" && word != "file");
  form_->setRowVisible(normalise_, word == "random");
  from_->setEnabled(!none());
  to_->setEnabled(!none());
  clearReport();
}

}  // namespace ui
