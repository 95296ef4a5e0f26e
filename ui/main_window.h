// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QSettings>
#include <filesystem>
#include <vector>

#include "ui/jobs/job_queue.h"
#include "ui/pages/page.h"
#include "ui/theme/theme.h"
#include "ui/workspace/run_looks.h"
#include "ui/workspace/run_watcher.h"
#include "ui/workspace/session.h"
#include "ui/workspace/session_store.h"
#include "ui/workspace/workbench.h"

class QLabel;
class QStackedWidget;
class QTabBar;

namespace ui {

class Banner;
class JobsPanel;
class SessionActions;
class SessionPanel;
class StartHere;

/// The frame around the pages: session at the left, options at the right, jobs below, menus and status. It owns the workspace and holds no logic of its own.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  /// New runs get folders below `runsFolder`; settings and kept sessions go into `dataFolder` (empty: beside the runs).
  MainWindow(Theme& theme, const std::filesystem::path& runsFolder, const std::filesystem::path& dataFolder = {}, QWidget* parent = nullptr);
  ~MainWindow() override;

  Session& session() { return session_; }
  Workbench& workbench() { return workbench_; }
  JobQueue& jobs() { return jobs_; }
  SessionStore& store() { return store_; }
  QSettings& settings() { return settings_; }
  const std::vector<Page*>& pages() const { return pages_; }
  int currentPage() const;
  void showPage(int index);
  QString banner() const;
  /// The first minutes instead of the page's form at the right, until it is closed.
  void showStartHere(bool shown);

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeCentre();
  void makeDocks();
  void makeMenus();
  void refreshIcons();
  void openRunDialog();
  void openFileDialog();
  void locateDialog(const std::string& folder);
  void joinOpening();
  void showResult(const std::string& folder, const QString& kind);
  void joinStore();
  void collectViews(SavedSession& saved) const;
  void applyViews(const SavedSession& saved);
  void showTitle();
  void fitDocks(const Page& page);
  void sayWhatIsMissing(const QString& before);

  Theme& theme_;
  Session session_;
  JobQueue jobs_;
  Workbench workbench_;
  RunLooks looks_;
  QSettings settings_;
  SessionStore store_;
  RunWatcher watcher_;
  SessionActions* sessionActions_ = nullptr;
  std::vector<Page*> pages_;
  QTabBar* tabs_ = nullptr;
  QStackedWidget *boards_ = nullptr, *options_ = nullptr;
  QLabel* sessionName_ = nullptr;
  Banner* banner_ = nullptr;
  StartHere* startHere_ = nullptr;
  SessionPanel* sessionPanel_ = nullptr;
  JobsPanel* jobsPanel_ = nullptr;
  QDockWidget *sessionDock_ = nullptr, *optionsDock_ = nullptr, *jobsDock_ = nullptr;
  std::vector<QDockWidget*> away_;  ///< docks that were open when a page without a form came to the front
};

}  // namespace ui
