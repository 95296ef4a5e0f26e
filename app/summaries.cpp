// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/summaries.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "analysis/export/result_figure.h"
#include "trainer/run/stability_edge.h"

namespace app {
namespace {

std::string pairLines(const std::string& title, const std::vector<analysis::Eigenvalue>& pairs) {
  std::string text;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    text += fmt::format("{:<10}{:>3}  {:>14.7g}  residual {:.2g}{}\n", i == 0 ? title : "", i + 1, pairs[i].value, pairs[i].residual,
                        pairs[i].converged ? "" : "  NOT CONVERGED");
  return text;
}

/// "12.3  probe standard error 0.4 (20 probes), 95 % 11.5 .. 13.2"
std::string estimateText(const analysis::Estimate& e) {
  if (!e.hasError) return fmt::format("{:.7g}  (no standard error from {} probes; it needs {})", e.value, e.probes, analysis::kLeastProbes);
  if (e.standardError == 0) return fmt::format("{:.7g}  exact", e.value);
  return fmt::format("{:.7g}  probe standard error {:.2g} ({} probes), 68 % {:.6g} .. {:.6g}, 95 % {:.6g} .. {:.6g}", e.value, e.standardError, e.probes, e.interval68.low,
                     e.interval68.high, e.interval95.low, e.interval95.high);
}

std::string traceLines(const analysis::Trace& t) {
  return fmt::format("trace        {}\n             {}, {} products{}\nFrobenius    {}\n", estimateText(t.estimate), t.method, t.products,
                     t.reached ? "" : ", the standard error asked for was NOT REACHED", estimateText(t.frobenius));
}

std::string extrapolationLines(const analysis::Extrapolation& e) {
  std::string text = "lambda_max by samples (biased upwards where they are few):\n";
  for (const auto& s : e.sizes) text += fmt::format("  N {:>7}  {:>12.6g}  deviation over {} subsets {:.2g}\n", s.samples, s.mean, s.lambdaMax.size(), s.deviation);
  return text + fmt::format("  extrapolated to all {} samples {:.6g}, to infinity {:.6g}; no interval (spread over the subsets {:.2g})\n", e.population, e.atPopulation, e.atInfinity, e.spread);
}

std::string layerLines(const std::vector<analysis::LayerSpectrum>& layers) {
  std::string text;
  for (const auto& l : layers)
    text += fmt::format("{:<28}{:>9}  lambda_max {:>12.6g}  residual {:.2g}{}  trace {:>12.6g}  standard error {:.2g}{}\n", l.name, l.parameters, l.lambdaMax.value, l.lambdaMax.residual,
                        l.lambdaMax.converged ? "" : " NOT CONVERGED", l.trace.estimate.value, l.trace.estimate.standardError, l.trace.reached ? "" : " NOT REACHED");
  return text;
}

std::string partLines(const analysis::Spectrum& s) {
  std::string text;
  if (const auto ratio = analysis::minOverMax(s)) text += fmt::format("|lambda_min|/lambda_max {:.4g}\n", *ratio);
  if (const auto ratio = analysis::maxOverFifth(s)) text += fmt::format("lambda_max/lambda_5 {:.4g}\n", *ratio);
  if (s.rows > 0 && s.rows != s.parameters) text += fmt::format("restricted to {} of the {} parameters\n", s.rows, s.parameters);
  if (s.restarts > 0) text += fmt::format("the basis was restarted {} times to fit --memory\n", s.restarts);
  if (s.trace) text += traceLines(*s.trace);
  if (s.density) {
    text += fmt::format("density      {} probes, {} steps, {} products\n", s.density->probes, s.density->steps, s.density->products);
    for (std::size_t k = 0; k < s.density->moments.size(); ++k) text += fmt::format("  moment {}   {}\n", k + 1, estimateText(s.density->moments[k]));
  }
  if (s.effectiveDimension)
    text += fmt::format("effective dimension of the {} matrix at c = {:g}  {}\n             quadrature at most {:.2g} too high, {} products\n", s.effectiveDimension->operatorName,
                        s.effectiveDimension->c, estimateText(s.effectiveDimension->estimate), s.effectiveDimension->quadratureBound, s.effectiveDimension->products);
  text += layerLines(s.layers);
  if (s.extrapolation) text += extrapolationLines(*s.extrapolation);
  if (s.verification)
    text += fmt::format("verified against the dense matrix: largest deviation of an eigenvalue {:.2g}; dense trace {:.7g}, Frobenius {:.7g}, asymmetry {:.2g}\n",
                        s.verification->largestDeviation, s.verification->trace, s.verification->frobenius, s.verification->asymmetry);
  return text;
}

std::string promiseLines(const analysis::SurfaceGrid& g) {
  const analysis::ErrorPromise& p = *g.promise;
  std::string text = analysis::evaluatedText(g) + "\n";
  if (p.interpolated == 0) return text;
  return text + fmt::format("held back {}, {} exceeded, draw {}; at least {:.3g} % of points at 95 % confidence; worst seen: loss {:.2g} %, test loss {:.2g} %, accuracies {:.2g} and {:.2g} points\n",
                            p.heldBack, p.exceeded, p.draws, 100 * p.shareAtLeast, 100 * p.worstSeen, 100 * p.testWorstSeen, 100 * p.accuracyWorstSeen, 100 * p.testAccuracyWorstSeen);
}

std::string fieldLine(const analysis::SurfaceField& f) {
  double low = std::numeric_limits<double>::infinity(), high = -low, residual = 0;
  for (const double v : f.values)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  for (const double r : f.residual)
    if (std::isfinite(r)) residual = std::max(residual, r);
  return fmt::format("{:<15} {:.6g} to {:.6g}{}; {} gradients, {} products, {} passes, {:.2f} s\n", f.name, low, high,
                     f.residual.empty() ? "" : fmt::format(", residual up to {:.2g}", residual), f.gradients, f.products, f.evaluations, f.seconds);
}

/// Where other runs lie, and how far the trajectories are from what is seen.
std::string markLines(const analysis::SurfaceGrid& g) {
  std::string text;
  for (const auto& m : g.marks)
    text += fmt::format("{} at step {}: ({:.4g}, {:.4g}), loss {:.6g}, {:.3g} out of the plane\n", m.run, m.step, m.x, m.y, m.loss, m.distance);
  if (g.trajectory.empty()) return text;
  const auto farthest = std::max_element(g.trajectory.begin(), g.trajectory.end(), [](const auto& a, const auto& b) { return a.distance < b.distance; });
  return text + fmt::format("trajectory of {} checkpoints, up to {:.4g} out of the plane (step {}: loss {:.6g}, the plane under it {:.6g})\n", g.trajectory.size(),
                            farthest->distance, farthest->step, farthest->loss, farthest->planeLoss);
}

std::string samLine(const analysis::SamStep& s) {
  std::string text = fmt::format("SAM step, rho {:g}: loss {:.6g} to {:.6g} (first order {:.6g}; the plane under it {:.6g}, {:.3g} out of it)\n", s.rho, s.loss, s.perturbedLoss, s.predicted,
                                 s.planeLoss, s.outOfPlane);
  for (const analysis::PlaneVector& v : s.vectors) text += fmt::format("  {:<18} ({:.4g}, {:.4g}), {:.3g} % of it in the plane\n", v.name, v.x, v.y, 100 * v.inPlane);
  return text;
}

/// What was tracked beside lambda_max, and the edge of stability.
std::string trackedLines(const trainer::RunSpec& spec, const trainer::RunRecord& record) {
  const trainer::CurvatureRecord& c = record.curvature.back();
  std::string text;
  for (const trainer::TrackedValue& v : c.more)
    text += fmt::format("{} {:.4g} +- {:.2g} at step {}, N {}, {} products, {} gradients, {} forward passes, {:.2g} s\n", v.name, v.value, v.error, c.step, v.items, v.products,
                        v.gradients, v.forwardPasses, v.seconds);
  const trainer::StabilityEdge edge = trainer::stabilityEdge(spec, record.trainItems > 0 ? std::optional(record.trainItems) : std::nullopt, c.samples);
  const std::vector<trainer::EdgePoint> along = trainer::edgeAlong(spec, record, edge);
  if (!along.empty()) text += fmt::format("edge of stability of {}: {} = {:.4g} at step {}\n", edge.measure, edge.formula, along.back().value, along.back().step);
  return text;
}

}  // namespace

std::string summarise(const trainer::RunSpec& spec, const trainer::RunRecord& record) {
  const bool summed = record.parameters > 0;  // a run that was killed has no summary
  std::string text = fmt::format("{}: {} after {} steps ({:.4g} epochs), {:.1f} s{}\n", trainer::displayName(spec), trainer::toString(record.status), record.steps,
                                 record.epochs, record.seconds, summed ? fmt::format(", {} parameters", record.parameters) : "");
  if (!record.reason.empty()) text += record.reason + "\n";
  if (!record.evaluations.empty()) {
    const auto& e = record.evaluations.back();
    if (e.step != record.steps) text += fmt::format("evaluated at step {}:\n", e.step);
    text += fmt::format("train  loss {:.6g}  accuracy {:.2f} %\n", e.trainLoss, 100 * e.trainAccuracy);
    if (!std::isnan(e.validationAccuracy)) text += fmt::format("valid. loss {:.6g}  accuracy {:.2f} %\n", e.validationLoss, 100 * e.validationAccuracy);
    text += fmt::format("test   loss {:.6g}  accuracy {:.2f} %\n", e.testLoss, 100 * e.testAccuracy);
  }
  for (const auto& [name, list] : {std::pair("EMA", &record.emaEvaluations), std::pair("SWA", &record.swaEvaluations)})
    if (!list->empty()) text += fmt::format("{}    test loss {:.6g}  accuracy {:.2f} %\n", name, list->back().testLoss, 100 * list->back().testAccuracy);
  if (!record.curvature.empty()) {
    const auto& c = record.curvature.back();
    if (!std::isnan(c.lambdaMax))
      text += fmt::format("lambda_max {:.4g} at step {}, residual {:.2g}, {} samples, {} products\n", c.lambdaMax, c.step, c.residual, c.samples, c.products);
    text += trackedLines(spec, record);
  }
  if (summed && !std::isnan(record.gradientNorm)) text += fmt::format("||g|| {:.4g}  ||theta|| {:.4g}\n", record.gradientNorm, record.parameterNorm);
  return text + fmt::format("run    {}\n", record.folder);
}

std::string summarise(const analysis::SpectrumResult& result) {
  const analysis::Spectrum& s = result.spectrum;
  std::string text = fmt::format("{} at step {}: P {}, {} samples, {}, batch norm {}\nloss {:.6g}  ||theta|| {:.4g}\n", s.operatorName, s.step,
                                 s.parameters, s.samples, s.precision, s.batchNorm, s.lossValue, s.parameterNorm);
  text += pairLines("largest", s.top) + pairLines("smallest", s.bottom);
  if (s.selfCheck) text += fmt::format("checked first: two products of one vector differ by {:.1g}, asymmetry {:.1g} (at most {:.0e})\n", s.selfCheck->repeatability, s.selfCheck->symmetry, s.selfCheck->tolerance);
  return text + partLines(s) + fmt::format("{} products and {} for the residuals, {:.2f} s\n", s.products, s.residualProducts, s.seconds);
}

std::string summarise(const analysis::SurfaceResult& result) {
  const analysis::SurfaceGrid& g = result.grid;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double v : g.train.loss)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  std::string text = fmt::format("{} at step {}: {}, {} {} and {} test samples, {}, batch norm {}\n", g.slice ? "slice" : "surface", g.step,
                                 g.slice ? fmt::format("{} points", g.columns()) : fmt::format("{} x {}", g.columns(), g.rows()), g.samples, g.split,
                                 g.testSamples, g.precision, g.batchNorm);
  for (std::size_t i = 0; i < g.directions.size(); ++i)
    text += fmt::format("{}  {}, length {:.4g}\n", i == 0 ? 'x' : 'y', g.directions[i], i < g.directionNorms.size() ? g.directionNorms[i] : 0.0);
  if (!g.slice) text += fmt::format("cosine between the axes {:.4f}\n", g.cosine);
  text += fmt::format("loss at the centre {:.6g}, lowest on the grid {:.6g}, highest {:.6g}\n{} evaluations, {:.2f} s{}\n", g.centre, low, high,
                      g.evaluations, g.seconds, g.stopped ? ", stopped: the missing points are empty" : "");
  if (g.promise) text += promiseLines(g);
  for (const analysis::SurfaceField& f : g.fields) text += fieldLine(f);
  if (g.samStep) text += samLine(*g.samStep);
  return text + markLines(g);
}

