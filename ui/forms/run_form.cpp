// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/run_form.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <stdexcept>

#include "trainer/device.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

constexpr const char* kSharpness[] = {"none", "sam", "penalty"};

struct NumberField {
  double low, high, step, value;
  int decimals;
  const char* toolTip;
};

QDoubleSpinBox* number(const NumberField& f) {
  auto* box = new QDoubleSpinBox;
  box->setDecimals(f.decimals);
  box->setRange(f.low, f.high);
  box->setSingleStep(f.step);
  box->setValue(f.value);
  box->setAlignment(Qt::AlignRight);
  box->setToolTip(QString::fromUtf8(f.toolTip));
  return box;
}

QSpinBox* count(int low, int high, int value, const char* toolTip) {
  auto* box = new QSpinBox;
  box->setRange(low, high);
  box->setValue(value);
  box->setAlignment(Qt::AlignRight);
  box->setToolTip(QString::fromUtf8(toolTip));
  return box;
}

}  // namespace

RunForm::RunForm(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  QWidget* fields = makeFields();
  addScrolled(column, fields);
  addBottom(column);
  letFieldsShrink(fields);
  for (QComboBox* box : fields->findChildren<QComboBox*>()) connect(box, &QComboBox::currentTextChanged, this, &RunForm::refresh);
  for (QSpinBox* box : fields->findChildren<QSpinBox*>()) connect(box, &QSpinBox::valueChanged, this, &RunForm::refresh);
  for (QDoubleSpinBox* box : fields->findChildren<QDoubleSpinBox*>()) connect(box, &QDoubleSpinBox::valueChanged, this, &RunForm::refresh);
  connect(folder_, &QLineEdit::textChanged, this, &RunForm::refresh);
  connect(nesterov_, &QCheckBox::toggled, this, &RunForm::refresh);
  connect(sharpness_, &QButtonGroup::idClicked, this, &RunForm::refresh);
  reset();
}

QWidget* RunForm::makeFields() {
  auto* body = new QWidget;
  QFormLayout* form = newForm();
  form->setContentsMargins(12, 4, 12, 8);
  body->setLayout(form);
  addData(form);
  addOptimizer(form);
  addSharpness(form);
  addSchedule(form);
  problemLabel_ = problemLabel();
  form->addRow(problemLabel_);
  return body;
}

