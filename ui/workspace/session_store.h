// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/workspace/kept_sessions.h"
#include "ui/workspace/session_file.h"

namespace ui {

/// Saves the session and opens others. Whatever happens to the session is kept within a second in a copy that the program holds by itself, so that nothing asks before it closes: what is not in
/// the session's own file is in that copy, and is there again at the next start. Files are read and written on a thread of their own.
class SessionStore : public QObject {
  Q_OBJECT
 public:
  /// What else belongs to a session: pages and window.
  struct Views {
    std::function<void(SavedSession&)> collect;
    std::function<void(const SavedSession&)> apply;
  };
  /// How begin() found things.
  enum class Beginning { first, empty, lastTime, recovered };

  /// Copies are kept in `keptFolder`. Nothing is read or written before begin().
  SessionStore(Session& session, std::filesystem::path keptFolder, QObject* parent = nullptr);
  ~SessionStore() override;

  void setViews(Views views) { views_ = std::move(views); }
  const std::string& file() const { return file_; }  ///< empty: it was never saved
  QString name() const;                              ///< "optimizers", "Untitled"
  bool modified() const { return modified_; }        ///< it differs from its file; false without one
  bool busy() const { return opening_; }
  /// Copies of other sessions that are not in a file of their own, as last listed; newest first.
  const std::vector<KeptSessions::Idle>& kept() const { return keptOnes_; }

  /// How long after a change the copy is written (1000).
  void setDelay(int milliseconds) { timer_.setInterval(milliseconds); }

  /// Recovers what a program that ended in the middle has left, else opens what was there the last time.
  void begin();
  void save();
  void saveAs(const std::filesystem::path& file);
  /// The session there is stays until the other one has been read.
  void open(const std::filesystem::path& file);
  /// One of kept().
  void openKept(const std::filesystem::path& file);
  void startNew();
  /// Something that belongs to the session may have changed.
  void touch();
  /// Writes the copy at once and waits for it; for good.
  void finish();

 signals:
  void changed();                         ///< name, file or modified
  void failed(const QString& sentence);
  void noted(const QString& sentence);
  void recovered(const QString& sentence);
  void began(ui::SessionStore::Beginning how);
  void opened();                          ///< another session is there now
  void leaving();                         ///< the session there was is about to be taken away
  void written(const QString& file);

 private:
  struct Read {
    SavedSession saved;
    std::vector<SessionRun> runs;
    std::optional<KeptSessions::Copy> copy;
    std::vector<KeptSessions::Idle> idle;
    Beginning how = Beginning::empty;
    QString problem;
  };
  void readThen(std::function<void(Read&)> read, std::function<void(Read&)> then);
  SavedSession collect() const;
  void keep();
  void write(const SavedSession& session, const std::filesystem::path& file, std::function<void(const QString& problem)> then);
  void leave();
  void put(Read& read, const std::string& file, bool modified);
  void list(const std::vector<KeptSessions::Idle>& idle);
  std::string essence(const SavedSession& session) const;
  static void readBeginning(const KeptSessions& kept, Read& read);

  Session& session_;
  KeptSessions kept_;
  std::filesystem::path keptFolder_;
  Views views_;
  QThreadPool files_;
  QTimer timer_;
  std::optional<KeptSessions::Copy> copy_;
  std::vector<KeptSessions::Idle> keptOnes_;
  std::string file_;
  std::string saved_;        ///< what is in the file, without what is no change; empty: as soon as the pages stand still
  std::string keptText_;     ///< what was last written into the copy
  bool modified_ = false, settling_ = false, begun_ = false, opening_ = false, finished_ = false, startedNew_ = false;
};

}  // namespace ui
