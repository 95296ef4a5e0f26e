// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/data/preparation.h"
#include "trainer/data/readers.h"

namespace trainer {
namespace {

DataSplit read(const std::string& data) {
  if (data == "digits") return readDigits();
  if (data == "spirals") return readSpirals();
  if (data == "text") return readBuiltInText();
  const std::size_t colon = data.find(':');
  const std::string kind = data.substr(0, colon);
  const std::string place = colon == std::string::npos ? "" : data.substr(colon + 1);
  if (!place.empty()) {
    if (kind == "idx") return readIdx(place);
    if (kind == "cifar10") return readCifar10(place);
    if (kind == "cifar100") return readCifar100(place);
    if (kind == "arrays") return readArrays(place);
    if (kind == "text") return readText(place);
  }
  throw std::invalid_argument(
      fmt::format("unknown --data '{}'; this version has: digits, spirals, text, idx:DIR, cifar10:DIR, cifar100:DIR, arrays:DIR, text:FILE", data));
}

}  // namespace

void limitTraining(DataSplit& split, std::int64_t limit) {
  const std::int64_t count = split.train.count();
  if (limit < 1 || limit > count) throw std::invalid_argument(fmt::format("--data-limit must be from 1 to the {} training items there are, got {}", count, limit));
  if (limit == count) return;
  split.train = {split.train.inputs.narrow(0, 0, limit).clone(), split.train.labels.narrow(0, 0, limit).clone()};  // lets go of the rest
}

DataOptions dataOptions(const RunSpec& spec) {
  return {.data = spec.data, .limit = spec.dataLimit, .validation = spec.validation, .labelNoise = spec.labelNoise, .seed = spec.seed};
}

DataSplit loadData(const DataOptions& options) {
  DataSplit split = read(options.data);
  if (options.limit) limitTraining(split, *options.limit);
  splitValidation(split, options.validation, options.seed);
  computeNormalisation(split);
  addLabelNoise(split, options.labelNoise, options.seed);
  return split;
}

DataSplit loadData(const std::string& data) {
  DataOptions options;
  options.data = data;
  return loadData(options);
}

Dataset toDevice(const Dataset& data, const at::Device& device) {
  if (!data.labels.defined()) return data;
  return {data.inputs.to(device), data.labels.to(device)};
}

}  // namespace trainer
