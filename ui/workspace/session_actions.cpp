// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/session_actions.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>
#include <chrono>

namespace ui {
namespace {

constexpr const char* kRecentKey = "recent_sessions";
constexpr const char* kFolderKey = "last_session_folder";
constexpr int kMostRecent = 10;

const QString kFilter = QStringLiteral("Sessions (*.sharpscape)");

QString timeText(std::filesystem::file_time_type time) {
  const auto system = std::chrono::file_clock::to_sys(time);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(system.time_since_epoch()).count();
  return QLocale().toString(QDateTime::fromSecsSinceEpoch(seconds), QLocale::ShortFormat);
}

}  // namespace

SessionActions::SessionActions(SessionStore& store, QSettings& settings, QWidget* window) : QObject(window), store_(store), settings_(settings), window_(window) {
  connect(&store_, &SessionStore::written, this, &SessionActions::remember);
  connect(&store_, &SessionStore::opened, this, [this] {
    if (!store_.file().empty()) remember(QString::fromStdString(store_.file()));
  });
}

void SessionActions::fill(QMenu* file) {
  const auto add = [&](const QString& text, const QKeySequence& key, const QString& tip, auto what) {
    QAction* action = file->addAction(text);
    action->setShortcut(key);
    action->setToolTip(tip);
    action->setStatusTip(tip);
    connect(action, &QAction::triggered, this, what);
    return action;
  };
  add(QStringLiteral("&New session"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N), QStringLiteral("An empty session; what was not saved of this one is under Recent sessions"), [this] { store_.startNew(); });
  add(QStringLiteral("Open &session\u2026"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), QStringLiteral("Runs, pages and views as they were saved"), [this] { openDialog(); });
  QMenu* recent = file->addMenu(QStringLiteral("&Recent sessions"));
  connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecent(recent); });
  add(QStringLiteral("&Save session"), QKeySequence::Save, QStringLiteral("Writes runs, pages and views into the session's file; runs and results stay where they are"), [this] { save(); });
  add(QStringLiteral("Save session &as\u2026"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), QStringLiteral("Under another name"), [this] { saveAsDialog(); });
  add(QStringLiteral("&Close session"), QKeySequence(Qt::CTRL | Qt::Key_W), QStringLiteral("Stops its jobs and leaves an empty session; runs stay on the disk"), [this] { store_.startNew(); });
}

void SessionActions::save() {
  if (store_.file().empty()) saveAsDialog();
  else store_.save();
}

QString SessionActions::folder() const { return settings_.value(QLatin1String(kFolderKey), QDir::homePath()).toString(); }

void SessionActions::openDialog() {
  auto* dialog = new QFileDialog(window_, QStringLiteral("Open a session"), folder(), kFilter);
  dialog->setObjectName(QStringLiteral("openSessionDialog"));
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) { store_.open(file.toStdString()); });
  dialog->open();
}

void SessionActions::saveAsDialog() {
  const QString name = store_.file().empty() ? QStringLiteral("session") : store_.name();
  auto* dialog = new QFileDialog(window_, QStringLiteral("Save the session"), QDir(folder()).filePath(name + QLatin1String(kSessionSuffix)), kFilter);
  dialog->setObjectName(QStringLiteral("saveSessionDialog"));
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QLatin1String(kSessionSuffix).mid(1));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) { store_.saveAs(file.toStdString()); });
  dialog->open();
}

QStringList SessionActions::recent() const { return settings_.value(QLatin1String(kRecentKey)).toStringList(); }

void SessionActions::remember(const QString& file) {
  QStringList files = recent();
  files.removeAll(file);
  files.prepend(file);
  settings_.setValue(QLatin1String(kRecentKey), QStringList(files.mid(0, kMostRecent)));
  settings_.setValue(QLatin1String(kFolderKey), QFileInfo(file).absolutePath());
}

void SessionActions::fillRecent(QMenu* menu) {
  menu->clear();
  menu->setToolTipsVisible(true);
  for (const QString& file : recent()) {
    QAction* action = menu->addAction(QFileInfo(file).completeBaseName(), this, [this, file] { store_.open(file.toStdString()); });
    action->setToolTip(file);
    action->setStatusTip(file);
  }
  if (!store_.kept().empty()) menu->addSection(QStringLiteral("Not saved"));
  for (const KeptSessions::Idle& kept : store_.kept()) {
    const QString name = kept.of.empty() ? QStringLiteral("Untitled") : QFileInfo(QString::fromStdString(kept.of)).completeBaseName();
    QAction* action = menu->addAction(QStringLiteral("%1, %2 %3, %4").arg(name).arg(kept.runs).arg(kept.runs == 1 ? QStringLiteral("run") : QStringLiteral("runs")).arg(timeText(kept.time)), this,
                                      [this, file = kept.file] { store_.openKept(file); });
    action->setStatusTip(kept.of.empty() ? QStringLiteral("A session that was never saved, as it was left") : QStringLiteral("What was not written into %1").arg(QString::fromStdString(kept.of)));
    action->setToolTip(action->statusTip());
  }
  if (menu->isEmpty()) menu->addAction(QStringLiteral("None yet"))->setEnabled(false);
}

QString sessionTitle(const SessionStore& store) { return QStringLiteral("%1[*] \u2013 Sharpscape").arg(store.name()); }

}  // namespace ui
