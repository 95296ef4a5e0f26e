// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/menus.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QMainWindow>
#include <QMenuBar>

namespace ui {

void fillMenuBar(QMainWindow& window, const MenuActions& a, const std::vector<QDockWidget*>& docks, ThemeKind theme) {
  const auto add = [&](QMenu* menu, const char* text, const QKeySequence& key, const std::function<void()>& what) {
    QAction* action = menu->addAction(QString::fromUtf8(text));
    action->setShortcut(key);
    QObject::connect(action, &QAction::triggered, &window, what);
    return action;
  };
  QMenu* file = window.menuBar()->addMenu(QStringLiteral("&File"));
  add(file, "&Open a run\u2026", QKeySequence::Open, a.openRun);
  file->addSeparator();
  add(file, "&Quit", QKeySequence(Qt::CTRL | Qt::Key_Q), [&window] { window.close(); });

  QMenu* view = window.menuBar()->addMenu(QStringLiteral("&View"));
  add(view, "&Train", QKeySequence(Qt::CTRL | Qt::Key_1), [a] { a.showPage(0); });
  add(view, "&Curvature", QKeySequence(Qt::CTRL | Qt::Key_2), [a] { a.showPage(1); });
  add(view, "&Landscape", QKeySequence(Qt::CTRL | Qt::Key_3), [a] { a.showPage(2); });
  add(view, "Co&mpare", QKeySequence(Qt::CTRL | Qt::Key_4), [a] { a.showPage(3); });
  view->addSeparator();
  auto* themes = new QActionGroup(&window);
  const std::pair<const char*, ThemeKind> kinds[] = {{"&Dark", ThemeKind::dark}, {"L&ight", ThemeKind::light}, {"&Paper", ThemeKind::paper}};
  for (const auto& [text, kind] : kinds) {
    QAction* action = add(view, text, {}, [a, kind = kind] { a.setTheme(kind); });
    action->setCheckable(true);
    action->setChecked(kind == theme);
    themes->addAction(action);
  }
  view->addSeparator();
  const char* const names[] = {"&Session", "&Options", "&Jobs"};
  for (std::size_t i = 0; i < docks.size(); ++i) {
    QAction* toggle = docks[i]->toggleViewAction();
    view->addAction(toggle);
    // The action follows the dock's title, which changes with the page; the menu's word stays.
    QObject::connect(toggle, &QAction::changed, toggle, [toggle, text = QString::fromLatin1(names[i % std::size(names)])] {
      if (toggle->text() != text) toggle->setText(text);
    });
    toggle->setText(QString::fromLatin1(names[i % std::size(names)]));
  }

  QMenu* run = window.menuBar()->addMenu(QStringLiteral("&Run"));
  add(run, "&Train as new run", QKeySequence::New, a.trainNewRun);
  add(run, "&Cancel all jobs", QKeySequence(Qt::CTRL | Qt::Key_Period), a.cancelAll);

  QMenu* analysis = window.menuBar()->addMenu(QStringLiteral("&Analysis"));
  add(analysis, "&Measure eigenvalues", QKeySequence(Qt::CTRL | Qt::Key_E), a.measure);
  add(analysis, "Compute &surface or slice", QKeySequence(Qt::CTRL | Qt::Key_R), a.sample);

  QMenu* help = window.menuBar()->addMenu(QStringLiteral("&Help"));
  add(help, "Train the &example", {}, a.trainExample);
  add(help, "&About Sharpscape", {}, a.about);
}

}  // namespace ui
