// SPDX-License-Identifier: GPL-3.0-or-later
// From a run folder to numbers: what is loaded, what is measured, what is refused.
#include "analysis/spectrum/measure_spectrum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <stop_token>

#include "analysis/load_objective.h"
#include "analysis/operators/dense.h"
#include "analysis/spectrum/eigenvector.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/model/safetensors.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

using testing::gaussian;
using testing::largest;
using testing::relativeDifference;

constexpr double kWeightDecay = 0.01;

/// One short training run with weight decay, shared by the tests.
class RunOnDisk : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    trainer::RunSpec spec;
    spec.data = "digits";
    spec.model = "mlp:64-4-10";
    spec.activation = "tanh";
    spec.weightDecay = kWeightDecay;
    spec.epochs = 2;
    spec.checkpointEvery = 1;
    spec.device = "cpu";
    spec.threads = 1;
    spec.precision = "double";
    record_ = new trainer::RunRecord(trainer::train(trainer::resolve(spec, nullptr), *folder_ / "run", {}, {}));
  }
  static void TearDownTestSuite() {
    delete record_;
    delete folder_;
    record_ = nullptr;
    folder_ = nullptr;
  }
  static MeasureSpec measure() {
    MeasureSpec m;
    m.run = (*folder_ / "run").string();
    m.device = "cpu";
    m.threads = 1;
    m.precision = "double";
    m.samples = 200;
    return m;
  }
  static SpectrumSpec spec() {
    SpectrumSpec s;
    s.measure = measure();
    s.top = 2;
    return s;
  }
  static inline TemporaryFolder* folder_ = nullptr;
  static inline trainer::RunRecord* record_ = nullptr;
};

using LoadRun = RunOnDisk;
using MeasureSpectrum = RunOnDisk;

TEST_F(LoadRun, AllSamplesGiveTheRecordedEvaluation) {
  MeasureSpec m = measure();
  m.samples = 0;
  const LoadedRun run = loadRun(m);
  const trainer::EvaluationRecord& last = record_->evaluations.back();
  EXPECT_EQ(run.step, record_->steps);
  EXPECT_EQ(run.train->sampleCount(), 1442);
  EXPECT_EQ(run.test->sampleCount(), 355);
  EXPECT_NEAR(run.train->evaluate(run.train->theta0()).loss, last.trainLoss, 1e-12);
  EXPECT_NEAR(run.test->evaluate(run.test->theta0()).loss, last.testLoss, 1e-12);
  EXPECT_DOUBLE_EQ(run.train->evaluate(run.train->theta0()).accuracy, last.trainAccuracy);
  EXPECT_DOUBLE_EQ(run.test->evaluate(run.test->theta0()).accuracy, last.testAccuracy);
}

TEST_F(LoadRun, EveryCheckpointIsThatOfItsStep) {
  MeasureSpec m = measure();
  m.samples = 0;
  for (const trainer::EvaluationRecord& e : record_->evaluations) {
    m.step = std::to_string(e.step);
    const LoadedRun run = loadRun(m);
    EXPECT_EQ(run.step, e.step);
    EXPECT_NEAR(run.train->evaluate(run.train->theta0()).loss, e.trainLoss, 1e-12);
  }
  EXPECT_EQ(record_->evaluations.size(), 3U);
}

TEST_F(LoadRun, WithoutANumberAllOfASmallSetIsTaken) {
  MeasureSpec m = measure();
  m.samples.reset();
  EXPECT_EQ(loadRun(m).train->sampleCount(), 1442);
}

TEST_F(LoadRun, TestSplitIsTheTestSet) {
  MeasureSpec m = measure();
  m.split = "test";
  m.samples = 0;
  const LoadedRun run = loadRun(m);
  EXPECT_EQ(run.train->sampleCount(), 355);
  EXPECT_NEAR(run.train->evaluate(run.train->theta0()).loss, record_->evaluations.back().testLoss, 1e-12);
}

