// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/save_result.h"

#include <QFileDialog>

#include "ui/workspace/workbench.h"

namespace ui {

void saveResult(QWidget* parent, Workbench& workbench, const analysis::Result& result, const QString& suggestion) {
  auto* dialog = new QFileDialog(parent, QStringLiteral("Export"), suggestion + QStringLiteral(".pdf"));
  dialog->setObjectName(QStringLiteral("exportDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  QStringList filters{QStringLiteral("PDF figure (*.pdf)"), QStringLiteral("SVG figure (*.svg)"), QStringLiteral("PNG figure (*.png)"), QStringLiteral("CSV table (*.csv)"),
                      QStringLiteral("JSON result (*.json)")};
  dialog->setNameFilters(filters);
  dialog->setDefaultSuffix(QStringLiteral("pdf"));
  QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) { dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1)); });
  QObject::connect(dialog, &QFileDialog::fileSelected, &workbench, [&workbench, result](const QString& file) { workbench.exportResult(result, file.toStdString()); });
  dialog->open();
}

}  // namespace ui
