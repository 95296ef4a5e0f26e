// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>

#include "app/summaries.h"

namespace app {
namespace {

std::string badgeLine(const analysis::InvarianceBadge& b) {
  const char* surprise = b.claimed == b.earned ? "" : b.claimed ? "  CLAIMED, BUT IT CHANGES" : "  (not by theory)";
  return fmt::format("  {:<22} {:>13.6g} -> {:<13.6g} {}{}\n", b.measure, b.before, b.after, !b.earned ? "changes" : b.sharp ? "invariant" : fmt::format("not told apart (within {:.2g})", b.tolerance), surprise);
}

std::string outcomeText(const analysis::InvarianceOutcome& o) {
  std::string text = fmt::format("\n{}{}{}\n", o.transform, o.strength > 0 ? fmt::format(", strength {:g}", o.strength) : "", o.layers.empty() ? "" : ": " + o.layers);
  text += fmt::format("  outputs differ by {:.2g} at most (the largest is {:.4g}), {} predictions changed: {}\n", o.largestDifference, o.largestOutput, o.changedPredictions,
                      !o.verified ? "NOT the same function" : o.keeps == "predictions" ? "the same predictions" : "the same function");
  for (const auto& b : o.badges) text += badgeLine(b);
  return text;
}

}  // namespace

std::string summarise(const analysis::Invariance& s) {
  std::string text = fmt::format("invariance at step {}: P {}, {} samples, {}, batch norm {}, loss {:.6g}\n", s.step, s.parameters, s.samples, s.precision, s.batchNorm, s.lossValue);
  for (const auto& o : s.outcomes) text += outcomeText(o);
  return text + fmt::format("{:.2f} s{}\n", s.seconds, s.stopped ? ", stopped: what was not reached is missing" : "");
}

std::string summarise(const analysis::Matched& m) {
  std::string text = fmt::format("at train loss {:.6g}: {} samples, {}, batch norm {}\n", m.targetLoss, m.samples, m.precision, m.batchNorm);
  for (const auto& r : m.runs) {
    text += fmt::format("\n{}: between step {} (loss {:.6g}) and step {} (loss {:.6g})\n  ||theta|| {:.4g}  mean ||logits|| {:.4g}  mean logit range {:.4g}\n", r.run, r.above.step,
                        r.above.loss, r.below.step, r.below.loss, r.parameterNorm, r.logitNorm, r.logitRange);
    for (const auto& q : r.quantities)
      text += fmt::format("  {:<18}{:<12} {:>12.6g}  (error {:.2g}; {:.6g} ... {:.6g})\n", q.name, q.rho > 0 ? fmt::format("rho {:g}", q.rho) : "", q.value, q.error, q.above, q.below);
  }
  return text + fmt::format("{:.2f} s{}\n", m.seconds, m.stopped ? ", stopped: runs are missing" : "");
}

std::string summarise(const analysis::Kappa& k) {
  std::string text = fmt::format("kappa(h) at step {}: along {}, P {}, {} samples, {}, batch norm {}\nu'Hu {:.7g}\n", k.step, k.direction, k.parameters, k.samples, k.precision,
                                 k.batchNorm, k.reference);
  for (const auto& p : k.points)
    text += fmt::format("h {:<12.4g} from losses {:>14.6g} (rounding about {:.1g})  from gradients {:>14.6g}\n", p.h, p.fromLoss, p.rounding, p.fromGradient);
  text += fmt::format("closest to u'Hu: {:.2g} relative: {}{}\n", k.closest, k.verdict, k.kinked ? " (the network has kinks, which a finite step crosses)" : "");
  return text + fmt::format("{:.2f} s{}\n", k.seconds, k.stopped ? ", stopped: steps are missing" : "");
}

}  // namespace app
