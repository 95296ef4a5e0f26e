// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <limits>

#include "analysis/export/report.h"

/// Results as a measure would return them, with known numbers.
namespace test {

inline analysis::SpectrumResult smallSpectrum(const std::string& run) {
  analysis::SpectrumResult r;
  r.spec.measure.run = run;
  r.spec.measure.samples = 0;
  r.spec.top = 2;
  r.spec.residual = 1e-4;
  analysis::Spectrum& s = r.spectrum;
  s.step = 46, s.samples = 1442, s.parameters = 690, s.operatorName = "hessian", s.precision = "float", s.batchNorm = "eval", s.device = "cpu";
  s.lossValue = 0.1 + 0.2, s.parameterNorm = 7.25, s.products = 21, s.residualProducts = 3, s.seconds = 0.5;
  s.top = {{3.25, 1e-5, 1e-9, true}, {1.0 / 3, 2e-3, 1e-5, false}};
  s.bottom = {{-0.125, 1e-6, 1e-10, true}};
  return r;
}

/// x^2 + 2 y^2 + 1/4 on 5 x 3 points; one point is missing, one infinite, one not a number.
inline analysis::SurfaceResult smallSurface(const std::string& run, bool slice = false) {
  analysis::SurfaceResult r;
  r.spec.measure.run = run;
  r.spec.x = {"random", -1, 1, 5};
  if (!slice) r.spec.y = analysis::AxisSpec{"eigen:1", -0.5, 0.5, 3};
  analysis::SurfaceGrid& g = r.grid;
  g.step = 46, g.samples = 1442, g.testSamples = 355, g.parameters = 690, g.batchNorm = "eval", g.precision = "float", g.device = "cpu", g.slice = slice;
  g.x = {-1, -0.5, 0, 0.5, 1};
  g.y = slice ? std::vector<double>{0} : std::vector<double>{-0.5, 0, 0.5};
  for (const double y : g.y)
    for (const double x : g.x) {
      g.train.loss.push_back(x * x + 2 * y * y + 0.25);
      g.train.accuracy.push_back(1 - 0.1 * x * x);
      g.test.loss.push_back(x * x + 2 * y * y + 0.5);
      g.test.accuracy.push_back(0.9);
      g.computed.push_back(1);
    }
  g.directions = {"random, filter-normalised, 1-D zero, seed 0"};
  g.directionNorms = {9.5};
  if (!slice) g.directions.push_back("eigenvector 1, lambda 3.25, unit"), g.directionNorms.push_back(1);
  g.cosine = slice ? 0 : 0.015625;
  g.centre = 0.25;
  g.evaluations = static_cast<std::int64_t>(g.computed.size());
  g.seconds = 1.5;
  return r;
}

/// The same with a corner missing, one that went to infinity and one that is not a number.
inline analysis::SurfaceResult surfaceWithHoles(const std::string& run) {
  analysis::SurfaceResult r = smallSurface(run);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  r.grid.computed[0] = 0;
  r.grid.train.loss[0] = r.grid.train.accuracy[0] = r.grid.test.loss[0] = r.grid.test.accuracy[0] = nan;
  r.grid.train.loss[4] = std::numeric_limits<double>::infinity();
  r.grid.train.loss[14] = nan;
  r.grid.evaluations -= 1;
  r.grid.stopped = true;
  return r;
}

/// The same, whole, with the outer columns interpolated: at one of their points it is said to have diverged.
inline analysis::SurfaceResult surfaceInPart(const std::string& run) {
  analysis::SurfaceResult r = smallSurface(run);
  analysis::SurfaceGrid& g = r.grid;
  r.spec.tolerance = 0.01;
  g.interpolated.assign(g.computed.size(), 0);
  for (const std::size_t i : {0U, 4U, 5U, 9U, 10U, 14U}) g.computed[i] = 0, g.interpolated[i] = 1;
  g.train.loss[14] = std::numeric_limits<double>::quiet_NaN();
  g.promise = analysis::ErrorPromise{.tolerance = 0.01, .coverage = 0.95, .heldBack = 30, .exceeded = 0, .draws = 1, .interpolated = 6, .worstSeen = 0.006, .testWorstSeen = 0.005,
                                     .accuracyWorstSeen = 0.01, .testAccuracyWorstSeen = 0.02, .shareAtLeast = 0.96};
  g.evaluations = 9;
  return r;
}

/// Two groups, one average case with its intervals, every extra.
inline analysis::SharpnessResult smallSharpness(const std::string& run) {
  analysis::SharpnessResult r;
  r.spec.measure.run = run;
  r.spec.kinds = {"worst", "average"};
  r.spec.scales = {"adaptive"};
  r.spec.rho = {0.25, 0.5};
  r.spec.group = 128;
  r.spec.relativeFlatness = true;
  r.spec.pacBayes = 0.1;
  analysis::Sharpness& s = r.sharpness;
  s.step = 46, s.samples = 1442, s.parameters = 690, s.precision = "float", s.batchNorm = "eval", s.device = "cpu", s.lossValue = 0.25, s.parameterNorm = 7.25;
  s.gradientNorm = 0.125, s.groups = 12, s.groupSize = 128, s.groupGradientSquare = 0.5, s.groupGradientSquareError = 0.0625, s.seconds = 1.5;
  for (const double rho : r.spec.rho) {
    s.measures.push_back({.kind = "worst", .norm = "l2", .adaptive = true, .rho = rho, .value = rho * rho, .standardError = 0.01, .iterations = 20, .groups = 12,
                          .gradients = 42, .evaluations = 42, .lastGain = 0.001, .startSpread = 0.25});
    s.measures.push_back({.kind = "average", .norm = "l2", .adaptive = true, .rho = rho, .value = rho, .standardError = 0.02, .interval68 = {rho - 0.02, rho + 0.02},
                          .interval95 = {rho - 0.04, rho + 0.05}, .draws = 32, .evaluations = 32});
  }
  s.objectives = {{0.25, 0.28125, 0.3125}};
  s.penaltyApproximation = {{0.01, 0.5, 0.875}, {0.1, 2, 0.25}};
  s.relativeFlatness = {.layer = "fc.weight", .value = 12.5, .products = 40};
  s.pacBayes = {{.adaptive = true, .target = 0.1, .sigma = 0.125, .standardError = 0.01, .interval68 = {0.11, 0.14}, .interval95 = {0.1, std::numeric_limits<double>::infinity()},
                 .rise = 0.1, .draws = 32, .evaluations = 352}};
  return r;
}

inline analysis::InvarianceResult smallInvariance(const std::string& run) {
  analysis::InvarianceResult r;
  r.spec.measure.run = run;
  r.spec.transforms = {"scale-layers"};
  r.spec.strength = 4;
  r.spec.other = "runs/b c";
  r.invariance.step = 46, r.invariance.samples = 1442, r.invariance.parameters = 690, r.invariance.precision = "double", r.invariance.batchNorm = "eval";
  r.invariance.outcomes = {{.transform = "scale-layers", .layers = "fc1 -> fc2", .keeps = "outputs", .strength = 4, .largestDifference = 1e-14, .largestOutput = 9, .verified = true,
                            .badges = {{"lambda_max", 3, 1e-8, 40, 1e-7, 1e-5, false, false, true}, {"worst_adaptive", 0.5, 0.01, 0.5, 0.01, 0.04, true, true, false}}},
                           {.transform = "other: runs/b c, step 9", .layers = "", .keeps = "outputs", .largestDifference = 5, .largestOutput = 9, .changedPredictions = 700, .badges = {}}};
  return r;
}

inline analysis::MatchedResult smallMatched(const std::string& run) {
  analysis::MatchedResult r;
  r.spec.measure.run = run;
  r.spec.runs = {run, "runs/b"};
  r.spec.targetLoss = 0.01;
  r.matched.targetLoss = 0.01, r.matched.samples = 1442, r.matched.precision = "float", r.matched.batchNorm = "eval";
  for (const std::string& name : r.spec.runs)
    r.matched.runs.push_back({.run = name, .above = {23, 0.02, 7, 20, 12}, .below = {46, 0.005, 8, 30, 16}, .share = 0.5, .parameterNorm = 7.5, .logitNorm = 24.5, .logitRange = 14,
                              .quantities = {{"lambda_max", 0, 2, 0.01, 4, 1}, {"worst", 0.5, 1, 0.02, 2, 0.5}}});
  return r;
}

inline analysis::KappaResult smallKappa(const std::string& run) {
  analysis::KappaResult r;
  r.spec.measure.run = run;
  r.spec.direction = "gradient";
  r.spec.steps = {0.01, 0.1};
  analysis::Kappa& k = r.kappa;
  k.step = 46, k.samples = 1442, k.parameters = 690, k.precision = "double", k.batchNorm = "eval", k.lossValue = 0.25, k.direction = "gradient, ||g|| 0.1", k.reference = 3;
  k.points = {{0.01, 3.5, 3.25, 1e-9}, {0.1, 4, 3.75, 1e-11}}, k.kinked = true, k.closest = 0.0833, k.verdict = "informative";
  return r;
}

/// The same with everything that may stand beside the grid.
inline analysis::SurfaceResult surfaceWithExtras(const std::string& run) {
  analysis::SurfaceResult r = surfaceWithHoles(run);
  r.spec.measure.split = r.grid.split = "validation";
  r.spec.x.kind = "toward:runs/b@7", r.spec.y->kind = "layer:fc1:random", r.spec.y->normalise = "none";
  r.spec.orthonormal = true, r.spec.fitRange = true, r.spec.trajectory = true, r.spec.trajectoriesOf = {"runs/my c"};
  r.spec.fields = {"lambda-max", "gradient-norm"}, r.spec.rho = 0.25;
  r.grid.axes = {{.description = r.grid.directions[0], .norm = r.grid.directionNorms[0], .explainedVariance = 0.5, .randomWalkVariance = 0.75, .checkpoints = 3},
                 {.description = r.grid.directions[1], .norm = r.grid.directionNorms[1], .eigenvalue = 3.25, .residual = 1e-5, .products = 20}};
  r.grid.marks = {{"runs/b", 7, 1, 0, 0.5, 0.75, 0.5, 0}};
  r.grid.trajectory = {{run, 0, -3, 0.125, 2.5, 2.75, 1.5, 9}, {"runs/my c", 46, 2, 1, std::numeric_limits<double>::infinity(), 2, 1, 4}};
  r.grid.fields = {{.name = "lambda-max", .values = r.grid.train.loss, .residual = r.grid.test.loss, .note = "Lanczos", .products = 70, .seconds = 2},
                   {.name = "gradient-norm", .values = r.grid.test.loss, .gradients = 15}};
  return r;
}

/// A slice that is the mean of two seeds.
inline analysis::SurfaceResult seedSlice(const std::string& run) {
  analysis::SurfaceResult r = smallSurface(run, true);
  r.spec.seeds = 2;
  r.grid.seeds = {{0, 9.5, r.grid.train, r.grid.test}, {1, 9.25, r.grid.test, r.grid.train}};
  r.grid.trainDeviation = r.grid.testDeviation = r.grid.train;
  return r;
}

inline analysis::PathResult smallPath(const std::string& run) {
  analysis::PathResult r;
  r.spec.measure.run = run, r.spec.run2 = "runs/b b", r.spec.match = true, r.spec.curveSteps = 50, r.spec.points = 3;
  analysis::Path& p = r.path;
  p.step = 46, p.step2 = 92, p.samples = 1442, p.testSamples = 355, p.parameters = 690, p.split = "train", p.batchNorm = "interpolated", p.precision = "float", p.device = "cpu";
  p.distance = 12.5, p.norm1 = 7.25, p.norm2 = 7.5, p.cosine = 0.25, p.evaluations = 6, p.seconds = 1;
  for (const char* kind : {"linear", "matched", "bezier"}) {
    analysis::PathLine l{.kind = kind, .t = {0, 0.5, 1}, .trainLoss = {0.25, 2, 0.5}, .trainAccuracy = {1, 0.5, 0.9}, .testLoss = {0.5, 3, 0.75}, .testAccuracy = {0.9, 0.4, 0.8}};
    l.trainBarrier = 1.625, l.testBarrier = 2.375, l.barrierAt = 0.5, l.length = 12.5;
    p.lines.push_back(l);
  }
  p.match = analysis::PathMatch{2, 48, 40, 5, 12.5, 10, 1e-6, 0.25};
  p.curve = analysis::PathCurve{50, 200, 1, 0.5, 0.25, 3};
  return r;
}

inline analysis::ReportRun smallRun(const std::string& name, const std::string& folder) {
  analysis::ReportRun run;
  run.name = name;
  run.spec.data = "digits";
  run.spec.epochs = 2;
  run.spec.model = "cnn";
  run.record.folder = folder;
  run.record.parameterNorm = 7.25;
  run.record.seconds = 1.25;
  for (int i = 1; i <= 46; ++i) run.record.stepRecords.push_back({i, i / 23.0, 2.0 / i, 1.0 / i, 0.05, 0.01 * i, 2 * i});
  run.record.evaluations = {{0, 2.3, 0.1, 2.3, 0.1}, {23, 0.5, 0.9, 0.6, 0.85}, {46, 0.25, 0.95, 0.5, 0.9}};
  run.spectrum = smallSpectrum(folder);
  run.surface = smallSurface(folder);
  return run;
}

}  // namespace test
