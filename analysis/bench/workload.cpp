// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/bench/workload.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <stdexcept>
#include <variant>

#include "trainer/base/random.h"
#include "trainer/data/preparation.h"
#include "trainer/device.h"
#include "trainer/model/model_names.h"
#include "trainer/optim/options_of.h"
#include "trainer/run/mini_batch.h"

namespace analysis {
namespace {

constexpr std::int64_t kDigits = 1442, kImages = 1000, kMnist = 60000, kCifar = 50000;
constexpr std::int64_t kClasses = 10, kTrackedSamples = 512;

/// What belongs to a shape of images.
struct Shape {
  trainer::InputShape input;
  std::int64_t images, products, epoch, batch;
};

struct ShapeOf {
  Shape operator()(const trainer::MlpName& n) const {
    return {{.channels = 1, .height = 1, .width = n.widths.front(), .classes = n.widths.back()}, kDigits, kDigits, kDigits, 64};
  }
  Shape operator()(const trainer::CnnName&) const { return {{.channels = 1, .height = 8, .width = 8, .classes = kClasses}, kDigits, kDigits, kDigits, 64}; }
  Shape operator()(const trainer::LenetName&) const { return {{.channels = 1, .height = 28, .width = 28, .classes = kClasses}, kImages, 512, kMnist, 128}; }
  Shape operator()(const trainer::GptName&) const { throw std::invalid_argument("gpt takes text, and the images are made up; cnn, lenet, mlp, resnet, vgg, wrn and vit take them"); }
  template <class Other>
  Shape operator()(const Other&) const {
    return {{.channels = 3, .height = 32, .width = 32, .classes = kClasses}, kImages, 128, kCifar, 128};
  }
};

Shape shapeOf(const std::string& net) {
  try {
    const Shape shape = std::visit(ShapeOf(), trainer::parseModelName(net));
    trainer::buildModel(net, "relu", shape.input);
    return shape;
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(fmt::format("--nets '{}': {}", net, e.what()));
  }
}

/// Byte 128 + 50 sin(2 pi (a i/H + b j/W) + p) + 30 z at row i, column j; a, b in [0.5, 2.5) and p by class and channel, z normal.
at::Tensor madeUpImages(const Shape& s, std::uint64_t seed) {
  const std::int64_t waves = s.input.classes * s.input.channels;
  trainer::RandomStream stream(trainer::deriveSeed(seed, "bench/waves"));
  at::Tensor numbers = at::empty({waves, 3}, at::kDouble);
  for (std::int64_t i = 0; i < numbers.numel(); ++i) numbers.data_ptr<double>()[i] = stream.uniform();
  const auto column = [&](std::int64_t c) { return numbers.select(1, c).reshape({s.input.classes, s.input.channels, 1, 1}); };
  const at::Tensor rows = (at::arange(s.input.height, at::kDouble) / static_cast<double>(s.input.height)).reshape({1, 1, -1, 1});
  const at::Tensor columns = (at::arange(s.input.width, at::kDouble) / static_cast<double>(s.input.width)).reshape({1, 1, 1, -1});
  const at::Tensor waveOfClass = at::sin(2 * std::numbers::pi * ((0.5 + 2 * column(0)) * rows + (0.5 + 2 * column(1)) * columns + column(2)));
  at::Tensor noise = at::empty({s.images, s.input.channels, s.input.height, s.input.width}, at::kDouble);
  trainer::fillNormal({noise.data_ptr<double>(), static_cast<std::size_t>(noise.numel())}, trainer::deriveSeed(seed, "bench/noise"));
  const at::Tensor labels = at::arange(s.images, at::kLong).remainder_(s.input.classes);
  return (128 + 50 * waveOfClass.index_select(0, labels) + 30 * noise).round_().clamp_(0, 255).to(at::kByte);
}

trainer::RunSpec specOf(const std::string& net, const MeasureSpec& measure) {
  trainer::RunSpec spec;
  spec.data = "arrays:made-up";  // never opened: the images are given
  spec.model = net, spec.schedule = "constant", spec.batchSize = shapeOf(net).batch, spec.epochs = 1;
  spec.curvatureEvery = 1, spec.curvatureSamples = kTrackedSamples;
  spec.seed = measure.seed, spec.precision = measure.precision;
  spec.device = measure.device, spec.threads = measure.threads;
  return trainer::resolve(std::move(spec), nullptr);
}

}  // namespace

void requireBenchable(const std::string& net) { shapeOf(net); }

Workload makeWorkload(const std::string& net, const MeasureSpec& measure) {
  const Shape shape = shapeOf(net);
  Workload w;
  trainer::PreparedRun& run = w.run;
  run.spec = specOf(net, measure);
  run.spec.device = trainer::chooseDevice(run.spec.device);
  run.spec.threads = trainer::useThreads(run.spec.threads);
  run.model = trainer::buildModel(net, run.spec.activation, shape.input);
  run.data.train = {madeUpImages(shape, measure.seed), at::arange(shape.images, at::kLong).remainder_(shape.input.classes)};
  run.data.shape = shape.input;
  trainer::computeNormalisation(run.data);
  run.data.train = trainer::toDevice(run.data.train, run.device());
  run.spec.normalisation = run.data.normalisation;
  run.dtype = run.spec.precision == "double" ? at::kDouble : at::kFloat;
  run.batchSize = run.spec.batchSize;
  w.productSamples = shape.products;
  w.walkSamples = run.device().is_cpu() ? 500 : 10000;
  w.epochItems = shape.epoch;
  return w;
}

std::unique_ptr<ModelObjective> objectiveOf(const Workload& workload, const at::Tensor& theta, const at::Tensor& buffers, std::int64_t samples) {
  const trainer::Dataset& data = workload.run.data.train;
  const at::Tensor items = at::arange(samples, at::TensorOptions(at::kLong).device(workload.run.device())).remainder_(data.count());
  return std::make_unique<ModelObjective>(ModelObjective::Parts{.model = workload.run.model, .theta = theta, .buffers = buffers,
                                                                .data = {data.inputs.index_select(0, items), data.labels.index_select(0, items)},
                                                                .normalisation = workload.run.data.normalisation});
}

TrainingSteps::TrainingSteps(const trainer::PreparedRun& run, const trainer::SharpnessOptions& sharpness, const at::Tensor& theta, const at::Tensor& buffers)
    : run_(run),
      theta_(theta.clone()),
      buffers_(buffers.clone()),
      keptTheta_(theta.clone()),
      keptBuffers_(buffers.clone()),
      base_(trainer::makeBaseStep(trainer::baseOptionsOf(run_.spec), run_.model->layout(), theta_)),
      sharpness_(sharpness, run_.model->layout()),
      log_(run_.device()) {}

const at::Tensor& TrainingSteps::take() {
  const std::int64_t count = run_.data.train.count(), from = steps_ % run_.stepsPerEpoch() * run_.batchSize;
  if (from == 0) order_ = at::tensor(trainer::epochOrder(count, run_.spec.seed, steps_ / run_.stepsPerEpoch()), at::kLong).to(run_.device());
  trainer::MiniBatch batch = trainer::batchOf(run_, order_.narrow(0, from, std::min(run_.batchSize, count - from)), buffers_, steps_);
  const trainer::StepGradient g = sharpness_.gradient(batch, theta_, steps_);
  log_.add({.step = steps_ + 1, .learningRate = *run_.spec.learningRate}, g.loss, g.gradientNorm);
  keptTheta_.copy_(at::where(log_.good(), theta_, keptTheta_));
  keptBuffers_.copy_(at::where(log_.good(), buffers_, keptBuffers_));
  base_->apply(theta_, trainer::clipToNorm(g.combined, run_.spec.clipNorm), *run_.spec.learningRate);
  buffers_ = batch.updatedBuffers();
  ++steps_;
  if (log_.full()) log_.fetch();
  return theta_;
}

}  // namespace analysis
