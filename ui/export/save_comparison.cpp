// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/save_comparison.h"

#include <QFileDialog>
#include <QtConcurrent>
#include <filesystem>

#include "analysis/export/comparison_table.h"
#include "trainer/base/files.h"
#include "ui/workspace/workbench.h"

namespace ui {
namespace {

/// A table is text of its own; everything else the workbench writes.
void write(Workbench& workbench, const analysis::ComparisonResult& result, const std::filesystem::path& file) {
  const bool markdown = file.extension() == ".md", latex = file.extension() == ".tex";
  if (!markdown && !latex) {
    workbench.exportResult(result, file);
    return;
  }
  QtConcurrent::run([result, file, markdown]() -> QString {
    try {
      trainer::writeFileAtomically(file, markdown ? analysis::comparisonMarkdown(result.comparison) : analysis::comparisonLatex(result.comparison));
    } catch (const std::exception& e) {
      return QString::fromUtf8(e.what());
    }
    return {};
  }).then(&workbench, [&workbench, file](const QString& error) {
    if (error.isEmpty()) emit workbench.noted(QStringLiteral("Wrote %1").arg(QString::fromStdString(file.string())));
    else emit workbench.failed(error);
  });
}

}  // namespace

void saveComparison(QWidget* parent, Workbench& workbench, const analysis::ComparisonResult& result) {
  auto* dialog = new QFileDialog(parent, QStringLiteral("Export the comparison"), QStringLiteral("comparison.csv"));
  dialog->setObjectName(QStringLiteral("exportDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setNameFilters({QStringLiteral("CSV table (*.csv)"), QStringLiteral("Markdown table (*.md)"), QStringLiteral("LaTeX table (*.tex)"), QStringLiteral("JSON result (*.json)"),
                          QStringLiteral("PDF figure (*.pdf)"), QStringLiteral("SVG figure (*.svg)"), QStringLiteral("PNG figure (*.png)")});
  dialog->setDefaultSuffix(QStringLiteral("csv"));
  QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) { dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1)); });
  QObject::connect(dialog, &QFileDialog::fileSelected, &workbench, [&workbench, result](const QString& file) { write(workbench, result, file.toStdString()); });
  dialog->open();
}

}  // namespace ui
