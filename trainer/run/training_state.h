// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "trainer/model/model.h"
#include "trainer/optim/optimizer_state.h"

namespace trainer {

/// Everything a training is at a step: with the spec and the events it decides all that follows, to the bit. Random numbers need no state: they are functions of
/// seed and step.
struct TrainingState {
  std::int64_t step = 0;
  double epoch = 0;
  std::int64_t gradientEvaluations = 0;
  at::Tensor theta, buffers;  ///< [P], [B]
  bool complete = true;       ///< false after a divergence: the model alone is kept
  OptimizerState optimizer;   ///< of base step, sharpness step, averages and curvature tracking together
};

/// An averaged model to be kept beside the trained one.
struct AveragedCheckpoint {
  std::string name;           ///< "ema", "swa"
  at::Tensor theta, buffers;
};

/// checkpoints/step_N.optimizer.safetensors (vectors cut as the parameters, under "<vector>/<parameter>"; numbers in __metadata__), step_N.<average>.safetensors,
/// and last step_N.safetensors: the model's file is the commit. The bytes are a function of the state alone. @throws IoError.
void writeTrainingState(const std::filesystem::path& run, const Model& model, const TrainingState& state, const std::vector<AveragedCheckpoint>& averages);

/// On the CPU. @throws DataError when either file is damaged, or the optimizer's is missing.
TrainingState readTrainingState(const std::filesystem::path& run, const Model& model, std::int64_t step);

/// RUN/checkpoints/step_%08d, without an ending.
std::filesystem::path checkpointStem(const std::filesystem::path& run, std::int64_t step);

}  // namespace trainer
