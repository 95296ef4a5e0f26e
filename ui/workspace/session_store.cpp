// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/session_store.h"

#include <QtConcurrent>
#include <algorithm>
#include <memory>
#include <utility>

#include "trainer/base/error.h"

namespace ui {
namespace {

constexpr int kKeepAfterMilliseconds = 1000;
constexpr std::size_t kMostKept = 8;

namespace fs = std::filesystem;

QString sentenceOf(const std::exception& e) { return QString::fromUtf8(e.what()); }

}  // namespace

SessionStore::SessionStore(Session& session, fs::path keptFolder, QObject* parent) : QObject(parent), session_(session), kept_(keptFolder), keptFolder_(std::move(keptFolder)) {
  files_.setMaxThreadCount(1);  // what is asked first is written first
  timer_.setSingleShot(true);
  timer_.setInterval(kKeepAfterMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &SessionStore::keep);
  for (const auto signal : {&Session::listChanged, &Session::selectionChanged, &Session::baselineChanged}) connect(&session_, signal, this, &SessionStore::touch);
  connect(&session_, &Session::runChanged, this, &SessionStore::touch);
}

SessionStore::~SessionStore() { files_.waitForDone(); }

QString SessionStore::name() const { return file_.empty() ? QStringLiteral("Untitled") : QString::fromStdString(fs::path(file_).stem().string()); }

void SessionStore::touch() {
  if (begun_ && !finished_ && !timer_.isActive()) timer_.start();
}

SavedSession SessionStore::collect() const {
  SavedSession saved = savedSession(session_);
  if (views_.collect) views_.collect(saved);
  saved.file = file_;
  saved.modified = modified_;
  return saved;
}

/// What makes a session another one: not which run is looked at, nor the window.
std::string SessionStore::essence(const SavedSession& session) const {
  SavedSession s = session;
  s.selected.clear();
  s.page.clear();
  s.window = {};
  s.file.clear();
  s.modified = s.closed = false;
  return sessionText(s, keptFolder_);
}

void SessionStore::keep() {
  if (!copy_ || finished_) return;
  SavedSession now = collect();
  const std::string text = essence(now);
  if (std::exchange(settling_, false)) saved_ = text;
  const bool modified = !file_.empty() && text != saved_;
  if (std::exchange(modified_, modified) != modified) emit changed();
  now.modified = modified;
  std::string whole = sessionText(now, keptFolder_);
  if (whole == keptText_) return;
  keptText_ = std::move(whole);
  write(now, copy_->file, [this](const QString& problem) {
    if (problem.isEmpty()) return;
    keptText_.clear();
    emit failed(QStringLiteral("The session could not be kept for the next start: %1").arg(problem));
  });
}

void SessionStore::write(const SavedSession& session, const fs::path& file, std::function<void(const QString&)> then) {
  QtConcurrent::run(&files_, [session, file] {
    try {
      writeSession(session, file);
    } catch (const std::exception& e) {
      return sentenceOf(e);
    }
    return QString();
  }).then(this, std::move(then));
}

void SessionStore::readThen(std::function<void(Read&)> read, std::function<void(Read&)> then) {
  opening_ = true;
  const auto all = std::make_shared<Read>();
  QtConcurrent::run(&files_, [this, all, read = std::move(read)] {
    try {
      read(*all);
      if (all->problem.isEmpty()) all->runs = restoredRuns(all->saved);
      all->idle = kept_.idle();
    } catch (const std::exception& e) {
      all->problem = sentenceOf(e);
    }
  }).then(this, [this, all, then = std::move(then)] {
    opening_ = false;
    then(*all);
  });
}

void SessionStore::readBeginning(const KeptSessions& kept, Read& read) {
  const std::vector<KeptSessions::Idle> idle = kept.idle();
  const bool alone = !kept.othersAtWork();
  const auto ended = std::ranges::find(idle, false, &KeptSessions::Idle::closed);
  read.how = ended != idle.end() ? Beginning::recovered : !alone ? Beginning::empty : idle.empty() ? Beginning::first : Beginning::lastTime;
  if (read.how == Beginning::recovered || read.how == Beginning::lastTime) {
    const KeptSessions::Idle& wanted = read.how == Beginning::recovered ? *ended : idle.front();
    read.copy = kept.take(wanted.file);
    if (read.copy) read.saved = readSession(wanted.file);
    // What was saved and not changed since is read from its own file.
    std::error_code ignored;
    if (read.copy && !wanted.modified && !wanted.of.empty() && fs::exists(wanted.of, ignored)) {
      try {
        const std::string of = read.saved.file;
        read.saved = readSession(of);
        read.saved.file = of;
      } catch (const trainer::Error&) {  // the copy is whole
      }
    }
  }
  if (!read.copy) {
    read.copy = kept.fresh();
    if (read.how != Beginning::first) read.how = Beginning::empty;
  }
  kept.prune(kMostKept);
}

void SessionStore::begin() {
  readThen([this](Read& read) { readBeginning(kept_, read); },
           [this](Read& read) {
             begun_ = true;
             if (!read.problem.isEmpty()) {
               emit failed(QStringLiteral("Sessions cannot be kept: %1").arg(read.problem));
               emit began(Beginning::empty);
               return;
             }
             copy_ = std::move(read.copy);
             const bool there = read.how == Beginning::recovered || read.how == Beginning::lastTime;
             if (there) put(read, read.saved.file, read.saved.modified);
             list(read.idle);
             if (read.how == Beginning::recovered)
               emit recovered(QStringLiteral("The program ended in the middle the last time. Its session is here again, with %1 %2, as it was.")
                                  .arg(session_.runs().size())
                                  .arg(session_.runs().size() == 1 ? QStringLiteral("run") : QStringLiteral("runs")));
             touch();
             emit began(read.how);
           });
}

/// Makes what was read the session that is shown.
void SessionStore::put(Read& read, const std::string& file, bool modified) {
  emit leaving();
  file_ = file;
  modified_ = modified;
  session_.reset(std::exchange(read.runs, {}), read.saved.selected, read.saved.baseline);
  if (views_.apply) views_.apply(read.saved);
  settling_ = !modified;
  if (modified) saved_.clear();
  emit changed();
  emit opened();
  touch();
}

void SessionStore::open(const fs::path& file) {
  readThen([file](Read& read) { read.saved = readSession(file); },
           [this, file](Read& read) {
             if (!read.problem.isEmpty()) {
               emit failed(read.problem);
               return;
             }
             leave();
             put(read, fs::absolute(file).lexically_normal().string(), false);
             list(read.idle);
           });
}

void SessionStore::openKept(const fs::path& file) {
  readThen(
      [this, file](Read& read) {
        read.copy = kept_.take(file);
        if (read.copy) read.saved = readSession(file);
        else read.problem = QStringLiteral("That session is open in another window, or was removed.");
      },
      [this](Read& read) {
        if (!read.problem.isEmpty()) {
          emit failed(read.problem);
          return;
        }
        leave();
        copy_ = std::move(read.copy);
        put(read, read.saved.file, read.saved.modified);
        list(read.idle);
      });
}

void SessionStore::startNew() {
  leave();
  startedNew_ = true;
  Read nothing;
  put(nothing, {}, false);
}

/// The copy of the session there was is left for later where its file does not say all; a fresh one is taken.
void SessionStore::leave() {
  timer_.stop();
  if (!copy_) return;
  keep();
  SavedSession last = collect();
  last.closed = true;
  const bool worth = file_.empty() ? !last.runs.empty() : modified_;
  const auto old = std::make_shared<KeptSessions::Copy>(std::move(*copy_));
  copy_.reset();
  keptText_.clear();
  saved_.clear();
  if (worth) emit noted(file_.empty() ? QStringLiteral("The session that was not saved is under File > Recent sessions.")
                                      : QStringLiteral("What changed in %1 since it was saved is under File > Recent sessions.").arg(name()));
  struct Left {
    std::optional<KeptSessions::Copy> copy;
    std::vector<KeptSessions::Idle> idle;
    QString problem;
  };
  const auto left = std::make_shared<Left>();
  QtConcurrent::run(&files_, [this, old, worth, last, left] {
    try {
      if (worth) writeSession(last, old->file);
      else kept_.discard(std::move(*old));
      old->lock.reset();
      left->copy = kept_.fresh();
      left->idle = kept_.idle();
    } catch (const std::exception& e) {
      left->problem = sentenceOf(e);
    }
  }).then(this, [this, left] {
    if (!left->problem.isEmpty()) emit failed(left->problem);
    if (left->copy && !copy_) copy_ = std::move(left->copy);
    else if (left->copy) kept_.discard(std::move(*left->copy));
    list(left->idle);
    touch();
  });
}

void SessionStore::list(const std::vector<KeptSessions::Idle>& idle) {
  keptOnes_ = idle;
  std::erase_if(keptOnes_, [](const KeptSessions::Idle& i) { return i.runs == 0 || (!i.of.empty() && !i.modified); });
  emit changed();
}

void SessionStore::save() {
  if (!file_.empty()) saveAs(file_);
}

void SessionStore::saveAs(const fs::path& wanted) {
  fs::path file = fs::absolute(wanted).lexically_normal();
  if (file.extension() != kSessionSuffix) file += kSessionSuffix;
  SavedSession now = collect();
  now.file.clear();
  now.modified = false;
  write(now, file, [this, file, text = essence(now)](const QString& problem) {
    if (!problem.isEmpty()) {
      emit failed(problem);
      return;
    }
    file_ = file.string();
    saved_ = text;
    modified_ = settling_ = false;
    emit changed();
    emit written(QString::fromStdString(file_));
    touch();
  });
}

void SessionStore::finish() {
  if (!begun_ || finished_) return;
  timer_.stop();
  finished_ = true;
  files_.waitForDone();
  if (!copy_) return;
  SavedSession last = collect();
  last.modified = !file_.empty() && !settling_ && essence(last) != saved_;
  last.closed = true;
  try {
    if (last.runs.empty() && file_.empty() && !startedNew_) kept_.discard(std::move(*copy_));
    else writeSession(last, copy_->file);
  } catch (const trainer::Error&) {  // the copy of a second ago is there
  }
  copy_.reset();
}

}  // namespace ui
