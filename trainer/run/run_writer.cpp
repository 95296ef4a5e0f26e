// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/curvature_table.h"
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

std::string lineOf(const RunEvent& e) { return fmt::format("{},{},{}", e.step, e.name, e.value); }

/// Whether all that is there are the beginnings of a run that never got its spec.json.
bool isAbandoned(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder / kSpecFile, error)) return false;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string(), whole = name.substr(0, name.find(".tmp-"));
    const bool table = whole == kStepsFile || whole == kEvaluationsFile || whole == kEventsFile || (whole == kSpecFile && name != whole);
    const bool emptyFolder = name == kCheckpointFolder && fs::is_empty(entry.path(), error);
    if (!table && !emptyFolder) return false;
  }
  return true;
}

const char* evaluationsFile(EvaluatedModel model) {
  if (model == EvaluatedModel::ema) return kEmaEvaluationsFile;
  return model == EvaluatedModel::swa ? kSwaEvaluationsFile : kEvaluationsFile;
}

}  // namespace

bool isFreeFolder(const fs::path& folder) {
  std::error_code error;
  return fs::is_empty(folder, error) || isAbandoned(folder);
}

void requireFreeFolder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty()) throw std::invalid_argument("--out is missing: it names the folder to make");
  if (!fs::exists(folder, error)) return;
  if (!fs::is_directory(folder, error)) throw std::invalid_argument(fmt::format("--out '{}' exists and is not a folder", folder.string()));
  if (isFreeFolder(folder)) return;
  const bool run = fs::exists(folder / kSpecFile, error);
  throw std::invalid_argument(fmt::format("--out '{}' exists and is not empty: choose another folder{}", folder.string(),
                                          run ? ", or go on with it by 'sharpscape train --resume'" : ""));
}

RunWriter::RunWriter(fs::path folder, const RunSpec& resolved, const std::vector<RunEvent>& events) : folder_(std::move(folder)) {
  makeFolder(folder_ / kCheckpointFolder);
  removeTemporaries(folder_);
  writeFileAtomically(folder_ / kStepsFile, std::string(kStepsHeader) + "\n");
  writeFileAtomically(folder_ / kEvaluationsFile, std::string(resolved.validation > 0 ? kEvaluationsHeaderWithValidation : kEvaluationsHeader) + "\n");
  std::string lines;
  for (const RunEvent& event : events) lines += lineOf(event) + "\n";
  if (!events.empty()) writeFileAtomically(folder_ / kEventsFile, std::string(kEventsHeader) + "\n" + lines);
  writeJson(folder_ / kSpecFile, toJson(resolved));
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

void RunWriter::append(const char* file, const std::string& header, const std::string& line) {
  flush();
  std::error_code ignored;
  if (!fs::exists(folder_ / file, ignored)) writeFileAtomically(folder_ / file, header + "\n");
  appendLine(folder_ / file, line);
}

void RunWriter::addEvaluation(const EvaluationRecord& r, EvaluatedModel model) {
  std::string line = fmt::format("{},{},{},{},{}", r.step, r.trainLoss, r.trainAccuracy, r.testLoss, r.testAccuracy);
  const bool validated = !std::isnan(r.validationAccuracy);
  if (validated) line += fmt::format(",{},{}", r.validationLoss, r.validationAccuracy);
  append(evaluationsFile(model), validated ? kEvaluationsHeaderWithValidation : kEvaluationsHeader, line);
}

void RunWriter::addCurvature(const CurvatureRecord& r) {
  append(kCurvatureFile, curvatureHeader(r), curvatureLine(r));
}

void RunWriter::addEvent(const RunEvent& e) { append(kEventsFile, kEventsHeader, lineOf(e)); }

void RunWriter::writeSummary(const RunSpec& resolved, const RunRecord& record) {
  flush();
  writeJson(folder_ / kSummaryFile, summaryJson(resolved, record));
}

}  // namespace trainer
