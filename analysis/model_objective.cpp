// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/model_objective.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>
#include <string>

#include "analysis/operators/hessian.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/device.h"

namespace analysis {
namespace {

constexpr std::int64_t kCpuChunk = 512, kGpuChunk = 4096;
constexpr std::int64_t kGpuBudget = std::int64_t{4} << 30;

std::string_view bytesOf(const at::Tensor& t) { return {static_cast<const char*>(t.const_data_ptr()), static_cast<std::size_t>(t.nbytes())}; }

}  // namespace

ModelObjective::ModelObjective(Parts parts) : parts_(std::move(parts)) {
  if (parts_.data.count() < 1) throw std::invalid_argument("an objective needs at least one sample, got none");
  if (parts_.theta.dim() != 1 || parts_.theta.numel() != parts_.model->layout().size())
    throw std::invalid_argument(fmt::format("theta has {} numbers, {} has {} parameters", parts_.theta.numel(), parts_.model->name(), parts_.model->layout().size()));
  const at::Device device = parts_.theta.device();
  parts_.theta = parts_.theta.detach().contiguous();
  parts_.data.inputs = parts_.data.inputs.to(device).contiguous();
  parts_.data.labels = parts_.data.labels.to(device).contiguous();
  if (parts_.chunk <= 0) parts_.chunk = device.is_cpu() ? kCpuChunk : kGpuChunk;
}

std::int64_t ModelObjective::chunkCount() const { return (sampleCount() + parts_.chunk - 1) / parts_.chunk; }

at::Tensor ModelObjective::chunkInputs(std::int64_t c) const {
  const std::int64_t from = c * parts_.chunk, to = std::min(sampleCount(), from + parts_.chunk);
  return trainer::normalise(parts_.data.inputs.slice(0, from, to), parts_.normalisation, parts_.theta.scalar_type());
}

at::Tensor ModelObjective::chunkLabels(std::int64_t c) const {
  return parts_.data.labels.slice(0, c * parts_.chunk, std::min(sampleCount(), (c + 1) * parts_.chunk));
}

at::Tensor ModelObjective::chunkLoss(std::int64_t c, const at::Tensor& theta) const {
  const at::Tensor labels = chunkLabels(c);
  const double weight = static_cast<double>(labels.size(0)) / static_cast<double>(sampleCount());
  return trainer::crossEntropy(parts_.model->forward(theta, chunkInputs(c)), labels) * weight;
}

Evaluation ModelObjective::evaluate(const at::Tensor& theta) {
  const c10::InferenceMode inference;
  const at::TensorOptions sums = at::TensorOptions(at::kDouble).device(theta.device());
  at::Tensor loss = at::zeros({}, sums), right = at::zeros({}, sums);
  for (std::int64_t c = 0; c < chunkCount(); ++c) {
    const at::Tensor labels = chunkLabels(c);
    const at::Tensor logits = parts_.model->forward(theta, chunkInputs(c)).to(at::kDouble);
    loss += at::nll_loss(at::log_softmax(logits, 1), labels, {}, at::Reduction::Sum);
    right += logits.argmax(1).eq(labels).sum();
  }
  const auto n = static_cast<double>(sampleCount());
  Evaluation e{loss.item<double>() / n, right.item<double>() / n};
  if (parts_.weightDecay != 0) e.loss += 0.5 * parts_.weightDecay * theta.to(at::kDouble).square().sum().item<double>();
  return e;
}

at::Tensor ModelObjective::gradient(const at::Tensor& theta) {
  const torch::autograd::AutoGradMode recording(true);
  const at::Tensor leaf = theta.detach().requires_grad_(true);
  at::Tensor sum = parts_.weightDecay == 0 ? at::zeros_like(theta) : theta.detach() * parts_.weightDecay;
  for (std::int64_t c = 0; c < chunkCount(); ++c) sum += torch::autograd::grad({chunkLoss(c, leaf)}, {leaf}).front();
  return sum;
}

std::unique_ptr<LinearOperator> ModelObjective::hessian(const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) {
  return std::make_unique<HessianOperator>(*this, theta, memoryBytes > 0 ? memoryBytes : defaultMemoryBudget(theta.device()), context);
}

std::string ModelObjective::stateHash() const {
  const at::Tensor theta = parts_.theta.cpu(), images = parts_.data.inputs.cpu(), labels = parts_.data.labels.cpu();
  const at::Generator generator = at::detail::getDefaultCPUGenerator();
  const at::Tensor random = generator.get_state();
  std::string all;
  for (const at::Tensor& t : {theta, images, labels, random}) all += trainer::contentHash(bytesOf(t));
  return trainer::contentHash(all);
}

std::int64_t defaultMemoryBudget(const at::Device& device) {
  if (!device.is_cpu()) return kGpuBudget;
  return trainer::freeMemory("cpu") / 2;
}

}  // namespace analysis
