// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"
#include "ui/models/spectrum_parts.h"
#include "ui/scenes/surface_snapshot.h"
#include "ui/workspace/session_result.h"

namespace ui {

/// missing: its folder is not where the session says. opened: no run, a surface or a result from a file of its own; `folder` is the file.
enum class RunState { waiting, training, completed, stopped, diverged, failed, missing, opened };

/// A run of the session and what is known of it. Results are immutable snapshots.
struct SessionRun {
  std::string folder;
  QString name;
  trainer::RunSpec spec;
  trainer::RunRecord record;      ///< grows while it is trained here
  RunState state = RunState::waiting;
  std::int64_t totalSteps = 0;    ///< 0 while unknown
  QString message;                ///< why it failed or diverged
  std::size_t lookIndex = 0;      ///< colour, line and marker: for good
  std::optional<std::size_t> lineIndex, markerIndex;  ///< the look whose line or marker it has instead, where the user chose one
  bool visible = true;            ///< drawn and listed in every view; the eye in the panel
  QString group;                  ///< runs of one template or sweep are listed under this; empty: none
  std::int64_t trainSamples = 0, testSamples = 0;  ///< 0 while unknown
  std::shared_ptr<const analysis::SpectrumResult> spectrum;  ///< the newest with eigenvalues
  SpectrumParts parts;            ///< the newest of each part; `pairs` is `spectrum`
  std::shared_ptr<const analysis::SharpnessResult> sharpness;
  std::shared_ptr<const analysis::InvarianceResult> invariance;
  std::shared_ptr<const analysis::CheckResult> check;
  std::shared_ptr<const analysis::SurfaceResult> surface, slice;
  std::vector<std::shared_ptr<const analysis::SurfaceResult>> surfaces;  ///< every finished one, oldest first; `surface` is the last
  SurfaceSnapshot partialSurface; ///< of a surface that is being computed; else empty
  std::vector<SessionResult> results;    ///< all that were read or measured, oldest first; spectrum, surface ... above are the ones shown
  std::vector<std::int64_t> checkpoints; ///< steps, ascending; as last listed
  bool elsewhere = false;         ///< its training has not ended, and is not done here: another program may be at it

  /// Takes over every part that a spectrum has.
  void add(const std::shared_ptr<const analysis::SpectrumResult>& result) {
    parts.add(result);
    spectrum = parts.pairs;
  }
  /// Lists a result, in place of one of the same file, and shows it.
  void take(SessionResult result);
  /// Shows one of `results`: it becomes the surface, spectrum ... of its run.
  void show(const SessionResult& result);
  bool shows(const SessionResult& result) const;
  /// Takes over a surface or a slice; one that is made by the same spec replaces the one before.
  void add(const std::shared_ptr<const analysis::SurfaceResult>& result) {
    trainSamples = result->grid.samples;
    testSamples = result->grid.testSamples;
    if (result->grid.slice) {
      slice = result;
      return;
    }
    surface = result;
    std::erase_if(surfaces, [&](const auto& other) { return other->spec == result->spec; });
    surfaces.push_back(result);
  }
  /// There is a checkpoint at the end of its training.
  bool measurable() const { return state == RunState::completed || state == RunState::stopped || state == RunState::diverged; }
};

/// "waiting", "training", ...
QString stateText(RunState state);

/// A moment of a run's training that all pages mark: where a scrubber is.
struct TimeCursor {
  std::string run;  ///< folder
  std::int64_t step = 0;
  bool operator==(const TimeCursor&) const = default;
};

/// The runs that are shown, in order, and which one is selected. Lives on the GUI thread; holds no logic of training or measuring.
class Session : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;

  const std::vector<SessionRun>& runs() const { return runs_; }
  const SessionRun* find(const std::string& folder) const;
  const SessionRun* selected() const { return find(selected_); }
  /// What the others are compared with: the one that was chosen, else the first; nullptr without runs.
  const SessionRun* baseline() const;

  const std::string& selectedFolder() const { return selected_; }
  const std::string& baselineFolder() const { return baseline_; }  ///< empty while none was chosen

  /// Adds a run with the next look and a name of its own ("SGD (2)"), or replaces the one of that folder; the first becomes the selected one.
  void add(SessionRun run);
  void remove(const std::string& folder);
  void select(const std::string& folder);
  void setBaseline(const std::string& folder);
  const std::optional<TimeCursor>& cursor() const { return cursor_; }
  void setCursor(std::optional<TimeCursor> cursor);
  /// All runs at once, as they are: of a session that was read.
  void reset(std::vector<SessionRun> runs, const std::string& selected, const std::string& baseline);
  /// Puts a run into a group and before another of its (empty: behind the last one of it).
  void move(const std::string& folder, const QString& group, const std::string& before);
  /// A run that was found in another folder: name, look, place and group stay.
  void relocate(const std::string& from, SessionRun found);
  /// Changes a run in place and says so; nothing happens for an unknown folder.
  template <class Change>
  void update(const std::string& folder, const Change& change) {
    for (SessionRun& run : runs_)
      if (run.folder == folder) {
        change(run);
        emit runChanged(QString::fromStdString(folder));
        return;
      }
  }

 signals:
  void listChanged();                     ///< a run was added or taken away
  void runChanged(const QString& folder);
  void selectionChanged();
  void baselineChanged();
  void cursorChanged();
  void wasReset();            ///< other runs than before; behind the three above

 private:
  std::vector<SessionRun> runs_;
  std::string selected_, baseline_;
  std::optional<TimeCursor> cursor_;
  std::size_t nextLook_ = 0;
};

}  // namespace ui
