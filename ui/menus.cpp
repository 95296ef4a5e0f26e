// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/menus.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QMainWindow>
#include <QMenuBar>

#include "ui/workspace/session_actions.h"

namespace ui {
namespace {

QAction* add(QMainWindow& window, QMenu* menu, const char* text, const QKeySequence& key, const char* tip, const std::function<void()>& what) {
  QAction* action = menu->addAction(QString::fromUtf8(text));
  action->setShortcut(key);
  action->setToolTip(QString::fromUtf8(tip));
  action->setStatusTip(action->toolTip());
  QObject::connect(action, &QAction::triggered, &window, what);
  return action;
}

void addThemes(QMainWindow& window, QMenu* view, Theme& theme) {
  auto* themes = new QActionGroup(&window);
  const std::tuple<const char*, ThemeKind, const char*> kinds[] = {{"&Dark", ThemeKind::dark, "Light on dark"}, {"L&ight", ThemeKind::light, "Dark on light"}, {"&Paper", ThemeKind::paper, "Black on white, for print"}};
  for (const auto& [text, kind, tip] : kinds) {
    QAction* action = add(window, view, text, {}, tip, [&theme, kind = kind] { theme.set(kind); });
    action->setCheckable(true);
    action->setActionGroup(themes);
    const auto follow = [action, &theme, kind = kind] { action->setChecked(theme.kind() == kind); };
    QObject::connect(&theme, &Theme::changed, action, follow);
    follow();
  }
}

void addDocks(QMenu* view, const std::vector<QDockWidget*>& docks) {
  const char* const names[] = {"&Session", "&Options", "&Jobs"};
  for (std::size_t i = 0; i < docks.size(); ++i) {
    QAction* toggle = docks[i]->toggleViewAction();
    view->addAction(toggle);
    // The action follows the dock's title, which changes with the page; the menu's word stays.
    const auto name = [toggle, text = QString::fromLatin1(names[i % std::size(names)])] {
      if (toggle->text() != text) toggle->setText(text);
    };
    QObject::connect(toggle, &QAction::changed, toggle, name);
    name();
    toggle->setToolTip(QStringLiteral("Shows or hides this part of the window"));
    toggle->setStatusTip(toggle->toolTip());
  }
}

}  // namespace

void fillMenuBar(QMainWindow& window, const MenuActions& a, SessionActions& session, const std::vector<QDockWidget*>& docks, Theme& theme) {
  const auto item = [&window](QMenu* menu, const char* text, const QKeySequence& key, const char* tip, const std::function<void()>& what) { return add(window, menu, text, key, tip, what); };
  QMenu* file = window.menuBar()->addMenu(QStringLiteral("&File"));
  session.fill(file);
  file->addSeparator();
  item(file, "&Open a run\u2026", QKeySequence::Open, "Adds a run folder to the session", a.openRun);
  item(file, "Open a &file\u2026", QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_O), "A surface of this or another program (.h5, .npz, .csv, .npy), a result (.json), weights (.safetensors)", a.openFile);
  file->addSeparator();
  item(file, "&Quit", QKeySequence(Qt::CTRL | Qt::Key_Q), "Stops the jobs and closes the window; the session is here again at the next start", [&window] { window.close(); });

  QMenu* view = window.menuBar()->addMenu(QStringLiteral("&View"));
  item(view, "&Train", QKeySequence(Qt::CTRL | Qt::Key_1), "Loss, accuracy, gradient norm and curvature while it trains", [a] { a.showPage(0); });
  item(view, "&Curvature", QKeySequence(Qt::CTRL | Qt::Key_2), "Eigenvalues, density, trace, sharpness", [a] { a.showPage(1); });
  item(view, "&Landscape", QKeySequence(Qt::CTRL | Qt::Key_3), "The loss around the minimum", [a] { a.showPage(2); });
  item(view, "Co&mpare", QKeySequence(Qt::CTRL | Qt::Key_4), "Runs side by side: measures, settings, fairness", [a] { a.showPage(3); });
  view->addSeparator();
  addThemes(window, view, theme);
  view->addSeparator();
  addDocks(view, docks);

  QMenu* run = window.menuBar()->addMenu(QStringLiteral("&Run"));
  item(run, "&Train as new run", QKeySequence::New, "Trains what the form on the Train page says", a.trainNewRun);
  a.addPlans(run);
  run->addSeparator();
  item(run, "&Cancel all jobs", QKeySequence(Qt::CTRL | Qt::Key_Period), "Stops what runs and drops what waits; what is done is kept", a.cancelAll);

  QMenu* analysis = window.menuBar()->addMenu(QStringLiteral("&Analysis"));
  item(analysis, "&Measure eigenvalues", QKeySequence(Qt::CTRL | Qt::Key_E), "Measures what the form on the Curvature page says, for the selected run", a.measure);
  item(analysis, "Compute &surface or slice", QKeySequence(Qt::CTRL | Qt::Key_R), "Samples the axes of the Landscape page, for the selected run", a.sample);

  QMenu* help = window.menuBar()->addMenu(QStringLiteral("&Help"));
  item(help, "&Start here", {}, "What to do next and what each page shows, at the right", a.startHere);
  item(help, "&Keyboard shortcuts", QKeySequence(Qt::Key_F1), "All keys of the window, searchable", a.shortcuts);
  item(help, "Train the &example", {}, "SGD, SAM and the gradient-norm penalty on handwritten digits, measured and drawn", a.trainExample);
  item(help, "&About Sharpscape", {}, "Version, licence, libraries", a.about);
}

}  // namespace ui
