// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/import_run.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/data/dataset.h"
#include "trainer/device.h"
#include "trainer/model/checkpoint.h"
#include "trainer/model/model.h"
#include "trainer/run/evaluate.h"
#include "trainer/run/run_files.h"
#include "trainer/run/run_writer.h"

namespace trainer {
namespace {

void requireNames(const RunSpec& spec) {
  if (spec.data.empty()) throw std::invalid_argument("--data is required: the data that the weights were trained on, like digits or cifar10:DIR");
  if (spec.model.empty()) throw std::invalid_argument("--model is required: the network that the weights are for, like resnet20");
}

DataSplit loadFor(RunSpec& spec) {
  DataSplit data = loadData(spec.data);
  if (!spec.normalisation) spec.normalisation = data.normalisation;
  if (!spec.mean.empty()) {
    spec.normalisation->mean = spec.mean;
    spec.normalisation->deviation = spec.deviation;
  }
  const auto channels = static_cast<std::int64_t>(spec.normalisation->mean.size());
  if (channels != data.shape.channels)
    throw std::invalid_argument(fmt::format("--mean and --std are for {} channels, the data has {}", channels, data.shape.channels));
  spec.mean.clear();
  spec.deviation.clear();
  for (Dataset* part : {&data.train, &data.test})
    *part = {part->inputs.to(at::Device(spec.device)), part->labels.to(at::Device(spec.device))};
  return data;
}

}  // namespace

RunRecord importRun(const std::filesystem::path& weights, RunSpec& spec, const std::filesystem::path& folder, const Context& context) {
  requireFreeFolder(folder);
  requireNames(spec);
  const bool ownPrecision = spec.precision.empty();
  if (ownPrecision) spec.precision = "float";
  spec = resolve(spec, nullptr);
  spec.device = chooseDevice(spec.device);
  spec.threads = useThreads(spec.threads);
  const DataSplit data = loadFor(spec);
  const auto model = buildModel(spec.model, spec.activation, data.shape);
  Checkpoint checkpoint = readCheckpoint(weights, *model);
  if (ownPrecision && checkpoint.theta.scalar_type() == at::kDouble) spec.precision = "double";
  const at::ScalarType dtype = spec.precision == "double" ? at::kDouble : at::kFloat;
  checkpoint = {.step = 0, .epoch = 0, .theta = checkpoint.theta.to(dtype),
                .buffers = checkpoint.buffers.defined() ? checkpoint.buffers.to(dtype) : at::Tensor()};

  const at::Tensor theta = checkpoint.theta.to(at::Device(spec.device));
  const LossAndAccuracy train = evaluate(*model, theta, data.train, *spec.normalisation, context, checkpoint.buffers);
  const LossAndAccuracy test = evaluate(*model, theta, data.test, *spec.normalisation, context, checkpoint.buffers);
  RunRecord record;
  record.folder = folder.string();
  record.status = RunStatus::completed;
  record.parameters = model->layout().size();
  record.dataHash = data.hash;
  record.evaluations.push_back({0, train.loss, train.accuracy, test.loss, test.accuracy});
  record.gradientNorm = fullGradient(*model, theta, data.train, *spec.normalisation, 0, checkpoint.buffers).norm().item<double>();
  record.parameterNorm = theta.to(at::kDouble).norm().item<double>();

  RunWriter writer(folder, spec);
  writer.addEvaluation(record.evaluations.back());
  writeCheckpoint(folder / kCheckpointFolder / "step_00000000.safetensors", *model, checkpoint);
  writer.writeSummary(spec, record);
  return record;
}

}  // namespace trainer
