// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/summaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace app {
namespace {

std::string pairLines(const std::string& title, const std::vector<analysis::Eigenvalue>& pairs) {
  std::string text;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    text += fmt::format("{:<10}{:>3}  {:>14.7g}  residual {:.2g}{}\n", i == 0 ? title : "", i + 1, pairs[i].value, pairs[i].residual,
                        pairs[i].converged ? "" : "  NOT CONVERGED");
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
    text += fmt::format("train  loss {:.6g}  accuracy {:.2f} %\ntest   loss {:.6g}  accuracy {:.2f} %\n", e.trainLoss, 100 * e.trainAccuracy,
                        e.testLoss, 100 * e.testAccuracy);
  }
  if (summed) text += fmt::format("||g|| {:.4g}  ||theta|| {:.4g}\n", record.gradientNorm, record.parameterNorm);
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
