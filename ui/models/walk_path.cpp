// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/walk_path.h"

#include <QJsonArray>

namespace ui {

QString WalkPath::csv() const {
  QString text = QStringLiteral("# %1\n# samples %2\nx,y,loss,accuracy\n").arg(QString::fromStdString(plane)).arg(samples);
  const auto full = [](double v) { return QString::number(v, 'g', 17); };
  for (const Point& p : points) text += QStringList{full(p.at.x()), full(p.at.y()), full(p.loss), full(p.accuracy)}.join(QLatin1Char(',')) + QLatin1Char('\n');
  return text;
}

QJsonObject WalkPath::toJson() const {
  QJsonArray array;
  for (const Point& p : points) array.append(QJsonArray{p.at.x(), p.at.y(), p.loss, p.accuracy});
  return {{QStringLiteral("run"), QString::fromStdString(run)}, {QStringLiteral("surface"), QString::fromStdString(plane)}, {QStringLiteral("samples"), qint64(samples)}, {QStringLiteral("points"), array}};
}

WalkPath WalkPath::fromJson(const QJsonObject& json) {
  WalkPath path{.run = json[QStringLiteral("run")].toString().toStdString(), .plane = json[QStringLiteral("surface")].toString().toStdString(),
                .samples = json[QStringLiteral("samples")].toInteger(), .points = {}};
  for (const QJsonValue& value : json[QStringLiteral("points")].toArray()) {
    const QJsonArray p = value.toArray();
    if (p.size() == 4) path.points.push_back({{p[0].toDouble(), p[1].toDouble()}, p[2].toDouble(), p[3].toDouble()});
  }
  return path;
}

}  // namespace ui