TEST_F(LoadRun, SubsetIsAFunctionOfTheSeed) {
  MeasureSpec m = measure();
  const LoadedRun first = loadRun(m), again = loadRun(m);
  EXPECT_EQ(first.train->sampleCount(), 200);
  EXPECT_EQ(first.test->sampleCount(), 355);
  EXPECT_EQ(first.train->stateHash(), again.train->stateHash());
  m.seed = 1;
  const LoadedRun other = loadRun(m);
  EXPECT_NE(first.train->stateHash(), other.train->stateHash());
  EXPECT_EQ(first.test->stateHash(), other.test->stateHash());
}

// Drawn without replacement: 1441 of 1442 samples miss one, whose loss is the difference of the sums.
TEST_F(LoadRun, SubsetHoldsNoSampleTwice) {
  MeasureSpec m = measure();
  m.samples = 0;
  const LoadedRun all = loadRun(m);
  m.samples = 1441;
  const LoadedRun most = loadRun(m);
  const Evaluation a = all.train->evaluate(all.train->theta0()), b = most.train->evaluate(most.train->theta0());
  const double missing = a.loss * 1442 - b.loss * 1441, missingRight = a.accuracy * 1442 - b.accuracy * 1441;
  const trainer::DataSplit digits = trainer::loadData("digits");
  const auto model = testing::digitsModel("mlp:64-4-10");
  const at::Tensor logits = model->forward(all.train->theta0(), trainer::normalise(digits.train.inputs, digits.normalisation, at::kDouble));
  const at::Tensor losses = at::cross_entropy_loss(logits, digits.train.labels, {}, at::Reduction::None);
  EXPECT_LT((losses - missing).abs().min().item<double>(), 1e-9);
  EXPECT_LT(std::min(std::abs(missingRight), std::abs(missingRight - 1)), 1e-9);
}

TEST_F(LoadRun, TrainingLossAddsTheRunsDecayToValueGradientAndProduct) {
  MeasureSpec m = measure();
  const LoadedRun plain = loadRun(m);
  m.loss = "training";
  const LoadedRun training = loadRun(m);
  const at::Tensor& theta = plain.train->theta0();
  const double squares = theta.square().sum().item<double>();
  EXPECT_NEAR(training.train->evaluate(theta).loss - plain.train->evaluate(theta).loss, 0.5 * kWeightDecay * squares, 1e-13);
  EXPECT_LT(relativeDifference(training.train->gradient(theta) - plain.train->gradient(theta), kWeightDecay * theta), 1e-11);
  const at::Tensor v = gaussian(theta.numel(), 1);
  const at::Tensor difference = training.train->hessian(theta, 0, {})->apply(v) - plain.train->hessian(theta, 0, {})->apply(v);
  EXPECT_LT(relativeDifference(difference, kWeightDecay * v), 1e-11);
  EXPECT_EQ(training.test->evaluate(theta).loss, plain.test->evaluate(theta).loss);
}

TEST_F(LoadRun, PrecisionIsThatAskedFor) {
  MeasureSpec m = measure();
  EXPECT_EQ(loadRun(m).train->theta0().scalar_type(), at::kDouble);
  m.precision = "float";
  const LoadedRun run = loadRun(m);
  EXPECT_EQ(run.train->theta0().scalar_type(), at::kFloat);
  EXPECT_EQ(run.precision, "float");
}

TEST_F(LoadRun, RefusesUnknownWordsAndNamesThem) {
  struct Case {
    std::string MeasureSpec::*field;
    const char* value;
    const char* flag;
  };
  for (const Case& c : {Case{&MeasureSpec::split, "validation", "--split"}, Case{&MeasureSpec::batchNorm, "running", "--bn"},
                        Case{&MeasureSpec::batchNorm, "interpolated", "--bn"}, Case{&MeasureSpec::logits, "scaled", "--logits"},
                        Case{&MeasureSpec::loss, "mse", "--loss"}, Case{&MeasureSpec::precision, "half", "--precision"},
                        Case{&MeasureSpec::step, "12345", "--step"}, Case{&MeasureSpec::step, "first", "--step"}}) {
    MeasureSpec m = measure();
    m.*c.field = c.value;
    const std::string message = messageOf<std::invalid_argument>([&] { loadRun(m); });
    EXPECT_NE(message.find(c.flag), std::string::npos) << message;
    EXPECT_NE(message.find(c.value), std::string::npos) << message;
  }
  for (const std::int64_t samples : {-1, 1443}) {
    MeasureSpec m = measure();
    m.samples = samples;
    EXPECT_NE(messageOf<std::invalid_argument>([&] { loadRun(m); }).find("--samples"), std::string::npos);
  }
}

