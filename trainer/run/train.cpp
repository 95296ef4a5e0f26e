// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/train.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <chrono>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "trainer/base/error.h"
#include "trainer/data/dataset.h"
#include "trainer/device.h"
#include "trainer/model/model.h"
#include "trainer/optim/base_step.h"
#include "trainer/optim/options_of.h"
#include "trainer/optim/schedule.h"
#include "trainer/optim/sharpness_step.h"
#include "trainer/run/evaluate.h"
#include "trainer/run/run_writer.h"

namespace trainer {
namespace {

using Clock = std::chrono::steady_clock;

std::string defaultModel(const InputShape& shape) {
  if (shape.height == 28 && shape.width == 28) return "lenet";
  return fmt::format("mlp:{}-64-{}", shape.features(), shape.classes);
}

/// A run with everything chosen and checked, before anything is written.
struct Prepared {
  RunSpec spec;
  DataSplit data;
  std::shared_ptr<const Model> model;
};

Prepared prepare(const RunSpec& wanted) {
  Prepared p;
  p.spec = resolve(wanted, nullptr);
  p.spec.device = chooseDevice(p.spec.device);
  p.spec.threads = useThreads(p.spec.threads);
  p.data = loadData(p.spec.data);
  if (p.spec.model.empty()) p.spec.model = defaultModel(p.data.shape);
  p.model = buildModel(p.spec.model, p.spec.activation, p.data.shape);
  if (!p.spec.normalisation) p.spec.normalisation = p.data.normalisation;
  const auto channels = static_cast<std::int64_t>(p.spec.normalisation->mean.size());
  if (channels != p.data.shape.channels)
    throw std::invalid_argument(fmt::format("normalisation is for {} channels, the data has {}", channels, p.data.shape.channels));
  for (Dataset* part : {&p.data.train, &p.data.test})
    *part = {part->inputs.to(at::Device(p.spec.device)), part->labels.to(at::Device(p.spec.device))};
  return p;
}

/// What ends a run early, within this file.
struct Diverged {
  std::string reason;
};

class WholeBatch : public BatchObjective {
 public:
  WholeBatch(const Model& model, const Dataset& batch, double decay) : model_(model), batch_(batch), decay_(decay) {}
  std::int64_t groups() const override { return 1; }
  double weight(std::int64_t) const override { return 1; }
  LossAndGradient first(std::int64_t, const at::Tensor& theta) override {
    const at::Tensor leaf = theta.detach().requires_grad_();
    const at::Tensor loss = crossEntropy(model_.forward(leaf, batch_.inputs), batch_.labels);
    const at::Tensor gradient = torch::autograd::grad({loss}, {leaf})[0];
    if (decay_ == 0) return {loss.detach(), gradient};
    return {loss.detach() + 0.5 * decay_ * theta.square().sum(), gradient + decay_ * theta};
  }
  at::Tensor again(std::int64_t group, const at::Tensor& theta) override { return first(group, theta).gradient; }
  at::Tensor hessianProduct(std::int64_t, const at::Tensor& theta, const at::Tensor& v) override {
    const at::Tensor leaf = theta.detach().requires_grad_();
    const at::Tensor loss = crossEntropy(model_.forward(leaf, batch_.inputs), batch_.labels);
    const at::Tensor gradient = torch::autograd::grad({loss}, {leaf}, {}, true, true)[0];
    return torch::autograd::grad({gradient}, {leaf}, {v})[0] + decay_ * v;
  }

 private:
  const Model& model_;
  const Dataset& batch_;
  double decay_;
};

class Training {
 public:
  Training(Prepared prepared, const std::filesystem::path& folder, const TrainObserver& observer, const Context& context)
      : spec_(std::move(prepared.spec)),
        data_(std::move(prepared.data)),
        model_(std::move(prepared.model)),
        observer_(observer),
        context_(context),
        dtype_(spec_.precision == "double" ? at::kDouble : at::kFloat),
        theta_(initialise(model_->layout(), spec_.seed, dtype_).to(at::Device(spec_.device)).requires_grad_()),
        optimizer_(makeBaseStep(baseOptionsOf(spec_), model_->layout(), theta_)),
        sharpness_(sharpnessOptionsOf(spec_), model_->layout()),
        stepsPerEpoch_((data_.train.count() + spec_.batchSize - 1) / spec_.batchSize),
        totalSteps_(stepsPerEpoch_ * spec_.epochs),
        kept_(theta_.detach().clone()),
        writer_(folder, spec_) {
    record_.folder = folder.string();
    record_.parameters = model_->layout().size();
    record_.dataHash = data_.hash;
  }

  RunRecord run() {
    if (observer_.started) observer_.started(spec_, totalSteps_, record_.parameters);
    try {
      evaluateHere(context_);
      saveCheckpoint();
      for (std::int64_t epoch = 0; epoch < spec_.epochs; ++epoch) runEpoch(epoch);
      record_.status = RunStatus::completed;
    } catch (const Cancelled&) {
      record_.status = RunStatus::stopped;
    } catch (const Diverged& d) {
      record_.status = RunStatus::diverged;
      record_.reason = d.reason;
      restoreKept();
    }
    finish();
    return std::move(record_);
  }

