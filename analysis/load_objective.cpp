// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/load_objective.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string_view>

#include "analysis/model_objective.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"
#include "trainer/device.h"
#include "trainer/model/checkpoint.h"
#include "trainer/optim/options_of.h"
#include "trainer/run/run_store.h"

namespace analysis {
namespace {

constexpr std::int64_t kDefaultSamples = 4096;

void requireOneOf(std::string_view flag, const std::string& word, std::initializer_list<std::string_view> known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  std::string list;
  for (const std::string_view k : known) list += (list.empty() ? "" : ", ") + std::string(k);
  throw std::invalid_argument(fmt::format("{} '{}' is unknown; this version has: {}", flag, word, list));
}

/// The first `count` of a seeded permutation, sorted: a subset without replacement.
trainer::Dataset subset(const trainer::Dataset& data, std::optional<std::int64_t> samples, std::uint64_t seed) {
  const std::int64_t all = data.count();
  const std::int64_t wanted = samples ? *samples : std::min(kDefaultSamples, all);
  if (wanted == 0 || wanted == all) return data;
  if (wanted < 0 || wanted > all) throw std::invalid_argument(fmt::format("--samples {} is not between 1 and the {} there are", wanted, all));
  std::vector<std::int64_t> indices = trainer::permutation(all, trainer::deriveSeed(seed, "samples"));
  indices.resize(static_cast<std::size_t>(wanted));
  std::sort(indices.begin(), indices.end());
  const at::Tensor rows = at::tensor(indices, at::kLong);
  return {data.inputs.index_select(0, rows), data.labels.index_select(0, rows)};
}

const trainer::Dataset& splitOf(const trainer::DataSplit& data, const MeasureSpec& spec) {
  if (spec.split == "test") return data.test;
  if (spec.split == "train") return data.train;
  if (data.validation.count() > 0) return data.validation;
  throw std::invalid_argument(fmt::format("--split validation: the run '{}' has set no items aside for it (train with --validation); it has: train, test", spec.run));
}

/// The file of the weights asked for, beside the checkpoint's own.
std::filesystem::path weightsFile(const MeasureSpec& spec, const trainer::RunSpec& run, const trainer::CheckpointInfo& checkpoint) {
  if (spec.weights == "trained") return checkpoint.file;
  const bool ema = spec.weights == "ema";
  if (ema ? !run.ema.has_value() : !run.swaFrom.has_value())
    throw std::invalid_argument(fmt::format("--weights {}: the run '{}' keeps no such average (train with {})", spec.weights, spec.run, ema ? "--ema" : "--swa-from"));
  std::filesystem::path file = checkpoint.file;
  file.replace_extension(spec.weights + ".safetensors");
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return file;
  const std::string reason = ema ? "" : fmt::format("; its average starts at the end of epoch {}", *run.swaFrom);
  throw std::invalid_argument(fmt::format("--weights {}: the run '{}' has no such average at step {}{}", spec.weights, spec.run, checkpoint.step, reason));
}

/// The run's, with --mean and --std in it.
trainer::Normalisation normalisationOf(const MeasureSpec& spec, const trainer::RunSpec& run, const trainer::DataSplit& data) {
  trainer::Normalisation n = run.normalisation.value_or(data.normalisation);
  if (spec.mean.empty() && spec.deviation.empty()) return n;
  if (data.shape.tokens) throw std::invalid_argument("--mean and --std are for numbers; this data is tokens");
  const auto channels = static_cast<std::size_t>(data.shape.channels);
  if (spec.mean.size() != channels || spec.deviation.size() != channels)
    throw std::invalid_argument(fmt::format("--mean and --std must both name the {} channels of the data, got {} and {} numbers", channels, spec.mean.size(), spec.deviation.size()));
  for (const double d : spec.deviation)
    if (!(d > 0) || !std::isfinite(d)) throw std::invalid_argument(fmt::format("--std must be numbers > 0, got {}", d));
  n.mean = spec.mean;
  n.deviation = spec.deviation;
  return n;
}

/// What was trained on, as it was then: limit, validation split and label noise included.
trainer::DataSplit dataOf(const trainer::RunSpec& run, const std::string& folder) {
  trainer::DataSplit data = trainer::loadData(trainer::dataOptions(run));
  if (run.dataHash.empty() || run.dataHash == data.hash) return data;
  throw trainer::DataError(fmt::format("the data '{}' are not those the run '{}' was trained on (hash {}, expected {})", run.data, folder, data.hash, run.dataHash));
}

BatchNormPolicy policyOf(const std::string& word) {
  if (word == "train") return BatchNormPolicy::train;
  return word == "recomputed" ? BatchNormPolicy::recomputed : BatchNormPolicy::eval;
}

}  // namespace

LoadedRun loadRun(const MeasureSpec& spec, Statistics statistics) {
  requireOneOf("--split", spec.split, {"train", "validation", "test"});
  requireOneOf("--weights", spec.weights, {"trained", "ema", "swa"});
  requireOneOf("--bn", spec.batchNorm, {"eval", "train", "recomputed", "interpolated"});
  if (spec.batchNorm == "interpolated" && statistics != Statistics::moveAlong)
    throw std::invalid_argument("--bn interpolated is for lines towards another run, along which the statistics move; here it is eval, train or recomputed");
  requireOneOf("--logits", spec.logits, {"raw", "normalised"});
  requireOneOf("--loss", spec.loss, {"plain", "training"});
  requireOneOf("--precision", spec.precision, {"float", "double"});
  LoadedRun run;
  run.spec = trainer::readRunSpec(spec.run);
  const trainer::CheckpointInfo checkpoint = trainer::findCheckpoint(spec.run, spec.step);
  run.device = trainer::chooseDevice(spec.device);
  run.precision = spec.precision;
  trainer::useThreads(spec.threads);
  const trainer::DataSplit data = dataOf(run.spec, spec.run);
  ModelObjective::Parts parts;
  parts.model = trainer::buildModel(run.spec.model, run.spec.activation, data.shape);
  const trainer::Checkpoint saved = trainer::readCheckpoint(weightsFile(spec, run.spec, checkpoint), parts.model->layout(), parts.model->bufferLayout());
  run.step = saved.step;
  parts.theta = saved.theta.to(at::Device(run.device), spec.precision == "double" ? at::kDouble : at::kFloat);
  parts.buffers = saved.buffers;
  parts.normalisation = normalisationOf(spec, run.spec, data);
  parts.loss.kind = run.spec.loss;
  parts.policy = policyOf(spec.batchNorm);
  parts.normaliseLogits = spec.logits == "normalised";
  const std::int64_t batch = run.spec.batchSize > 0 ? run.spec.batchSize : data.train.count();
  parts.statisticsBatch = std::min(batch, data.train.count());
  if (parts.policy == BatchNormPolicy::train) parts.chunk = parts.statisticsBatch;
  if (parts.policy == BatchNormPolicy::recomputed) parts.statisticsData = subset(data.train, spec.samples, spec.seed);
  run.model = parts.model;
  run.shape = data.shape;
  run.batchSize = parts.statisticsBatch;
  ModelObjective::Parts testParts = parts;
  parts.data = subset(splitOf(data, spec), spec.samples, spec.seed);
  if (spec.loss == "training") {
    parts.loss.labelSmoothing = run.spec.labelSmoothing;
    parts.weightDecay = trainer::lossDecayOf(run.spec);
  }
  testParts.data = data.test;
  run.train = std::make_unique<ModelObjective>(std::move(parts));
  run.test = std::make_unique<ModelObjective>(std::move(testParts));
  return run;
}

}  // namespace analysis
