// SPDX-License-Identifier: GPL-3.0-or-later
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
  connect(&store_, &SessionStore::recovered, banner_, &Banner::showNote);
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
}

void MainWindow::applyViews(const SavedSession& saved) {
  restoreWindow(saved.window, *this, theme_);
  for (int i = 0; i < static_cast<int>(pages_.size()); ++i) {
    Page* page = pages_[static_cast<std::size_t>(i)];
    page->restoreState(saved.pages.value(page->title()).toObject());
    if (page->title() == saved.page) showPage(i);
  }
}

void MainWindow::showTitle() {
  setWindowTitle(sessionTitle(store_));
  setWindowModified(store_.modified());
  sessionName_->setText(store_.name() + (store_.modified() ? QStringLiteral(" \u2022") : QString()));
  sessionName_->setToolTip(store_.file().empty() ? QStringLiteral("This session has no file yet; the program keeps it all the same (Ctrl+S gives it one)") : QString::fromStdString(store_.file()));
}

}  // namespace ui