TEST_F(LoadRun, ARunThatIsNotThereIsAnIoError) {
  MeasureSpec m = measure();
  m.run = (*folder_ / "nowhere").string();
  EXPECT_NE(messageOf<trainer::IoError>([&] { loadRun(m); }).find("nowhere"), std::string::npos);
}

TEST_F(MeasureSpectrum, IsEigensOfTheDenseHessian) {
  const Spectrum s = measureSpectrum(spec(), {});
  const LoadedRun run = loadRun(measure());
  const at::Tensor values = denseEigenvalues(denseMatrix(*run.train->hessian(run.train->theta0(), 0, {})));
  const double scale = largest(values);
  ASSERT_EQ(s.top.size(), 2U);
  ASSERT_EQ(s.bottom.size(), 1U);
  EXPECT_NEAR(s.top[0].value, values[-1].item<double>(), 1e-8 * scale);
  EXPECT_NEAR(s.top[1].value, values[-2].item<double>(), 1e-8 * scale);
  EXPECT_NEAR(s.bottom[0].value, values[0].item<double>(), 1e-8 * scale);
  for (const Eigenvalue& e : s.top) EXPECT_LE(e.residual, 1e-8 * scale);
  EXPECT_FALSE(s.stopped);
  EXPECT_EQ(s.step, record_->steps);
  EXPECT_EQ(s.samples, 200);
  EXPECT_EQ(s.parameters, 310);
  EXPECT_EQ(s.operatorName, "hessian");
  EXPECT_EQ(s.precision, "double");
  EXPECT_EQ(s.device, "cpu");
  EXPECT_EQ(s.lossValue, run.train->evaluate(run.train->theta0()).loss);
  EXPECT_NEAR(s.parameterNorm, record_->parameterNorm, 1e-12);
  EXPECT_GT(s.products, 0);
  EXPECT_GE(s.residualProducts, 3);
}

TEST_F(MeasureSpectrum, MemoryBudgetChangesNothing) {
  SpectrumSpec tight = spec();
  tight.measure.memoryBytes = 1;
  const Spectrum small = measureSpectrum(tight, {}), large = measureSpectrum(spec(), {});
  EXPECT_GT(small.restarts, 0);
  EXPECT_EQ(large.restarts, 0);
  for (const std::size_t i : {0, 1}) EXPECT_NEAR(small.top[i].value, large.top[i].value, 2e-8 * large.top[0].value);
  EXPECT_NEAR(small.bottom[0].value, large.bottom[0].value, 2e-8 * large.top[0].value);
}

TEST_F(MeasureSpectrum, TrainingLossShiftsItByTheDecay) {
  const Spectrum plain = measureSpectrum(spec(), {});
  SpectrumSpec withDecay = spec();
  withDecay.measure.loss = "training";
  const Spectrum training = measureSpectrum(withDecay, {});
  const double bound = 2e-8 * (plain.top[0].value + kWeightDecay);
  EXPECT_NEAR(training.top[0].value - plain.top[0].value, kWeightDecay, bound);
  EXPECT_NEAR(training.bottom[0].value - plain.bottom[0].value, kWeightDecay, bound);
  EXPECT_GT(training.lossValue, plain.lossValue);
}

TEST_F(MeasureSpectrum, FloatAndDoubleAgree) {
  SpectrumSpec narrow = spec();
  narrow.measure.precision = "float";
  const Spectrum wide = measureSpectrum(spec(), {}), s = measureSpectrum(narrow, {});
  EXPECT_EQ(s.precision, "float");
  for (const std::size_t i : {0, 1}) {
    EXPECT_TRUE(s.top[i].converged);
    EXPECT_LE(s.top[i].residual, 1e-3 * wide.top[0].value);
    EXPECT_NEAR(s.top[i].value, wide.top[i].value, 1e-4 * wide.top[0].value);
  }
  EXPECT_NEAR(s.bottom[0].value, wide.bottom[0].value, 1e-3 * wide.top[0].value);
}

