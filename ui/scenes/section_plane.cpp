// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/section_plane.h"

#include <cmath>

namespace ui {
namespace {

constexpr int kPoints = 129;
constexpr double kTop = 1.03 * kBoxHeight, kSheet = 0.10;

}  // namespace

SectionPlane::SectionPlane(vtkRenderer* renderer) {
  for (ScenePart* part : {&cut_, &frame_, &sheet_}) part->connect(renderer);  // the sheet last: it blends over all of it
  cut_.width = 2;
  cut_.towardsEye = kLineLift;
}

void SectionPlane::setColour(const QColor& accent) {
  cut_.paint(accent);
  frame_.paint(accent, 0.8);
  sheet_.paint(accent, kSheet);
}

void SectionPlane::set(const HeightField& field, std::optional<SectionLine> line) {
  const bool shown = line && field.columns() > 1 && field.rows() > 1 && std::abs(line->at) <= 1 + 1e-9;
  for (ScenePart* part : {&cut_, &frame_, &sheet_}) part->show(shown);
  if (!shown) return;
  const auto at = [&](double along, double z) { return line->axis == 0 ? Point3{along, line->at, z} : Point3{line->at, along, z}; };
  const Point3 a = at(-1, 0), b = at(1, 0), c = at(1, kTop), d = at(-1, kTop);
  frame_.setLines({{a, b, c, d, a}});
  sheet_.setQuad({a, b, c, d});
  Polylines cut(1);
  for (int i = 0; i < kPoints; ++i) {
    Point3 p = at(-1 + 2.0 * i / (kPoints - 1), 0);
    p[2] = field.interpolate(p[0], p[1]);
    if (std::isfinite(p[2])) cut.back().push_back(p);
    else if (!cut.back().empty()) cut.emplace_back();
  }
  cut_.setLines(cut);
}

void SectionPlane::place(const OrbitCamera& camera, double pixelRatio) {
  for (ScenePart* part : {&cut_, &frame_, &sheet_}) part->place(camera, pixelRatio);
}

}  // namespace ui
