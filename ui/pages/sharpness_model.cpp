// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sharpness_model.h"

#include <algorithm>
#include <cmath>

#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString number(double v, int digits) { return QString::fromStdString(numberText(v, digits)); }
const QString kNone = QStringLiteral("\u2013");

QString tipOf(const analysis::SharpnessMeasure& m) {
  if (m.kind == "average") {
    return QStringLiteral("probe error over %1 draws: 68 % interval %2 to %3, 95 % interval %4 to %5")
        .arg(QString::number(m.draws), number(m.interval68.low, 4), number(m.interval68.high, 4), number(m.interval95.low, 4), number(m.interval95.high, 4));
  }
  QString text = m.kind == "worst" ? QStringLiteral("A lower bound of the maximum: the highest point that the ascent found. The last quarter of its iterations gained %1 %, the starts differ by %2 %.")
                                         .arg(number(100 * m.lastGain, 2), number(100 * m.startSpread, 2))
                                   : QStringLiteral("The loss at SAM's point less the loss here.");
  if (m.groups > 1) text += QStringLiteral(" Standard error over %1 groups of samples.").arg(m.groups);
  return text;
}

}  // namespace

SharpnessCurveKey curveOf(const analysis::SharpnessMeasure& m) { return {.kind = m.kind, .norm = m.kind == "average" ? std::string() : m.norm, .adaptive = m.adaptive}; }

QString curveName(const SharpnessCurveKey& key) {
  QString name = key.kind == "worst" ? QStringLiteral("worst case") : key.kind == "one-step" ? QStringLiteral("one step") : QStringLiteral("average");
  if (!key.norm.empty()) name += key.norm == "linf" ? QStringLiteral(", \u2113\u221E") : QStringLiteral(", \u2113\u2082");
  return key.adaptive ? name + QStringLiteral(", adaptive") : name;
}

std::vector<SharpnessCurveKey> curvesIn(const analysis::Sharpness& sharpness) {
  std::vector<SharpnessCurveKey> keys;
  for (const auto& measure : sharpness.measures)
    if (std::ranges::find(keys, curveOf(measure)) == keys.end()) keys.push_back(curveOf(measure));
  return keys;
}

BandCurve riseCurve(const analysis::Sharpness& sharpness, const SharpnessCurveKey& key, const QString& name, const CurveLook& look) {
  BandCurve curve{.name = name, .look = look, .points = {}};
  bool errors = false;
  for (const auto& m : sharpness.measures) {
    if (curveOf(m) != key) continue;
    curve.points.emplace_back(m.rho, m.value);
    curve.errors.push_back(std::isfinite(m.standardError) ? m.standardError : 0);
    errors = errors || std::isfinite(m.standardError);
  }
  if (!errors) curve.errors.clear();
  return curve;
}

BandCurve penaltyCurve(const analysis::Sharpness& sharpness, const QString& name, const CurveLook& look) {
  BandCurve curve{.name = name, .look = look, .points = {}};
  for (const auto& a : sharpness.penaltyApproximation) curve.points.emplace_back(a.rho, a.relativeError);
  std::ranges::sort(curve.points, {}, [](const QPointF& p) { return p.x(); });
  return curve;
}

void SharpnessModel::setResult(std::shared_ptr<const analysis::SharpnessResult> result) {
  if (result == result_) return;
  beginResetModel();
  result_ = std::move(result);
  endResetModel();
}

int SharpnessModel::rowCount(const QModelIndex& parent) const { return parent.isValid() || !result_ ? 0 : static_cast<int>(result_->sharpness.measures.size()); }
int SharpnessModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QVariant SharpnessModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const analysis::SharpnessMeasure& m = result_->sharpness.measures[static_cast<std::size_t>(index.row())];
  if (role == Qt::TextAlignmentRole) return QVariant((index.column() == kind ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole) return tipOf(m);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case kind: return curveName(curveOf(m));
    case rho: return number(m.rho, 4);
    case value: return number(m.value, 5);
    case error: return std::isfinite(m.standardError) ? number(m.standardError, 2) : kNone;
    default: return m.kind == "worst" ? QStringLiteral("%1 %").arg(number(100 * m.lastGain, 2)) : kNone;
  }
}

QVariant SharpnessModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_) return {};
  static const char* const names[] = {"Measure", "\u03C1", "Rise", "s.e.", "Last gain"};
  static const char* const tips[] = {"Kind, norm and scale", "Length of \u03B4, or deviation per coordinate for the average case", "Rise of the loss above the loss here",
                                     "Standard error: over draws for the average case, over groups of samples for the others",
                                     "Share of the value that the last quarter of the ascent gained: near 0 where it has converged"};
  if (role == Qt::DisplayRole) return QString::fromUtf8(names[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant((section == kind ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  return {};
}

}  // namespace ui