TEST_F(MeasureSpectrum, NoPairsWhereNoneAreAskedFor) {
  SpectrumSpec s = spec();
  s.bottom = 0;
  EXPECT_TRUE(measureSpectrum(s, {}).bottom.empty());
}

TEST_F(MeasureSpectrum, SavedVectorsHaveTheReportedResidual) {
  SpectrumSpec s = spec();
  s.residual = 1e-4;
  s.saveVectors = (*folder_ / "vectors.safetensors").string();
  const Spectrum measured = measureSpectrum(s, {});
  const LoadedRun run = loadRun(measure());
  const auto hessian = run.train->hessian(run.train->theta0(), 0, {});
  std::map<std::string, std::vector<at::Tensor>> pieces;
  for (const auto& [name, tensor] : trainer::readSafetensors(s.saveVectors).tensors)
    pieces[name.substr(0, name.find('/'))].push_back(tensor.flatten());
  EXPECT_EQ(pieces.size(), 3U);
  const auto check = [&](const std::string& name, const Eigenvalue& e) {
    const at::Tensor q = at::cat(pieces.at(name));
    EXPECT_NEAR(q.norm().item<double>(), 1, 1e-12) << name;
    EXPECT_NEAR((hessian->apply(q) - e.value * q).norm().item<double>(), e.residual, 1e-12 * measured.top[0].value) << name;
  };
  check("top1", measured.top[0]);
  check("top2", measured.top[1]);
  check("bottom1", measured.bottom[0]);
}

TEST_F(MeasureSpectrum, EveryPartAgreesWithTheDenseMatrix) {
  SpectrumSpec s = spec();
  s.trace = "xtrace", s.densityProbes = 20, s.densitySteps = 8, s.layers = true, s.verify = true;
  const Spectrum m = measureSpectrum(s, {});
  const LoadedRun run = loadRun(measure());
  const at::Tensor matrix = denseMatrix(*run.train->hessian(run.train->theta0(), 0, {}));
  const double trace = matrix.trace().item<double>(), scale = m.top[0].value;
  ASSERT_TRUE(m.trace && m.density && m.verification);
  EXPECT_NEAR(m.trace->estimate.value, trace, 4 * m.trace->estimate.standardError);
  EXPECT_NEAR(m.trace->frobenius.value, matrix.norm().item<double>(), 4 * m.trace->frobenius.standardError);
  EXPECT_NEAR(m.density->moments[0].value * 310, trace, 4 * m.density->moments[0].standardError * 310);
  EXPECT_LE(m.verification->largestDeviation, 1e-8 * scale);
  EXPECT_NEAR(m.verification->trace, trace, 1e-10);
  EXPECT_LT(m.verification->asymmetry, 1e-12);
  ASSERT_EQ(m.layers.size(), 2U);
  EXPECT_EQ(m.layers[0].name, "fc1");
  EXPECT_EQ(m.layers[1].parameters, 50);
  std::int64_t from = 0;
  for (const LayerSpectrum& l : m.layers) {
    const at::Tensor block = matrix.narrow(0, from, l.parameters).narrow(1, from, l.parameters);
    EXPECT_NEAR(l.lambdaMax.value, denseEigenvalues(block)[-1].item<double>(), 1e-8 * scale) << l.name;
    EXPECT_NEAR(l.trace.estimate.value, block.trace().item<double>(), 4 * l.trace.estimate.standardError) << l.name;
    from += l.parameters;
  }
}

TEST_F(MeasureSpectrum, EffectiveDimensionIsOfTheGaussNewtonMatrix) {
  SpectrumSpec s = spec();
  s.top = s.bottom = 0, s.effectiveDimension = 1e-3;
  const Spectrum m = measureSpectrum(s, {});
  const LoadedRun run = loadRun(measure());
  const at::Tensor values = denseEigenvalues(denseMatrix(*run.train->outputCurvature(OutputCurvature::gaussNewton, run.train->theta0(), 0, {}))).clamp_min(0);
  ASSERT_TRUE(m.effectiveDimension);
  EXPECT_EQ(m.effectiveDimension->operatorName, "gauss-newton");
  EXPECT_NEAR(m.effectiveDimension->estimate.value, (values / (values + 1e-3)).sum().item<double>(),
              4 * m.effectiveDimension->estimate.standardError + m.effectiveDimension->quadratureBound);
  EXPECT_TRUE(m.top.empty());
}

