// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/application.h"

#include <QApplication>
#include <QFont>
#include <QSettings>
#include <QStandardPaths>
#include <QStyleFactory>
#include <QTimer>

#include "ui/main_window.h"
#include "ui/scenes/vtk_view.h"

namespace ui {
namespace {

constexpr const char* kRunsKey = "runs";
constexpr const char* kThemeKey = "theme";

QStringList foldersOf(const Session& session) {
  QStringList folders;
  for (const SessionRun& run : session.runs())
    if (run.measurable()) folders << QString::fromStdString(run.folder);
  return folders;
}

/// The runs of the last time, or the example on the first start.
void openTheSession(MainWindow& window, QSettings& settings) {
  int found = 0;
  for (const QString& folder : settings.value(QLatin1String(kRunsKey)).toStringList()) {
    if (!std::filesystem::exists(folder.toStdString())) continue;
    ++found;
    window.workbench().openRun(folder.toStdString());
  }
  if (found == 0) window.workbench().startExample();
}

}  // namespace

int runWindow(int& argc, char** argv, const WindowOptions& options) {
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  QSurfaceFormat::setDefaultFormat(sceneSurfaceFormat());
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("sharpscape"));
  QApplication::setApplicationDisplayName(QStringLiteral("Sharpscape"));
  QApplication::setApplicationVersion(QStringLiteral(SHARPSCAPE_VERSION));
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QFont font = QApplication::font();
  font.setPixelSize(12);
  QApplication::setFont(font);
  QSettings settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("sharpscape"), QStringLiteral("sharpscape"));
  Theme theme;
  theme.set(settings.value(QLatin1String(kThemeKey), 0).toInt() == static_cast<int>(ThemeKind::light) ? ThemeKind::light : ThemeKind::dark);
  QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/sharpscape.svg")));
  const std::filesystem::path runs =
      options.runsFolder.empty() ? std::filesystem::path(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation).toStdString()) / "runs" : options.runsFolder;
  MainWindow window(theme, runs);
  window.show();
  QTimer::singleShot(0, &window, [&] { openTheSession(window, settings); });
  const int code = QApplication::exec();
  settings.setValue(QLatin1String(kRunsKey), foldersOf(window.session()));
  settings.setValue(QLatin1String(kThemeKey), static_cast<int>(theme.kind()));
  return code;
}

}  // namespace ui
