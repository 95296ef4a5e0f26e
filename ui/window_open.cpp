// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMimeData>
#include <QStatusBar>
#include <QUrl>

#include "analysis/interchange/read_surface.h"
#include "ui/banner.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/main_window.h"
#include "ui/workspace/session_panel.h"

/// What is opened in the window: by a dialog, or dropped on it.
namespace ui {
namespace {

constexpr const char* kRunFolderKey = "last_run_folder";
constexpr const char* kFileFolderKey = "last_file_folder";

}  // namespace

void MainWindow::joinOpening() {
  setAcceptDrops(true);
  connect(&workbench_, &Workbench::recognised, banner_, &Banner::showNote);
  connect(&workbench_, &Workbench::sessionFound, this, [this](const QString& file) { store_.open(file.toStdString()); });
  connect(&workbench_, &Workbench::weightsFound, this, [this](const QString& file) {
    auto* dialog = new ImportDialog(file, this);
    connect(dialog, &ImportDialog::wanted, this, [this, file](const trainer::RunSpec& spec) { workbench_.importWeights(file.toStdString(), spec); });
    dialog->show();
  });
  connect(&workbench_, &Workbench::resultFound, this, [this](const QString& folder, const QString& kind) { showResult(folder.toStdString(), kind); });
  connect(sessionPanel_, &SessionPanel::locateRequested, this, &MainWindow::locateDialog);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  std::vector<std::filesystem::path> paths;
  for (const QUrl& url : event->mimeData()->urls())
    if (url.isLocalFile()) paths.emplace_back(url.toLocalFile().toStdString());
  if (paths.empty()) {
    banner_->showError(QStringLiteral("Only files and folders of this machine can be dropped here."));
    return;
  }
  workbench_.open(paths);
  event->acceptProposedAction();
}

void MainWindow::openRunDialog() {
  auto* dialog = new QFileDialog(this, QStringLiteral("Open a run folder"), settings_.value(QLatin1String(kRunFolderKey)).toString());
  dialog->setObjectName(QStringLiteral("openRunDialog"));
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
    settings_.setValue(QLatin1String(kRunFolderKey), QFileInfo(folder).absolutePath());
    workbench_.openRun(folder.toStdString());
  });
  dialog->open();
}

void MainWindow::openFileDialog() {
  auto* dialog = new QFileDialog(this, QStringLiteral("Open a file"), settings_.value(QLatin1String(kFileFolderKey)).toString(),
                                 QStringLiteral("Surfaces, results, weights (*.h5 *.hdf5 *.npz *.npy *.csv *.txt *.json *.safetensors);;All files (*)"));
  dialog->setObjectName(QStringLiteral("openFileDialog"));
  dialog->setFileMode(QFileDialog::ExistingFiles);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& files) {
    settings_.setValue(QLatin1String(kFileFolderKey), QFileInfo(files.value(0)).absolutePath());
    for (const QString& file : files) workbench_.open({file.toStdString()});
  });
  dialog->open();
}

void MainWindow::locateDialog(const std::string& folder) {
  const SessionRun* run = session_.find(folder);
  if (run == nullptr || run->state != RunState::missing) return;
  const std::filesystem::path was(folder);
  auto* dialog = new QFileDialog(this, QStringLiteral("Where is %1 now? It was %2").arg(run->name, QString::fromStdString(folder)), QString::fromStdString(was.parent_path().string()));
  dialog->setObjectName(QStringLiteral("locateDialog"));
  const bool file = analysis::hasSurfaceEnding(was) || was.extension() == ".json";
  dialog->setFileMode(file ? QFileDialog::ExistingFile : QFileDialog::Directory);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, this, [this, folder](const QString& found) { workbench_.locate(folder, found.toStdString()); });
  dialog->open();
}

}  // namespace ui