std::string summarise(const analysis::Path& p) {
  std::string text = fmt::format("path from step {} to step {} of the other run: P {}, {} {} and {} test samples, {}, batch norm {}\n", p.step, p.step2, p.parameters, p.samples,
                                 p.split, p.testSamples, p.precision, p.batchNorm);
  text += fmt::format("distance {:.6g}  ||theta|| {:.4g} and {:.4g}  cosine {:.4f}\n", p.distance, p.norm1, p.norm2, p.cosine);
  if (p.match)
    text += fmt::format("matched   {} of {} units in {} groups moved, {} rounds: distance {:.6g}; outputs the same within {:.1g}\n", p.match->moved, p.match->units,
                        p.match->groups, p.match->rounds, p.match->distanceAfter, p.match->outputDifference);
  if (p.curve)
    text += fmt::format("curve     {} steps, {} gradients: mean loss {:.6g} on the line, {:.6g} on the curve\n", p.curve->steps, p.curve->gradients, p.curve->firstLoss, p.curve->lastLoss);
  for (const analysis::PathLine& l : p.lines)
    if (!l.trainLoss.empty())
      text += fmt::format("{:<9} {} points: loss {:.6g} to {:.6g}, barrier {:.6g} at t {:.3g}; test barrier {:.6g}\n", l.kind, l.t.size(), l.trainLoss.front(), l.trainLoss.back(),
                          l.trainBarrier, l.barrierAt, l.testBarrier);
  return text + fmt::format("{} evaluations, {:.2f} s\n", p.evaluations, p.seconds);
}

