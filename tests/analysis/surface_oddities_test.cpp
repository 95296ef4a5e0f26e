// SPDX-License-Identifier: GPL-3.0-or-later
// What makes a surface look odd and has to be measured: surfaces of real runs, one fault planted at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/check/surface_oddities.h"
#include "analysis/surface/sample_surface.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

const Finding& named(const Oddities& o, const std::string& name) {
  const auto found = std::ranges::find(o.findings, name, &Finding::name);
  if (found == o.findings.end()) throw std::logic_error("no finding " + name);
  return *found;
}

/// Short runs, shared: a ReLU network, and a residual one with batch norm.
class SurfaceOddities : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    for (const auto& [name, model, epochs] : {std::tuple("relu", "mlp:64-16-10", 20.0), std::tuple("tanh", "mlp:64-16-10", 20.0), std::tuple("norm", "resnet8", 1.0)}) {
      trainer::RunSpec spec{.data = "digits", .model = model, .epochs = epochs, .device = "cpu"};
      if (std::string(name) == "tanh") spec.activation = "tanh";
      if (std::string(name) == "norm") spec.dataLimit = 128;
      trainer::train(trainer::resolve(spec, nullptr), *folder_ / name, {}, {});
    }
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static SurfaceSpec spec(const std::string& run, std::int64_t size = 9, double range = 1) {
    SurfaceSpec s;
    s.measure.run = (*folder_ / run).string(), s.measure.device = "cpu", s.measure.samples = 0;
    s.x = {.from = -range, .to = range, .size = size};
    s.y = s.x;
    return s;
  }
  static SurfaceResult surfaceOf(const SurfaceSpec& s) {
    SurfaceResult r;
    r.spec = s, r.grid = sampleSurface(s, {}, {});
    return r;
  }
  static Oddities look(const SurfaceResult& r) { return findOddities(r, {}, odditySpecOf(r), {}); }
  static void expectFound(const Oddities& o, const char* name, bool yes = true) {
    const Finding& f = named(o, name);
    EXPECT_EQ(f.verdict == OddityVerdict::found, yes) << name << ": " << f.sentence << " (" << f.value << ", limit " << f.limit << ")";
    if (yes) EXPECT_FALSE(f.advice.empty()) << name;
  }
  static inline TemporaryFolder* folder_ = nullptr;
};

TEST_F(SurfaceOddities, FindsNothingInACleanSurface) {
  const SurfaceResult r = surfaceOf(spec("tanh", 17, 0.5));
  const Oddities o = look(r);
  EXPECT_TRUE(o.withRun) << o.without;
  EXPECT_EQ(o.findings.size(), 23U);
  for (const Finding& f : o.findings)
    if (f.name != "lowest-point") EXPECT_NE(f.verdict, OddityVerdict::found) << f.name << ": " << f.sentence << " | " << f.advice;  // 20 epochs end near a minimum, not in one
  EXPECT_GT(o.evaluations, 16);
  EXPECT_EQ(o.products, 2);
  EXPECT_EQ(named(o, "recorded-loss").verdict, OddityVerdict::passed);
  EXPECT_EQ(named(o, "centre-value").value, 0);
  EXPECT_EQ(named(o, "cells-again").value, 0);
}

TEST_F(SurfaceOddities, NamesAnotherCentreAndOtherCells) {
  const SurfaceResult clean = surfaceOf(spec("relu"));
  SurfaceResult r = clean;
  r.grid.train.loss[40] += 1e-4, r.grid.centre += 1e-4;
  expectFound(look(r), "centre-value"), expectFound(look(r), "recorded-loss"), expectFound(look(r), "cells-again", false);
  r = clean;
  for (std::size_t i = 0; i < 9; ++i)
    for (std::size_t k = 0; k < 9; ++k) r.grid.train.loss[9 * i + k] = clean.grid.train.loss[9 * k + i];
  const Oddities turned = look(r);
  expectFound(turned, "cells-again"), expectFound(turned, "centre-value", false);
  EXPECT_NE(named(turned, "cells-again").advice.find("exchanged"), std::string::npos);
  r = clean, r.spec.directionSeed = 5;
  expectFound(look(r), "cells-again");
  EXPECT_EQ(named(look(r), "cells-again").advice.find("exchanged"), std::string::npos);
}

TEST_F(SurfaceOddities, NamesASpikeAndEvaluatesItAgain) {
  SurfaceResult r = surfaceOf(spec("relu"));
  r.grid.train.loss[13] = 400;
  const Finding f = named(look(r), "spikes");
  EXPECT_EQ(f.verdict, OddityVerdict::found);
  EXPECT_NE(f.advice.find("stored value is wrong"), std::string::npos) << f.advice;
}

