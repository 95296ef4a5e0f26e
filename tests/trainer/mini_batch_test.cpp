// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/mini_batch.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "trainer/run/run_spec.h"

namespace trainer {
namespace {

RunSpec smallRun(const char* model) {
  RunSpec s;
  s.data = "digits", s.dataLimit = 24, s.model = model, s.precision = "double", s.device = "cpu", s.threads = 1, s.batchSize = 24, s.epochs = 1, s.weightDecay = 0.01;
  return s;
}

double relative(const at::Tensor& a, const at::Tensor& b) { return ((a - b).norm() / b.norm()).item<double>(); }

// Twin against twin: the product on the kept graph is that on a new one. Both are the same operations, but the batch norm's first backward, in another order: roundings of 1e-16, of which a
// small variance makes some thousand.
TEST(MiniBatch, aProductOnTheKeptGraphIsThatOfANewOne) {
  for (const char* model : {"mlp:64-8-10", "cnn", "resnet20"})
    for (const std::int64_t group : {24, 10}) {
      RunSpec spec = smallRun(model);
      spec.sharpness = "penalty", spec.penaltyProduct = "exact", spec.perturbationGroup = group;
      const PreparedRun run = prepareRun(spec);
      const at::Tensor theta = initialise(run.model->layout(), 1, at::kDouble), buffers = run.model->initialBuffers(at::kDouble);
      MiniBatch kept = batchOf(run, itemsOf(run, 0), buffers, 0), rebuilt = batchOf(run, itemsOf(run, 0), buffers, 0);
      for (std::int64_t j = 0; j < kept.groups(); ++j) {
        const LossAndGradient a = kept.firstForProduct(j, theta), b = rebuilt.first(j, theta);
        EXPECT_EQ(a.loss.item<double>(), b.loss.item<double>());
        EXPECT_FALSE(a.gradient.requires_grad());
        EXPECT_LT(relative(a.gradient, b.gradient), 1e-11) << model;
        EXPECT_LT(relative(kept.hessianProduct(j, theta, b.gradient), rebuilt.hessianProduct(j, theta, b.gradient)), 1e-11) << model;
      }
      EXPECT_TRUE(kept.updatedBuffers().equal(rebuilt.updatedBuffers())) << model;
    }
}

TEST(MiniBatch, aProductElsewhereDoesNotUseTheKeptGraph) {
  const PreparedRun run = prepareRun(smallRun("mlp:64-8-10"));
  const at::Tensor theta = initialise(run.model->layout(), 1, at::kDouble), there = theta * 1.5, v = at::ones_like(theta);
  MiniBatch batch = batchOf(run, itemsOf(run, 0), {}, 0);
  const at::Tensor expected = batch.hessianProduct(0, there, v);
  batch.firstForProduct(0, theta);
  EXPECT_TRUE(batch.hessianProduct(0, there, v).equal(expected));
}

}  // namespace
}  // namespace trainer
