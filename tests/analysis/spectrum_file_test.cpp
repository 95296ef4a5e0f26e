// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a spectrum beside its eigenvalues: in json, back, in the command and in the figure.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "tests/analysis/small_results.h"

namespace analysis {
namespace {

Estimate estimate(double value) {
  return {.value = value, .probes = 24, .hasError = true, .standardError = value / 8, .interval68 = {value * 0.875, value * 1.125}, .interval95 = {value * 0.75, value * 1.25}};
}

SpectrumResult everything() {
  SpectrumResult r = test::smallSpectrum("runs/a");
  SpectrumSpec& spec = r.spec;
  spec.operatorName = "gauss-newton", spec.precondition = "adam", spec.trace = "xtrace", spec.traceError = 0.125;
  spec.densityProbes = 2, spec.densitySteps = 3, spec.effectiveDimension = 0.5, spec.layers = spec.extrapolate = spec.verify = true;
  Spectrum& s = r.spectrum;
  s.rows = s.parameters, s.restarts = 3;
  s.trace = Trace{.estimate = estimate(8), .frobenius = estimate(4), .method = "xtrace", .products = 48, .reached = true};
  s.density = Density{.probes = 2, .steps = 3, .products = 6, .nodes = {-1, 0, 3, -1, 0.5, 3}, .weights = {0.1, 0.3, 0.1, 0.1, 0.3, 0.1},
                      .moments = {Estimate{.value = 0.5, .probes = 2, .hasError = false, .standardError = 0, .interval68 = {}, .interval95 = {}}}};
  s.effectiveDimension = EffectiveDimension{.c = 0.5, .operatorName = "gauss-newton", .estimate = estimate(2), .quadratureBound = 0.25, .products = 6};
  s.layers = {{.name = "fc1", .parameters = 650, .lambdaMax = {3, 1e-3, 1e-6, true}, .trace = {.estimate = estimate(6), .frobenius = {}, .method = "hutchinson", .products = 24, .reached = false}, .products = 9}};
  s.extrapolation = Extrapolation{.sizes = {{.samples = 64, .lambdaMax = {4, 5}, .residual = {0.1, 0.2}, .mean = 4.5, .deviation = 0.5}}, .population = 1442, .atPopulation = 3, .atInfinity = 2.9, .spread = 0.2, .products = 77};
  s.verification = Verification{.largestDeviation = 1e-9, .top = {3.25, 1}, .bottom = {-0.125}, .trace = 8.5, .frobenius = 4.5, .asymmetry = 1e-12};
  return r;
}

TEST(SpectrumFile, EveryPartComesBackAsItWas) {
  const SpectrumResult r = everything();
  const auto back = std::get<SpectrumResult>(toResult(nlohmann::json::parse(toJson(r).dump()), "test"));
  EXPECT_EQ(back.spec, r.spec);
  EXPECT_EQ(back.spectrum.trace, r.spectrum.trace);
  EXPECT_EQ(back.spectrum.density, r.spectrum.density);
  EXPECT_EQ(back.spectrum.effectiveDimension, r.spectrum.effectiveDimension);
  EXPECT_EQ(back.spectrum.layers, r.spectrum.layers);
  EXPECT_EQ(back.spectrum.extrapolation, r.spectrum.extrapolation);
  EXPECT_EQ(back.spectrum.verification, r.spectrum.verification);
  EXPECT_EQ(back.spectrum.restarts, 3);
  EXPECT_EQ(toJson(back).dump(), toJson(r).dump());
}

TEST(SpectrumFile, HasTheNamesOfTheContract) {
  const auto j = toJson(everything());
  for (const char* key : {"value", "standard_error", "method", "products"}) EXPECT_TRUE(j["trace"].contains(key)) << key;
  for (const char* key : {"value", "standard_error"}) EXPECT_TRUE(j["frobenius"].contains(key)) << key;
  EXPECT_EQ(j["density"]["nodes"].size(), 6U);
  EXPECT_EQ(j["density"]["weights"][1], 0.3);
  EXPECT_TRUE(j["density"]["moments"][0]["standard_error"].is_null()) << "two probes give no standard error";
  for (const char* key : {"name", "parameters", "lambda_max", "residual", "trace"}) EXPECT_TRUE(j["layers"][0].contains(key)) << key;
  EXPECT_EQ(j["lambda_min_over_max"], 0.125 / 3.25);
  EXPECT_FALSE(j.contains("lambda_max_over_fifth")) << "two were asked for";
  for (const char* key : {"trace", "frobenius", "density", "layers", "effective_dimension", "extrapolation", "verification"})
    EXPECT_FALSE(toJson(test::smallSpectrum("runs/a")).contains(key)) << key;
}

TEST(SpectrumFile, TheCommandMakesItAgain) {
  EXPECT_EQ(commandLine(everything()),
            "sharpscape spectrum runs/a --step 46 --samples all --top 2 --residual 0.0001 --operator gauss-newton --precondition adam --trace xtrace --trace-error 0.125 "
            "--density 2x3 --effective-dimension 0.5 --layers --extrapolate --verify");
}

TEST(SpectrumFile, TheFigureHasTheDensityOnALogAxis) {
  const Figure f = figureOf(everything());
  ASSERT_EQ(f.panels.size(), 3U);
  EXPECT_EQ(f.panels[0].title, "Spectral density");
  EXPECT_EQ(f.panels[0].y.scale, Scale::log);
  EXPECT_NE(f.caption.find("Trace 8, standard error 1 from 24 probes, xtrace."), std::string::npos) << f.caption;
  for (const double y : f.panels[0].series[0].y) EXPECT_GT(y, 0);
}

TEST(SpectrumRatios, OnlyWhereTheyMeanSomething) {
  Spectrum s;
  EXPECT_FALSE(minOverMax(s));
  s.top = {{10, 0, 0, true}, {8, 0, 0, true}, {6, 0, 0, true}, {5, 0, 0, true}, {4, 0, 0, true}};
  s.bottom = {{-20, 0, 0, true}};
  EXPECT_EQ(minOverMax(s), 2);
  EXPECT_EQ(maxOverFifth(s), 2.5);
  s.top.back().value = -1;
  EXPECT_FALSE(maxOverFifth(s));
  s.top.front().value = 0;
  EXPECT_FALSE(minOverMax(s));
}

}  // namespace
}  // namespace analysis
