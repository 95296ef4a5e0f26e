// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>
#include <string>
#include <vector>

#include "ui/scenes/height_scale.h"
#include "ui/scenes/view_camera.h"
#include "ui/scenes/scene_colours.h"

class QButtonGroup;
class QHBoxLayout;
class QLabel;

namespace ui {

class ColourBar;
class SurfaceView;

/// A surface of the small multiples.
struct SurfacePane {
  std::string folder;
  QString name;
  QPixmap swatch;
  SurfaceSnapshot surface;  ///< empty: `sentence` says why there is none
  QString cosine = {}, badge = {};    ///< between the axes; what differs from the others, in the warning colour
  QString sentence = {}, toolTip = {};
  bool operator==(const SurfacePane& o) const;
};

/// The surfaces of the compared runs beside each other on one scale, with cameras that turn together. The first four are drawn in 3-D.
class CompareSurfacesView : public QWidget {
  Q_OBJECT
 public:
  static constexpr std::size_t kMost = 4;
  explicit CompareSurfacesView(QWidget* parent = nullptr);
  ~CompareSurfacesView() override;

  void show(std::vector<SurfacePane> panes, const QString& why);
  void setColours(const SceneColours& colours);
  void setLinked(bool linked);
  bool linked() const { return linked_; }
  ScaleKind scaleKind() const;
  void setScaleKind(ScaleKind kind);
  const OrbitCamera& camera() const { return camera_->orbit(); }
  void setCamera(const OrbitCamera& camera);

  QWidget* controls() const { return controls_; }  ///< for the header of the card around it
  QWidget* legend() const { return legend_; }      ///< for its footer
  const std::vector<SurfacePane>& panes() const { return panes_; }
  const HeightScale& scale() const { return scale_; }
  SurfaceView* view(std::size_t pane) const;       ///< nullptr where there is no surface

 signals:
  void clicked(const std::string& folder);
  void changed();  ///< scale or camera: worth keeping

 private:
  struct Cell {
    QWidget* frame = nullptr;
    QLabel *swatch = nullptr, *name = nullptr, *cosine = nullptr, *badge = nullptr, *sentence = nullptr;
    SurfaceView* view = nullptr;
    SurfaceSnapshot drawn;
    HeightScale scale;
  };
  void makeControls();
  Cell makeCell();
  void fill(Cell& cell, const SurfacePane& pane);
  SurfaceView* makeView(Cell& cell);
  void join(SurfaceView* view);
  void refresh();

  std::vector<SurfacePane> panes_;
  std::vector<Cell> cells_;
  HeightScale scale_;
  SceneColours colours_;
  std::shared_ptr<ViewCamera> camera_ = std::make_shared<ViewCamera>();
  bool linked_ = true;
  QHBoxLayout* row_;
  QLabel *empty_, *what_, *note_, *policy_, *samples_, *precision_;
  QWidget *controls_, *legend_;
  ColourBar* bar_;
  QButtonGroup* kind_;
};

}  // namespace ui
