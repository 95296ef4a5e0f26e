// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "trainer/data/dataset.h"
#include "trainer/model/loss.h"
#include "trainer/model/model.h"

namespace trainer {

/// A run with everything chosen, checked and loaded, before anything is written.
struct PreparedRun {
  RunSpec spec;    ///< resolved, with device, threads, model, normalisation and data_hash filled
  DataSplit data;  ///< on the device
  std::shared_ptr<const Model> model;
  at::ScalarType dtype = at::kFloat;
  LossOptions trainingLoss;  ///< with label smoothing
  LossOptions plainLoss;     ///< of evaluations
  std::int64_t batchSize = 1;
  std::vector<std::string> notes;  ///< a sentence each

  at::Device device() const { return at::Device(spec.device); }
  std::int64_t stepsPerEpoch() const { return (data.train.count() + batchSize - 1) / batchSize; }
  std::int64_t totalSteps() const { return stepsPerEpoch() * spec.epochs; }
};

/// @throws std::invalid_argument, DataError, IoError, DeviceError as train() does
PreparedRun prepareRun(const RunSpec& wanted);

}  // namespace trainer
