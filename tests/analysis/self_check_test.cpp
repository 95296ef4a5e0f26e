// SPDX-License-Identifier: GPL-3.0-or-later
// The self-check: each culprit planted on purpose is named, and nothing is named where nothing is wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "analysis/check/training_conditions.h"
#include "tests/analysis/small_problem.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;
using testing::gaussian;

const Check& named(const std::vector<Check>& checks, const std::string& name) {
  const auto found = std::find_if(checks.begin(), checks.end(), [&](const Check& c) { return c.name == name; });
  if (found == checks.end()) throw std::logic_error("no check " + name);
  return *found;
}

/// `parts` under any conditions; `dropping`: the same model with dropout.
CheckSubject subjectOf(ModelObjective::Parts parts, std::shared_ptr<const trainer::Model> dropping, Conditions conditions, bool smooth) {
  CheckSubject subject{.make = {}, .conditions = std::move(conditions), .smooth = smooth, .seed = 1};
  subject.make = [parts, dropping](const Conditions& under, bool otherSplit) {
    ModelObjective::Parts p = parts;
    if (under.count(condition::kBatchNormTrain) > 0) p.policy = BatchNormPolicy::train;
    p.chunk = otherSplit ? 11 : 30;
    if (under.count(condition::kDropout) > 0) p.model = dropping;
    return std::make_unique<TrainingConditionsObjective>(std::move(p), under, 5);
  };
  return subject;
}

ModelObjective::Parts mlp(at::ScalarType dtype, const char* activation = "tanh") { return digitsParts(digitsModel("mlp:64-16-10", activation), dtype, 60); }

std::shared_ptr<const trainer::Model> droppingMlp() { return trainer::buildModel("mlp:64-16-10", "tanh", {.channels = 1, .height = 8, .width = 8, .classes = 10}, 0.3); }

TEST(SelfCheck, PassesOnASmoothNetworkInDoubleAndBindsTheDifferences) {
  const auto checks = selfCheck(subjectOf(mlp(at::kDouble), nullptr, {}, true), {});
  ASSERT_EQ(checks.size(), 7U);
  for (const Check& c : checks) {
    EXPECT_EQ(c.verdict, Verdict::passed) << c.name << ' ' << c.value;
    EXPECT_TRUE(c.culprit.empty()) << c.name;
  }
  EXPECT_EQ(named(checks, "repeatability").value, 0);
  EXPECT_GT(named(checks, "difference").tolerance, 0);
}

TEST(SelfCheck, DifferencesAreInformativeOnKinkedNetworks) {
  const auto checks = selfCheck(subjectOf(mlp(at::kDouble, "relu"), nullptr, {}, false), {});
  EXPECT_EQ(named(checks, "difference").verdict, Verdict::informative);
  EXPECT_EQ(named(checks, "symmetry").verdict, Verdict::passed);
}

TEST(SelfCheck, PassesInFloatByItsOwnTolerance) {
  for (const Check& c : selfCheck(subjectOf(mlp(at::kFloat), nullptr, {}, true), {})) EXPECT_NE(c.verdict, Verdict::failed) << c.name << ' ' << c.value;
}

TEST(SelfCheck, NamesDropout) {
  const auto checks = selfCheck(subjectOf(mlp(at::kDouble), droppingMlp(), {condition::kDropout}, true), {});
  EXPECT_EQ(named(checks, "repeatability").verdict, Verdict::failed);
  EXPECT_EQ(named(checks, "repeatability").culprit, condition::kDropout);
  EXPECT_EQ(named(checks, "symmetry").culprit, condition::kDropout);
}

TEST(SelfCheck, NamesAugmentation) {
  const auto checks = selfCheck(subjectOf(mlp(at::kDouble), nullptr, {condition::kAugmentation}, true), {});
  EXPECT_EQ(named(checks, "repeatability").culprit, condition::kAugmentation);
}

// The sum over samples is the same in any order, but for rounding: repeatable to 1e-10, and told to be so. With batch statistics the batches matter.
TEST(SelfCheck, ShufflingAloneIsRoundingAndWithBatchStatisticsACulprit) {
  const auto alone = selfCheck(subjectOf(mlp(at::kDouble), nullptr, {condition::kShuffling}, true), {});
  EXPECT_EQ(named(alone, "repeatability").verdict, Verdict::informative);
  EXPECT_LT(named(alone, "repeatability").value, 1e-12);
  const auto together = selfCheck(subjectOf(digitsParts(digitsModel("resnet8", "relu"), at::kDouble, 40), nullptr, {condition::kShuffling, condition::kBatchNormTrain}, false), {});
  EXPECT_EQ(named(together, "repeatability").verdict, Verdict::failed);
  EXPECT_NE(named(together, "repeatability").culprit.find(condition::kShuffling), std::string::npos) << named(together, "repeatability").culprit;
}

