// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/run_form.h"

#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <stdexcept>

#include "trainer/base/error.h"
#include "trainer/device.h"
#include "ui/forms/data_editor.h"
#include "ui/forms/field_editor.h"
#include "ui/forms/field_text.h"
#include "ui/forms/run_fields.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

QLineEdit* derivedField(const QString& toolTip) {
  auto* line = new QLineEdit;
  line->setReadOnly(true);
  line->setEnabled(false);
  line->setAlignment(Qt::AlignRight);
  line->setToolTip(toolTip);
  return line;
}

/// "more" or "less" at the right of a section's title.
void showFold(QLabel* fold, bool open) {
  fold->setText(QStringLiteral("<a href='fold' style='text-decoration:none; color:%1'>%2</a>").arg(fold->palette().color(QPalette::Link).name(), open ? QStringLiteral("less") : QStringLiteral("more")));
  fold->setToolTip(open ? QStringLiteral("Folds the rare settings away; what is changed stays") : QStringLiteral("Shows the rare settings too"));
}

/// Whether what the data are turned into is the same.
bool sameInputs(const trainer::RunSpec& a, const trainer::RunSpec& b) {
  return a.data == b.data && a.dataLimit == b.dataLimit && a.validation == b.validation && a.mean == b.mean && a.deviation == b.deviation && a.seed == b.seed;
}

}  // namespace

RunForm::RunForm(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* fields = new QWidget;
  form_ = newForm();
  form_->setContentsMargins(12, 4, 12, 8);
  fields->setLayout(form_);
  for (const RunSection& section : runSections()) addSection(section);
  for (std::size_t i = 0; i < rows_.size(); ++i) index_.insert(rows_[i].key, i);
  addScrolled(column, fields);
  addBottom(column);
  letFieldsShrink(fields);
  reset();
}

void RunForm::addSection(const RunSection& section) {
  const QString name = QString::fromUtf8(section.title);
  auto* header = new QWidget;
  auto* line = new QHBoxLayout(header);
  line->setContentsMargins(0, 0, 0, 0);
  line->addWidget(sectionTitle(name), 1);
  form_->addRow(header);
  for (const RunField& field : section.fields) addRow(field, name);
  if (std::ranges::none_of(section.fields, &RunField::rare)) return;
  auto* fold = new QLabel;
  fold->setContentsMargins(0, 8, 0, 0);
  line->addWidget(fold);
  folds_.insert(name, fold);
  connect(fold, &QLabel::linkActivated, this, [this, name] {
    if (!unfolded_.remove(name)) unfolded_.insert(name);
    refresh();
  });
}

void RunForm::unfold(bool all) {
  unfolded_.clear();
  if (all)
    for (const RunSection& section : runSections()) unfolded_.insert(QString::fromUtf8(section.title));
  refresh();
}

void RunForm::addRow(const RunField& field, const QString& section) {
  Row row{.key = QString::fromLatin1(field.key), .editor = makeEditor(field), .label = new QLabel, .name = QString::fromUtf8(field.label), .unset = QString::fromUtf8(field.unset), .usual = {},
          .section = section, .rare = field.rare};
  row.label->setToolTip(row.editor->toolTip());
  row.label->setTextFormat(Qt::RichText);
  row.label->setMinimumWidth(76);
  const QString key = row.key;
  connect(row.editor, &FieldEditor::edited, this, [this, key] { edit(*find(key)); });
  connect(row.editor, &FieldEditor::left, this, &RunForm::refresh);
  connect(row.label, &QLabel::linkActivated, this, [this, key] {
    Row& changed = *find(key);
    changed.given = false;
    copyField(trainer::RunSpec{}, base_, key);
    changed.editor->setText(changed.usual);
    refresh();
  });
  form_->addRow(row.label, row.editor);
  rows_.push_back(row);
  if (row.key == QStringLiteral("alpha")) addDerivedRows();
}

