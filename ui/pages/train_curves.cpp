// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_curves.h"

#include <algorithm>
#include <cmath>

#include "trainer/run/curvature_measures.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/height_scale.h"
#include "ui/workspace/stability_edge.h"

namespace ui {
namespace {

constexpr double kPale = 0.5;

bool mayHaveEdge(const std::string& measure) { return measure == "lambda-max" || measure == "preconditioned-lambda-max" || measure == "batch-sharpness"; }

RunCurve curveOf(const SessionRun& run, const RunLooks& looks) {
  return {.name = run.name, .look = looks.look(run), .points = {}, .live = run.state == RunState::training};
}

/// A second curve of a run: validation dashed finely, averages pale.
void addSecond(CurvesPicture& picture, RunCurve curve, bool pale) {
  if (curve.points.empty()) return;
  curve.second = true;
  if (pale) curve.look.colour.setAlphaF(kPale);
  else curve.look.dashes = {3, 2};
  picture.curves.push_back(std::move(curve));
}

void addSteps(TrainCurves& out, const SessionRun& run, const RunLooks& looks, Abscissa abscissa) {
  RunCurve loss = curveOf(run, looks), gradient = loss;
  loss.points.reserve(run.record.stepRecords.size());
  gradient.points.reserve(run.record.stepRecords.size());
  for (const trainer::StepRecord& s : run.record.stepRecords) {
    const double x = positionOf(s, abscissa);
    loss.points.emplace_back(x, s.loss);
    gradient.points.emplace_back(x, s.gradientNorm);
  }
  out.loss.curves.push_back(std::move(loss));
  out.gradient.curves.push_back(std::move(gradient));
}

void addEvaluations(TrainCurves& out, const SessionRun& run, const RunLooks& looks, Abscissa abscissa) {
  const RunCurve empty = curveOf(run, looks);
  RunCurve test = empty, validation = empty;
  for (const trainer::EvaluationRecord& e : run.record.evaluations) {
    if (e.step <= 0) continue;
    const double x = positionOf(run, e.step, abscissa);
    test.points.emplace_back(x, 100 * e.testAccuracy);
    if (!std::isnan(e.validationAccuracy)) validation.points.emplace_back(x, 100 * e.validationAccuracy);
  }
  out.accuracy.curves.push_back(std::move(test));
  out.validation = out.validation || !validation.points.empty();
  addSecond(out.accuracy, std::move(validation), false);
  for (const auto* averages : {&run.record.emaEvaluations, &run.record.swaEvaluations}) {
    RunCurve curve = empty;
    for (const trainer::EvaluationRecord& e : *averages)
      if (e.step > 0) curve.points.emplace_back(positionOf(run, e.step, abscissa), 100 * e.testAccuracy);
    out.averages = out.averages || !curve.points.empty();
    addSecond(out.accuracy, std::move(curve), true);
  }
}

/// The edge of a run, where it belongs to the quantity shown; why there is none, where it might.
void addEdge(TrainCurves& out, const SessionRun& run, const std::string& measure, Abscissa abscissa) {
  const trainer::StabilityEdge edge = stabilityEdge(run);
  if (edge.measure != measure) {
    const QString reason = edge.measure.empty() ? QString::fromStdString(edge.reason) : QStringLiteral("its edge is that of the %1").arg(measureName(edge.measure));
    if (mayHaveEdge(measure)) out.noEdge << QStringLiteral("%1: no line of stability, %2.").arg(run.name, reason);
    return;
  }
  LimitLine line;
  for (const trainer::EdgePoint& p : trainer::edgeAlong(run.spec, run.record, edge)) line.points.emplace_back(positionOf(run, p.step, abscissa), p.value);
  if (line.points.empty()) return;
  const auto lowest = std::ranges::min_element(line.points, {}, [](const QPointF& p) { return p.y(); });
  const bool constant = std::ranges::all_of(line.points, [&](const QPointF& p) { return p.y() == lowest->y(); });
  line.name = QStringLiteral("%1 %2 %3").arg(QString::fromStdString(edge.formula), constant ? QChar(u'=') : QChar(0x2265), QString::fromStdString(numberText(lowest->y(), 4)));
  const auto same = [&](const LimitLine& other) { return other.name == line.name && other.points.size() == line.points.size(); };
  if (std::ranges::none_of(out.curvature.limits, same)) out.curvature.limits.push_back(std::move(line));
}

void addCurvature(TrainCurves& out, const SessionRun& run, const RunLooks& looks, const std::string& measure, Abscissa abscissa) {
  RunCurve curve = curveOf(run, looks);
  for (const trainer::CurvatureRecord& c : run.record.curvature) {
    const std::optional<trainer::TrackedValue> v = trainer::trackedValue(c, measure);
    if (!v) continue;
    curve.points.emplace_back(positionOf(run, c.step, abscissa), v->value);
    curve.residuals.push_back(std::isfinite(v->error) ? v->error : 0);
  }
  if (!curve.points.empty()) addEdge(out, run, measure, abscissa);
  out.curvature.curves.push_back(std::move(curve));
}

}  // namespace

double positionOf(const trainer::StepRecord& s, Abscissa abscissa) {
  switch (abscissa) {
    case Abscissa::epoch: return s.epoch;
    case Abscissa::seconds: return s.seconds;
    case Abscissa::gradients: return static_cast<double>(s.gradientEvaluations);
    case Abscissa::step: break;
  }
  return static_cast<double>(s.step);
}

double positionOf(const SessionRun& run, std::int64_t step, Abscissa abscissa) {
  const auto& steps = run.record.stepRecords;
  if (step <= 0 || steps.empty()) return 0;
  const auto at = std::ranges::lower_bound(steps, step, {}, &trainer::StepRecord::step);
  return positionOf(at == steps.end() ? steps.back() : *at, abscissa);
}

QStringList abscissaNames() { return {QStringLiteral("step"), QStringLiteral("epoch"), QStringLiteral("seconds"), QStringLiteral("gradient evaluations")}; }

QString eventText(const trainer::RunEvent& event) {
  const QString name = event.name == "learning_rate" ? QStringLiteral("rate \u03B7") : event.name == "rho" ? QStringLiteral("radius \u03C1") : event.name == "alpha" ? QStringLiteral("mix \u03B1")
                                                                                                                                                      : QString::fromStdString(event.name);
  return QStringLiteral("%1 is %2 from step %3 on").arg(name, QString::fromStdString(numberText(event.value, 6)), grouped(event.step));
}

std::optional<double> lastLambdaMax(const SessionRun& run) {
  const auto& tracked = run.record.curvature;
  const bool measured = run.spectrum && !run.spectrum->spectrum.top.empty();
  if (measured && (tracked.empty() || run.spectrum->spectrum.step >= tracked.back().step)) return run.spectrum->spectrum.top.front().value;
  return tracked.empty() || std::isnan(tracked.back().lambdaMax) ? std::nullopt : std::optional(tracked.back().lambdaMax);
}

std::vector<std::string> trackedMeasures(const Session& session) {
  std::vector<std::string> found;
  for (const std::string_view measure : trainer::kCurvatureMeasures) {
    const auto has = [&](const SessionRun& run) {
      return !run.record.curvature.empty() && std::ranges::count(trainer::trackedNames(run.record.curvature.back()), measure) > 0;
    };
    if (std::ranges::any_of(session.runs(), has)) found.emplace_back(measure);
  }
  return found;
}

TrainCurves trainCurves(const Session& session, const RunLooks& looks, Abscissa abscissa, double smoothing, const std::string& measure) {
  TrainCurves out;
  const QString x = abscissaNames()[static_cast<int>(abscissa)];
  out.loss = {.curves = {}, .smoothing = smoothing, .logY = true, .xTitle = x, .yTitle = QStringLiteral("loss")};
  out.gradient = {.curves = {}, .smoothing = smoothing, .logY = true, .xTitle = x, .yTitle = QStringLiteral("\u2016g\u2016")};
  out.accuracy = {.curves = {}, .xTitle = x, .yTitle = QStringLiteral("test accuracy, %")};
  const bool logarithmic = measure != "lambda-min" && measure != "gradient-share" && measure != "eigenspace-overlap";
  out.curvature = {.curves = {}, .logY = logarithmic, .xTitle = x, .yTitle = logarithmic ? QStringLiteral("%1 (log)").arg(measureName(measure)) : measureName(measure)};
  for (const SessionRun& run : session.runs()) {
    if (!run.visible) continue;
    addSteps(out, run, looks, abscissa);
    addEvaluations(out, run, looks, abscissa);
    addCurvature(out, run, looks, measure, abscissa);
    for (const trainer::RunEvent& event : run.record.events) {
      const EventMark mark{.x = positionOf(run, event.step, abscissa), .colour = looks.look(run).colour, .text = run.name + QStringLiteral(": ") + eventText(event)};
      for (CurvesPicture* picture : {&out.loss, &out.accuracy, &out.gradient, &out.curvature}) picture->events.push_back(mark);
    }
    if (const auto& cursor = session.cursor(); cursor && cursor->run == run.folder && !run.record.stepRecords.empty()) {
      const EventMark mark{.x = positionOf(run, cursor->step, abscissa), .colour = looks.look(run).colour, .text = QStringLiteral("%1 at step %2: where the path's scrubber is").arg(run.name, grouped(cursor->step))};
      for (CurvesPicture* picture : {&out.loss, &out.accuracy, &out.gradient, &out.curvature}) picture->events.push_back(mark);
    }
  }
  return out;
}

}  // namespace ui
