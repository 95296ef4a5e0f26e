// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/measure_fields.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

namespace ui {

QLabel* sectionTitle(const QString& text) {
  auto* label = new QLabel(text);
  QFont bold = label->font();
  bold.setBold(true);
  label->setFont(bold);
  label->setContentsMargins(0, 8, 0, 0);
  return label;
}

QLabel* hintLabel(const QString& text) {
  auto* label = new QLabel(text);
  label->setProperty("role", QStringLiteral("hint"));
  label->setWordWrap(true);
  return label;
}

QLabel* addCostRow(QFormLayout* form, const QString& name, const QString& toolTip) {
  auto* value = new QLabel(QStringLiteral("\u2013"));
  value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  value->setToolTip(toolTip);
  form->addRow(name, value);
  return value;
}

QFormLayout* newForm() {
  auto* form = new QFormLayout;
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->setHorizontalSpacing(8);
  form->setVerticalSpacing(4);
  return form;
}

void addScrolled(QVBoxLayout* column, QWidget* fields) {
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(fields);
  column->addWidget(scroll, 1);
}

void letFieldsShrink(QWidget* form) {
  for (QComboBox* box : form->findChildren<QComboBox*>()) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
  }
}

void fitColumns(QTableView* table, int stretched) {
  constexpr int kPadding = 16, kTight = 4, kNarrowest = 120;  // of the stretched column, before the others move together
  QHeaderView* header = table->horizontalHeader();
  header->setHighlightSections(false);
  header->setSectionResizeMode(QHeaderView::Fixed);
  header->setSectionResizeMode(stretched, QHeaderView::Stretch);
  const auto fit = [table, header, stretched] {
    const QAbstractItemView& cells = *table;
    const auto place = [&](int padding) {
      int left = table->viewport()->width();
      for (int c = 0; c < header->count(); ++c) {
        if (c == stretched || header->isSectionHidden(c)) continue;
        const int width = std::max(header->sectionSizeHint(c) + padding, cells.sizeHintForColumn(c));
        header->resizeSection(c, width);
        left -= width;
      }
      return left;
    };
    if (place(kPadding) < kNarrowest) place(kTight);
  };
  QObject::connect(table->model(), &QAbstractItemModel::dataChanged, table, fit);
  QObject::connect(table->model(), &QAbstractItemModel::modelReset, table, fit);
  fit();
}

QComboBox* samplesField() {
  auto* field = new QComboBox;
  field->addItem(QStringLiteral("up to 4,096"), QVariant());
  for (const std::int64_t count : {256, 512, 1024, 2048, 8192}) field->addItem(grouped(count), QVariant::fromValue<qlonglong>(count));
  field->addItem(QStringLiteral("all"), QVariant::fromValue<qlonglong>(0));
  field->setToolTip(QStringLiteral("Samples N that the loss is averaged over: a seeded subset. Default: all, but not more than 4,096."));
  return field;
}

std::optional<std::int64_t> samplesOf(const QComboBox* field) {
  const QVariant value = field->currentData();
  if (!value.isValid()) return std::nullopt;
  return value.toLongLong();
}

QComboBox* precisionField() {
  auto* field = new QComboBox;
  field->addItem(QStringLiteral("float32, sums in float64"), QStringLiteral("float"));
  field->addItem(QStringLiteral("float64"), QStringLiteral("double"));
  field->setToolTip(QStringLiteral("Precision of the model and its products. Default: float32."));
  return field;
}

std::string precisionOf(const QComboBox* field) { return field->currentData().toString().toStdString(); }

QPlainTextEdit* addCommandBox(QVBoxLayout* column) {
  auto* box = new QPlainTextEdit;
  box->setReadOnly(true);
  box->setProperty("role", QStringLiteral("command"));
  QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  mono.setPixelSize(11);
  box->setFont(mono);
  box->setFixedHeight(76);
  box->setToolTip(QStringLiteral("The command that computes the same numbers in a terminal."));
  column->addWidget(box);
  return box;
}

QLabel* problemLabel() {
  auto* label = new QLabel;
  label->setProperty("role", QStringLiteral("error"));
  label->setWordWrap(true);
  label->hide();
  return label;
}

void showProblem(QLabel* label, const QString& sentence) {
  label->setText(sentence);
  label->setVisible(!sentence.isEmpty());
}

QString grouped(std::int64_t count) { return QLocale(QLocale::English).toString(static_cast<qlonglong>(count)); }

}  // namespace ui
