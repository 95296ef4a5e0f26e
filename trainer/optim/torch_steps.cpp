// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <tuple>
#include <utility>

#include "trainer/optim/base_steps.h"

namespace trainer {
namespace {

/// A torch::optim optimizer over one flat tensor that shares theta's memory.
template <class Optimizer, class Options, class ParamState>
class TorchStep : public BaseStep {
 public:
  TorchStep(const at::Tensor& theta, const Options& options) : theta_(theta.detach()), optimizer_({theta_}, options) {}

  void apply(at::Tensor theta, const at::Tensor& gradient, double rate) override {
    theta_.set_data(theta.detach());
    theta_.mutable_grad() = gradient;
    static_cast<Options&>(optimizer_.param_groups()[0].options()).lr(rate);
    optimizer_.step();
    theta_.mutable_grad().reset();
  }

 protected:
  /// Null before the first step.
  const ParamState* kept() const {
    const auto found = optimizer_.state().find(theta_.unsafeGetTensorImpl());
    return found == optimizer_.state().end() ? nullptr : static_cast<const ParamState*>(found->second.get());
  }
  /// Null: as before the first step.
  void keep(std::unique_ptr<ParamState> state) {
    optimizer_.state().erase(theta_.unsafeGetTensorImpl());
    if (state) optimizer_.state()[theta_.unsafeGetTensorImpl()] = std::move(state);
  }
  at::Tensor copied(const OptimizerState& state, const char* name) const {
    const at::Tensor vector = vectorOf(state, name);
    return vector.defined() ? vector.to(theta_.options()).clone() : vector;
  }

 private:
  at::Tensor theta_;
  Optimizer optimizer_;
};

class Sgd : public TorchStep<torch::optim::SGD, torch::optim::SGDOptions, torch::optim::SGDParamState> {
 public:
  using TorchStep::TorchStep;
  OptimizerState state() const override {
    OptimizerState state;
    if (kept() && kept()->momentum_buffer().defined()) state.vectors = {{"momentum", kept()->momentum_buffer().clone()}};
    return state;
  }
  void restore(const OptimizerState& state) override {
    const at::Tensor momentum = copied(state, "momentum");
    if (!momentum.defined()) return keep(nullptr);
    auto kept = std::make_unique<torch::optim::SGDParamState>();
    kept->momentum_buffer(momentum);
    keep(std::move(kept));
  }
};

class Adam : public TorchStep<torch::optim::Adam, torch::optim::AdamOptions, torch::optim::AdamParamState> {
 public:
  using TorchStep::TorchStep;
  OptimizerState state() const override {
    if (!kept()) return {};
    return {.vectors = {{"exp_avg", kept()->exp_avg().clone()}, {"exp_avg_sq", kept()->exp_avg_sq().clone()}},
            .numbers = {{"adam_step", kept()->step()}}};
  }
  void restore(const OptimizerState& state) override {
    const at::Tensor first = copied(state, "exp_avg"), second = copied(state, "exp_avg_sq");
    if (!first.defined() || !second.defined()) return keep(nullptr);
    auto kept = std::make_unique<torch::optim::AdamParamState>();
    kept->step(numberOf(state, "adam_step"));
    kept->exp_avg(first);
    kept->exp_avg_sq(second);
    keep(std::move(kept));
  }
};

}  // namespace

std::unique_ptr<BaseStep> makeSgd(const BaseOptions& options, const at::Tensor& theta) {
  return std::make_unique<Sgd>(theta, torch::optim::SGDOptions(1).momentum(options.momentum).nesterov(options.nesterov));
}

std::unique_ptr<BaseStep> makeAdam(const BaseOptions& options, const at::Tensor& theta) {
  return std::make_unique<Adam>(theta, torch::optim::AdamOptions(1).betas(std::make_tuple(options.beta1, options.beta2)));
}

}  // namespace trainer
