// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ui/charts/curve_look.h"
#include "ui/pages/landscape_model.h"
#include "ui/scenes/scene_colours.h"

class QLabel;
class QTabBar;
class QTableView;
class QToolButton;

namespace ui {

class LandscapeCard;
class LandscapeLegend;
class LandscapeProbeModel;
class LandscapeSection;
class SurfaceView;

/// A run as the board shows it.
struct BoardRun {
  std::string folder;
  QString name;
  QPixmap swatch;
  CurveLook look;            ///< colour, line and marker, the same everywhere
  bool measurable = false;   ///< trained far enough for a surface
  QString waiting;           ///< why there is none yet, a sentence
  QString curvature;         ///< lambda max and min, empty while unknown
  bool operator==(const BoardRun& other) const {
    return folder == other.folder && name == other.name && look == other.look && measurable == other.measurable && waiting == other.waiting &&
           curvature == other.curvature && swatch.cacheKey() == other.swatch.cacheKey();
  }
};

/// Everything that is seen on the Landscape page: run switcher, 3-D view, legend, section and probe. It computes and loads nothing; results are
/// given to it and wishes come out as signals. Camera and scale stay when the run is switched.
class LandscapeBoard : public QWidget {
  Q_OBJECT
 public:
  explicit LandscapeBoard(QWidget* parent = nullptr);

  void setRuns(const std::vector<BoardRun>& runs);
  void select(const std::string& folder);
  void setSurface(const std::string& folder, const SurfaceSnapshot& surface, std::shared_ptr<const analysis::SurfaceResult> result = nullptr);
  void setSlice(const std::string& folder, std::shared_ptr<const analysis::SurfaceResult> slice);
  void setColours(const SceneColours& scene, const ChartColours& charts);
  /// The cross-hair in every picture; empty puts the section back to the centre.
  void setProbe(std::optional<QPointF> at);

  const LandscapeModel& model() const { return model_; }
  LandscapeSection* section() const { return section_; }
  LandscapeProbeModel* probeModel() const { return probeModel_; }
  SurfaceView* view() const;
  std::shared_ptr<const analysis::SurfaceResult> exportable() const;  ///< the selected run's finished surface or slice

 signals:
  void selected(const std::string& folder);
  void computeRequested();
  void exportRequested();

 private:
  QWidget* makeToolBar();
  QWidget* makeProbeCard();
  void refresh();
  void refreshView();
  void refreshProbe();
  void hover(QPointF at);

  LandscapeModel model_;
  std::vector<BoardRun> runs_;
  QTabBar* switcher_;
  QToolButton* export_;
  LandscapeCard* card_;
  LandscapeLegend* legend_;
  QLabel *policyBadge_, *samplesBadge_, *precisionBadge_, *probeTitle_;
  LandscapeSection* section_;
  LandscapeProbeModel* probeModel_;
  QTableView* probeTable_;
  std::optional<QPointF> probe_;
  bool pinned_ = false;
};

}  // namespace ui
