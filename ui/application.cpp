// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/application.h"

#include <QApplication>
#include <QFont>
#include <QStandardPaths>
#include <QStyleFactory>
#include <QTimer>

#include "ui/main_window.h"
#include "ui/scenes/vtk_view.h"
#include "ui/window_layout.h"

namespace ui {
namespace {

constexpr const char* kThemeKey = "theme";

}  // namespace

int runWindow(int& argc, char** argv, const WindowOptions& options) {
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  QSurfaceFormat::setDefaultFormat(sceneSurfaceFormat());
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("sharpscape"));
  QApplication::setApplicationDisplayName(QStringLiteral("Sharpscape"));
  QApplication::setDesktopFileName(QStringLiteral("org.sharpscape.sharpscape"));
  QApplication::setApplicationVersion(QStringLiteral(SHARPSCAPE_VERSION));
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QFont font = QApplication::font();
  font.setPixelSize(12);
  QApplication::setFont(font);
  QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/sharpscape.svg")));
  const std::filesystem::path data(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation).toStdString());
  Theme theme;
  MainWindow window(theme, options.runsFolder.empty() ? data / "runs" : options.runsFolder, data);
  theme.set(themeOf(window.settings().value(QLatin1String(kThemeKey)).toString()));
  window.show();
  QObject::connect(&window.store(), &SessionStore::began, &window, [&](SessionStore::Beginning how) {
    if (!options.open.empty()) return window.workbench().open(options.open);
    if (how != SessionStore::Beginning::first) return;
    window.showPage(2);
    window.showStartHere(true);
    window.workbench().startExample();
  });
  QTimer::singleShot(0, &window.store(), &SessionStore::begin);
  const int code = QApplication::exec();
  window.settings().setValue(QLatin1String(kThemeKey), themeWord(theme.kind()));
  return code;
}

}  // namespace ui
