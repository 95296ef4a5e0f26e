// SPDX-License-Identifier: GPL-3.0-or-later
// What a tracker is asked: the update must be the step that is then taken, and the share must cap what is measured.
#include "trainer/run/tracked_curvature.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/trainer/temporary_folder.h"
#include "trainer/run/train.h"

namespace trainer {
namespace {

/// Keeps what it is asked, and answers with a cost.
class Listener : public CurvatureTracker {
 public:
  CurvatureResult measure(const CurvatureRequest& request, const Context&) override {
    thetas.push_back(request.theta.clone());
    updates.push_back(request.update);
    preconditioners.push_back(request.preconditioner);
    CurvatureResult result{.record = {.lambdaMax = 1, .products = 10, .samples = request.data.count()}, .vector = at::ones_like(request.theta)};
    for (const std::string& name : request.measures)
      if (name != "lambda-max" && name != "batch-sharpness") result.record.more.push_back({.name = name, .items = request.data.count()});
    return result;
  }
  std::vector<at::Tensor> thetas, updates, preconditioners;
};

/// Five full-batch steps of a small network in double, measured at each.
RunSpec smallRun() {
  RunSpec s;
  s.data = "digits", s.dataLimit = 60, s.model = "mlp:64-4-10", s.activation = "tanh", s.precision = "double", s.device = "cpu", s.threads = 1;
  s.batchSize = kAllItems, s.epochs = 5, s.curvatureEvery = 1, s.curvatureMeasures = "directional-sharpness", s.weightDecay = 0.01, s.clipNorm = 2;
  return s;
}

RunRecord trained(const RunSpec& spec, const std::shared_ptr<Listener>& listener) {
  const TemporaryFolder folder;
  return train(spec, folder / "run", {}, {}, {.controls = {}, .events = {}, .curvature = listener});
}

// theta_t - theta_{t+1} = rate u_t. The rounding of theta, 1e-16 of about 1, is divided by the rate and by ||u||.
TEST(TrackedCurvature, theUpdateIsTheStepThatIsTakenNext) {
  for (const char* optimizer : {"sgd", "adam", "adamw", "lion", "muon"}) {
    for (const char* sharpness : {"none", "sam", "penalty", "looksam", "friendly-sam"}) {
      RunSpec spec = smallRun();
      spec.optimizer = optimizer, spec.sharpness = sharpness, spec.nesterov = spec.optimizer == "sgd";
      const auto listener = std::make_shared<Listener>();
      const RunRecord record = trained(spec, listener);
      ASSERT_EQ(listener->thetas.size(), 6u);
      for (std::size_t t = 0; t < 5; ++t) {
        const at::Tensor taken = listener->thetas[t] - listener->thetas[t + 1], said = listener->updates[t] * record.stepRecords[t].learningRate;
        EXPECT_LE((taken - said).norm().item<double>(), 1e-9 * taken.norm().item<double>()) << optimizer << " " << sharpness << " " << t;
      }
    }
  }
}

TEST(TrackedCurvature, measuringLeavesTheTrainingAsItIs) {
  RunSpec spec = smallRun();
  spec.optimizer = "adam", spec.sharpness = "friendly-sam";
  const auto often = std::make_shared<Listener>(), once = std::make_shared<Listener>();
  trained(spec, often);
  spec.curvatureEvery = 5;
  trained(spec, once);
  EXPECT_TRUE(at::equal(often->thetas.back(), once->thetas.back()));
}

// D of Adam after t steps, from its second moments; none before the first.
TEST(TrackedCurvature, thePreconditionerIsAdams) {
  RunSpec spec = smallRun();
  spec.optimizer = "adam", spec.beta2 = 0.0, spec.curvatureMeasures = "directional-sharpness,preconditioned-lambda-max", spec.clipNorm.reset();
  const auto listener = std::make_shared<Listener>();
  trained(spec, listener);
  EXPECT_FALSE(listener->preconditioners[0].defined());
  // With beta2 = 0 it is |g| + 1e-8 of the last gradient, which is what the update of a first step of momentum 0.9 is divided by: u_0 = g/(|g| + 1e-8).
  const at::Tensor g = listener->updates[0].sign() * (listener->preconditioners[1] / (1 - 0.9) - 1e-8);
  EXPECT_LE((g / (g.abs() + 1e-8) - listener->updates[0]).abs().max().item<double>(), 1e-6);
}

TEST(TrackedCurvature, aShareLeavesMeasurementsOut) {
  RunSpec spec = smallRun();
  spec.epochs = 100, spec.curvatureMeasures = "lambda-max";  // 10 products are 20 gradients of the batch, a step is one
  const auto all = std::make_shared<Listener>(), some = std::make_shared<Listener>();
  trained(spec, all);
  spec.curvatureShare = 0.5;
  const RunRecord record = trained(spec, some);
  EXPECT_EQ(all->thetas.size(), 101u);
  std::vector<std::int64_t> steps;
  for (const CurvatureRecord& r : record.curvature) steps.push_back(r.step);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 20, 40, 60, 80, 100})) << "as soon as 20 n gradients are half of all";
}

TEST(TrackedCurvature, comesBackFromItsState) {
  const PreparedRun run = prepareRun(smallRun());
  const auto listener = std::make_shared<Listener>();
  TrackedCurvature before(run, listener), after(run, listener);
  OptimizerState state;
  const at::Tensor v = at::arange(run.model->layout().size(), at::kDouble);
  for (const char* name : {"curvature_vector", "curvature_bottom", "curvature_preconditioned", "curvature_eigenspace_0", "curvature_eigenspace_1"})
    state.vectors.emplace_back(name, v + static_cast<double>(state.vectors.size()));
  before.restore(state);
  const OptimizerState kept = before.state();
  ASSERT_EQ(kept.vectors.size(), 5u);
  for (const auto& [name, vector] : state.vectors) EXPECT_TRUE(at::equal(vectorOf(kept, name), vector)) << name;
  EXPECT_TRUE(after.state().vectors.empty());
}

}  // namespace
}  // namespace trainer
