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
constexpr std::int64_t kCpuNumbers = 1 << 19, kGpuNumbers = 1 << 20;  ///< input numbers of a chunk of large items: bounds the activations of a deep network
constexpr std::int64_t kNumbersOfAToken = 64;                        ///< a token becomes a vector of about this width
constexpr std::int64_t kGpuBudget = std::int64_t{4} << 30;

std::string_view bytesOf(const at::Tensor& t) { return {static_cast<const char*>(t.const_data_ptr()), static_cast<std::size_t>(t.nbytes())}; }

std::int64_t defaultChunk(const trainer::Dataset& data, const at::Device& device) {
  const std::int64_t width = data.inputs.scalar_type() == at::kLong ? kNumbersOfAToken : 1;
  const std::int64_t numbers = std::max<std::int64_t>(1, width * data.inputs.numel() / data.count());
  return std::clamp<std::int64_t>((device.is_cpu() ? kCpuNumbers : kGpuNumbers) / numbers, 1, device.is_cpu() ? kCpuChunk : kGpuChunk);
}

}  // namespace

ModelObjective::ModelObjective(Parts parts) : parts_(std::move(parts)) {
  if (parts_.data.count() < 1) throw std::invalid_argument("an objective needs at least one sample, got none");
  if (parts_.theta.dim() != 1 || parts_.theta.numel() != parts_.model->layout().size())
    throw std::invalid_argument(fmt::format("theta has {} numbers, {} has {} parameters", parts_.theta.numel(), parts_.model->name(), parts_.model->layout().size()));
  const std::int64_t statistics = parts_.model->bufferLayout().size();
  if (parts_.buffers.defined() && parts_.buffers.numel() != statistics)
    throw std::invalid_argument(fmt::format("there are {} running statistics, {} has {}", parts_.buffers.numel(), parts_.model->name(), statistics));
  const at::Device device = parts_.theta.device();
  parts_.theta = parts_.theta.detach().contiguous();
  if (!parts_.buffers.defined()) parts_.buffers = parts_.model->initialBuffers(parts_.theta.scalar_type());
  parts_.buffers = parts_.buffers.detach().to(device, parts_.theta.scalar_type()).contiguous();
  parts_.data.inputs = parts_.data.inputs.to(device).contiguous();
  parts_.data.labels = parts_.data.labels.to(device).contiguous();
  if (parts_.chunk <= 0) parts_.chunk = defaultChunk(parts_.data, device);
}

std::int64_t ModelObjective::chunkCount() const { return (sampleCount() + parts_.chunk - 1) / parts_.chunk; }

at::Tensor ModelObjective::chunkLogits(std::int64_t c, const at::Tensor& theta) const {
  const std::int64_t from = c * parts_.chunk, to = std::min(sampleCount(), from + parts_.chunk);
  const at::Tensor x = trainer::normalise(parts_.data.inputs.slice(0, from, to), parts_.normalisation, parts_.theta.scalar_type());
  return parts_.model->forward(theta, x, {.mode = trainer::Mode::evaluate, .buffers = parts_.buffers});
}

at::Tensor ModelObjective::chunkLabels(std::int64_t c) const {
  return parts_.data.labels.slice(0, c * parts_.chunk, std::min(sampleCount(), (c + 1) * parts_.chunk));
}

at::Tensor ModelObjective::chunkLoss(std::int64_t c, const at::Tensor& theta) const {
  const at::Tensor labels = chunkLabels(c);
  const double weight = static_cast<double>(labels.size(0)) / static_cast<double>(sampleCount());
  return trainer::meanLoss(chunkLogits(c, theta), labels, parts_.loss) * weight;
}

Evaluation ModelObjective::evaluate(const at::Tensor& theta) {
  const c10::InferenceMode inference;
  const at::TensorOptions sums = at::TensorOptions(at::kDouble).device(theta.device());
  at::Tensor loss = at::zeros({}, sums), right = at::zeros({}, sums);
  for (std::int64_t c = 0; c < chunkCount(); ++c) {
    const at::Tensor labels = chunkLabels(c);
    const at::Tensor logits = chunkLogits(c, theta).to(at::kDouble);
    loss += trainer::itemLosses(logits, labels, parts_.loss).sum();
    right += logits.argmax(-1).eq(labels).sum();
  }
  const auto n = static_cast<double>(parts_.data.labels.numel());
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
  const at::Tensor theta = parts_.theta.cpu(), buffers = parts_.buffers.cpu(), inputs = parts_.data.inputs.cpu(), labels = parts_.data.labels.cpu();
  const at::Generator generator = at::detail::getDefaultCPUGenerator();
  const at::Tensor random = generator.get_state();
  std::string all;
  for (const at::Tensor& t : {theta, buffers, inputs, labels, random}) all += trainer::contentHash(bytesOf(t));
  return trainer::contentHash(all);
}

std::int64_t defaultMemoryBudget(const at::Device& device) {
  if (!device.is_cpu()) return kGpuBudget;
  return trainer::freeMemory("cpu") / 2;
}

}  // namespace analysis