void RunForm::addData(QFormLayout* form) {
  form->addRow(sectionTitle(QStringLiteral("Data and model")));
  data_ = new QComboBox;
  data_->addItem(QStringLiteral("Digits 8 \u00D7 8 (built in)"), QStringLiteral("digits"));
  data_->addItem(QStringLiteral("IDX folder (MNIST family)"), QStringLiteral("idx"));
  data_->setToolTip(QStringLiteral("The built-in digits (1,442 training and 355 test images), or a folder with the four IDX files of MNIST and its relatives, .gz or not."));
  form->addRow(QStringLiteral("Data"), data_);
  folderRow_ = new QWidget;
  auto* row = new QHBoxLayout(folderRow_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  folder_ = new QLineEdit;
  folder_->setPlaceholderText(QStringLiteral("folder with the four files"));
  auto* choose = new QToolButton;
  choose->setText(QStringLiteral("\u2026"));
  choose->setToolTip(QStringLiteral("Choose the folder"));
  row->addWidget(folder_, 1);
  row->addWidget(choose);
  connect(choose, &QToolButton::clicked, this, &RunForm::chooseFolder);
  form->addRow(QStringLiteral("Folder"), folderRow_);
  model_ = new QComboBox;
  model_->setEditable(true);
  model_->addItems({QStringLiteral("cnn"), QStringLiteral("mlp:64-32-10"), QStringLiteral("lenet")});
  model_->setToolTip(QStringLiteral("cnn: two 3 \u00D7 3 convolutions, pooling, one linear layer. mlp:D-H-C: widths of the layers. lenet: LeNet-5, images of 28 \u00D7 28 or more."));
  form->addRow(QStringLiteral("Model"), model_);
}

void RunForm::addOptimizer(QFormLayout* form) {
  form->addRow(sectionTitle(QStringLiteral("Optimizer: SGD")));
  rate_ = number({1e-6, 100, 0.01, 0.05, 5, "Learning rate \u03B7 > 0. Default: 0.05."});
  form->addRow(QStringLiteral("Rate \u03B7"), rate_);
  momentum_ = number({0, 0.9999, 0.1, 0.9, 4, "Momentum, 0 to below 1, as in PyTorch. Default: 0.9."});
  form->addRow(QStringLiteral("Momentum"), momentum_);
  nesterov_ = new QCheckBox(QStringLiteral("Nesterov"));
  nesterov_->setToolTip(QStringLiteral("Nesterov's momentum; needs a momentum above 0. Default: off."));
  form->addRow(QString(), nesterov_);
  weightDecay_ = number({0, 10, 0.0001, 0, 6, "L2: adds (wd/2) \u2016\u03B8\u2016\u00B2 over all parameters to the training loss, inside both gradients. Default: 0."});
  form->addRow(QStringLiteral("L2"), weightDecay_);
  clip_ = number({0, 1000, 0.5, 0, 3, "Clip: g min(1, C/\u2016g\u2016), after combining the gradients. 0: off, the default."});
  clip_->setSpecialValueText(QStringLiteral("off"));
  form->addRow(QStringLiteral("Clip norm"), clip_);
  batch_ = count(1, 65536, 64, "Batch size; the last short batch is kept. Default: 64 for the digits, else 128.");
  form->addRow(QStringLiteral("Batch"), batch_);
}

void RunForm::addSharpness(QFormLayout* form) {
  form->addRow(sectionTitle(QStringLiteral("Sharpness")));
  sharpness_ = new QButtonGroup(this);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  const char* const names[] = {"plain", "SAM", "penalty"};
  const char* const tips[] = {"The gradient at \u03B8 alone", "Sharpness-aware minimisation: the gradient at \u03B8 + \u03C1 g/\u2016g\u2016 (Foret et al. 2021)",
                              "Gradient-norm penalty: (1 \u2212 \u03B1) g(\u03B8) + \u03B1 g(\u03B8 + \u03C1 g/\u2016g\u2016) (Zhao, Zhang, Hu 2022)"};
  for (int i = 0; i < 3; ++i) {
    auto* button = new QToolButton;
    button->setText(QString::fromUtf8(names[i]));
    button->setToolTip(QString::fromUtf8(tips[i]));
    button->setCheckable(true);
    button->setChecked(i == 1);
    button->setProperty("role", QStringLiteral("segment"));
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    sharpness_->addButton(button, i);
    segments->addWidget(button);
  }
  form->addRow(QStringLiteral("Mode"), segments);
  rho_ = number({0, 100, 0.05, 0.2, 4, "Radius \u03C1 >= 0: how far the second gradient is taken, in the norm of \u03B8. SAM's default 0.05, the penalty's 0.1."});
  form->addRow(QStringLiteral("Radius \u03C1"), rho_);
  alpha_ = number({0, 1, 0.1, 0.8, 3, "Mix \u03B1, 0 to 1: 0 is plain SGD, 1 is SAM. Default: 0.8."});
  form->addRow(QStringLiteral("Mix \u03B1"), alpha_);
  lambda_ = new QLabel;
  lambda_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  lambda_->setToolTip(QStringLiteral("Weight of the penalty \u03BB \u2016g\u2016: \u03BB = \u03B1 \u03C1. SAM is the penalty at \u03B1 = 1."));
  form->addRow(QStringLiteral("Weight \u03BB"), lambda_);
}

void RunForm::addSchedule(QFormLayout* form) {
  form->addRow(sectionTitle(QStringLiteral("Schedule")));
  schedule_ = new QComboBox;
  schedule_->addItem(QStringLiteral("cosine, to 0"), QStringLiteral("cosine"));
  schedule_->addItem(QStringLiteral("constant"), QStringLiteral("constant"));
  schedule_->setToolTip(QStringLiteral("Learning rate over the run. Default: cosine."));
  form->addRow(QStringLiteral("Rate"), schedule_);
  epochs_ = count(1, 100000, 40, "Passes over the training set. Default: 40 for the digits, else 10.");
  form->addRow(QStringLiteral("Epochs"), epochs_);
  seed_ = count(0, 999999, 0, "Seed of start and order of batches: the same seed gives every optimizer the same start and order. Default: 0.");
  form->addRow(QStringLiteral("Seed"), seed_);
  precision_ = precisionField();
  form->addRow(QStringLiteral("Precision"), precision_);
  device_ = new QComboBox;
  for (const std::string& device : trainer::availableDevices()) device_->addItem(QString::fromStdString(device));
  device_->setCurrentIndex(device_->count() > 1 ? 1 : 0);
  device_->setToolTip(QStringLiteral("Where it is trained; what is listed is what was found. Default: the first GPU where there is one."));
  form->addRow(QStringLiteral("Device"), device_);
}

void RunForm::addBottom(QVBoxLayout* column) {
  auto* pinned = new QVBoxLayout;
  pinned->setContentsMargins(12, 4, 12, 12);
  pinned->setSpacing(8);
  cost_ = new QLabel;
  cost_->setProperty("role", QStringLiteral("hint"));
  pinned->addWidget(cost_);
  command_ = addCommandBox(pinned);
  train_ = new QPushButton(QStringLiteral("Train as new run"));
  train_->setProperty("primary", true);
  train_->setObjectName(QStringLiteral("trainRun"));
  train_->setToolTip(QStringLiteral("Adds a run with these settings and trains it in the background (Ctrl+N)"));
  reset_ = new QPushButton(QStringLiteral("Reset"));
  reset_->setToolTip(QStringLiteral("Back to the defaults"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(train_, 1);
  buttons->addWidget(reset_);
  pinned->addLayout(buttons);
  column->addLayout(pinned);
  connect(train_, &QPushButton::clicked, this, &RunForm::trainRequested);
  connect(reset_, &QPushButton::clicked, this, &RunForm::reset);
}

void RunForm::reset() {
  trainer::RunSpec usual;
  usual.data = "digits";
  usual.sharpness = "sam";
  usual.rho = 0.2;
  setSpec(trainer::resolve(usual, nullptr));
}

void RunForm::chooseFolder() {
  auto* dialog = new QFileDialog(this, QStringLiteral("Folder with the four IDX files"), folder_->text());
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, folder_, &QLineEdit::setText);
  dialog->open();
}

trainer::RunSpec RunForm::spec() const {
  trainer::RunSpec s;
  const bool digits = data_->currentData().toString() == QStringLiteral("digits");
  s.data = digits ? "digits" : "idx:" + folder_->text().toStdString();
  s.model = model_->currentText().trimmed().toStdString();
  s.learningRate = rate_->value();
  s.momentum = momentum_->value();
  s.nesterov = nesterov_->isChecked();
  s.weightDecay = weightDecay_->value();
  if (clip_->value() > 0) s.clipNorm = clip_->value();
  s.batchSize = batch_->value();
  s.sharpness = kSharpness[sharpness_->checkedId()];
  if (s.sharpness != "none") s.rho = rho_->value();
  if (s.sharpness == "penalty") s.alpha = alpha_->value();
  s.schedule = schedule_->currentData().toString().toStdString();
  s.epochs = epochs_->value();
  s.seed = static_cast<std::uint64_t>(seed_->value());
  s.precision = precisionOf(precision_);
  if (device_->count() > 1) s.device = device_->currentText().toStdString();
  return s;
}

void RunForm::setSpec(const trainer::RunSpec& s) {
  {
    const QSignalBlocker quiet(this);
    const bool digits = s.data == "digits";
    data_->setCurrentIndex(digits ? 0 : 1);
    if (!digits) folder_->setText(QString::fromStdString(s.data.substr(s.data.find(':') + 1)));
    model_->setCurrentText(QString::fromStdString(s.model));
    rate_->setValue(s.learningRate.value_or(0.05));
    momentum_->setValue(s.momentum.value_or(0));
    nesterov_->setChecked(s.nesterov);
    weightDecay_->setValue(s.weightDecay);
    clip_->setValue(s.clipNorm.value_or(0));
    batch_->setValue(static_cast<int>(s.batchSize));
    for (int i = 0; i < 3; ++i)
      if (s.sharpness == kSharpness[i]) sharpness_->button(i)->setChecked(true);
    if (s.rho) rho_->setValue(*s.rho);
    if (s.alpha) alpha_->setValue(*s.alpha);
    schedule_->setCurrentIndex(schedule_->findData(QString::fromStdString(s.schedule)));
    epochs_->setValue(static_cast<int>(s.epochs));
    seed_->setValue(static_cast<int>(s.seed));
    precision_->setCurrentIndex(precision_->findData(QString::fromStdString(s.precision)));
    if (const int index = device_->findText(QString::fromStdString(s.device)); index >= 0) device_->setCurrentIndex(index);
  }
  refresh();
}

QString RunForm::command() const { return command_->toPlainText(); }

void RunForm::refresh() {
  const int mode = sharpness_->checkedId();
  folderRow_->setEnabled(data_->currentIndex() == 1);
  rho_->setEnabled(mode != 0);
  alpha_->setEnabled(mode == 2);
  const double alpha = mode == 0 ? 0 : mode == 1 ? 1 : alpha_->value();
  lambda_->setText(mode == 0 ? QStringLiteral("\u2013") : QStringLiteral("%1  (\u03B1 \u03C1)").arg(alpha * rho_->value(), 0, 'g', 4));
  problem_.clear();
  trainer::RunSpec wanted = spec();
  if (data_->currentIndex() == 1 && folder_->text().trimmed().isEmpty()) problem_ = QStringLiteral("Name the folder that holds the four IDX files.");
  try {
    wanted = trainer::resolve(wanted, nullptr);
  } catch (const std::invalid_argument& e) {
    problem_ = QString::fromUtf8(e.what());
  }
  showProblem(problemLabel_, problem_);
  train_->setEnabled(problem_.isEmpty());
  cost_->setText(QStringLiteral("%1 a step \u00B7 %2 epochs").arg(mode == 0 ? QStringLiteral("1 gradient") : QStringLiteral("2 gradients"), grouped(wanted.epochs)));
  command_->setPlainText(problem_.isEmpty() ? QString::fromStdString(trainer::commandLine(wanted)) : QString());
}

}  // namespace ui
