// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/data_editor.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {
namespace {

struct Kind {
  const char *word, *shown, *path;  ///< path: what is chosen; empty for what is built in
};

constexpr Kind kKinds[] = {{"digits", "Digits, built in", ""},
                           {"spirals", "Spirals, built in", ""},
                           {"text", "Text, built in", ""},
                           {"idx:", "MNIST family (IDX)", "folder with the four IDX files"},
                           {"cifar10:", "CIFAR-10", "folder with the binary batches"},
                           {"cifar100:", "CIFAR-100", "folder with train.bin and test.bin"},
                           {"arrays:", "Arrays (.npy)", "folder with x_train.npy, y_train.npy, ..."},
                           {"text:", "Text file", "text file"}};

const Kind* kindOf(const QString& data) {
  for (const Kind& kind : kKinds)
    if (*kind.path == 0 ? data == QLatin1String(kind.word) : data.startsWith(QLatin1String(kind.word))) return &kind;
  return nullptr;
}

}  // namespace

DataEditor::DataEditor(QWidget* parent) : FieldEditor(parent), kind_(new QComboBox), pathRow_(new QWidget), path_(new QLineEdit) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  for (const Kind& kind : kKinds) kind_->addItem(QString::fromUtf8(kind.shown), QString::fromLatin1(kind.word));
  auto* row = new QHBoxLayout(pathRow_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  auto* choose = new QToolButton;
  choose->setText(QStringLiteral("\u2026"));
  choose->setToolTip(QStringLiteral("Choose it"));
  row->addWidget(path_, 1);
  row->addWidget(choose);
  column->addWidget(kind_);
  column->addWidget(pathRow_);
  take(kind_);
  showPath();
  connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
    showPath();
    emit edited();
  });
  connect(path_, &QLineEdit::textChanged, this, &FieldEditor::edited);
  connect(choose, &QToolButton::clicked, this, &DataEditor::choosePath);
}

bool DataEditor::hasPath() const { return kind_->currentData().toString().endsWith(QLatin1Char(':')); }

QString DataEditor::text() const {
  const QString kind = kind_->currentData().toString();
  return hasPath() ? kind + path_->text().trimmed() : kind;
}

void DataEditor::setText(const QString& text) {
  const QSignalBlocker quietKind(kind_), quietPath(path_);
  const Kind* kind = kindOf(text);
  const QString word = kind == nullptr ? text : QString::fromLatin1(kind->word);
  if (kind_->findData(word) < 0) kind_->addItem(word, word);
  kind_->setCurrentIndex(kind_->findData(word));
  if (hasPath()) path_->setText(text.mid(word.size()));
  showPath();
}

void DataEditor::showPath() {
  pathRow_->setVisible(hasPath());
  const Kind* kind = kindOf(kind_->currentData().toString());
  if (kind != nullptr) path_->setPlaceholderText(QString::fromUtf8(kind->path));
}

void DataEditor::choosePath() {
  auto* dialog = new QFileDialog(this, QStringLiteral("Choose the %1").arg(path_->placeholderText()), path_->text());
  dialog->setFileMode(kind_->currentData().toString() == QStringLiteral("text:") ? QFileDialog::ExistingFile : QFileDialog::Directory);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, path_, &QLineEdit::setText);
  dialog->open();
}

QString missingPath(const QString& data) {
  const Kind* kind = kindOf(data);
  if (kind == nullptr || *kind->path == 0 || data != QLatin1String(kind->word)) return {};
  return QStringLiteral("Name the %1.").arg(QString::fromUtf8(kind->path));
}

}  // namespace ui
