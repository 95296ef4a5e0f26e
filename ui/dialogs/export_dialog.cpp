// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/export_dialog.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/export/export_result.h"
#include "analysis/export/figure_files.h"
#include "analysis/export/provenance_of.h"
#include "trainer/base/files.h"
#include "ui/export/still_files.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/surface_view.h"
#include "ui/theme/tokens.h"
#include "ui/workspace/workbench.h"

namespace ui {
namespace {

/// What an ending is, in words; the endings themselves come from analysis::endingsOf().
QString formatName(const std::string& ending) {
  static const std::map<std::string, const char*> names = {{".png", "PNG picture"},
                                                           {".svg", "SVG drawing"},
                                                           {".pdf", "PDF page"},
                                                           {".py", "matplotlib script with its .npz"},
                                                           {".tikz", "PGFPlots"},
                                                           {".csv", "CSV table"},
                                                           {".json", "JSON result with its settings"},
                                                           {".npy", "NumPy array"},
                                                           {".npz", "NumPy arrays"},
                                                           {".vts", "VTK structured grid"},
                                                           {".vtp", "VTK polygons"},
                                                           {".glb", "glTF mesh with colours"},
                                                           {".h5", "HDF5 in Li's layout"},
                                                           {".tex", "LaTeX table"}};
  const auto found = names.find(ending);
  const QString suffix = QString::fromStdString(ending);
  return found == names.end() ? suffix : QStringLiteral("%1 (%2)").arg(QString::fromUtf8(found->second), suffix);
}

std::vector<std::string> endingsFor(ExportDialog::What what, const analysis::SurfaceResult& result) {
  if (what == ExportDialog::What::view) return {std::begin(kStillEndings), std::end(kStillEndings)};
  std::vector<std::string> out = analysis::endingsOf(analysis::kindOf(result));
  std::erase_if(out, [&](const std::string& ending) { return analysis::isFigureEnding(ending) != (what == ExportDialog::What::figure); });
  return out;
}

template <class Control>
Control* named(Control* control, const char* object, const QString& accessible, const QString& toolTip) {
  control->setObjectName(QString::fromLatin1(object));
  control->setAccessibleName(accessible);
  control->setToolTip(toolTip);
  return control;
}

}  // namespace

ExportDialog::ExportDialog(Workbench& workbench, SharedResult result, SurfaceView* view, QWidget* parent)
    : QDialog(parent), workbench_(workbench), result_(std::move(result)), view_(view), form_(newForm()), problemLabel_(problemLabel()), note_(hintLabel({})) {
  setObjectName(QStringLiteral("exportDialog"));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(result_->grid.slice ? QStringLiteral("Export slice") : QStringLiteral("Export surface"));
  setMinimumWidth(460);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  addFields(form_);
  column->addLayout(form_);
  column->addWidget(note_);
  column->addWidget(problemLabel_);
  column->addStretch(1);
  addButtons();
  fillFormats();
}

void ExportDialog::addFields(QFormLayout* form) {
  what_ = named(new QComboBox, "exportWhat", QStringLiteral("What to export"), QStringLiteral("The 3-D view with the camera and the things that it shows, a figure in 2-D, or the numbers."));
  if (viewShowsResult()) what_->addItem(QStringLiteral("3-D view as drawn"), static_cast<int>(What::view));
  what_->addItem(result_->grid.slice ? QStringLiteral("Figure: curves of the slice") : QStringLiteral("Figure: contour map"), static_cast<int>(What::figure));
  what_->addItem(QStringLiteral("Data"), static_cast<int>(What::data));
  format_ = named(new QComboBox, "exportFormat", QStringLiteral("Format"), QStringLiteral("The kind of file. Each has the command, seed, hashes and versions inside."));
  width_ = named(new QSpinBox, "exportWidth", QStringLiteral("Width in pixels"),
                 QStringLiteral("Width of the picture, %1 to %2 pixels; the height follows from the view. In SVG and PDF: of the picture under the labels. Default: 1920.").arg(kLeastStill).arg(kWidestStill));
  width_->setRange(kLeastStill, kWidestStill);
  width_->setSingleStep(256);
  width_->setValue(StillSpec{}.width);
  width_->setSuffix(QStringLiteral(" px"));
  colours_ = named(new QComboBox, "exportColours", QStringLiteral("Colours"), QStringLiteral("Background, axes and text: as in the window, or dark on white. The colours of the data stay the same."));
  colours_->addItem(QStringLiteral("As shown"));
  colours_->addItem(QStringLiteral("Paper"));
  transparent_ = named(new QCheckBox(QStringLiteral("Transparent background")), "exportTransparent", QStringLiteral("Transparent background"),
                       QStringLiteral("Nothing where nothing is drawn, to lay the picture over something else."));
  file_ = named(new QLineEdit, "exportFile", QStringLiteral("File"), QStringLiteral("Where it is written. A file that is there is replaced once the new one is whole."));
  file_->setText(QDir::current().filePath(result_->grid.slice ? QStringLiteral("slice") : QStringLiteral("surface")));
  auto* browse = named(new QPushButton(QStringLiteral("Browse\u2026")), "exportBrowse", QStringLiteral("Browse for a file"), QStringLiteral("Chooses folder and name."));
  browse->setAutoDefault(false);
  fileRow_ = new QWidget;
  auto* row = new QHBoxLayout(fileRow_);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(file_, 1);
  row->addWidget(browse);
  form->addRow(QStringLiteral("What"), what_);
  form->addRow(QStringLiteral("Format"), format_);
  form->addRow(QStringLiteral("Width"), width_);
  form->addRow(QStringLiteral("Colours"), colours_);
  form->addRow(QString(), transparent_);
  form->addRow(QStringLiteral("File"), fileRow_);
  connect(what_, &QComboBox::currentIndexChanged, this, &ExportDialog::fillFormats);
  connect(format_, &QComboBox::currentIndexChanged, this, &ExportDialog::takeEnding);
  connect(width_, &QSpinBox::valueChanged, this, &ExportDialog::refresh);
  connect(colours_, &QComboBox::currentIndexChanged, this, &ExportDialog::refresh);
  connect(transparent_, &QCheckBox::toggled, this, &ExportDialog::refresh);
  connect(file_, &QLineEdit::textChanged, this, &ExportDialog::refresh);
  connect(file_, &QLineEdit::editingFinished, this, &ExportDialog::takeEnding);
  connect(browse, &QPushButton::clicked, this, &ExportDialog::browse);
}

void ExportDialog::addButtons() {
  copy_ = named(new QPushButton(QStringLiteral("Copy as command")), "exportCopy", QStringLiteral("Copy as command"), QString());
  copy_->setAutoDefault(false);
  auto* close = named(new QPushButton(QStringLiteral("Close")), "exportClose", QStringLiteral("Close"), QStringLiteral("A file that is being written is still finished."));
  close->setAutoDefault(false);
  export_ = named(new QPushButton(QStringLiteral("Export")), "exportNow", QStringLiteral("Export"), QStringLiteral("Writes the file; the dialog stays open."));
  export_->setProperty("primary", true);
  export_->setDefault(true);
  auto* row = new QHBoxLayout;
  row->addWidget(copy_);
  row->addStretch(1);
  row->addWidget(close);
  row->addWidget(export_);
  static_cast<QVBoxLayout*>(layout())->addLayout(row);
  connect(copy_, &QPushButton::clicked, this, [this] {
    QGuiApplication::clipboard()->setText(command());
    note_->setText(QStringLiteral("The command is on the clipboard."));
  });
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  connect(export_, &QPushButton::clicked, this, &ExportDialog::exportNow);
}

ExportDialog::What ExportDialog::what() const { return static_cast<What>(what_->currentData().toInt()); }
void ExportDialog::setWhat(What what) { what_->setCurrentIndex(what_->findData(static_cast<int>(what))); }
std::string ExportDialog::ending() const { return format_->currentData().toString().toStdString(); }
void ExportDialog::setEnding(const std::string& ending) { format_->setCurrentIndex(format_->findData(QString::fromStdString(ending))); }
QString ExportDialog::file() const { return file_->text().trimmed(); }

void ExportDialog::setFile(const QString& file) {
  file_->setText(file);
  takeEnding();
}

bool ExportDialog::viewShowsResult() const { return view_ && view_->surface().grid.get() == &result_->grid; }

void ExportDialog::fillFormats() {
  const QString before = format_->currentData().toString();
  {
    const QSignalBlocker quiet(format_);
    format_->clear();
    for (const std::string& ending : endingsFor(what(), *result_)) format_->addItem(formatName(ending), QString::fromStdString(ending));
    const int kept = format_->findData(before), png = format_->findData(QStringLiteral(".png"));
    format_->setCurrentIndex(std::max(0, kept >= 0 ? kept : png));
  }
  const bool view = what() == What::view;
  for (QWidget* field : std::initializer_list<QWidget*>{width_, colours_, transparent_}) form_->setRowVisible(field, view);
  takeEnding();
}

/// The file's name gets the ending of the format in place of one that belongs to another.
void ExportDialog::takeEnding() {
  const QString name = file();
  if (name.isEmpty() || name.endsWith(QLatin1Char('/'))) return refresh();
  const QString suffix = QLatin1Char('.') + QFileInfo(name).suffix().toLower(), wanted = QString::fromStdString(ending());
  QString stem = name;
  const std::vector<std::string> known = analysis::endingsOf({});
  if (suffix.size() > 1 && std::ranges::find(known, suffix.toStdString()) != known.end()) stem.chop(suffix.size());
  if (stem + wanted != name && suffix != wanted) file_->setText(stem + wanted);
  refresh();
}

void ExportDialog::browse() {
  auto* chooser = new QFileDialog(this, QStringLiteral("Export"), file());
  chooser->setObjectName(QStringLiteral("exportFileChooser"));
  chooser->setAttribute(Qt::WA_DeleteOnClose);
  chooser->setAcceptMode(QFileDialog::AcceptSave);
  chooser->setNameFilter(QStringLiteral("%1 (*%2)").arg(formatName(ending()).section(QStringLiteral(" ("), 0, 0), QString::fromStdString(ending())));
  chooser->setDefaultSuffix(QString::fromStdString(ending()).mid(1));
  connect(chooser, &QFileDialog::fileSelected, this, &ExportDialog::setFile);
  chooser->open();
}

QString ExportDialog::command() const {
  QString line = QString::fromStdString(analysis::commandLine(*result_));
  // A file that was read from elsewhere is not computed, and no command draws the window's own camera.
  if (what() == What::view || !result_->origin.format.empty()) return line;
  return line + QStringLiteral(" --out ") + QString::fromStdString(trainer::shellQuoted(file().toStdString()));
}

QString ExportDialog::findProblem() const {
  if (file().isEmpty()) return QStringLiteral("Name the file.");
  const QFileInfo info(file());
  if (info.isDir()) return QStringLiteral("'%1' is a folder: name a file.").arg(file());
  if (!info.dir().exists()) return QStringLiteral("There is no folder '%1'.").arg(info.dir().path());
  if (what() == What::view && !viewShowsResult()) return QStringLiteral("The view shows something else by now: close this and choose Export again.");
  return {};
}

void ExportDialog::refresh() {
  const bool view = what() == What::view, png = ending() == ".png";
  transparent_->setEnabled(png);
  problem_ = findProblem();
  showProblem(problemLabel_, problem_);
  export_->setEnabled(problem_.isEmpty() && !writing_);
  copy_->setEnabled(!command().isEmpty());
  copy_->setToolTip(view ? QStringLiteral("The command that computes the same numbers in a terminal; the view itself is drawn here only.")
                         : QStringLiteral("The command that computes the same numbers in a terminal and writes this file."));
  QString note;
  if (view && view_) note = QStringLiteral("%1 x %2 pixels. ").arg(width_->value()).arg(std::lround(double(width_->value()) * view_->height() / std::max(1, view_->width())));
  if (QFileInfo(file()).isFile()) note += QStringLiteral("The file is there: it will be replaced.");
  note_->setText(note);
  note_->setVisible(!note.isEmpty());
}

void ExportDialog::exportNow() {
  takeEnding();
  if (!problem_.isEmpty() || writing_) return;
  const QString name = file();
  const std::filesystem::path path(name.toStdString());
  const auto written = [this, name](const QString& failure) { ended(name, failure); };
  writing_ = true;
  refresh();
  if (what() != What::view) return workbench_.exportResult(*result_, path, this, written);
  const SceneColours colours = colours_->currentIndex() == 1 ? sceneColours(ThemeKind::paper) : view_->colours();
  const SceneStill still = view_->still({.width = width_->value(), .transparent = transparent_->isChecked() && ending() == ".png"}, colours);
  if (still.picture.isNull()) return ended(name, QStringLiteral("The view could not be drawn in %1 pixels: show it first, or choose fewer.").arg(width_->value()));
  workbench_.writeFile(
      path,
      [still, path, ending = ending(), result = result_] {
        trainer::writeFileAtomically(path, stillFile(still, ending, analysis::provenanceOf(analysis::withOrigin(*result))));
      },
      this, written);
}

void ExportDialog::ended(const QString& file, const QString& failure) {
  writing_ = false;
  refresh();
  if (failure.isEmpty()) {
    note_->setText(QStringLiteral("Wrote %1").arg(file));
    note_->show();
  } else {
    showProblem(problemLabel_, problem_ = failure);
  }
  emit exported(file, failure);
}

}  // namespace ui
