// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/import_dialog.h"

#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <stdexcept>

#include "trainer/model/model_names.h"
#include "ui/forms/data_editor.h"
#include "ui/forms/field_editor.h"
#include "ui/forms/field_text.h"
#include "ui/pages/measure_fields.h"

namespace ui {

ImportDialog::ImportDialog(const QString& file, QWidget* parent) : QDialog(parent), problemLabel_(problemLabel()), import_(new QPushButton(QStringLiteral("Import"))) {
  setObjectName(QStringLiteral("importDialog"));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(QStringLiteral("Import %1").arg(QFileInfo(file).fileName()));
  setMinimumWidth(420);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  column->addWidget(hintLabel(QStringLiteral("The weights become a run with one checkpoint. The file does not say which network they are for, nor the data they were trained on.")));
  QFormLayout* form = newForm();
  column->addLayout(form);
  for (const RunSection& section : runSections())
    for (const RunField& field : section.fields) {
      const QString key = QString::fromLatin1(field.key);
      if (!QStringList{QStringLiteral("data"), QStringLiteral("model"), QStringLiteral("activation"), QStringLiteral("mean"), QStringLiteral("std")}.contains(key)) continue;
      FieldEditor* editor = makeEditor(field);
      editor->setUnset(QString::fromUtf8(field.unset));
      form->addRow(QString::fromUtf8(field.label), editor);
      editors_[key] = editor;
      connect(editor, &FieldEditor::edited, this, &ImportDialog::refresh);
    }
  editors_[QStringLiteral("data")]->setText(QStringLiteral("digits"));
  editors_[QStringLiteral("activation")]->setText(QStringLiteral("relu"));
  column->addWidget(problemLabel_);
  auto* buttons = new QHBoxLayout;
  auto* close = new QPushButton(QStringLiteral("Close"));
  close->setToolTip(QStringLiteral("Imports nothing"));
  close->setAutoDefault(false);
  import_->setObjectName(QStringLiteral("importWeights"));
  import_->setProperty("primary", true);
  import_->setToolTip(QStringLiteral("Makes a run folder of them; names or shapes that do not fit are listed"));
  buttons->addStretch(1);
  buttons->addWidget(close);
  buttons->addWidget(import_);
  column->addLayout(buttons);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  connect(import_, &QPushButton::clicked, this, [this] {
    emit wanted(spec_);
    this->close();
  });
  refresh();
}

void ImportDialog::refresh() {
  problem_.clear();
  spec_ = {};
  for (const auto& [key, editor] : editors_)
    if (const QString wrong = setFieldText(spec_, key, editor->text()); !wrong.isEmpty() && problem_.isEmpty()) problem_ = key + QLatin1Char(' ') + wrong + QLatin1Char('.');
  if (problem_.isEmpty()) problem_ = missingPath(QString::fromStdString(spec_.data));
  if (problem_.isEmpty() && spec_.model.empty()) problem_ = QStringLiteral("Name the network that the weights are for, like resnet20.");
  if (problem_.isEmpty()) {
    try {
      trainer::requireKnownModel(spec_.model);
    } catch (const std::invalid_argument& e) {
      problem_ = inWordsOfTheForm(QString::fromUtf8(e.what()), nullptr);
    }
  }
  showProblem(problemLabel_, problem_);
  import_->setEnabled(problem_.isEmpty());
}

}  // namespace ui
