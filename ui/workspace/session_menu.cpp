// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QUrl>
#include <algorithm>

#include "trainer/base/files.h"
#include "ui/models/session_tree_model.h"
#include "ui/workspace/run_group.h"
#include "ui/workspace/session_panel.h"

/// The context menus of the session panel.
namespace ui {
namespace {

constexpr std::size_t kLooks = 6;

template <class What>
QAction* add(QMenu& menu, const QString& text, const QString& tip, What what) {
  QAction* action = menu.addAction(text, &menu, what);
  action->setToolTip(tip);
  action->setStatusTip(tip);
  return action;
}

void copy(const QString& text) { QGuiApplication::clipboard()->setText(text); }

void openFolder(const QString& path) {
  const QFileInfo info(path);
  QDesktopServices::openUrl(QUrl::fromLocalFile(info.isDir() ? path : info.absolutePath()));
}

QString trainCommand(const SessionRun& run) {
  return QString::fromStdString(trainer::commandLine(run.spec) + " --out " + trainer::shellQuoted(std::filesystem::path(run.folder).filename().string()));
}

QString resultCommand(const SessionResult& result) {
  return std::visit(
      [](const auto& value) -> QString {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) return {};
        else return QString::fromStdString(analysis::commandLine(*value));
      },
      result.value);
}

}  // namespace

QMenu* SessionPanel::menuFor(const QModelIndex& index) {
  const QModelIndex at = index.siblingAtColumn(0);
  if (!at.isValid()) return nullptr;
  auto* menu = new QMenu(this);
  menu->setToolTipsVisible(true);
  const SessionRun* run = session_.find(at.data(SessionTreeModel::folderRole).toString().toStdString());
  const int node = at.data(SessionTreeModel::nodeRole).toInt();
  if (node == SessionTreeModel::group) fillGroupMenu(*menu, at);
  else if (run != nullptr && node == SessionTreeModel::result) fillResultMenu(*menu, *run, at);
  else if (run != nullptr) fillRunMenu(*menu, *run);
  return menu;
}

void SessionPanel::fillRunMenu(QMenu& menu, const SessionRun& run) {
  const std::string folder = run.folder;
  const QString path = QString::fromStdString(folder);
  const bool isRun = run.state != RunState::opened;
  if (run.state == RunState::missing) add(menu, QStringLiteral("&Locate\u2026"), QStringLiteral("Says where its folder is now"), [this, folder] { emit locateRequested(folder); });
  if (run.state == RunState::stopped || (run.state == RunState::failed && !run.spec.data.empty()))
    add(menu, run.state == RunState::stopped ? QStringLiteral("&Go on with its training") : QStringLiteral("&Train it"), QStringLiteral("Queues what is left of its training"),
        [this, folder] { emit continueRequested(folder); });
  QAction* baseline = add(menu, QStringLiteral("&Baseline"), QStringLiteral("What the other runs are compared with"), [this, folder] { session_.setBaseline(folder); });
  baseline->setCheckable(true);
  baseline->setChecked(&run == session_.baseline());
  baseline->setEnabled(isRun);
  QAction* rename = add(menu, QStringLiteral("&Rename"), QStringLiteral("Its name in the session; the folder keeps its own"), [this, folder] {
    const QModelIndex index = proxy_->mapFromSource(model_->indexOf(folder));
    tree_->setCurrentIndex(index);
    tree_->edit(index);
  });
  rename->setShortcut(Qt::Key_F2);
  fillStyleMenu(*menu.addMenu(QStringLiteral("&Style")), run);
  add(menu, run.visible ? QStringLiteral("&Hide") : QStringLiteral("S&how"), QStringLiteral("In every view"), [this, folder] { session_.update(folder, [](SessionRun& r) { r.visible = !r.visible; }); });
  QMenu* groups = menu.addMenu(QStringLiteral("Gro&up"));
  for (const QString& group : groupsOf(session_))
    if (group != run.group) add(*groups, group, QStringLiteral("Lists it there"), [this, folder, group] { session_.move(folder, group, {}); });
  if (!run.group.isEmpty()) add(*groups, QStringLiteral("None"), QStringLiteral("Takes it out of the group"), [this, folder] { session_.move(folder, {}, {}); });
  add(*groups, QStringLiteral("New group"), QStringLiteral("A group of its own, to be renamed (F2)"), [this, folder] { session_.move(folder, QStringLiteral("Group %1").arg(groupsOf(session_).size() + 1), {}); });
  menu.addSeparator();
  add(menu, QStringLiteral("&Open its folder"), path, [path] { openFolder(path); });
  add(menu, QStringLiteral("&Copy path"), path, [path] { copy(path); });
  if (isRun && !run.spec.data.empty()) add(menu, QStringLiteral("Copy co&mmand"), trainCommand(run), [words = trainCommand(run)] { copy(words); });
  menu.addSeparator();
  QAction* take = add(menu, QStringLiteral("Remove from the &session"), QStringLiteral("Files are never deleted: the folder stays where it is"), [this, folder] { emit removeRequested(folder); });
  take->setEnabled(run.state != RunState::training && run.state != RunState::waiting);
}