TEST(SelfCheck, NamesBatchStatistics) {
  const auto checks = selfCheck(subjectOf(digitsParts(digitsModel("resnet8", "relu"), at::kDouble, 40), nullptr, {condition::kBatchNormTrain}, false), {});
  EXPECT_EQ(named(checks, "repeatability").verdict, Verdict::passed);
  EXPECT_EQ(named(checks, "batch-split").verdict, Verdict::failed);
  EXPECT_EQ(named(checks, "batch-split").culprit, condition::kBatchNormTrain);
}

TEST(SelfCheck, TellsSeveralCulpritsApart) {
  const auto checks = selfCheck(subjectOf(mlp(at::kDouble), droppingMlp(), {condition::kDropout, condition::kShuffling}, true), {});
  EXPECT_EQ(named(checks, "repeatability").culprit, condition::kDropout);
}

/// Products that differ by `noise` of their length each time, as sums by atomic additions do, unless kernels are deterministic.
class Noisy : public TrainingConditionsObjective {
 public:
  Noisy(Parts parts, Conditions conditions, double noise) : TrainingConditionsObjective(std::move(parts), conditions, 5), noisy_(conditions.count(condition::kKernels) > 0), noise_(noise) {}
  std::unique_ptr<LinearOperator> hessian(const at::Tensor& theta, std::int64_t memory, const Context& context) override {
    class Operator : public LinearOperator {
     public:
      Operator(std::unique_ptr<LinearOperator> a, double noise, std::uint64_t seed) : a_(std::move(a)), noise_(noise), seed_(seed) {}
      std::string name() const override { return a_->name(); }
      std::int64_t size() const override { return a_->size(); }
      at::TensorOptions options() const override { return a_->options(); }
      at::Tensor apply(const at::Tensor& v) override {
        const at::Tensor y = a_->apply(v);
        const at::Tensor e = gaussian(y.numel(), seed_++, y.scalar_type());
        return y + e * (noise_ * y.norm() / e.norm());
      }

     private:
      std::unique_ptr<LinearOperator> a_;
      double noise_;
      std::uint64_t seed_;
    };
    return std::make_unique<Operator>(TrainingConditionsObjective::hessian(theta, memory, context), noisy_ ? noise_ : 0, 100 + calls_++);
  }

 private:
  bool noisy_;
  double noise_;
  std::uint64_t calls_ = 0;
};

TEST(SelfCheck, NamesNonDeterministicKernelsAndCallsRoundingRounding) {
  for (const double noise : {1e-6, 1e-2}) {
    CheckSubject subject{.make = {}, .conditions = {condition::kKernels, condition::kShuffling}, .smooth = true, .seed = 1};
    subject.make = [noise](const Conditions& under, bool otherSplit) {
      ModelObjective::Parts p = mlp(at::kFloat);
      p.chunk = otherSplit ? 11 : 30;
      return std::make_unique<Noisy>(std::move(p), under, noise);
    };
    const Check c = named(selfCheck(subject, {}), "repeatability");
    EXPECT_EQ(c.verdict, noise < 1e-4 ? Verdict::informative : Verdict::failed);
    EXPECT_EQ(c.culprit, noise < 1e-4 ? "" : condition::kKernels);
  }
}

/// Products of an input rounded to bfloat16: what tensor cores do to it.
class Rounded : public TrainingConditionsObjective {
 public:
  Rounded(Parts parts, const Conditions& conditions) : TrainingConditionsObjective(std::move(parts), conditions, 5), rounds_(conditions.count(condition::kReducedPrecision) > 0) {}
  std::unique_ptr<LinearOperator> hessian(const at::Tensor& theta, std::int64_t memory, const Context& context) override {
    class Operator : public LinearOperator {
     public:
      explicit Operator(std::unique_ptr<LinearOperator> a) : a_(std::move(a)) {}
      std::string name() const override { return a_->name(); }
      std::int64_t size() const override { return a_->size(); }
      at::TensorOptions options() const override { return a_->options(); }
      at::Tensor apply(const at::Tensor& v) override { return a_->apply(v.to(at::kBFloat16).to(v.scalar_type())); }

     private:
      std::unique_ptr<LinearOperator> a_;
    };
    auto exact = ModelObjective::hessian(theta, memory, context);
    if (!rounds_) return exact;
    return std::make_unique<Operator>(std::move(exact));
  }

 private:
  bool rounds_;
};

TEST(SelfCheck, NamesRoundedProducts) {
  CheckSubject subject{.make = {}, .conditions = {condition::kReducedPrecision, condition::kShuffling}, .smooth = true, .seed = 1};
  subject.make = [](const Conditions& under, bool otherSplit) {
    ModelObjective::Parts p = mlp(at::kFloat);
    p.chunk = otherSplit ? 11 : 30;
    return std::make_unique<Rounded>(std::move(p), under);
  };
  const Check c = named(selfCheck(subject, {}), "linearity");
  EXPECT_EQ(c.verdict, Verdict::failed) << c.value;
  EXPECT_EQ(c.culprit, condition::kReducedPrecision);
}

