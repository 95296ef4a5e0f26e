// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/bench/bench_targets.h"
#include "app/summaries.h"

namespace app {
namespace {

using analysis::BenchNet;
using analysis::BenchQuantity;
using analysis::BenchTarget;

std::string lineOf(const BenchQuantity& q, const BenchNet& n) {
  const BenchTarget t = analysis::benchTarget(q.name, n.name);
  const std::string interval = q.coverage > 0 ? fmt::format("{:.4g} ... {:.4g}", q.low, q.high) : "", times = q.coverage > 0 ? fmt::format("{}", q.repetitions) : "";
  const std::string floor = std::isnan(t.floor) ? "" : fmt::format("{:.3g}", t.floor);
  const std::string target = t.hasTarget() ? fmt::format("{} {:.3g}", t.atLeast ? ">=" : "<=", t.target) : "", met = !t.hasTarget() ? "" : t.metBy(q.value) ? "yes" : "no";
  return fmt::format("  {:<38}{:>9.4g}  {:<21}{:>5}{:>7}{:>10}  {}\n", q.name, q.value, interval, times, floor, target, met);
}

std::string netText(const BenchNet& n) {
  std::string text = fmt::format("{}: P {}, images {} x {} x {}, batch {}; products on {}, grid points on {}, walks on {} images, after {} steps\n", n.name, n.parameters, n.channels,
                                 n.height, n.width, n.batch, n.samples, n.gridSamples, n.walkSamples, n.trainingSteps);
  text += fmt::format("  {:<38}{:>9}  {:<21}{:>5}{:>7}{:>10}  {}\n", "", "median", "interval", "times", "floor", "target", "met");
  for (const BenchTarget& t : analysis::benchTargets()) {
    const auto q = std::ranges::find(n.quantities, t.name, &BenchQuantity::name);
    if (q != n.quantities.end()) text += lineOf(*q, n);
  }
  if (!n.leftOut.empty()) text += fmt::format("  left out: {}\n", fmt::join(n.leftOut, "; "));
  return text;
}

}  // namespace

std::string summarise(const analysis::BenchResult& result) {
  const analysis::Bench& b = result.bench;
  std::string text = fmt::format("bench on {}: {}, {}", b.device, b.machine, b.precision);
  if (!result.origin.programVersion.empty()) text += fmt::format("; sharpscape {}, LibTorch {}", result.origin.programVersion, result.origin.torchVersion);
  text += "\nmedians of pairs timed in turn; the true median is in its interval with at least 95 % where there are six or more\n";
  for (const BenchNet& n : b.nets) text += fmt::format("\n{}", netText(n));
  return text + fmt::format("\n{:.0f} s{}\n", b.seconds, b.stopped ? ", stopped: what is missing was not measured" : "");
}

}  // namespace app
