// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_writer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_files.h"
#include "trainer/run/run_store.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

void makeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw IoError(fmt::format("cannot make the folder '{}': {}", folder.string(), error.message()));
}

}  // namespace

void requireFreeFolder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty()) throw std::invalid_argument("--out is missing: it names the folder to make");
  if (!fs::exists(folder, error)) return;
  if (!fs::is_directory(folder, error)) throw std::invalid_argument(fmt::format("--out '{}' exists and is not a folder", folder.string()));
  if (!fs::is_empty(folder, error)) throw std::invalid_argument(fmt::format("--out '{}' exists and is not empty: choose another folder", folder.string()));
}

RunWriter::RunWriter(fs::path folder, const RunSpec& resolved) : folder_(std::move(folder)) {
  makeFolder(folder_ / kCheckpointFolder);
  writeJson(folder_ / kSpecFile, toJson(resolved));
  writeFileAtomically(folder_ / kStepsFile, std::string(kStepsHeader) + "\n");
  writeFileAtomically(folder_ / kEvaluationsFile, std::string(kEvaluationsHeader) + "\n");
}

void RunWriter::addStep(const StepRecord& r) {
  if (!lines_.empty()) lines_ += '\n';
  lines_ += fmt::format("{},{},{},{},{},{:.6f},{}", r.step, r.epoch, r.loss, r.gradientNorm, r.learningRate, r.seconds, r.gradientEvaluations);
  if (std::chrono::steady_clock::now() - flushed_ > std::chrono::seconds(1)) flush();
}

void RunWriter::flush() {
  flushed_ = std::chrono::steady_clock::now();
  if (!lines_.empty()) appendLine(folder_ / kStepsFile, std::exchange(lines_, {}));
}

void RunWriter::addEvaluation(const EvaluationRecord& r) {
  flush();
  appendLine(folder_ / kEvaluationsFile, fmt::format("{},{},{},{},{}", r.step, r.trainLoss, r.trainAccuracy, r.testLoss, r.testAccuracy));
}

void RunWriter::writeCheckpoint(const ParameterLayout& layout, const Checkpoint& model, const at::Tensor& momentum) const {
  const fs::path stem = folder_ / kCheckpointFolder / fmt::format("step_{:08d}", model.step);
  if (momentum.defined())
    trainer::writeCheckpoint(stem.string() + ".optimizer.safetensors", layout, {.step = model.step, .epoch = model.epoch, .theta = momentum});
  trainer::writeCheckpoint(stem.string() + ".safetensors", layout, model);
}

void RunWriter::writeSummary(const RunSpec& resolved, const RunRecord& record) {
  flush();
  writeJson(folder_ / kSummaryFile, summaryJson(resolved, record));
}

}  // namespace trainer
