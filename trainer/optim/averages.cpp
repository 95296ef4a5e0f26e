// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/averages.h"

#include <ATen/ATen.h>

#include <string>

namespace trainer {
namespace {

at::Tensor copied(const at::Tensor& v) { return v.defined() ? v.detach().clone() : v; }

/// average += share (v - average)
void moveTowards(const at::Tensor& average, const at::Tensor& v, double share) {
  if (average.defined()) average.lerp_(v.detach(), share);
}

void add(OptimizerState& state, const std::string& name, const AveragedModel& model) {
  if (model.theta.defined()) state.vectors.emplace_back(name, model.theta.clone());
  if (model.buffers.defined()) state.vectors.emplace_back(name + "_buffers", model.buffers.clone());
}

}  // namespace

WeightAverages::WeightAverages(std::optional<double> decay, const AveragedModel& first) : decay_(decay), device_(first.theta.device()) {
  if (decay_) exponential_ = {copied(first.theta), copied(first.buffers)};
}

void WeightAverages::addStep(const AveragedModel& model) {
  if (!decay_) return;
  moveTowards(exponential_.theta, model.theta, 1 - *decay_);
  moveTowards(exponential_.buffers, model.buffers, 1 - *decay_);
}

void WeightAverages::addEpoch(const AveragedModel& model) {
  if (epochs_ == 0) mean_ = {copied(model.theta), copied(model.buffers)};
  ++epochs_;
  moveTowards(mean_.theta, model.theta, 1.0 / static_cast<double>(epochs_));
  moveTowards(mean_.buffers, model.buffers, 1.0 / static_cast<double>(epochs_));
}

OptimizerState WeightAverages::state() const {
  OptimizerState state;
  add(state, "ema", exponential_);
  add(state, "swa", mean_);
  state.numbers["swa_epochs"] = epochs_;
  return state;
}

void WeightAverages::restore(const OptimizerState& state) {
  const auto kept = [&](const std::string& name) {
    const at::Tensor v = vectorOf(state, name);
    return v.defined() ? copied(v.to(device_)) : v;
  };
  if (decay_ && vectorOf(state, "ema").defined()) exponential_ = {kept("ema"), kept("ema_buffers")};
  mean_ = {kept("swa"), kept("swa_buffers")};
  epochs_ = numberOf(state, "swa_epochs");
}

}  // namespace trainer
