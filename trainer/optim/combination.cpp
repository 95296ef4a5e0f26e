// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/combination.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "trainer/optim/norms.h"
#include "trainer/optim/perturbation.h"

namespace trainer {
namespace {

using Memory = std::map<std::string, at::Tensor>;

at::Tensor replace(const Gradients& g, const SharpnessOptions&, Memory&) { return g.phase == Phase::perturbed ? g.second : g.first; }

at::Tensor penalty(const Gradients& g, const SharpnessOptions& o, Memory&) {
  if (g.phase != Phase::perturbed) return g.first;
  if (o.penaltyProduct == "exact") return g.first + g.second * (o.alpha * o.rho);
  if (o.alpha == 1) return g.second;
  if (o.referenceTerm == "unit") return g.first * perLength(1 - o.alpha, g.firstNorm) + g.second * o.alpha;
  return g.first * (1 - o.alpha) + g.second * o.alpha;
}

at::Tensor gsam(const Gradients& g, const SharpnessOptions& o, Memory&) {
  if (g.phase != Phase::perturbed) return g.first;
  return o.alpha == 0 ? g.second : g.second - orthogonalTo(g.first, g.second) * o.alpha;
}

at::Tensor looksam(const Gradients& g, const SharpnessOptions& o, Memory& memory) {
  if (g.phase == Phase::plain) memory.erase("looksam_g_v");
  if (g.phase == Phase::perturbed) {
    memory["looksam_g_v"] = orthogonalTo(g.second, g.first);
    return g.second;
  }
  const auto kept = memory.find("looksam_g_v");
  if (kept == memory.end() || o.alpha == 0) return g.first;
  return g.first + kept->second * perLength(g.firstNorm * o.alpha, lengthOf(kept->second));
}

at::Tensor friendly(const Gradients& g, const SharpnessOptions& o, Memory& memory) {
  at::Tensor& m = memory["friendly_m"];
  m = friendlyMean(o, m, g.first);
  return replace(g, o, memory);
}

/// A new method is a line here, a word in run_spec.cpp and a function above.
constexpr std::array kCombinations = {Combination{"none", replace},    Combination{"sam", replace}, Combination{"asam", replace},
                                      Combination{"penalty", penalty}, Combination{"gsam", gsam},   Combination{"looksam", looksam},
                                      Combination{"friendly-sam", friendly}};

}  // namespace

const Combination& combinationOf(const std::string& method) {
  for (const Combination& combination : kCombinations)
    if (combination.method == method) return combination;
  throw std::invalid_argument(
      fmt::format("unknown sharpness method '{}'; this version has: none, sam, asam, penalty, gsam, looksam, friendly-sam", method));
}

}  // namespace trainer