TEST_F(SurfaceOddities, NamesRangesThatAreTooWideTooCoarseAndTooNarrow) {
  const Oddities wide = look(surfaceOf(spec("relu", 9, 30)));
  expectFound(wide, "range");
  EXPECT_NE(named(wide, "range").advice.find("too wide"), std::string::npos) << named(wide, "range").advice;
  const Oddities narrow = look(surfaceOf(spec("relu", 5, 1e-3)));
  expectFound(narrow, "range");
  EXPECT_NE(named(narrow, "range").advice.find("too narrow"), std::string::npos) << named(narrow, "range").advice;
  SurfaceSpec coarse = spec("relu", 3, 1);
  coarse.x.kind = "eigen:1", coarse.x.from = -6, coarse.x.to = 6;
  expectFound(look(surfaceOf(coarse)), "curvature-over-step");
  coarse.x.from = -0.8, coarse.x.to = 0.8, coarse.y->from = -0.1, coarse.y->to = 0.1;
  const Oddities steps = look(surfaceOf(coarse));
  EXPECT_NE(named(steps, "range").advice.find("too coarse"), std::string::npos) << named(steps, "range").sentence;
}

TEST_F(SurfaceOddities, NamesRoundingWhereTheRangeIsTiny) {
  SurfaceSpec s = spec("relu", 5, 1e-6);
  expectFound(look(surfaceOf(s)), "rounding");
  s.measure.precision = "double";
  EXPECT_EQ(named(look(surfaceOf(s)), "rounding").verdict, OddityVerdict::notApplicable);
}

TEST_F(SurfaceOddities, NamesFewSamplesAndCallsAllOfThemInformative) {
  SurfaceSpec s = spec("relu", 5, 0.05);
  s.measure.samples = 8;
  expectFound(look(surfaceOf(s)), "samples");
  s.measure.samples = 0;
  EXPECT_NE(named(look(surfaceOf(s)), "samples").verdict, OddityVerdict::found);
}

TEST_F(SurfaceOddities, NamesBatchNormsPolicyAwayFromTheCheckpoint) {
  SurfaceSpec s = spec("norm", 3, 1);
  s.measure.samples = 64;
  expectFound(look(surfaceOf(s)), "batch-norm");
  EXPECT_EQ(named(look(surfaceOf(spec("relu", 3))), "batch-norm").verdict, OddityVerdict::notApplicable);
}

TEST_F(SurfaceOddities, NamesDirectionsThatDependOnTheScaleOfTheWeights) {
  SurfaceSpec s = spec("relu", 5);
  const Oddities filter = look(surfaceOf(s));
  expectFound(filter, "filter-normalisation", false), expectFound(filter, "scale-invariance", false);
  EXPECT_EQ(named(filter, "scale-invariance").verdict, OddityVerdict::passed);
  s.normalise = "none";
  const Oddities none = look(surfaceOf(s));
  expectFound(none, "filter-normalisation"), expectFound(none, "scale-invariance");
  s.normalise = "filter", s.orthogonalise = true;
  expectFound(look(surfaceOf(s)), "filter-normalisation");
}

TEST_F(SurfaceOddities, NamesAxesThatAreMostlyBiases) {
  SurfaceSpec s = spec("relu", 3);
  expectFound(look(surfaceOf(s)), "one-d-tensors", false);
  s.x.kind = s.y->kind = "layer:biases", s.oneD = "norm";
  s.saveDirections = (*folder_ / "biases.safetensors").string();
  surfaceOf(s);
  SurfaceSpec fromFile = spec("relu", 3);
  fromFile.directions = s.saveDirections;
  expectFound(look(surfaceOf(fromFile)), "one-d-tensors");
}

TEST_F(SurfaceOddities, TellsWhatIsLeftWithoutTheRun) {
  SurfaceResult r = surfaceOf(spec("relu", 3));
  r.spec.measure.run = (*folder_ / "gone").string();
  const Oddities o = look(r);
  EXPECT_FALSE(o.withRun);
  EXPECT_NE(o.without.find("gone"), std::string::npos) << o.without;
  EXPECT_EQ(o.findings.size(), 11U);
  EXPECT_THROW(findOddities(r, {}, {.probes = 1}, {}), std::invalid_argument);
}

TEST_F(SurfaceOddities, ChecksFilesAndChangesNothing) {
  SurfaceResult r = surfaceOf(spec("relu", 5));
  const std::string file = saveResult(r).string(), before = trainer::readFile(file);
  OdditySpec s;
  s.surface = file, s.beside = {file}, s.probes = 4;
  const OdditiesResult result = checkSurface(s, {});
  EXPECT_EQ(result.spec.measure.run, r.spec.measure.run);
  EXPECT_EQ(named(result.oddities, "equal-settings").verdict, OddityVerdict::passed);
  EXPECT_EQ(named(result.oddities, "cells-again").value, 0);
  EXPECT_EQ(trainer::readFile(file), before);
  s.surface = (*folder_ / "nowhere.json").string();
  EXPECT_THROW(checkSurface(s, {}), trainer::Error);
}

}  // namespace
}  // namespace analysis