 private:
  void runEpoch(std::int64_t epoch) {
    const at::Tensor order = at::tensor(epochOrder(data_.train.count(), spec_.seed, epoch), at::kLong).to(theta_.device());
    for (std::int64_t start = 0; start < data_.train.count(); start += spec_.batchSize) {
      context_.checkpoint();
      takeStep(order.narrow(0, start, std::min(spec_.batchSize, data_.train.count() - start)));
      context_.report({.stage = fmt::format("epoch {} of {}", epoch + 1, spec_.epochs), .unit = "steps", .done = record_.steps, .total = totalSteps_});
    }
    evaluateHere(context_);
    if ((epoch + 1) % spec_.checkpointEvery == 0 || epoch + 1 == spec_.epochs) saveCheckpoint();
  }

  void takeStep(const at::Tensor& batch) {
    const Clock::time_point started = Clock::now();
    const Dataset items = {normalise(data_.train.inputs.index_select(0, batch), *spec_.normalisation, dtype_), data_.train.labels.index_select(0, batch)};
    WholeBatch objective(*model_, items, lossDecayOf(spec_));
    const StepGradient g = sharpness_.gradient(objective, theta_, record_.steps);
    const at::Tensor measured = at::stack({g.loss.to(at::kDouble), g.gradientNorm}).to(at::kCPU);
    StepRecord r{.step = record_.steps + 1, .loss = measured[0].item<double>(), .gradientNorm = measured[1].item<double>()};
    if (!std::isfinite(r.loss) || !std::isfinite(r.gradientNorm))
      throw Diverged{fmt::format("the {} is not finite at step {}; a smaller --learning-rate may help",
                                 std::isfinite(r.loss) ? "gradient" : "training loss", record_.steps)};
    kept_.copy_(theta_.detach());
    keptStep_ = record_.steps;
    r.learningRate = *spec_.learningRate * scheduleFactor(scheduleOptionsOf(spec_, totalSteps_), record_.steps);
    optimizer_->apply(theta_, clipToNorm(g.combined, spec_.clipNorm), r.learningRate);

    record_.steps = r.step;
    record_.seconds += std::chrono::duration<double>(Clock::now() - started).count();
    gradientEvaluations_ += g.evaluations;
    r.epoch = epochsDone();
    r.seconds = record_.seconds;
    r.gradientEvaluations = gradientEvaluations_;
    record_.stepRecords.push_back(r);
    writer_.addStep(r);
    if (observer_.step) observer_.step(r);
  }

  double epochsDone() const { return static_cast<double>(record_.steps) / static_cast<double>(stepsPerEpoch_); }

  /// Evaluates at theta, once a step. @throws Diverged while training is under way and the training loss is not finite.
  void evaluateHere(const Context& context) {
    if (!record_.evaluations.empty() && record_.evaluations.back().step == record_.steps) return;
    const at::Tensor theta = theta_.detach();
    const LossAndAccuracy train = evaluate(*model_, theta, data_.train, *spec_.normalisation, context);
    if (record_.status == RunStatus::running && !std::isfinite(train.loss))
      throw Diverged{fmt::format("the training loss is not finite at step {}; a smaller --learning-rate may help", record_.steps)};
    const LossAndAccuracy test = evaluate(*model_, theta, data_.test, *spec_.normalisation, context);
    record_.evaluations.push_back({record_.steps, train.loss, train.accuracy, test.loss, test.accuracy});
    writer_.addEvaluation(record_.evaluations.back());
    if (observer_.evaluation) observer_.evaluation(record_.evaluations.back());
  }

  void saveCheckpoint() {
    if (savedStep_ == record_.steps) return;
    writer_.writeCheckpoint(model_->layout(), {.step = record_.steps, .epoch = epochsDone(), .theta = theta_.detach()}, momentum());
    savedStep_ = record_.steps;
  }

  /// The base step's buffer [P]; undefined before the first step, without momentum, and after a divergence.
  at::Tensor momentum() const {
    if (record_.status == RunStatus::diverged) return {};
    return vectorOf(optimizer_->state(), "momentum");
  }

  void restoreKept() {
    theta_.detach().copy_(kept_);
    record_.steps = keptStep_;
  }

  void finish() {
    evaluateHere(Context{});
    saveCheckpoint();
    const at::Tensor theta = theta_.detach();
    const at::Tensor gradient = fullGradient(*model_, theta, data_.train, *spec_.normalisation, spec_.weightDecay);
    record_.gradientNorm = gradient.norm().item<double>();
    record_.parameterNorm = theta.to(at::kDouble).norm().item<double>();
    record_.epochs = epochsDone();
    writer_.writeSummary(spec_, record_);
  }

  RunSpec spec_;
  DataSplit data_;
  std::shared_ptr<const Model> model_;
  const TrainObserver& observer_;
  const Context& context_;
  at::ScalarType dtype_;
  at::Tensor theta_;
  std::unique_ptr<BaseStep> optimizer_;
  SharpnessStep sharpness_;
  std::int64_t stepsPerEpoch_;
  std::int64_t totalSteps_;
  at::Tensor kept_;  ///< theta where loss and gradient were last seen finite
  RunWriter writer_;
  RunRecord record_;
  std::int64_t keptStep_ = 0;
  std::int64_t savedStep_ = -1;
  std::int64_t gradientEvaluations_ = 0;
};

}  // namespace

RunRecord train(const RunSpec& spec, const std::filesystem::path& folder, const TrainObserver& observer, const Context& context) {
  requireFreeFolder(folder);
  try {
    return Training(prepare(spec), folder, observer, context).run();
  } catch (const c10::Error& e) {
    const std::string text = e.what_without_backtrace();
    throw Error(fmt::format("training failed in LibTorch: {}", text.substr(0, std::min<std::size_t>(text.find('\n'), 300))));
  }
}

}  // namespace trainer
