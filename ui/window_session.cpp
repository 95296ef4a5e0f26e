// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDockWidget>
#include <QJsonArray>
#include <QLabel>
#include <QStatusBar>

#include "ui/banner.h"
#include "ui/main_window.h"
#include "ui/window_layout.h"
#include "ui/workspace/session_actions.h"

/// The window and its session file: what of the window belongs to it, and what is said about it.
namespace ui {

void MainWindow::joinStore() {
  store_.setViews({.collect = [this](SavedSession& saved) { collectViews(saved); }, .apply = [this](const SavedSession& saved) { applyViews(saved); }});
  connect(&store_, &SessionStore::failed, banner_, &Banner::showError);
  connect(&store_, &SessionStore::recovered, this, &MainWindow::sayWhatIsMissing);
  connect(&store_, &SessionStore::opened, this, [this] { sayWhatIsMissing({}); });
  connect(&store_, &SessionStore::noted, this, [this](const QString& sentence) { statusBar()->showMessage(sentence, 8000); });
  connect(&store_, &SessionStore::written, this, [this](const QString& file) { statusBar()->showMessage(QStringLiteral("Saved %1").arg(file), 8000); });
  connect(&store_, &SessionStore::leaving, &jobs_, &JobQueue::cancelAll);
  connect(&store_, &SessionStore::changed, this, &MainWindow::showTitle);
  connect(&theme_, &Theme::changed, &store_, &SessionStore::touch);
  showTitle();
}

void MainWindow::collectViews(SavedSession& saved) const {
  for (const Page* page : pages_)
    if (const QJsonObject state = page->state(); !state.isEmpty()) saved.pages.insert(page->title(), state);
  saved.page = pages_[static_cast<std::size_t>(currentPage())]->title();
  saved.window = windowLayout(*this, theme_.kind());
  QJsonArray away;  // hidden while a page without a form is in front, and to be there again with the next
  for (const QDockWidget* dock : away_) away.append(dock->objectName());
  saved.window.insert(QStringLiteral("away"), away);
}

void MainWindow::applyViews(const SavedSession& saved) {
  restoreWindow(saved.window, *this, theme_);
  away_.clear();
  for (const QJsonValue& name : saved.window.value(QStringLiteral("away")).toArray())
    if (auto* dock = findChild<QDockWidget*>(name.toString())) away_.push_back(dock);
  for (int i = 0; i < static_cast<int>(pages_.size()); ++i) {
    Page* page = pages_[static_cast<std::size_t>(i)];
    page->restoreState(saved.pages.value(page->title()).toObject());
    if (page->title() == saved.page) showPage(i);
  }
}

/// Runs that are not found, and after a crash those that were not trained to their end: with a button for what to do.
void MainWindow::sayWhatIsMissing(const QString& before) {
  QStringList missing;
  std::string first;
  std::vector<std::string> open;
  for (const SessionRun& run : session_.runs()) {
    if (run.state == RunState::missing) missing << run.name;
    if (run.state == RunState::missing && first.empty()) first = run.folder;
    if (run.state == RunState::failed || (run.state == RunState::stopped && run.elsewhere)) open.push_back(run.folder);
  }
  QString sentence = before;
  if (!missing.isEmpty())
    sentence += QStringLiteral("%1%2 %3 of %4 %5 not where the session says: %6.")
                    .arg(before.isEmpty() ? QString() : QStringLiteral(" "))
                    .arg(missing.size())
                    .arg(missing.size() == 1 ? QStringLiteral("run") : QStringLiteral("runs"))
                    .arg(session_.runs().size())
                    .arg(missing.size() == 1 ? QStringLiteral("is") : QStringLiteral("are"))
                    .arg(missing.join(QStringLiteral(", ")));
  if (sentence.isEmpty()) return;
  banner_->showNote(sentence);
  if (!missing.isEmpty()) {
    banner_->offer(QStringLiteral("Locate\u2026"), [this, first] { locateDialog(first); });
  } else if (!open.empty()) {
    banner_->offer(open.size() == 1 ? QStringLiteral("Go on with its training") : QStringLiteral("Go on with %1 trainings").arg(open.size()), [this, open] {
      for (const std::string& folder : open) workbench_.resume(folder);
    });
  }
}

void MainWindow::showTitle() {
  setWindowTitle(sessionTitle(store_));
  setWindowModified(store_.modified());
  sessionName_->setText(store_.name() + (store_.modified() ? QStringLiteral(" \u2022") : QString()));
  sessionName_->setToolTip(store_.file().empty() ? QStringLiteral("This session has no file yet; the program keeps it all the same (Ctrl+S gives it one)") : QString::fromStdString(store_.file()));
}

}  // namespace ui
