// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QObject>
#include <QTimer>
#include <map>
#include <string>
#include <vector>

#include "ui/models/pin_model.h"
#include "ui/models/walk_path.h"
#include "ui/pages/explore_bar.h"
#include "ui/pages/landscape_board.h"
#include "ui/pages/page.h"
#include "ui/pages/trajectory_row.h"
#include "ui/scenes/surface_traces.h"
#include "ui/workspace/plane_probe.h"

namespace ui {

/// The command of the plane that a result lies on, without what was added to its grid: pins and walks stay when a path or a SAM step is computed.
std::string planeCommand(const analysis::SurfaceResult& result);

class LandscapeOptions;
class PinCard;
struct SessionRun;

/// What one does with the surfaces of the Landscape page: pins points that are evaluated exactly, walks, scrubs through the trajectory, looks at the SAM step and the quadratic
/// model, follows a training. It owns the rows below the board's parts and draws over its views and its map.
class LandscapeExplorer : public QObject {
  Q_OBJECT
 public:
  LandscapeExplorer(const Workspace& workspace, LandscapeBoard* board, LandscapeOptions* options, QObject* parent = nullptr);

  PinModel* pins() const { return pins_; }
  PlaneProbe* probe() const { return probe_; }
  Follow* follow() const { return follow_; }
  TrajectoryRow* row() const { return row_; }
  ExploreBar* bar() const { return bar_; }
  const WalkPath& walk() const { return walk_; }
  void recolour();

  QJsonObject state() const;
  void restoreState(const QJsonObject& state);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void join();
  void refresh();
  void refreshTraces();
  void refreshRow();
  void refreshBar();
  void pin(const std::string& folder, QPointF at);
  void walkTo(int view, QPointF at);
  void walked(QPointF at, const analysis::PlanePoint& point);
  void scrubbed(int at);
  void showFrame(int frame);
  void addTo(const analysis::SurfaceSpec& spec, const SharedSurface& known);
  void computeWished();
  void writeText(const QString& suggestion, const QString& text);
  SurfaceTraces tracesOf(const ViewChoice& view) const;
  std::vector<SectionCurve> modelCurves(const LandscapeEntry& entry, int axis, QPointF through) const;
  std::vector<const analysis::TrajectoryPoint*> ownPath(const ViewChoice& view) const;
  /// The view of this run that is seen: the active one first.
  const ViewChoice* viewOf(const std::string& folder) const;
  QString curvatureAt(const SessionRun& run, std::int64_t step) const;

  Workspace workspace_;
  LandscapeBoard* board_;
  LandscapeOptions* options_;
  PinModel* pins_;
  PinCard* pinCard_;
  PlaneProbe* probe_;
  Follow* follow_;
  TrajectoryRow* row_;
  ExploreBar* bar_;
  WalkPath walk_;
  SharedSurface walkPlane_;
  std::map<std::string, std::int64_t> scrubs_;  ///< folder -> step up to which its path is drawn; without one all of it
  std::map<std::string, int> frames_;           ///< folder -> followed frame that is shown; without one the newest
  std::map<std::string, std::string> asked_;    ///< folder -> command of the surface that was asked to be added to, so that it is asked once
  QTimer soon_;                                 ///< draws what has changed, at most thirty times a second
};

}  // namespace ui