void SessionPanel::fillStyleMenu(QMenu& menu, const SessionRun& run) {
  const std::string folder = run.folder;
  QMenu* line = menu.addMenu(QStringLiteral("&Line"));
  QMenu* marker = menu.addMenu(QStringLiteral("&Marker"));
  menu.addSeparator();
  const QStringList names{QStringLiteral("blue"), QStringLiteral("amber"), QStringLiteral("green"), QStringLiteral("pink"), QStringLiteral("orange"), QStringLiteral("grey")};
  const QStringList lines{QStringLiteral("solid"), QStringLiteral("dashed"), QStringLiteral("dash-dot"), QStringLiteral("dotted"), QStringLiteral("long dashes"), QStringLiteral("short dashes")};
  const QStringList markers{QStringLiteral("circle"), QStringLiteral("square"), QStringLiteral("triangle"), QStringLiteral("diamond"), QStringLiteral("star")};
  const auto offer = [&](QMenu& to, const QString& text, SessionRun like, auto change) {
    QAction* action = add(to, text, QStringLiteral("In every view"), [this, folder, change] { session_.update(folder, change); });
    action->setIcon(QIcon(looks_.swatch(like)));
  };
  SessionRun like;
  like.lookIndex = run.lookIndex;
  like.lineIndex = run.lineIndex;
  like.markerIndex = run.markerIndex;
  for (std::size_t i = 0; i < kLooks; ++i) {
    const auto at = static_cast<qsizetype>(i);
    SessionRun other = like;
    // Line and marker stay as they are when the colour changes, and the other way.
    const std::size_t lineNow = run.lineIndex.value_or(run.lookIndex) % kLooks, markerNow = run.markerIndex.value_or(run.lookIndex) % kLooks;
    other.lookIndex = i, other.lineIndex = lineNow, other.markerIndex = markerNow;
    offer(menu, names[at], other, [i, lineNow, markerNow](SessionRun& r) { r.lookIndex = i, r.lineIndex = lineNow, r.markerIndex = markerNow; });
    other = like, other.lineIndex = i;
    offer(*line, lines[at], other, [i](SessionRun& r) { r.lineIndex = i; });
    if (at >= markers.size()) continue;
    other = like, other.markerIndex = i;
    offer(*marker, markers[at], other, [i](SessionRun& r) { r.markerIndex = i; });
  }
}

void SessionPanel::fillGroupMenu(QMenu& menu, const QModelIndex& at) {
  const QString group = at.data(SessionTreeModel::kindRole).toString();
  add(menu, QStringLiteral("&Chart over its settings"), QStringLiteral("Error and \u03BBmax over the setting that varies, with the deviation over seeds"), [this, group] { emit groupShown(group); });
  QAction* rename = add(menu, QStringLiteral("&Rename"), QStringLiteral("The name of the group"), [this, index = QPersistentModelIndex(at)] {
    if (index.isValid()) tree_->edit(index);
  });
  rename->setShortcut(Qt::Key_F2);
  add(menu, QStringLiteral("Show or &hide all"), QStringLiteral("In every view"), [this, index = QPersistentModelIndex(at)] {
    if (index.isValid()) model_->toggleVisible(proxy_->mapToSource(index));
  });
  menu.addSeparator();
  const auto runs = runsOf(session_, group);
  const bool busy = std::ranges::any_of(runs, [](const SessionRun* r) { return r->state == RunState::training || r->state == RunState::waiting; });
  QAction* take = add(menu, QStringLiteral("Remove from the &session"), QStringLiteral("Files are never deleted: the folders stay where they are"), [this, group] {
    std::vector<std::string> folders;
    for (const SessionRun* r : runsOf(session_, group)) folders.push_back(r->folder);
    for (const std::string& folder : folders) emit removeRequested(folder);
  });
  take->setEnabled(!busy);
}

void SessionPanel::fillResultMenu(QMenu& menu, const SessionRun& run, const QModelIndex& at) {
  const std::string file = at.data(SessionTreeModel::fileRole).toString().toStdString();
  const auto found = std::ranges::find(run.results, file, &SessionResult::file);
  if (found == run.results.end()) return;
  const QString path = QString::fromStdString(file);
  QAction* show = add(menu, QStringLiteral("&Show"), QStringLiteral("In the page of its kind"), [this, index = QPersistentModelIndex(at)] {
    if (index.isValid()) activate(index);
  });
  show->setEnabled(found->value.index() != 0);
  menu.addSeparator();
  add(menu, QStringLiteral("&Open its folder"), path, [path] { openFolder(path); })->setEnabled(!path.isEmpty());
  add(menu, QStringLiteral("&Copy path"), path, [path] { copy(path); })->setEnabled(!path.isEmpty());
  if (const QString command = resultCommand(*found); !command.isEmpty()) add(menu, QStringLiteral("Copy co&mmand"), command, [command] { copy(command); });
}

}  // namespace ui
