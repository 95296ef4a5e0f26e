// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/about.h"

#include <vtkVersion.h>

#include <QDialog>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QLabel>
#include <QVBoxLayout>

#include "trainer/device.h"

namespace ui {

void showAbout(QWidget* parent) {
  auto* dialog = new QDialog(parent);
  dialog->setObjectName(QStringLiteral("aboutDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(QStringLiteral("About Sharpscape"));
  auto* column = new QVBoxLayout(dialog);
  column->setContentsMargins(24, 24, 24, 16);
  auto* text = new QLabel(QStringLiteral("<h3>Sharpscape %1</h3><p>Trains networks, measures how sharp the minimum is, draws the loss around it and puts optimizers side by side.</p>"
                                         "<p>LibTorch %2 \u00B7 Qt %3 \u00B7 VTK %4</p><p>GPL-3.0-or-later. The digits: E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, 1998, CC BY 4.0.</p>")
                              .arg(QGuiApplication::applicationVersion(), QString::fromStdString(trainer::torchVersion()), QString::fromLatin1(qVersion()),
                                   QString::fromLatin1(vtkVersion::GetVTKVersion())));
  text->setWordWrap(true);
  text->setMinimumWidth(380);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  column->addWidget(text);
  column->addWidget(buttons);
  QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
  dialog->open();
}

}  // namespace ui
