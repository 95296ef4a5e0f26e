// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "analysis/comparison/tabulate.h"
#include "trainer/base/random.h"

/// Runs as they would be after training and measuring, with known numbers.
namespace analysis::testing {

/// Everything that a run is compared by; the numbers of one network.
struct RunNumbers {
  double trainLoss = 0.1, testLoss = 0.3, testAccuracy = 0.9, parameterNorm = 20, gradientNorm = 0.01, lambdaMax = 10, lambdaMin = -0.5, trace = 100, worst = 0.5, average = 0.1;
};

inline RunEvidence run(const std::string& folder, std::uint64_t seed, const RunNumbers& n, const std::string& sharpness = "none") {
  RunEvidence e;
  e.folder = folder;
  e.spec.data = "digits", e.spec.model = "mlp:64-6-10", e.spec.seed = seed, e.spec.sharpness = sharpness, e.spec.epochs = 4, e.spec.dataHash = "d";
  e.spec = trainer::resolve(e.spec, nullptr);
  e.record.status = trainer::RunStatus::completed, e.record.steps = 92, e.record.parameters = 460, e.record.parameterNorm = n.parameterNorm, e.record.gradientNorm = n.gradientNorm;
  e.record.evaluations = {{92, n.trainLoss, 1, n.testLoss, n.testAccuracy}};
  e.record.stepRecords = {{92, 4, n.trainLoss, 0, 0, 1.5, sharpness == "none" ? 92 : 184}};
  e.trainItems = 1442, e.testItems = 355;
  auto spectrum = std::make_shared<SpectrumResult>();
  Spectrum& s = spectrum->spectrum;
  s.step = 92, s.samples = 1442, s.batchNorm = "eval", s.precision = "float", s.device = "cpu", s.parameterNorm = n.parameterNorm, s.operatorName = "hessian";
  s.top = {{n.lambdaMax, 1e-4, 1e-8, true}}, s.bottom = {{n.lambdaMin, 1e-4, 1e-8, true}};
  s.trace = Trace{.estimate = {.value = n.trace, .probes = 40, .hasError = true, .standardError = 1}, .frobenius = {}, .method = "xtrace", .products = 40, .reached = true};
  e.pairs = e.trace = spectrum;
  auto sharp = std::make_shared<SharpnessResult>();
  Sharpness& m = sharp->sharpness;
  m.step = 92, m.samples = 1442, m.batchNorm = "eval", m.precision = "float", m.device = "cpu", m.gradientNorm = n.gradientNorm, m.parameterNorm = n.parameterNorm;
  m.measures.push_back({.kind = "worst", .norm = "l2", .rho = 0.5, .value = n.worst, .lastGain = 1e-4});
  m.measures.push_back({.kind = "average", .norm = "l2", .rho = 0.05, .value = n.average, .standardError = 0.002, .draws = 32});
  e.sharpness = sharp;
  return e;
}

/// Numbers that vary from seed to seed, correlated as those of one network are: curvature and sharpness go with each other, losses with accuracies.
inline RunNumbers drawn(trainer::RandomStream& random, double flatter = 1) {
  const double shared = 0.2 * random.normal(), quality = 0.15 * random.normal();
  const auto around = [&](double centre, double common, double own) { return centre * std::exp(common + own * random.normal()); };
  RunNumbers n;
  n.trainLoss = around(0.1, quality, 0.1), n.testLoss = around(0.3, quality, 0.1), n.testAccuracy = 1 - around(0.1, quality, 0.1), n.parameterNorm = around(20, 0, 0.02);
  n.gradientNorm = around(0.01, quality, 0.2), n.lambdaMax = flatter * around(10, shared, 0.1), n.lambdaMin = -around(0.5, shared, 0.2), n.trace = flatter * around(100, shared, 0.1);
  n.worst = flatter * around(0.5, shared, 0.1), n.average = flatter * around(0.1, shared, 0.1);
  return n;
}

/// `seeds` runs a side.
inline ComparisonEvidence twoSides(std::uint64_t seed, std::int64_t seeds, double flatter, const std::string& other = "none") {
  trainer::RandomStream random(seed);
  ComparisonEvidence e;
  for (const bool second : {false, true})
    for (std::int64_t i = 0; i < seeds; ++i)
      e.runs.push_back(run((second ? "b" : "a") + std::to_string(i), static_cast<std::uint64_t>(i), drawn(random, second ? flatter : 1), second ? other : "none"));
  return e;
}

inline const ComparedRow& row(const Comparison& c, const std::string& key) {
  for (const ComparedRow& r : c.rows)
    if (r.key == key) return r;
  throw std::out_of_range("no row " + key);
}

inline const FairnessCheck& check(const Comparison& c, const std::string& name) {
  for (const FairnessCheck& f : c.fairness)
    if (f.name == name) return f;
  throw std::out_of_range("no check " + name);
}

}  // namespace analysis::testing
