// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>

#include "app/summaries.h"

namespace app {
namespace {

std::string plusMinus(double error) { return std::isnan(error) ? std::string(14, ' ') : fmt::format(" +- {:<10.2g}", error); }

std::string measureLine(const analysis::SharpnessMeasure& m) {
  std::string quality;
  if (m.kind == "worst") quality = fmt::format("lower bound, {} iterations, last quarter gained {:.1f} %{}", m.iterations, 100 * m.lastGain, m.start.empty() ? "" : ", from " + m.start);
  if (m.kind == "average") quality = fmt::format("{} draws, 95 %: {:.4g} ... {:.4g}", m.draws, m.interval95.low, m.interval95.high);
  if (m.groups > 1) quality += fmt::format("{}{} groups", quality.empty() ? "" : ", ", m.groups);
  return fmt::format("{:<9} {:<5}{:<9} rho {:<7g} {:>12.6g}{} {}\n", m.kind, m.kind == "average" ? "" : m.norm, m.adaptive ? "adaptive" : "plain", m.rho, m.value,
                     plusMinus(m.standardError), quality);
}

}  // namespace

std::string summarise(const analysis::Sharpness& s) {
  std::string text = fmt::format("sharpness at step {}: P {}, {} samples, {}, batch norm {}\nloss {:.6g}  ||theta|| {:.4g}  ||g|| {:.4g}\n", s.step, s.parameters, s.samples,
                                 s.precision, s.batchNorm, s.lossValue, s.parameterNorm, s.gradientNorm);
  if (s.groups > 1)
    text += fmt::format("mean ||g||^2 over {} groups of {}: {:.6g}{}\n", s.groups, s.groupSize, s.groupGradientSquare, plusMinus(s.groupGradientSquareError));
  if (!std::isnan(s.ownPenaltyLambda)) text += fmt::format("the run's objective L + lambda ||g|| {:.6g} (lambda {:g})\n", s.ownPenaltyObjective, s.ownPenaltyLambda);
  for (const auto& m : s.measures) text += measureLine(m);
  for (const auto& o : s.objectives) text += fmt::format("rho {:<7g} L + rho ||g|| {:.6g}   L(theta + rho g/||g||) {:.6g}\n", o.rho, o.penalty, o.sam);
  for (const auto& a : s.penaltyApproximation)
    text += fmt::format("penalty's difference at rho {:<7g} is off H g/||g|| by {:.3g} of its length (cosine {:.4f})\n", a.rho, a.relativeError, a.cosine);
  if (s.relativeFlatness)
    text += fmt::format("relative flatness of {}: {:.6g}{} ({} products)\n", s.relativeFlatness->layer, s.relativeFlatness->value,
                        std::isnan(s.relativeFlatness->standardError) ? ", exact" : plusMinus(s.relativeFlatness->standardError), s.relativeFlatness->products);
  for (const auto& p : s.pacBayes)
    text += fmt::format("PAC-Bayes sigma{} for a rise of {:g}: {:.5g}{} (95 %: {:.4g} ... {:.4g})\n", p.adaptive ? " of |w|" : "", p.target, p.sigma, plusMinus(p.standardError),
                        p.interval95.low, p.interval95.high);
  return text + fmt::format("{:.2f} s{}\n", s.seconds, s.stopped ? ", stopped: what was not reached is missing" : "");
}

}  // namespace app
