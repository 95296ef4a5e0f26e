// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

/// Reads a run folder; std types only, so that the window can list runs. Tensors are in model/checkpoint.h.
namespace trainer {

struct CheckpointInfo {
  std::int64_t step = 0;
  std::filesystem::path file;
};

/// @throws IoError when there is no such folder, DataError when it is not a run (or of a newer version).
RunSpec readRunSpec(const std::filesystem::path& run);
RunRecord readRunRecord(const std::filesystem::path& run);  ///< with steps and evaluations; status from summary.json (`stopped` where absent)
std::vector<RunEvent> readEvents(const std::filesystem::path& file);      ///< none where there is no such file. @throws DataError
std::vector<CheckpointInfo> listCheckpoints(const std::filesystem::path& run);  ///< by step, ascending

/// "last", "best" (highest validation accuracy, of the test set where none is set aside; the first of equals) or a step. @throws std::invalid_argument listing the steps there are.
CheckpointInfo findCheckpoint(const std::filesystem::path& run, const std::string& step);

/// What summary.json holds and `sharpscape train --json` prints: values of the last evaluation, null where there is none.
nlohmann::ordered_json summaryJson(const RunSpec& spec, const RunRecord& record);

/// A free path RUN/analyses/<verb>_step<N>_<hash>.json; makes the folder.
std::filesystem::path analysisPath(const std::filesystem::path& run, const std::string& verb, std::int64_t step, const std::string& hash);

}  // namespace trainer