void RunForm::addDerivedRows() {
  alpha_ = derivedField(QStringLiteral("SAM is the gradient-norm penalty at \u03B1 = 1 (Zhao, Zhang, Hu 2022, section 3)."));
  alpha_->setText(QStringLiteral("1"));
  lambda_ = derivedField(QStringLiteral("Weight \u03BB of the penalty \u03BB \u2016g\u2016: \u03BB = \u03B1 \u03C1."));
  lambdaHint_ = hintLabel(QStringLiteral("\u03BB = \u03B1 \u03C1; SAM is the penalty at \u03B1 = 1"));
  form_->addRow(QStringLiteral("Mix \u03B1"), alpha_);
  form_->addRow(QStringLiteral("Weight \u03BB"), lambda_);
  form_->addRow(QString(), lambdaHint_);
}

void RunForm::addBottom(QVBoxLayout* column) {
  auto* pinned = new QVBoxLayout;
  pinned->setContentsMargins(12, 4, 12, 12);
  pinned->setSpacing(8);
  problemLabel_ = problemLabel();
  pinned->addWidget(problemLabel_);
  cost_ = hintLabel({});
  cost_->setObjectName(QStringLiteral("cost"));
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

RunForm::Row* RunForm::find(const QString& key) {
  const auto found = index_.constFind(key);
  return found == index_.constEnd() ? nullptr : &rows_[*found];
}

FieldEditor* RunForm::editor(const QString& key) const {
  const Row* row = find(key);
  return row == nullptr ? nullptr : row->editor;
}

bool RunForm::isShown(const QString& key) const { return find(key) != nullptr && find(key)->shown; }
bool RunForm::isChanged(const QString& key) const { return find(key) != nullptr && find(key)->given; }

void RunForm::reset() {
  trainer::RunSpec usual;
  usual.data = "digits";
  usual.sharpness = "sam";
  usual.rho = 0.2;
  setSpec(usual);
}

void RunForm::setSpec(const trainer::RunSpec& spec) {
  base_ = spec;
  trainer::RunSpec usual = usualBeside(spec);
  usual.device = trainer::chooseDevice({});
  for (Row& row : rows_) {
    row.usual = fieldText(usual, row.key);
    const QString text = fieldText(spec, row.key);
    row.given = !text.isEmpty() && text != row.usual;
    row.editor->setText(row.given ? text : row.usual);
  }
  refresh();
}

void RunForm::setCost(Cost cost) {
  costOf_ = std::move(cost);
  refreshCost();
}

trainer::RunSpec RunForm::collect(QString* problem, QString* where) const {
  trainer::RunSpec s;
  for (const Row& row : rows_) {
    if (!row.given) {
      if (fieldText(base_, row.key) == row.usual || row.key == QStringLiteral("data")) copyField(base_, s, row.key);
      continue;
    }
    const QString wrong = setFieldText(s, row.key, row.editor->text());
    if (wrong.isEmpty() || problem == nullptr || !problem->isEmpty() || !trainer::applies(s, row.key.toStdString())) continue;
    *problem = row.name + QLatin1Char(' ') + wrong + QLatin1Char('.');
    *where = row.key;
  }
  if (const FieldEditor* kind = editor(QStringLiteral("data"))) s.data = kind->text().toStdString();
  dropUnused(s);
  if (sameInputs(s, base_)) s.normalisation = base_.normalisation;
  return s;
}

trainer::RunSpec RunForm::spec() const { return collect(nullptr, nullptr); }

QString RunForm::command() const { return command_->toPlainText(); }

void RunForm::edit(Row& row) {
  const QString text = row.editor->text();
  row.given = !text.isEmpty() && text != row.usual;
  if (!row.given) copyField(trainer::RunSpec{}, base_, row.key);  // what was taken over is given up
  refresh();
}

/// The defaults follow the choices; what is left at its default shows the new one.
void RunForm::refreshUsual() {
  trainer::RunSpec usual = usualBeside(collect(nullptr, nullptr));
  usual.device = trainer::chooseDevice({});
  for (Row& row : rows_) {
    row.usual = fieldText(usual, row.key);
    row.editor->setUnset(row.usual.isEmpty() ? row.unset : row.usual);
    if (!row.given && !row.editor->typing() && row.editor->text() != row.usual) row.editor->setText(row.usual);
  }
}

void RunForm::refresh() {
  refreshUsual();
  QString key;
  problem_.clear();
  const trainer::RunSpec wanted = collect(&problem_, &key);
  for (Row& row : rows_) showRow(row, wanted);
  for (auto fold = folds_.begin(); fold != folds_.end(); ++fold) showFold(*fold, unfolded_.contains(fold.key()));
  resolved_ = wanted;
  if (problem_.isEmpty()) problem_ = missingPath(QString::fromStdString(wanted.data)), key = problem_.isEmpty() ? QString() : QStringLiteral("data");
  if (problem_.isEmpty()) {
    try {
      resolved_ = trainer::resolve(wanted, nullptr);
      trainer::chooseDevice(resolved_.device);
    } catch (const std::invalid_argument& e) {
      problem_ = inWordsOfTheForm(QString::fromUtf8(e.what()), &key);
    } catch (const trainer::Error& e) {
      problem_ = QString::fromUtf8(e.what());
      key = QStringLiteral("device");
    }
  }
  showDerived(resolved_);
  showProblemAt(problem_, key);
  command_->setPlainText(problem_.isEmpty() ? QString::fromStdString(trainer::commandLine(resolved_)) : QString());
  refreshCost();
}

void RunForm::showRow(Row& row, const trainer::RunSpec& spec) {
  row.shown = trainer::applies(spec, row.key.toStdString());
  const bool visible = row.shown && (!row.rare || row.given || unfolded_.contains(row.section));
  if (visible != row.visible) form_->setRowVisible(row.editor, visible);
  row.visible = visible;
  showLabel(row);
}

void RunForm::showLabel(Row& row) {
  const QString dot = QStringLiteral("&nbsp;<a href='reset' style='text-decoration:none; color:%1' title='changed'>\u25CF</a>").arg(palette().color(QPalette::Link).name());
  const QString text = row.given ? row.name.toHtmlEscaped() + dot : row.name.toHtmlEscaped();
  if (row.label->text() == text) return;
  row.label->setText(text);
  row.label->setToolTip(row.given ? row.editor->toolTip() + QStringLiteral("<p>Changed. A click on the dot brings back the default: %1.</p>")
                                        .arg(row.usual.isEmpty() ? (row.unset.isEmpty() ? QStringLiteral("off") : row.unset) : row.usual.toHtmlEscaped())
                                  : row.editor->toolTip());
}

void RunForm::showDerived(const trainer::RunSpec& spec) {
  const bool sam = spec.sharpness == "sam", weighted = sam || spec.sharpness == "penalty";
  form_->setRowVisible(alpha_, sam);
  form_->setRowVisible(lambda_, weighted);
  form_->setRowVisible(lambdaHint_, weighted);
  if (weighted) lambda_->setText(QString::number((sam ? 1 : spec.alpha.value_or(0)) * spec.rho.value_or(0), 'g', 6));
}

void RunForm::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange) return;
  for (Row& row : rows_) showLabel(row);
  for (auto fold = folds_.begin(); fold != folds_.end(); ++fold) showFold(*fold, unfolded_.contains(fold.key()));
}

void RunForm::showProblemAt(const QString& sentence, const QString& key) {
  for (const Row& row : rows_) row.editor->setInvalid(!sentence.isEmpty() && row.key == key);
  showProblem(problemLabel_, sentence);
  train_->setEnabled(sentence.isEmpty());
  emit validityChanged(sentence.isEmpty());
}

void RunForm::refreshCost() {
  QString text;
  if (problem_.isEmpty()) {
    const double gradients = trainer::gradientsPerStep(resolved_);
    text = costOf_ ? costOf_(resolved_) : QStringLiteral("%1 gradients a step \u00B7 %2 epochs").arg(gradients, 0, 'f', 2).arg(grouped(resolved_.epochs));
  }
  if (cost_->text() != text) cost_->setText(text);
}

}  // namespace ui
