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
#include "analysis/operators/output_curvature.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/device.h"
#include "trainer/run/recomputed_buffers.h"

namespace analysis {
namespace {

constexpr std::int64_t kCpuChunk = 512, kGpuChunk = 4096;
constexpr std::int64_t kCpuNumbers = 1 << 19, kGpuNumbers = 1 << 20;  ///< input numbers of a chunk of large items: bounds the activations of a deep network
constexpr std::int64_t kNumbersOfAToken = 64;                        ///< a token becomes a vector of about this width

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
  if (parts_.statisticsData.inputs.defined()) parts_.statisticsData.inputs = parts_.statisticsData.inputs.to(device).contiguous();
  if (parts_.chunk <= 0) parts_.chunk = defaultChunk(parts_.data, device);
  chunk_ = parts_.chunk;
}

std::int64_t ModelObjective::chunkCount() const { return (sampleCount() + chunk_ - 1) / chunk_; }

at::Tensor ModelObjective::chunkLabels(std::int64_t c) const { return chunk(c).labels; }

ModelObjective::Chunk ModelObjective::chunk(std::int64_t c) const {
  const std::int64_t from = c * chunk_, to = std::min(sampleCount(), from + chunk_);
  return {parts_.data.inputs.slice(0, from, to), parts_.data.labels.slice(0, from, to)};
}

trainer::Pass ModelObjective::pass(std::int64_t, const at::Tensor& statistics) const {
  const bool train = parts_.policy == BatchNormPolicy::train && statistics.numel() > 0;
  return {.mode = train ? trainer::Mode::train : trainer::Mode::evaluate, .buffers = statistics};
}

ModelObjective::Run ModelObjective::run(std::int64_t c, const Point& at) const {
  const Chunk samples = chunk(c);
  const at::Tensor x = trainer::normalise(samples.inputs, parts_.normalisation, parts_.theta.scalar_type());
  at::Tensor z = parts_.model->forward(at.theta, x, pass(c, at.statistics));
  z = z.flatten(0, -2);
  if (parts_.normaliseLogits) z = z / (z - z.mean(-1, true)).square().mean(-1, true).sqrt();
  return {z, samples.labels};
}

at::Tensor ModelObjective::chunkLoss(std::int64_t c, const Point& at) const {
  const Run r = run(c, at);
  const double weight = static_cast<double>(r.labels.size(0)) / static_cast<double>(sampleCount());
  return trainer::meanLoss(r.outputs, r.labels, parts_.loss) * weight;
}

at::Tensor ModelObjective::statistics(const at::Tensor& theta) {
  if (parts_.policy != BatchNormPolicy::recomputed || parts_.buffers.numel() == 0) return parts_.buffers;
  const trainer::Dataset& data = parts_.statisticsData.inputs.defined() ? parts_.statisticsData : parts_.data;
  return trainer::recomputedBuffers(*parts_.model, theta.detach(), {.data = data, .normalisation = parts_.normalisation, .batch = parts_.statisticsBatch}, {});
}

Evaluation ModelObjective::evaluateAt(const Point& at) const { return withinMemory([&] { return evaluateChunks(at); }); }

Evaluation ModelObjective::evaluateChunks(const Point& at) const {
  const c10::InferenceMode inference;
  const at::TensorOptions sums = at::TensorOptions(at::kDouble).device(at.theta.device());
  at::Tensor loss = at::zeros({}, sums), right = at::zeros({}, sums);
  for (std::int64_t c = 0; c < chunkCount(); ++c) {
    const Run r = run(c, at);
    const at::Tensor outputs = r.outputs.to(at::kDouble);
    loss += trainer::itemLosses(outputs, r.labels, parts_.loss).sum();
    right += outputs.argmax(-1).eq(r.labels.flatten()).sum();
  }
  const auto n = static_cast<double>(parts_.data.labels.numel());
  Evaluation e{loss.item<double>() / n, right.item<double>() / n};
  if (parts_.weightDecay != 0) e.loss += 0.5 * parts_.weightDecay * at.theta.to(at::kDouble).square().sum().item<double>();
  return e;
}

Evaluation ModelObjective::evaluate(const at::Tensor& theta) { return evaluateAt({theta, statistics(theta)}); }

Evaluation ModelObjective::evaluateWith(const at::Tensor& theta, const at::Tensor& statistics) {
  if (parts_.policy == BatchNormPolicy::eval) return evaluateAt({theta, statistics});
  if (!held_) {
    Parts fixed = parts_;
    fixed.policy = BatchNormPolicy::eval;
    held_ = std::make_unique<ModelObjective>(std::move(fixed));
  }
  return held_->evaluateAt({theta, statistics});
}

at::Tensor ModelObjective::gradient(const at::Tensor& theta) {
  const at::Tensor held = statistics(theta);
  const torch::autograd::AutoGradMode recording(true);
  const Point at{theta.detach().requires_grad_(true), held};
  return withinMemory([&] {
    at::Tensor sum = parts_.weightDecay == 0 ? at::zeros_like(theta) : theta.detach() * parts_.weightDecay;
    for (std::int64_t c = 0; c < chunkCount(); ++c) sum += torch::autograd::grad({chunkLoss(c, at)}, {at.theta}).front();
    return sum;
  });
}

at::Tensor ModelObjective::outputs(const at::Tensor& theta) {
  const Point at{theta, statistics(theta)};
  const at::NoGradGuard noGradient;
  return withinMemory([&] {
    std::vector<at::Tensor> rows;
    for (std::int64_t c = 0; c < chunkCount(); ++c) rows.push_back(run(c, at).outputs);
    return at::cat(rows);
  });
}

std::unique_ptr<Objective> ModelObjective::part(std::int64_t from, std::int64_t to) const {
  if (from < 0 || to > sampleCount() || from >= to)
    throw std::invalid_argument(fmt::format("samples {} to {} are not a part of the {} there are", from, to, sampleCount()));
  Parts parts = parts_;
  parts.chunk = chunk_;
  if (!parts.statisticsData.inputs.defined()) parts.statisticsData = parts.data;
  parts.data = {parts_.data.inputs.slice(0, from, to), parts_.data.labels.slice(0, from, to)};
  return std::make_unique<ModelObjective>(std::move(parts));
}

std::unique_ptr<LinearOperator> ModelObjective::hessian(const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) {
  return std::make_unique<HessianOperator>(*this, Point{theta, statistics(theta)}, memoryBytes > 0 ? memoryBytes : defaultMemoryBudget(theta.device()), context);
}

std::unique_ptr<LinearOperator> ModelObjective::outputCurvature(OutputCurvature kind, const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) {
  return std::make_unique<OutputCurvatureOperator>(*this, kind, Point{theta, statistics(theta)}, memoryBytes > 0 ? memoryBytes : defaultMemoryBudget(theta.device()), context);
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
  return trainer::freeMemory(device.str()) / 2;
}

}  // namespace analysis
