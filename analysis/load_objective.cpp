// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/load_objective.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "analysis/model_objective.h"
#include "trainer/base/random.h"
#include "trainer/device.h"
#include "trainer/model/checkpoint.h"
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

}  // namespace

LoadedRun loadRun(const MeasureSpec& spec) {
  requireOneOf("--split", spec.split, {"train", "test"});
  requireOneOf("--bn", spec.batchNorm, {"eval"});
  requireOneOf("--loss", spec.loss, {"plain", "training"});
  requireOneOf("--precision", spec.precision, {"float", "double"});
  LoadedRun run;
  run.spec = trainer::readRunSpec(spec.run);
  const trainer::CheckpointInfo checkpoint = trainer::findCheckpoint(spec.run, spec.step);
  run.device = trainer::chooseDevice(spec.device);
  run.precision = spec.precision;
  trainer::useThreads(spec.threads);
  const trainer::DataSplit data = trainer::loadData(run.spec.data);
  const trainer::Normalisation normalisation = run.spec.normalisation.value_or(data.normalisation);
  ModelObjective::Parts parts;
  parts.model = trainer::buildModel(run.spec.model, run.spec.activation, data.shape);
  const trainer::Checkpoint saved = trainer::readCheckpoint(checkpoint.file, parts.model->layout());
  run.step = saved.step;
  parts.theta = saved.theta.to(at::Device(run.device), spec.precision == "double" ? at::kDouble : at::kFloat);
  parts.normalisation = normalisation;
  ModelObjective::Parts testParts = parts;
  parts.data = subset(spec.split == "train" ? data.train : data.test, spec.samples, spec.seed);
  parts.weightDecay = spec.loss == "training" ? run.spec.weightDecay : 0;
  testParts.data = data.test;
  run.train = std::make_unique<ModelObjective>(std::move(parts));
  run.test = std::make_unique<ModelObjective>(std::move(testParts));
  return run;
}

}  // namespace analysis
