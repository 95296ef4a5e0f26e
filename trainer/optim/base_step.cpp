// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/base_step.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "trainer/optim/base_steps.h"

namespace trainer {
namespace {

/// theta *= 1 - rate wd, then the step.
class Decayed : public BaseStep {
 public:
  Decayed(std::unique_ptr<BaseStep> step, double decay) : step_(std::move(step)), decay_(decay) {}
  void apply(at::Tensor theta, const at::Tensor& gradient, double rate) override {
    theta.detach().mul_(1 - rate * decay_);
    step_->apply(std::move(theta), gradient, rate);
  }
  OptimizerState state() const override { return step_->state(); }
  void restore(const OptimizerState& state) override { step_->restore(state); }

 private:
  std::unique_ptr<BaseStep> step_;
  double decay_;
};

std::unique_ptr<BaseStep> makePlain(const BaseOptions& options, const ParameterLayout& layout, const at::Tensor& theta) {
  if (options.name == "sgd") return makeSgd(options, theta);
  if (options.name == "adam" || options.name == "adamw") return makeAdam(options, theta);
  if (options.name == "lion") return makeLion(options, theta);
  if (options.name == "muon") return makeMuon(options, layout, theta);
  throw std::invalid_argument(fmt::format("unknown base step '{}'; this version has: sgd, adam, adamw, lion, muon", options.name));
}

}  // namespace

BaseStep::~BaseStep() = default;

std::unique_ptr<BaseStep> makeBaseStep(const BaseOptions& options, const ParameterLayout& layout, const at::Tensor& theta) {
  std::unique_ptr<BaseStep> step = makePlain(options, layout, theta);
  if (options.decoupledDecay == 0) return step;
  return std::make_unique<Decayed>(std::move(step), options.decoupledDecay);
}

}  // namespace trainer
