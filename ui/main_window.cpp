// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include <QCloseEvent>
#include <QCoreApplication>
#include <QDockWidget>
#include <QLabel>
#include <QMenuBar>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QVBoxLayout>

#include "ui/banner.h"
#include "ui/control_names.h"
#include "ui/dialogs/about.h"
#include "ui/dialogs/shortcut_sheet.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/menus.h"
#include "ui/page_stack.h"
#include "ui/pages/alpha_card.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/curvature_page.h"
#include "ui/pages/landscape_page.h"
#include "ui/pages/train_page.h"
#include "ui/status_line.h"
#include "ui/workspace/example_strip.h"
#include "ui/workspace/plan_actions.h"
#include "ui/workspace/session_actions.h"
#include "ui/workspace/session_panel.h"
#include "ui/workspace/start_here.h"

namespace ui {
namespace {

constexpr int kSessionWidth = 256, kOptionsWidth = 288, kJobsHeight = 128;

QDockWidget* makeDock(QMainWindow* window, const QString& title, const QString& name, QWidget* content, Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(title, window);
  dock->setObjectName(name);
  dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
  dock->setWidget(content);
  window->addDockWidget(area, dock);
  return dock;
}

std::filesystem::path dataOr(const std::filesystem::path& data, const std::filesystem::path& runs) { return data.empty() ? runs / ".sharpscape" : data; }

}  // namespace

MainWindow::MainWindow(Theme& theme, const std::filesystem::path& runsFolder, const std::filesystem::path& dataFolder, QWidget* parent)
    : QMainWindow(parent),
      theme_(theme),
      workbench_(session_, jobs_, runsFolder),
      looks_(theme),
      settings_(QString::fromStdString((dataOr(dataFolder, runsFolder) / "settings.ini").string()), QSettings::IniFormat),
      store_(session_, dataOr(dataFolder, runsFolder) / "sessions"),
      watcher_(session_, workbench_) {
  resize(1440, 900);
  const Workspace workspace{session_, workbench_, jobs_, theme_, looks_};
  pages_ = {new TrainPage(workspace, this), new CurvaturePage(workspace, this), new LandscapePage(workspace, this), new ComparePage(workspace, this)};
  makeCentre();
  makeDocks();
  makeMenus();
  fillStatusBar(statusBar(), jobs_, workbench_.threadsPerLane());
  connect(&workbench_, &Workbench::failed, banner_, &Banner::showError);
  connect(&workbench_, &Workbench::noted, this, [this](const QString& sentence) { statusBar()->showMessage(sentence, 8000); });
  connect(&theme_, &Theme::changed, this, &MainWindow::refreshIcons);
  joinStore();
  joinOpening();
  refreshIcons();
  nameControls(*this);
  showPage(0);
}

MainWindow::~MainWindow() { jobs_.shutDown(); }

void MainWindow::makeCentre() {
  auto* centre = new QWidget;
  auto* column = new QVBoxLayout(centre);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  tabs_ = new QTabBar;
  tabs_->setProperty("role", QStringLiteral("pages"));
  tabs_->setDrawBase(false);
  tabs_->setExpanding(false);
  for (int i = 0; i < static_cast<int>(pages_.size()); ++i) {
    tabs_->addTab(pages_[static_cast<std::size_t>(i)]->title());
    tabs_->setTabToolTip(i, QStringLiteral("%1 (Ctrl+%2)").arg(pages_[static_cast<std::size_t>(i)]->title()).arg(i + 1));
  }
  banner_ = new Banner(theme_);
  boards_ = new PageStack;
  for (Page* page : pages_) boards_->addWidget(page->board());
  column->addWidget(tabs_);
  column->addWidget(banner_);
  column->addWidget(new ExampleStrip(session_, workbench_, theme_));
  column->addWidget(boards_, 1);
  setCentralWidget(centre);
  connect(tabs_, &QTabBar::currentChanged, this, &MainWindow::showPage);
}

void MainWindow::makeDocks() {
  setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  sessionPanel_ = new SessionPanel(session_, looks_, theme_);
  sessionDock_ = makeDock(this, QStringLiteral("Session"), QStringLiteral("sessionDock"), sessionPanel_, Qt::LeftDockWidgetArea);
  sessionDock_->setTitleBarWidget(new QWidget);  // the panel has a header of its own
  options_ = new PageStack;
  for (Page* page : pages_) options_->addWidget(page->options() != nullptr ? page->options() : new QWidget);
  startHere_ = new StartHere(theme_);
  options_->addWidget(startHere_);
  connect(startHere_, &StartHere::closed, this, [this] { showStartHere(false); });
  connect(startHere_, &StartHere::trainRequested, this, [this] {
    showStartHere(false);
    showPage(0);
  });
  connect(startHere_, &StartHere::openRequested, this, &MainWindow::openRunDialog);
  connect(startHere_, &StartHere::surfaceRequested, this, &MainWindow::openFileDialog);
  connect(startHere_, &StartHere::shortcutsRequested, this, [this] { showShortcuts(*this); });
  optionsDock_ = makeDock(this, QString(), QStringLiteral("optionsDock"), options_, Qt::RightDockWidgetArea);
  jobsPanel_ = new JobsPanel(jobs_);
  jobsDock_ = makeDock(this, jobsPanel_->title(), QStringLiteral("jobsDock"), jobsPanel_, Qt::BottomDockWidgetArea);
  resizeDocks({sessionDock_, optionsDock_}, {kSessionWidth, kOptionsWidth}, Qt::Horizontal);
  resizeDocks({jobsDock_}, {kJobsHeight}, Qt::Vertical);
  connect(jobsPanel_, &JobsPanel::titleChanged, jobsDock_, &QWidget::setWindowTitle);
  connect(jobsPanel_, &JobsPanel::activated, this, [this](qint64 id) {
    if (const auto job = jobs_.job(id)) showResult(job->spec.run.toStdString(), job->spec.kind);
  });
  connect(sessionPanel_, &SessionPanel::newRunRequested, this, [this] { showPage(0); });
  connect(sessionPanel_, &SessionPanel::openRequested, this, &MainWindow::openRunDialog);
  connect(sessionPanel_, &SessionPanel::groupShown, this, [this](const QString& group) { showGroup(this, session_, theme_, group); });
  connect(sessionPanel_, &SessionPanel::continueRequested, this, [this](const std::string& folder) { workbench_.resume(folder); });
  connect(sessionPanel_, &SessionPanel::removeRequested, &session_, &Session::remove);
  connect(sessionPanel_, &SessionPanel::resultActivated, this, &MainWindow::showResult);
  jobsPanel_->model().setRunLabel([this](const QString& folder) {
    const SessionRun* run = session_.find(folder.toStdString());
    return run == nullptr ? std::pair(folder, QIcon()) : std::pair(run->name, QIcon(looks_.swatch(*run)));
  });
}

void MainWindow::makeMenus() {
  const MenuActions actions{.openRun = [this] { openRunDialog(); },
                            .openFile = [this] { openFileDialog(); },
                            .trainNewRun =
                                [this] {
                                  showPage(0);
                                  emit static_cast<TrainPage*>(pages_[0])->options()->trainRequested();
                                },
                            .measure = [this] { emit static_cast<CurvaturePage*>(pages_[1])->options()->current()->measureRequested(); },
                            .sample = [this] { emit static_cast<LandscapePage*>(pages_[2])->options()->computeRequested(); },
                            .cancelAll = [this] { jobs_.cancelAll(); },
                            .trainExample = [this] { workbench_.startExample(); },
                            .showPage = [this](int index) { showPage(index); },
                            .addPlans = [this](QMenu* menu) { addPlans(menu, this, session_, workbench_, *static_cast<TrainPage*>(pages_[0])->options()); },
                            .startHere = [this] { showStartHere(true); },
                            .shortcuts = [this] { showShortcuts(*this); },
                            .about = [this] { showAbout(this); }};
  sessionActions_ = new SessionActions(store_, settings_, this);
  fillMenuBar(*this, actions, *sessionActions_, {sessionDock_, optionsDock_, jobsDock_}, theme_);
  sessionName_ = new QLabel;
  sessionName_->setProperty("role", QStringLiteral("second"));
  sessionName_->setContentsMargins(8, 0, 12, 0);
  menuBar()->setCornerWidget(sessionName_);
}

void MainWindow::refreshIcons() {
  for (int i = 0; i < tabs_->count(); ++i) tabs_->setTabIcon(i, theme_.icon(pages_[static_cast<std::size_t>(i)]->icon()));
  jobsPanel_->model().setIcons([this](JobState state) {
    const Tokens& t = theme_.tokens();
    switch (state) {
      case JobState::queued: return theme_.icon(QStringLiteral("clock"), t.second);
      case JobState::running: return theme_.icon(QStringLiteral("play"), t.accent);
      case JobState::paused: return theme_.icon(QStringLiteral("pause"), t.warn);
      case JobState::done: return theme_.icon(QStringLiteral("check"), t.ok);
      case JobState::cancelled: return theme_.icon(QStringLiteral("stop"), t.second);
      case JobState::failed: return theme_.icon(QStringLiteral("triangle"), t.error);
    }
    return QIcon();
  });
  jobsPanel_->model().refreshLabels();
}

int MainWindow::currentPage() const { return boards_->currentIndex(); }

void MainWindow::showPage(int index) {
  if (index < 0 || index >= static_cast<int>(pages_.size())) return;
  nameControls(*pages_[static_cast<std::size_t>(index)]->board());  // also what was made since
  boards_->setCurrentIndex(index);
  if (options_->currentWidget() != startHere_) {
    options_->setCurrentIndex(index);
    optionsDock_->setWindowTitle(pages_[static_cast<std::size_t>(index)]->optionsTitle());
  }
  if (tabs_->currentIndex() != index) tabs_->setCurrentIndex(index);
  fitDocks(*pages_[static_cast<std::size_t>(index)]);
}

/// A page without a form has the width of its options and the height of the jobs as well; the status bar says how many jobs there are.
void MainWindow::fitDocks(const Page& page) {
  const bool whole = page.options() == nullptr;
  optionsDock_->toggleViewAction()->setEnabled(!whole);
  if (whole && away_.empty()) {
    for (QDockWidget* dock : {optionsDock_, jobsDock_})
      if (!dock->isHidden()) away_.push_back(dock);
    for (QDockWidget* dock : away_) dock->hide();
  }
  if (whole) return;
  for (QDockWidget* dock : away_) dock->show();
  away_.clear();
}

void MainWindow::showStartHere(bool shown) {
  options_->setCurrentIndex(shown ? options_->indexOf(startHere_) : currentPage());
  optionsDock_->setWindowTitle(shown ? QStringLiteral("Start here") : pages_[static_cast<std::size_t>(currentPage())]->optionsTitle());
  if (shown) optionsDock_->show();
}

QString MainWindow::banner() const { return banner_->sentence(); }

void MainWindow::showResult(const std::string& folder, const QString& kind) {
  session_.select(folder);
  const auto view = QStringList{QStringLiteral("spectrum"), QStringLiteral("sharpness"), QStringLiteral("invariance")}.indexOf(kind == QStringLiteral("check") ? QStringLiteral("spectrum") : kind);
  if (view >= 0) static_cast<CurvaturePage*>(pages_[1])->board()->setView(static_cast<int>(view));
  showPage(kind == QStringLiteral("train") ? 0 : view >= 0 ? 1 : 2);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  jobs_.shutDown();
  QCoreApplication::sendPostedEvents(&jobs_);  // how the works ended is told
  store_.finish();
  event->accept();
}

}  // namespace ui
