// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/bench/bench.h"
#include "analysis/model_objective.h"
#include "trainer/optim/base_step.h"
#include "trainer/optim/sharpness_step.h"
#include "trainer/run/prepare_run.h"
#include "trainer/run/step_log.h"

/// What is timed is done on: made-up images and a network that has been trained on them for some steps. No file is read.
namespace analysis {

/// A run as the trainer prepares one, on images made up by seed: each class is a wave of its own in every channel, with noise, in bytes; classes take turns.
///
/// lenet gets 1 x 28 x 28 images (1,000, batch 128), cnn 1 x 8 x 8 (1,442, batch 64, as many as the built-in digits), mlp as many numbers as it takes, every other network
/// 3 x 32 x 32 (1,000, batch 128). SGD with momentum 0.9 and rate 0.05, no augmentation.
struct Workload {
  trainer::PreparedRun run;
  std::int64_t productSamples = 0;  ///< of gradients and products: 128 of the 3 x 32 x 32 images, 512 of the 28 x 28 ones, else all
  std::int64_t walkSamples = 0;     ///< of a point of a walk: 500 on the CPU, 10,000 on a GPU
  std::int64_t epochItems = 0;      ///< of an epoch of the data set of that shape: CIFAR-10's 50,000, MNIST's 60,000, the digits' 1,442
};

/// @throws std::invalid_argument for a name that is no model's, a model of text, or one that takes no such images; naming --nets
void requireBenchable(const std::string& net);

/// Chooses device and threads. @throws std::invalid_argument as requireBenchable(); DeviceError
Workload makeWorkload(const std::string& net, const MeasureSpec& measure);

/// The first `samples` images, repeated from the start where there are not so many, with these weights.
std::unique_ptr<ModelObjective> objectiveOf(const Workload& workload, const at::Tensor& theta, const at::Tensor& buffers, std::int64_t samples);

/// A training of a prepared run, a step at a time, at a constant rate: what Training::takeStep does, of the same parts (batchOf, SharpnessStep, StepLog, the kept copies, BaseStep).
class TrainingSteps {
 public:
  /// Starts at theta [P] and buffers [B], which are copied. `run` must outlive it.
  TrainingSteps(const trainer::PreparedRun& run, const trainer::SharpnessOptions& sharpness, const at::Tensor& theta, const at::Tensor& buffers);
  /// The next step; theta [P] behind it.
  const at::Tensor& take();

  std::int64_t steps() const { return steps_; }
  const at::Tensor& theta() const { return theta_; }
  const at::Tensor& buffers() const { return buffers_; }
  const trainer::BaseStep& base() const { return *base_; }
  const trainer::SharpnessStep& sharpness() const { return sharpness_; }

 private:
  const trainer::PreparedRun& run_;
  at::Tensor theta_, buffers_, keptTheta_, keptBuffers_, order_;
  std::unique_ptr<trainer::BaseStep> base_;
  trainer::SharpnessStep sharpness_;
  trainer::StepLog log_;
  std::int64_t steps_ = 0;
};

}  // namespace analysis
