// SPDX-License-Identifier: GPL-3.0-or-later
// The surface of real networks on the digits.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/model_objective.h"
#include "analysis/spectrum/eigenvector.h"
#include "analysis/surface/plane.h"
#include "analysis/surface/plane_session.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/data/dataset.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

/// A tanh network on the first 256 digits, double.
LoadedRun smoothRun() {
  const trainer::DataSplit data = trainer::loadData("digits");
  const auto model = trainer::buildModel("mlp:64-12-10", "tanh", data.shape);
  ModelObjective::Parts parts{.model = model, .theta = trainer::initialise(model->layout(), 1, at::kDouble),
                              .data = {data.train.inputs.slice(0, 0, 256), data.train.labels.slice(0, 0, 256)}, .normalisation = data.normalisation};
  LoadedRun run;
  run.device = "cpu";
  run.precision = "double";
  run.train = std::make_unique<ModelObjective>(parts);
  parts.data = data.test;
  run.test = std::make_unique<ModelObjective>(std::move(parts));
  return run;
}

// The stencil's error is h^2/12 times a fourth derivative (of order lambda_1) and 4 eps L/h^2 = 1e-9: far below 1e-4.
TEST(SmoothSurface, SecondDifferenceAlongTheFirstEigenvectorIsItsEigenvalue) {
  constexpr double h = 1e-3;
  LoadedRun run = smoothRun();
  const double lambda = hessianEigenvector(*run.train, 1, 0, 0, {}).eigenvalue;
  SurfaceSpec spec;
  spec.x = {.kind = "eigen:1", .from = -h, .to = h, .size = 3};
  Plane plane(std::move(run), spec, {});
  const SurfaceGrid g = samplePlane(plane, spec, {}, {});
  const double curvature = (g.train.loss[0] - 2 * g.train.loss[1] + g.train.loss[2]) / (h * h);
  EXPECT_GT(lambda, 0);
  EXPECT_NEAR(curvature / lambda, 1, 1e-4);
}

TEST(SmoothSurface, LeavesParametersSamplesAndRandomStateAsTheyWere) {
  LoadedRun run = smoothRun();
  const Objective& train = *run.train;
  const Objective& test = *run.test;
  const std::string before = train.stateHash(), testBefore = test.stateHash();
  SurfaceSpec spec;
  spec.x = {.kind = "eigen:1", .size = 5};
  spec.y = AxisSpec{.size = 3};
  Plane plane(std::move(run), spec, {});
  samplePlane(plane, spec, {}, {});
  EXPECT_EQ(train.stateHash(), before);
  EXPECT_EQ(test.stateHash(), testBefore);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(samplePlane(plane, spec, {}, {.stop = stop.get_token()}).stopped);
  EXPECT_EQ(train.stateHash(), before);
}

/// One short training run, shared by the tests below.
class SurfaceOfARun : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    trainer::RunSpec spec{.data = "digits", .model = "mlp:64-16-10", .epochs = 2, .device = "cpu"};
    record_ = new trainer::RunRecord(trainer::train(trainer::resolve(spec, nullptr), *folder_ / "run", {}, {}));
  }
  static void TearDownTestSuite() {
    delete record_;
    delete folder_;
    record_ = nullptr;
    folder_ = nullptr;
  }
  static SurfaceSpec spec() {
    SurfaceSpec s;
    s.measure.run = (*folder_ / "run").string();
    s.measure.device = "cpu";
    s.measure.samples = 0;
    s.x.size = 5;
    s.y = AxisSpec{.size = 3};
    return s;
  }
  static inline TemporaryFolder* folder_ = nullptr;
  static inline trainer::RunRecord* record_ = nullptr;
};

TEST_F(SurfaceOfARun, CentreIsTheRecordedEvaluation) {
  const SurfaceGrid g = sampleSurface(spec(), {}, {});
  const trainer::EvaluationRecord& last = record_->evaluations.back();
  EXPECT_NEAR(g.centre, last.trainLoss, 1e-6);
  EXPECT_NEAR(g.train.accuracy[7], last.trainAccuracy, 1e-9);
  EXPECT_NEAR(g.test.loss[7], last.testLoss, 1e-6);
  EXPECT_NEAR(g.test.accuracy[7], last.testAccuracy, 1e-9);
  EXPECT_EQ(g.samples, 1442);
  EXPECT_EQ(g.testSamples, 355);
  EXPECT_EQ(g.step, record_->steps);
}

TEST_F(SurfaceOfARun, CentreIsTheLossOnTheSameSamplesBitForBit) {
  SurfaceSpec s = spec();
  s.measure.samples = 300;
  const SurfaceGrid g = sampleSurface(s, {}, {});
  const LoadedRun run = loadRun(s.measure);
  EXPECT_EQ(g.centre, run.train->evaluate(run.train->theta0()).loss);
}

TEST_F(SurfaceOfARun, ASessionSaysWhatTheGridSays) {
  const SurfaceSpec s = spec();
  const SurfaceGrid g = sampleSurface(s, {}, {});
  PlaneSession session(s, {});
  for (std::size_t row = 0; row < g.y.size(); ++row) {
    for (std::size_t column = 0; column < g.x.size(); ++column) {
      const std::size_t i = row * g.x.size() + column;
      const PlaneSession::Point p = session.evaluate(g.x[column], g.y[row]);
      EXPECT_EQ(p.trainLoss, g.train.loss[i]);
      EXPECT_EQ(p.testLoss, g.test.loss[i]);
      EXPECT_EQ(p.trainAccuracy, g.train.accuracy[i]);
      EXPECT_EQ(p.testAccuracy, g.test.accuracy[i]);
    }
  }
}

TEST_F(SurfaceOfARun, SavedDirectionsGiveTheSameSurface) {
  SurfaceSpec s = spec();
  s.directionSeed = 11;
  s.saveDirections = (*folder_ / "directions.safetensors").string();
  const SurfaceGrid first = sampleSurface(s, {}, {});
  SurfaceSpec again = spec();
  again.directions = s.saveDirections;
  EXPECT_EQ(sampleSurface(again, {}, {}).train.loss, first.train.loss);
}

TEST_F(SurfaceOfARun, ADirectionsFileThatIsNotThereIsAnIoError) {
  SurfaceSpec s = spec();
  s.directions = (*folder_ / "nowhere.safetensors").string();
  EXPECT_NE(messageOf<trainer::IoError>([&] { sampleSurface(s, {}, {}); }).find("nowhere.safetensors"), std::string::npos);
}

}  // namespace
}  // namespace analysis
