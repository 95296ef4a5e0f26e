// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QPointF>
#include <QString>
#include <cstdint>
#include <string>
#include <vector>

namespace ui {

/// Where one walked on a surface, with what was evaluated there.
struct WalkPath {
  struct Point {
    QPointF at;
    double loss = 0, accuracy = 0;
    bool operator==(const Point&) const = default;
  };
  std::string run;           ///< folder
  std::string plane;         ///< the command of the surface
  std::int64_t samples = 0;  ///< that the losses are means of
  std::vector<Point> points;
  bool operator==(const WalkPath&) const = default;

  QString csv() const;
  QJsonObject toJson() const;
  static WalkPath fromJson(const QJsonObject& json);
};

}  // namespace ui
