// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/summaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

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

std::string summarise(const analysis::Spectrum& s) {
  std::string text = fmt::format("{} at step {}: P {}, {} samples, {}, batch norm {}\nloss {:.6g}  ||theta|| {:.4g}\n", s.operatorName, s.step,
                                 s.parameters, s.samples, s.precision, s.batchNorm, s.lossValue, s.parameterNorm);
  text += pairLines("largest", s.top) + pairLines("smallest", s.bottom);
  text += fmt::format("{} products and {} for the residuals, {:.2f} s\n", s.products, s.residualProducts, s.seconds);
  return text;
}

std::string summarise(const analysis::SurfaceGrid& g) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double v : g.train.loss)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  std::string text = fmt::format("{} at step {}: {}, {} train and {} test samples, {}, batch norm {}\n", g.slice ? "slice" : "surface", g.step,
                                 g.slice ? fmt::format("{} points", g.columns()) : fmt::format("{} x {}", g.columns(), g.rows()), g.samples,
                                 g.testSamples, g.precision, g.batchNorm);
  for (std::size_t i = 0; i < g.directions.size(); ++i)
    text += fmt::format("{}  {}, length {:.4g}\n", i == 0 ? 'x' : 'y', g.directions[i], i < g.directionNorms.size() ? g.directionNorms[i] : 0.0);
  if (!g.slice) text += fmt::format("cosine between the axes {:.4f}\n", g.cosine);
  text += fmt::format("loss at the centre {:.6g}, lowest on the grid {:.6g}, highest {:.6g}\n{} evaluations, {:.2f} s{}\n", g.centre, low, high,
                      g.evaluations, g.seconds, g.stopped ? ", stopped: the missing points are empty" : "");
  return text;
}

}  // namespace app