// Where the CPU has no bfloat16 products LibTorch takes float ones: then there is nothing to find.
TEST(SelfCheck, NamesReducedPrecision) {
  CheckSubject subject = subjectOf(digitsParts(digitsModel("mlp:64-128-10"), at::kFloat, 60), nullptr, {condition::kReducedPrecision}, true);
  const auto exact = subject.make({}, false), narrow = subject.make({condition::kReducedPrecision}, false);
  const at::Tensor v = gaussian(exact->theta0().numel(), 1, at::kFloat);
  if (at::equal(exact->hessian(exact->theta0(), 1, {})->apply(v), narrow->hessian(narrow->theta0(), 1, {})->apply(v)))
    GTEST_SKIP() << "this CPU has no matrix products of reduced precision";
  const auto checks = selfCheck(subject, {});
  const Check& c = named(checks, "linearity");
  EXPECT_EQ(c.verdict, Verdict::failed) << c.value;
  EXPECT_EQ(c.culprit, condition::kReducedPrecision);
}

// resnet8, theta moved: the statistics of the policies differ, and re-estimated ones are those of the batch where there is one batch.
TEST(BatchNormPolicies, RecomputedIsTrainingModeWhereThereIsOneBatch) {
  ModelObjective::Parts parts = digitsParts(digitsModel("resnet8", "relu"), at::kDouble, 40);
  parts.chunk = 40, parts.statisticsBatch = 40;
  parts.policy = BatchNormPolicy::train;
  ModelObjective train(parts);
  parts.policy = BatchNormPolicy::recomputed;
  ModelObjective recomputed(parts);
  const at::Tensor theta = train.theta0() + 0.01 * gaussian(train.theta0().numel(), 4);
  // Running variances are unbiased, a batch's own is not: n/(n - 1) with n = 40 * 64 or 40 * 4 and more.
  EXPECT_NEAR(recomputed.evaluate(theta).loss, train.evaluate(theta).loss, 0.02 * train.evaluate(theta).loss);
  EXPECT_GT(std::abs(ModelObjective(digitsParts(digitsModel("resnet8", "relu"), at::kDouble, 40)).evaluate(theta).loss - train.evaluate(theta).loss), 0.1);
}

TEST(BatchNormPolicies, TrainingModeHessianIsTheDifferenceOfGradients) {
  ModelObjective::Parts parts = digitsParts(digitsModel("resnet8", "relu"), at::kDouble, 24);
  parts.policy = BatchNormPolicy::train;
  parts.chunk = 12;
  ModelObjective objective(parts);
  const at::Tensor& theta = objective.theta0();
  at::Tensor v = gaussian(theta.numel(), 2);
  v = v / v.norm();
  const double h = 1e-7;
  const at::Tensor difference = (objective.gradient(theta + h * v) - objective.gradient(theta - h * v)) / (2 * h);
  EXPECT_LT(testing::relativeDifference(difference, objective.hessian(theta, 1 << 30, {})->apply(v)), 1e-5);
}

TEST(ModelObjective, PartsAddUpToTheWhole) {
  ModelObjective whole(mlp(at::kDouble));
  const at::Tensor& theta = whole.theta0();
  double loss = 0;
  at::Tensor gradient = at::zeros_like(theta);
  for (const auto& [from, to] : {std::pair{0, 25}, std::pair{25, 60}}) {
    const auto part = whole.part(from, to);
    loss += part->evaluate(theta).loss * (to - from) / 60.0;
    gradient += part->gradient(theta) * ((to - from) / 60.0);
  }
  EXPECT_NEAR(loss, whole.evaluate(theta).loss, 1e-14);
  EXPECT_LT(testing::relativeDifference(gradient, whole.gradient(theta)), 1e-14);
  EXPECT_THROW(whole.part(10, 10), std::invalid_argument);
  EXPECT_THROW(whole.part(0, 61), std::invalid_argument);
}

// z / std: the loss no longer depends on the scale of the last layer.
TEST(ModelObjective, NormalisedLogitsDoNotDependOnTheLastLayersScale) {
  ModelObjective::Parts parts = mlp(at::kDouble);
  parts.normaliseLogits = true;
  ModelObjective objective(parts);
  at::Tensor theta = objective.theta0().clone();
  const trainer::ParameterSlice& last = objective.layout().slices()[2];
  ASSERT_EQ(last.name, "fc2.weight");
  theta.slice(0, last.offset, theta.numel()).mul_(3);
  EXPECT_NEAR(objective.evaluate(theta).loss, objective.evaluate(objective.theta0()).loss, 1e-13);
  const at::Tensor z = objective.outputs(theta);
  EXPECT_LT(testing::largest((z - z.mean(1, true)).square().mean(1) - 1), 1e-12);
}

}  // namespace
}  // namespace analysis
