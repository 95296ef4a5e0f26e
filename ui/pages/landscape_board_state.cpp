// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <algorithm>
#include <array>

#include "ui/pages/landscape_board.h"
#include "ui/pages/landscape_difference.h"
#include "ui/pages/landscape_legend.h"
#include "ui/pages/landscape_map.h"
#include "ui/pages/landscape_section.h"
#include "ui/pages/landscape_tool_bar.h"
#include "ui/pages/landscape_views.h"
#include "ui/scenes/surface_view.h"

/// What LandscapeBoard shows and how, as json and back.
namespace ui {
namespace {

QJsonObject toJson(const OrbitCamera& camera) {
  return {{QStringLiteral("azimuth"), camera.azimuth},
          {QStringLiteral("elevation"), camera.elevation},
          {QStringLiteral("distance"), camera.distance},
          {QStringLiteral("focal"), QJsonArray{camera.focalPoint[0], camera.focalPoint[1], camera.focalPoint[2]}},
          {QStringLiteral("parallel"), camera.parallel}};
}

OrbitCamera toCamera(const QJsonObject& json) {
  OrbitCamera camera;
  camera.azimuth = json[QStringLiteral("azimuth")].toDouble(camera.azimuth);
  camera.elevation = std::clamp(json[QStringLiteral("elevation")].toDouble(camera.elevation), 5.0, 89.0);
  camera.distance = std::clamp(json[QStringLiteral("distance")].toDouble(camera.distance), 3.0, 24.0);
  const QJsonArray focal = json[QStringLiteral("focal")].toArray();
  for (qsizetype i = 0; i < std::min<qsizetype>(3, focal.size()); ++i) camera.focalPoint[static_cast<std::size_t>(i)] = focal[i].toDouble();
  camera.parallel = json[QStringLiteral("parallel")].toBool();
  return camera;
}

QJsonObject toJson(const ViewChoice& choice) {
  return {{QStringLiteral("run"), QString::fromStdString(choice.folder)}, {QStringLiteral("surface"), QString::fromStdString(choice.command)}};
}

ViewChoice toChoice(const QJsonObject& json) { return {.folder = json[QStringLiteral("run")].toString().toStdString(), .command = json[QStringLiteral("surface")].toString().toStdString()}; }

QJsonValue toJson(std::optional<QPointF> at) { return at ? QJsonValue(QJsonArray{at->x(), at->y()}) : QJsonValue(); }

std::optional<QPointF> toPoint(const QJsonValue& json) {
  const QJsonArray at = json.toArray();
  return at.size() == 2 ? std::optional(QPointF(at[0].toDouble(), at[1].toDouble())) : std::nullopt;
}

/// The flags of what is drawn, by name.
const std::array<std::pair<const char*, bool SurfaceStyle::*>, 3> kStyles{{{"contours", &SurfaceStyle::contours}, {"mesh", &SurfaceStyle::mesh}, {"bands", &SurfaceStyle::bands}}};
const std::array<std::pair<const char*, bool ViewLook::*>, 3> kLooks{{{"plane", &ViewLook::section}, {"crossHair", &ViewLook::crossHair}, {"bar", &ViewLook::bar}}};

/// A word of a list, kept inside it.
template <class Enum>
Enum toEnum(const QJsonValue& value, Enum otherwise, int count) {
  const int number = value.toInt(static_cast<int>(otherwise));
  return number >= 0 && number < count ? static_cast<Enum>(number) : otherwise;
}

}  // namespace

QJsonObject LandscapeBoard::state() const {
  QJsonArray shown, cameras;
  for (const ViewChoice& view : model_.views) shown.append(toJson(view));
  for (int i = 0; i < views_->shown(); ++i) cameras.append(toJson(views_->view(i)->camera()));
  QJsonObject look;
  for (const auto& [name, flag] : kStyles) look[QLatin1String(name)] = tools_->look().style.*flag;
  for (const auto& [name, flag] : kLooks) look[QLatin1String(name)] = tools_->look().*flag;
  QJsonObject scale{{QStringLiteral("kind"), static_cast<int>(model_.kind)},
                    {QStringLiteral("scope"), static_cast<int>(model_.scope)},
                    {QStringLiteral("levels"), model_.levels},
                    {QStringLiteral("map"), static_cast<int>(model_.map)}};
  if (model_.fixed) scale[QStringLiteral("fixed")] = QJsonArray{model_.fixed->first, model_.fixed->second};
  const QRectF zoom = map_->chart()->zoom();
  QJsonObject out{{QStringLiteral("count"), views_->count()},
                  {QStringLiteral("chosen"), layoutChosen_},
                  {QStringLiteral("views"), shown},
                  {QStringLiteral("cameras"), cameras},
                  {QStringLiteral("linked"), views_->linked()},
                  {QStringLiteral("active"), views_->active()},
                  {QStringLiteral("enlarged"), views_->enlarged()},
                  {QStringLiteral("look"), look},
                  {QStringLiteral("scale"), scale},
                  {QStringLiteral("layer"), static_cast<int>(model_.layer)},
                  {QStringLiteral("test"), model_.test},
                  {QStringLiteral("section"), section_->axis()},
                  {QStringLiteral("probe"), toJson(put_)}};
  if (!zoom.isEmpty()) out[QStringLiteral("zoom")] = QJsonArray{zoom.x(), zoom.y(), zoom.width(), zoom.height()};
  if (difference_->isVisibleTo(views_)) out[QStringLiteral("difference")] = QJsonObject{{QStringLiteral("a"), toJson(difference_->a())}, {QStringLiteral("b"), toJson(difference_->b())}};
  return out;
}

void LandscapeBoard::restoreState(const QJsonObject& state) {
  if (state.isEmpty()) return;
  wanted_.clear();
  for (const auto& view : state[QStringLiteral("views")].toArray()) wanted_.push_back(toChoice(view.toObject()));
  ViewLook look = tools_->look();
  const QJsonObject flags = state[QStringLiteral("look")].toObject();
  for (const auto& [name, flag] : kStyles) look.style.*flag = flags[QLatin1String(name)].toBool(look.style.*flag);
  for (const auto& [name, flag] : kLooks) look.*flag = flags[QLatin1String(name)].toBool(look.*flag);
  tools_->setLook(look);
  const QJsonObject scale = state[QStringLiteral("scale")].toObject();
  model_.kind = toEnum(scale[QStringLiteral("kind")], model_.kind, 3);
  model_.scope = toEnum(scale[QStringLiteral("scope")], model_.scope, 4);
  model_.map = toEnum(scale[QStringLiteral("map")], model_.map, 2);
  model_.levels = std::clamp(scale[QStringLiteral("levels")].toInt(model_.levels), 0, 64);
  const QJsonArray fixed = scale[QStringLiteral("fixed")].toArray();
  model_.fixed = fixed.size() == 2 ? std::optional(std::pair(fixed[0].toDouble(), fixed[1].toDouble())) : std::nullopt;
  model_.layer = toEnum(state[QStringLiteral("layer")], model_.layer, kSurfaceLayers);
  model_.test = state[QStringLiteral("test")].toBool();
  legend_->takeFrom(model_);
  section_->setAxis(std::clamp(state[QStringLiteral("section")].toInt(), 0, 1));
  put_ = toPoint(state[QStringLiteral("probe")]);
  layoutChosen_ = state[QStringLiteral("chosen")].toBool();
  views_->setCount(std::clamp(state[QStringLiteral("count")].toInt(views_->count()), 1, LandscapeViews::kMost));
  views_->setLinked(state[QStringLiteral("linked")].toBool(true));
  const QJsonArray cameras = state[QStringLiteral("cameras")].toArray();
  for (int i = 0; i < std::min<int>(views_->shown(), static_cast<int>(cameras.size())); ++i) views_->view(i)->setCamera(toCamera(cameras[i].toObject()));
  assignRuns();
  views_->setActive(state[QStringLiteral("active")].toInt());
  takeLook();
  if (const QJsonObject two = state[QStringLiteral("difference")].toObject(); !two.isEmpty()) {
    showDifference(true);
    difference_->choose(toChoice(two[QStringLiteral("a")].toObject()), toChoice(two[QStringLiteral("b")].toObject()));
    refresh();
  }
  if (const int large = state[QStringLiteral("enlarged")].toInt(-1); large >= 0) views_->enlarge(large);
  if (const QJsonArray zoom = state[QStringLiteral("zoom")].toArray(); zoom.size() == 4) map_->chart()->setZoom({zoom[0].toDouble(), zoom[1].toDouble(), zoom[2].toDouble(), zoom[3].toDouble()});
}

}  // namespace ui
