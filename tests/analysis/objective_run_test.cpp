// SPDX-License-Identifier: GPL-3.0-or-later
// A run with batch norm, a validation split, label noise, smoothing, decay and an average: what a measure loads is what was trained and recorded.
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>
#include <stdexcept>

#include "analysis/load_objective.h"
#include "analysis/surface/sample_surface.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

constexpr double kFloatLoss = 1e-6;  ///< sums in another order over logits in float

class MeasuresOfARun : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    trainer::RunSpec spec;
    spec.data = "digits", spec.dataLimit = 160, spec.validation = 0.25, spec.labelNoise = 0.2;
    spec.model = "resnet20", spec.batchSize = 40, spec.epochs = 1, spec.device = "cpu", spec.threads = 1;
    spec.labelSmoothing = 0.1, spec.weightDecay = 0.01, spec.ema = 0.5, spec.swaFrom = 1;
    record_ = new trainer::RunRecord(trainer::train(trainer::resolve(spec, nullptr), run(), {}, {}));
  }
  static void TearDownTestSuite() {
    delete record_;
    delete folder_;
    record_ = nullptr;
    folder_ = nullptr;
  }
  static std::filesystem::path run() { return *folder_ / "run"; }
  static MeasureSpec measure(const std::string& split = "train", const std::string& weights = "trained") {
    MeasureSpec m;
    m.run = run().string(), m.split = split, m.weights = weights, m.samples = 0, m.device = "cpu", m.threads = 1;
    return m;
  }
  static Evaluation at0(const MeasureSpec& m) {
    const LoadedRun loaded = loadRun(m);
    return loaded.train->evaluate(loaded.train->theta0());
  }
  static std::string refusal(const MeasureSpec& m) {
    return messageOf<std::invalid_argument>([&] { loadRun(m); });
  }
  static TemporaryFolder* folder_;
  static trainer::RunRecord* record_;
};
TemporaryFolder* MeasuresOfARun::folder_ = nullptr;
trainer::RunRecord* MeasuresOfARun::record_ = nullptr;

TEST_F(MeasuresOfARun, EverySplitIsTheRecordedEvaluation) {
  const trainer::EvaluationRecord& e = record_->evaluations.back();
  const Evaluation train = at0(measure("train")), validation = at0(measure("validation")), test = at0(measure("test"));
  EXPECT_NEAR(train.loss, e.trainLoss, kFloatLoss);
  EXPECT_NEAR(train.accuracy, e.trainAccuracy, 1e-12);
  EXPECT_NEAR(validation.loss, e.validationLoss, kFloatLoss);
  EXPECT_NEAR(validation.accuracy, e.validationAccuracy, 1e-12);
  EXPECT_NEAR(test.loss, e.testLoss, kFloatLoss);
  EXPECT_NE(train.loss, validation.loss);
}

TEST_F(MeasuresOfARun, AveragesAreTheirRecordedEvaluations) {
  ASSERT_FALSE(record_->emaEvaluations.empty());
  ASSERT_FALSE(record_->swaEvaluations.empty());
  EXPECT_NEAR(at0(measure("train", "ema")).loss, record_->emaEvaluations.back().trainLoss, kFloatLoss);
  EXPECT_NEAR(at0(measure("test", "swa")).loss, record_->swaEvaluations.back().testLoss, kFloatLoss);
  EXPECT_NE(at0(measure("train", "ema")).loss, at0(measure()).loss);
}

// The record's gradient norm is that of smoothed loss and L2 on the whole training set, summed by the trainer's own code; float keeps 1e-6 of many terms.
TEST_F(MeasuresOfARun, TrainingLossHasTheRecordedGradient) {
  MeasureSpec m = measure();
  m.loss = "training";
  const auto gradientNorm = [](const LoadedRun& r) { return r.train->gradient(r.train->theta0()).norm().item<double>(); };
  EXPECT_NEAR(gradientNorm(loadRun(m)) / record_->gradientNorm, 1, 1e-4);
  EXPECT_GT(std::abs(gradientNorm(loadRun(measure())) / record_->gradientNorm - 1), 1e-3);
  EXPECT_GT(at0(m).loss, at0(measure()).loss);
}

TEST_F(MeasuresOfARun, CentreOfASurfaceIsTheRecordedLoss) {
  SurfaceSpec s;
  s.measure = measure();
  s.x.size = 3;
  s.y = AxisSpec{};
  s.y->size = 3;
  s.directionSeed = 1;
  const SurfaceGrid g = sampleSurface(s, {}, {});
  EXPECT_NEAR(g.centre, record_->evaluations.back().trainLoss, kFloatLoss);
  EXPECT_NEAR(g.test.loss.at(4), record_->evaluations.back().testLoss, kFloatLoss);
  EXPECT_NE(g.train.loss.at(0), g.train.loss.at(8));
}

TEST_F(MeasuresOfARun, NormalisationCanBeReplaced) {
  MeasureSpec m = measure();
  const LoadedRun loaded = loadRun(m);
  m.mean = loaded.spec.normalisation->mean, m.deviation = loaded.spec.normalisation->deviation;
  EXPECT_EQ(at0(m).loss, at0(measure()).loss);
  m.deviation = {2 * m.deviation.at(0)};
  EXPECT_NE(at0(m).loss, at0(measure()).loss);
  m.deviation = {};
  EXPECT_NE(refusal(m).find("--std"), std::string::npos);
  m.deviation = {0};
  EXPECT_NE(refusal(m).find("--std must be numbers > 0"), std::string::npos);
}

TEST_F(MeasuresOfARun, NamesWhatIsNotThere) {
  MeasureSpec start = measure("train", "swa");
  start.step = "0";
  EXPECT_NE(refusal(start).find("starts at the end of epoch 1"), std::string::npos);
  EXPECT_NE(refusal(measure("train", "best")).find("--weights 'best'"), std::string::npos);
  EXPECT_NE(refusal(measure("all")).find("train, validation, test"), std::string::npos);
}

TEST(MeasuresOfAPlainRun, HaveNoValidationSetAndNoAverage) {
  const TemporaryFolder folder;
  trainer::RunSpec spec;
  spec.data = "digits", spec.dataLimit = 40, spec.model = "mlp:64-4-10", spec.epochs = 1, spec.device = "cpu";
  trainer::train(trainer::resolve(spec, nullptr), folder / "run", {}, {});
  MeasureSpec m;
  m.run = (folder / "run").string(), m.device = "cpu";
  m.split = "validation";
  EXPECT_NE(messageOf<std::invalid_argument>([&] { loadRun(m); }).find("--validation"), std::string::npos);
  m.split = "train";
  m.weights = "ema";
  EXPECT_NE(messageOf<std::invalid_argument>([&] { loadRun(m); }).find("train with --ema"), std::string::npos);
}

}  // namespace
}  // namespace analysis
