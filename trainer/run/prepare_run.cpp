// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/prepare_run.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "trainer/base/error.h"
#include "trainer/data/augment.h"
#include "trainer/device.h"

namespace trainer {
namespace {

std::string defaultModel(const std::string& data, const InputShape& shape) {
  if (shape.tokens) return "gpt";
  if (data == "spirals") return fmt::format("mlp:{}-32-32-{}", shape.features(), shape.classes);
  if (shape.height == 28 && shape.width == 28) return "lenet";
  return fmt::format("mlp:{}-64-{}", shape.features(), shape.classes);
}

void chooseNormalisation(RunSpec& spec, const DataSplit& data) {
  if (!spec.normalisation) spec.normalisation = data.normalisation;
  if (!spec.mean.empty()) {
    spec.normalisation->mean = std::exchange(spec.mean, {});
    spec.normalisation->deviation = std::exchange(spec.deviation, {});
  }
  const auto channels = static_cast<std::int64_t>(spec.normalisation->mean.size());
  if (channels != data.shape.channels)
    throw std::invalid_argument(fmt::format("normalisation (--mean, --std) is for {} channels, the data has {}", channels, data.shape.channels));
}

void requireFit(const RunSpec& spec, const DataSplit& data) {
  if (spec.augment == "standard") requireAugmentable(data.shape);
  if (spec.perturbationGroup && *spec.perturbationGroup > data.train.count())
    throw std::invalid_argument(fmt::format("--perturbation-group {} is more than the {} training items", *spec.perturbationGroup, data.train.count()));
  if (spec.curvatureSamples && *spec.curvatureSamples > data.train.count())
    throw std::invalid_argument(fmt::format("--curvature-samples {} is more than the {} training items", *spec.curvatureSamples, data.train.count()));
  if (spec.swaFrom && *spec.swaFrom > spec.epochs)
    throw std::invalid_argument(fmt::format("--swa-from {} is behind the last of {} epochs", *spec.swaFrom, spec.epochs));
}

}  // namespace

PreparedRun prepareRun(const RunSpec& wanted) {
  PreparedRun p;
  p.spec = resolve(wanted, nullptr);
  p.spec.device = chooseDevice(p.spec.device);
  p.spec.threads = useThreads(p.spec.threads);
  p.data = loadData(dataOptions(p.spec));
  if (p.spec.model.empty()) {
    p.spec.model = defaultModel(p.spec.data, p.data.shape);
    p.spec = resolve(p.spec, &p.notes);
  }
  p.model = buildModel(p.spec.model, p.spec.activation, p.data.shape, p.spec.dropout);
  chooseNormalisation(p.spec, p.data);
  requireFit(p.spec, p.data);
  p.spec.dataHash = p.data.hash;
  p.dtype = p.spec.precision == "double" ? at::kDouble : at::kFloat;
  p.trainingLoss = {.kind = p.spec.loss, .labelSmoothing = p.spec.labelSmoothing};
  p.plainLoss = {.kind = p.spec.loss, .labelSmoothing = 0};
  p.batchSize = p.spec.batchSize == kAllItems ? p.data.train.count() : p.spec.batchSize;
  for (Dataset* part : {&p.data.train, &p.data.validation, &p.data.test})
    if (part->count() > 0) *part = {part->inputs.to(p.device()), part->labels.to(p.device())};
  return p;
}

}  // namespace trainer
