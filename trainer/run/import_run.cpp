// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/import_run.h"

#include <ATen/ATen.h>

#include <stdexcept>

#include "trainer/model/checkpoint.h"
#include "trainer/run/evaluate.h"
#include "trainer/run/prepare_run.h"
#include "trainer/run/run_writer.h"
#include "trainer/run/training_state.h"

namespace trainer {
namespace {

void requireNames(const RunSpec& spec) {
  if (spec.data.empty()) throw std::invalid_argument("--data is required: the data that the weights were trained on, like digits or cifar10:DIR");
  if (spec.model.empty()) throw std::invalid_argument("--model is required: the network that the weights are for, like resnet20");
}

}  // namespace

RunRecord importRun(const std::filesystem::path& weights, RunSpec& spec, const std::filesystem::path& folder, const Context& context) {
  requireFreeFolder(folder);
  requireNames(spec);
  const bool ownPrecision = spec.precision.empty();
  if (ownPrecision) spec.precision = "float";
  PreparedRun run = prepareRun(spec);
  const Checkpoint found = readCheckpoint(weights, *run.model);
  if (ownPrecision && found.theta.scalar_type() == at::kDouble) {
    run.spec.precision = "double";
    run.dtype = at::kDouble;
  }
  const at::Tensor buffers = found.buffers.defined() ? found.buffers : run.model->initialBuffers(run.dtype);
  const ModelPoint here{found.theta.to(run.device(), run.dtype), buffers.to(run.device(), run.dtype)};
  const LossAndAccuracy train = evaluate(run, here, run.data.train, context);
  const LossAndAccuracy test = evaluate(run, here, run.data.test, context);
  RunRecord record;
  record.folder = folder.string();
  record.status = RunStatus::completed;
  record.parameters = run.model->layout().size();
  record.dataHash = run.data.hash;
  record.evaluations.push_back({0, train.loss, train.accuracy, test.loss, test.accuracy});
  record.gradientNorm = fullGradient(run, here).norm().item<double>();
  record.parameterNorm = here.theta.to(at::kDouble).norm().item<double>();

  spec = run.spec;
  RunWriter writer(folder, spec);
  writer.addEvaluation(record.evaluations.back());
  writeCheckpoint(checkpointStem(folder, 0).string() + ".safetensors", *run.model, {.step = 0, .epoch = 0, .theta = here.theta, .buffers = here.buffers});
  writer.writeSummary(spec, record);
  return record;
}

}  // namespace trainer
