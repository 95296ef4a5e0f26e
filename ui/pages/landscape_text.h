// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/landscape_card.h"
#include "ui/pages/landscape_legend.h"
#include "ui/pages/landscape_model.h"

/// What is written around the views.
namespace ui {

/// Grid, cosine, explained variance, whose directions, settings unlike the first view's; no run and no curvature.
CardText cardText(const LandscapeModel& model, std::size_t view);
/// What a view's settings differ in from the first view that has a surface: "N 512, 355"; empty: nothing.
QString unequalSettings(const LandscapeModel& model, std::size_t view);
/// Of the active view, and whether scales differ.
LegendBadges legendBadges(const LandscapeModel& model);
/// "A own axes", "B same vectors", "C one plane" with what it means; empty where it cannot be told.
std::pair<QString, QString> directionsOf(const SurfaceSnapshot& surface, const SharedSurface& result);
std::pair<QString, QString> directionsOf(const SharedSurface& result);
/// Why a view shows nothing though its run has a surface: its layer was not computed. Empty: it does.
QString missingLayer(const LandscapeModel& model, std::size_t view);

}  // namespace ui
