// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/comparison/correlate.h"
#include "analysis/comparison/statistics.h"
#include "tests/analysis/comparison_evidence.h"

namespace analysis {
namespace {

using testing::run;

/// Learning rates 1..3, batch sizes 16 and 32, two seeds: lambda_max follows the learning rate, the gap the batch size, and the seed moves both a little.
ComparisonEvidence grid() {
  ComparisonEvidence e;
  for (int rate = 1; rate <= 3; ++rate)
    for (int batch = 1; batch <= 2; ++batch)
      for (int seed = 0; seed < 2; ++seed) {
        const double gap = batch + 0.1 * rate + 0.01 * seed;
        RunEvidence r = run(std::to_string(rate) + std::to_string(batch) + std::to_string(seed), static_cast<std::uint64_t>(seed), {.trainLoss = 0.5, .testLoss = 0.5 + gap, .lambdaMax = 10.0 * rate - seed});
        r.spec.learningRate = 0.01 * rate, r.spec.batchSize = 16 * batch;
        e.runs.push_back(r);
      }
  return e;
}

const StudiedMeasure& measure(const Study& s, const std::string& key) {
  for (const StudiedMeasure& m : s.measures)
    if (m.key == key) return m;
  throw std::out_of_range(key);
}

TEST(Study, GranulatedTauVariesOneFlagAtATime) {
  StudySpec spec;
  spec.resamples = 0;
  const Study s = correlate(tabulate(grid(), {}), spec, {});
  ASSERT_EQ(s.runs.size(), 12U);
  ASSERT_EQ(s.settings.size(), 6U);
  const StudiedMeasure& m = measure(s, "lambda_max");
  EXPECT_EQ(m.n, 12);
  EXPECT_DOUBLE_EQ(m.tau, kendallTau(m.values, s.target));
  ASSERT_EQ(m.axes.size(), 1U) << "along the batch size lambda_max is constant and has no rank correlation";
  EXPECT_EQ(m.axes[0].flag, "learning_rate");
  EXPECT_EQ(m.axes[0].groups, 4) << "two batch sizes and two seeds";
  EXPECT_DOUBLE_EQ(m.axes[0].tau, 1) << "at a fixed batch size both rise with the rate";
  EXPECT_DOUBLE_EQ(m.granulated, 1);
  EXPECT_TRUE(std::isnan(m.within)) << "two seeds are too few for a tau inside a setting";
  EXPECT_EQ(m.acrossSettings, 6);
  // Means by setting: lambda 9.5 9.5 19.5 19.5 29.5 29.5, gap 1.105 2.105 1.205 2.205 1.305 2.305. Of the 12 pairs that differ in lambda 9 are concordant, 3 discordant:
  // (9 - 3) / sqrt(12 * 15).
  EXPECT_NEAR(m.across, 6 / std::sqrt(180.0), 1e-12);
}

TEST(Study, TheIntervalHoldsTheTauAndResamplesWholeSettings) {
  StudySpec spec;
  spec.resamples = 500;
  const Study s = correlate(tabulate(grid(), {}), spec, {});
  EXPECT_EQ(s.resampled, "settings, then runs in them");
  const StudiedMeasure& m = measure(s, "lambda_max");
  EXPECT_LT(m.low, m.tau);
  EXPECT_GT(m.high, m.tau);
  const Study again = correlate(tabulate(grid(), {}), spec, {});
  EXPECT_EQ(measure(again, "lambda_max").low, m.low) << "the same numbers every time";
}

/// x + noise of the same size has tau = (2/pi) asin(1/sqrt 2) = 1/2. The share of intervals that hold it, over 100 samples of 40: 95 at best; the percentile bootstrap is
/// known to be a little short. 80 would be five deviations below 92.
TEST(Study, TheBootstrapCoversAboutWhatItSays) {
  int covered = 0;
  for (std::uint64_t sample = 0; sample < 100; ++sample) {
    trainer::RandomStream random(900 + sample);
    ComparisonEvidence e;
    for (std::uint64_t i = 0; i < 40; ++i) {
      const double x = random.normal(), y = x + random.normal();
      e.runs.push_back(run("r" + std::to_string(i), i, {.trainLoss = 1, .testLoss = 1 + y, .lambdaMax = x}));
    }
    StudySpec spec;
    spec.resamples = 200;
    const Comparison c = tabulate(e, {});
    Comparison one = c;
    one.rows.clear();
    for (const ComparedRow& r : c.rows)
      if (r.key == "lambda_max" || r.key == "generalisation_gap") one.rows.push_back(r);
    const StudiedMeasure m = correlate(one, spec, {}).measures.front();
    covered += m.low <= 0.5 && 0.5 <= m.high;
  }
  EXPECT_GE(covered, 80);
  EXPECT_LT(covered, 100) << "an interval that is always right says nothing";
}

TEST(Study, WithinSettingsIsOverTheirSeeds) {
  ComparisonEvidence e;
  for (std::uint64_t seed = 0; seed < 4; ++seed) e.runs.push_back(run("a" + std::to_string(seed), seed, {.trainLoss = 0, .testLoss = 1.0 - 0.1 * static_cast<double>(seed), .lambdaMax = 1.0 + static_cast<double>(seed)}));
  for (std::uint64_t seed = 0; seed < 4; ++seed) e.runs.push_back(run("b" + std::to_string(seed), seed, {.trainLoss = 0, .testLoss = 3.0 - 0.1 * static_cast<double>(seed), .lambdaMax = 11.0 + static_cast<double>(seed)}, "sam"));
  StudySpec spec;
  spec.resamples = 0;
  const StudiedMeasure m = measure(correlate(tabulate(e, {}), spec, {}), "lambda_max");
  EXPECT_DOUBLE_EQ(m.within, -1);
  EXPECT_EQ(m.withinSettings, 2);
  EXPECT_DOUBLE_EQ(m.across, 1) << "the opposite of what holds inside them";
  EXPECT_NEAR(m.tau, (16.0 - 12.0) / 28.0, 1e-12);
}

TEST(Study, ImpossibleOnesAreRefused) {
  StudySpec spec;
  ComparisonEvidence two{{run("a", 0, {}), run("b", 1, {})}, nullptr};
  EXPECT_THROW(correlate(tabulate(two, {}), spec, {}), std::invalid_argument);
  spec.target = "luck";
  try {
    correlate(tabulate(grid(), {}), spec, {});
    FAIL();
  } catch (const std::invalid_argument& e) {
    EXPECT_NE(std::string(e.what()).find("generalisation_gap"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace analysis
