// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_curves.h"

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

constexpr double kBehind = 0.35;
constexpr std::size_t kMeanPoints = 400;  ///< about the width of a chart in pixels

using Points = std::vector<QPointF>;

Points ofSteps(const SessionRun& run, CurveQuantity quantity, Abscissa abscissa) {
  Points out;
  if (quantity == CurveQuantity::gradientNorm) {
    out.reserve(run.record.stepRecords.size());
    for (const trainer::StepRecord& s : run.record.stepRecords) out.emplace_back(positionOf(s, abscissa), s.gradientNorm);
    return out;
  }
  for (const trainer::CurvatureRecord& c : run.record.curvature)
    if (std::isfinite(c.lambdaMax)) out.emplace_back(positionOf(run, c.step, abscissa), c.lambdaMax);
  return out;
}

Points pointsOf(const SessionRun& run, CurveQuantity quantity, Abscissa abscissa) {
  if (quantity == CurveQuantity::gradientNorm || quantity == CurveQuantity::lambdaMax) return ofSteps(run, quantity, abscissa);
  Points out;
  for (const trainer::EvaluationRecord& e : run.record.evaluations) {
    const double y = quantity == CurveQuantity::trainLoss ? e.trainLoss : quantity == CurveQuantity::testLoss ? e.testLoss : 100 * e.testAccuracy;
    if (std::isfinite(y)) out.emplace_back(positionOf(run, e.step, abscissa), y);
  }
  return out;
}

/// Linear between the points; x lies within them.
double valueAt(const Points& points, double x) {
  const auto right = std::ranges::lower_bound(points, x, {}, [](const QPointF& p) { return p.x(); });
  if (right == points.begin()) return right->y();
  if (right == points.end()) return points.back().y();
  const QPointF &a = *(right - 1), &b = *right;
  return b.x() > a.x() ? a.y() + (b.y() - a.y()) * (x - a.x()) / (b.x() - a.x()) : b.y();
}

/// Mean and deviation of the seeds into `mean`, which has none where no stretch of x is covered by all of them.
void addMean(RunCurve& mean, const std::vector<Points>& seeds) {
  double from = seeds.front().front().x(), to = seeds.front().back().x();
  for (const Points& seed : seeds) from = std::max(from, seed.front().x()), to = std::min(to, seed.back().x());
  const std::size_t every = std::max<std::size_t>(1, seeds.front().size() / kMeanPoints);
  for (std::size_t i = 0; i < seeds.front().size(); i += every) {
    const double x = seeds.front()[i].x(), count = static_cast<double>(seeds.size());
    if (x < from || x > to) continue;
    double sum = 0, square = 0;
    for (const Points& seed : seeds) sum += valueAt(seed, x);
    for (const Points& seed : seeds) square += std::pow(valueAt(seed, x) - sum / count, 2);
    mean.points.emplace_back(x, sum / count);
    mean.band.push_back(std::sqrt(square / (count - 1)));
  }
}

void addEntry(CurvesPicture& picture, const Session& session, const CompareEntry& entry, CurveQuantity quantity, Abscissa abscissa) {
  std::vector<Points> seeds;
  bool live = false;
  for (const std::string& folder : entry.folders) {
    const SessionRun* run = session.find(folder);
    if (run == nullptr) continue;
    live = live || run->state == RunState::training;
    if (Points points = pointsOf(*run, quantity, abscissa); !points.empty()) seeds.push_back(std::move(points));
  }
  if (seeds.empty()) return;
  RunCurve curve{.name = entry.name, .look = entry.look, .points = {}};
  if (seeds.size() == 1) {
    curve.points = std::move(seeds.front());
    curve.live = live;
    picture.curves.push_back(std::move(curve));
    return;
  }
  addMean(curve, seeds);
  curve.name += QStringLiteral(", %1 seeds").arg(seeds.size());
  for (Points& points : seeds) {
    RunCurve seed{.name = entry.name, .look = entry.look, .points = std::move(points), .second = true};
    seed.look.colour.setAlphaF(kBehind);
    picture.curves.push_back(std::move(seed));
  }
  picture.curves.push_back(std::move(curve));
}

}  // namespace

QStringList curveQuantityNames() {
  return {QStringLiteral("train loss"), QStringLiteral("test loss"), QStringLiteral("test accuracy"), QStringLiteral("gradient norm"), QStringLiteral("\u03BBmax")};
}

CurvesPicture compareCurves(const Session& session, const std::vector<CompareEntry>& entries, CurveQuantity quantity, Abscissa abscissa, double smoothing) {
  static const char* const titles[] = {"train loss", "test loss", "test accuracy, %", "\u2016g\u2016, batch", "\u03BBmax"};
  CurvesPicture picture{.curves = {},
                        .smoothing = quantity == CurveQuantity::gradientNorm ? smoothing : 0,
                        .logY = quantity != CurveQuantity::accuracy,
                        .xTitle = abscissaNames()[static_cast<int>(abscissa)],
                        .yTitle = QString::fromUtf8(titles[static_cast<int>(quantity)])};
  for (const CompareEntry& entry : entries) addEntry(picture, session, entry, quantity, abscissa);
  return picture;
}

}  // namespace ui