std::string summarise(const analysis::Result& result) {
  struct Each {
    std::string operator()(const analysis::SpectrumResult& r) const { return summarise(r); }
    std::string operator()(const analysis::SurfaceResult& r) const { return summarise(r); }
    std::string operator()(const analysis::CheckResult& r) const { return summarise(r); }
    std::string operator()(const analysis::OdditiesResult& r) const { return summarise(r); }
    std::string operator()(const analysis::BenchResult& r) const { return summarise(r); }
    std::string operator()(const analysis::PathResult& r) const { return summarise(r.path); }
    std::string operator()(const analysis::SharpnessResult& r) const { return summarise(r.sharpness); }
    std::string operator()(const analysis::InvarianceResult& r) const { return summarise(r.invariance); }
    std::string operator()(const analysis::MatchedResult& r) const { return summarise(r.matched); }
    std::string operator()(const analysis::ComparisonResult& r) const { return summarise(r.comparison); }
    std::string operator()(const analysis::StudyResult& r) const { return summarise(r.study); }
    std::string operator()(const analysis::KappaResult& r) const { return summarise(r.kappa); }
  };
  return std::visit(Each{}, result);
}

std::string summarise(const analysis::CheckResult& result) {
  const analysis::CheckReport& r = result.report;
  std::string text = fmt::format("check at step {}: P {}, {} samples, {}, batch norm {}{}{}\n", r.step, r.parameters, r.samples, r.precision, r.batchNorm,
                                 r.conditions.empty() ? "" : ", under ", fmt::join(r.conditions, ", "));
  for (const analysis::Check& c : r.checks) {
    text += fmt::format("{:<18} {:<12} {:.2g}", c.name, analysis::toString(c.verdict), c.value);
    if (c.tolerance > 0) text += fmt::format(" (at most {:.0e})", c.tolerance);
    if (!c.culprit.empty()) text += fmt::format("  culprit: {}", c.culprit);
    text += c.advice.empty() ? "\n" : fmt::format("  {}\n", c.advice);
  }
  for (const analysis::PolicyValue& p : r.policies)
    text += fmt::format("batch norm {:<11} loss {:.6g}  lambda_max {:.5g}  residual {:.2g}\n", p.policy, p.loss, p.lambdaMax, p.residual);
  return text + fmt::format("{:.2f} s\n", r.seconds);
}

std::string summarise(const analysis::OdditiesResult& result) {
  const analysis::Oddities& o = result.oddities;
  std::string text = o.title + "\n";
  if (!o.without.empty()) text += o.without + "\n";
  for (const analysis::Finding& f : o.findings) {
    text += fmt::format("{:<20} {:<14} {}\n", f.name, analysis::toString(f.verdict), f.sentence);
    if (f.verdict == analysis::OddityVerdict::found && !f.advice.empty()) text += fmt::format("{:<20} {:<14} {}\n", "", "-> to do", f.advice);
  }
  return text + fmt::format("{} found, {} passed; {} evaluations, {} products, {:.2f} s\n", o.count(analysis::OddityVerdict::found), o.count(analysis::OddityVerdict::passed), o.evaluations,
                            o.products, o.seconds);
}

}  // namespace app