TEST_F(MeasureSpectrum, OperatorAndRestrictionAreThoseAskedFor) {
  SpectrumSpec s = spec();
  s.operatorName = "gauss-newton", s.restrictTo = "fc2", s.verify = true;
  s.saveVectors = (*folder_ / "restricted.safetensors").string();
  const Spectrum m = measureSpectrum(s, {});
  EXPECT_EQ(m.rows, 50);
  EXPECT_EQ(m.parameters, 310);
  EXPECT_LE(m.verification->largestDeviation, 1e-8 * m.top[0].value);
  for (const auto& [name, tensor] : trainer::readSafetensors(s.saveVectors).tensors)
    EXPECT_EQ(largest(tensor) == 0, name.find("fc1") != std::string::npos) << name;
  s.restrictTo = "fc9";
  EXPECT_NE(messageOf<std::invalid_argument>([&] { measureSpectrum(s, {}); }).find("fc9"), std::string::npos);
}

TEST_F(MeasureSpectrum, SubSamplesLieAboveAndLeadTowardsAllTheData) {
  SpectrumSpec s = spec();
  s.measure.samples = 512, s.extrapolate = true;
  const Spectrum m = measureSpectrum(s, {});
  ASSERT_TRUE(m.extrapolation);
  const Extrapolation& e = *m.extrapolation;
  EXPECT_EQ(e.population, 1442);
  ASSERT_EQ(e.sizes.size(), 5U);
  EXPECT_EQ(e.sizes.front().samples, 32);
  EXPECT_EQ(e.sizes.front().lambdaMax.size(), 4U);
  EXPECT_EQ(e.sizes.back().mean, m.top[0].value);
  EXPECT_GT(e.sizes.front().mean, e.sizes.back().mean);
  s.extrapolate = false, s.measure.samples = 0;
  const double all = measureSpectrum(s, {}).top[0].value;
  EXPECT_LT(std::abs(e.atPopulation - all), std::abs(e.sizes.front().mean - all));
}

TEST_F(MeasureSpectrum, StoppedBeforeTheFirstProductIsCancelled) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(measureSpectrum(spec(), testing::contextOf(stop)), trainer::Cancelled);
}

TEST_F(MeasureSpectrum, StoppedLaterKeepsWhatIsDone) {
  std::stop_source stop;
  const trainer::Context context = testing::contextOf(stop, [&](const trainer::Progress& p) {
    if (p.done >= 5) stop.request_stop();
  });
  const Spectrum s = measureSpectrum(spec(), context), whole = measureSpectrum(spec(), {});
  EXPECT_TRUE(s.stopped);
  EXPECT_EQ(s.products, 5);
  ASSERT_EQ(s.top.size(), 2U);
  EXPECT_FALSE(s.top[0].converged);
  // A Ritz value never lies outside the spectrum.
  EXPECT_LE(s.top[0].value, whole.top[0].value * (1 + 1e-8));
  EXPECT_GT(s.top[0].value, 0);
}

TEST_F(MeasureSpectrum, RefusesBadNumbersAndWords) {
  const auto messageWith = [](const auto& change) {
    SpectrumSpec s = spec();
    change(s);
    return messageOf<std::invalid_argument>([&] { measureSpectrum(s, {}); });
  };
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.operatorName = "curvature"; }).find("curvature"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.top = -1; }).find("-1"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.top = 311; }).find("310"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.bottom = 311; }).find("--bottom"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.top = s.bottom = 0; }).find("nothing to measure"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.residual = 0; }).find("--residual"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.maxProducts = 0; }).find("--max-products"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.trace = "exact"; }).find("--trace"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.densityProbes = 3; }).find("--density"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.effectiveDimension = -1; }).find("--effective-dimension"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.layers = true, s.restrictTo = "fc1"; }).find("--layers"), std::string::npos);
  EXPECT_NE(messageWith([](SpectrumSpec& s) { s.measure.split = "all"; }).find("--split"), std::string::npos);
}

}  // namespace
}  // namespace analysis
