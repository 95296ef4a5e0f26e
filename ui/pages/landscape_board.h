// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QPixmap>
#include <QWidget>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ui/charts/curve_look.h"
#include "ui/charts/section_chart.h"
#include "ui/pages/landscape_model.h"
#include "ui/scenes/scene_colours.h"

class QVBoxLayout;

namespace ui {

struct CardChoice;
class LandscapeDifference;
class LandscapeLegend;
class LandscapeMap;
class LandscapeProbeCard;
class LandscapeProbeModel;
class LandscapeSection;
class LandscapeToolBar;
class LandscapeViews;
class SurfaceView;
class Theme;

/// A run as the board shows it.
struct BoardRun {
  std::string folder;
  QString name;
  QPixmap swatch;
  CurveLook look;            ///< colour, line and marker, the same everywhere
  bool measurable = false;   ///< trained far enough for a surface
  QString waiting;           ///< why there is none yet, a sentence
  QString curvature;         ///< lambda max and min, empty while unknown
  QString trace = {};        ///< with its standard error
  bool operator==(const BoardRun& other) const {
    return folder == other.folder && name == other.name && look == other.look && measurable == other.measurable && waiting == other.waiting &&
           curvature == other.curvature && trace == other.trace && swatch.cacheKey() == other.swatch.cacheKey();
  }
};

/// Joins the parts of the Landscape page: views, legend, map, section, probe. It computes and loads nothing; results are given to it and wishes come out as
/// signals. The probe is where the pointer is, and where it was last put (by a click or a drag) while it is nowhere.
class LandscapeBoard : public QWidget {
  Q_OBJECT
 public:
  explicit LandscapeBoard(QWidget* parent = nullptr);

  /// The visible runs; views that showed another one take the next that is free. Until a layout is chosen there are as many views as runs.
  void setRuns(const std::vector<BoardRun>& runs);
  /// Makes a view of this run the active one, or shows it in the active one.
  void select(const std::string& folder);
  /// What a run has; seen at the next refresh().
  void setSurface(const std::string& folder, const SurfaceSnapshot& surface, SharedSurface result = nullptr);
  void setResults(const std::string& folder, std::vector<SharedSurface> results);
  void setSlice(const std::string& folder, SharedSurface slice);
  void setPaused(const std::set<std::string>& folders);  ///< runs whose refinement is held
  void setUnits(const AxisUnits& units);
  void refresh();
  void setColours(const SceneColours& scene, const ChartColours& charts);
  void setIcons(const Theme& theme);
  /// Where the cross-hair is in every picture; empty puts it back to where it was last put.
  void setProbe(std::optional<QPointF> at);
  /// Puts it down; empty: nowhere, sections go through the centre.
  void putProbe(std::optional<QPointF> at);
  void showDifference(bool shown);
  /// Every view changes to its run's newest surface of this kind of plane (A, B or C), where there is one; empty: to the newest of all.
  void showPlanes(const std::string& mode);

  const LandscapeModel& model() const { return model_; }
  const std::vector<BoardRun>& runs() const { return runs_; }
  LandscapeViews* views() const { return views_; }
  LandscapeToolBar* toolBar() const { return tools_; }
  LandscapeLegend* legend() const { return legend_; }
  LandscapeMap* map() const { return map_; }
  LandscapeSection* section() const { return section_; }
  LandscapeProbeCard* probeCard() const { return probeCard_; }
  LandscapeDifference* difference() const { return difference_; }
  LandscapeProbeModel* probeModel() const;
  SurfaceView* view() const;  ///< the active one
  std::optional<QPointF> probe() const { return probe_ ? probe_ : put_; }
  /// More curves of a run for the section along an axis through a point, in data coordinates: a model beside what was measured.
  using MoreCurves = std::function<std::vector<SectionCurve>(const LandscapeEntry&, int axis, QPointF through)>;
  void setMoreCurves(MoreCurves more) { moreCurves_ = std::move(more); }
  void refreshProbe();
  /// Below everything: room for what others add.
  QVBoxLayout* column() const { return column_; }
  SharedSurface exportable() const;  ///< the active view's finished surface, or the run's slice

  QJsonObject state() const;
  void restoreState(const QJsonObject& state);

 signals:
  void selected(const std::string& folder);
  void computeRequested(const std::string& folder);
  void layerRequested(const std::string& folder, const QString& field);  ///< the surface again with this field
  void pauseRequested(const std::string& folder, bool paused);
  void exportRequested();
  void pinned(const std::string& folder, QPointF at);  ///< clicked in this run's view, or in the map of it
  void probeChanged();
  void viewsChanged();  ///< other runs, other surfaces or another active view

 private:
  void build();
  void connectTools();
  void connectViews();
  void assignRuns();
  void choose(int view, const ViewChoice& choice);
  void hover(int view, QPointF at);
  void refreshCards();
  void refreshCard(int index);
  void refreshMap();
  void takeLook();
  std::vector<CardChoice> choices() const;
  const BoardRun* runOf(const std::string& folder) const;
  double factorOf(const LandscapeEntry& entry, int axis) const;

  LandscapeModel model_;
  std::vector<BoardRun> runs_;
  std::set<std::string> paused_;
  std::map<std::string, std::pair<UnitFactor, UnitFactor>> factors_;  ///< of x and y, by folder
  QVBoxLayout* column_;
  LandscapeToolBar* tools_;
  LandscapeViews* views_;
  LandscapeLegend* legend_;
  LandscapeMap* map_;
  LandscapeSection* section_;
  LandscapeProbeCard* probeCard_;
  LandscapeDifference* difference_;
  std::optional<QPointF> probe_, put_;
  std::vector<ViewChoice> wanted_;  ///< of a restored session, for runs that are still to come
  bool layoutChosen_ = false;
  MoreCurves moreCurves_;
};

}  // namespace ui
