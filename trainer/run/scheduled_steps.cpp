// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/scheduled_steps.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "trainer/base/files.h"
#include "trainer/run/run_files.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

std::optional<std::int64_t> leadingNumber(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

/// Files of checkpoints whose step fits, a model's own file behind those beside it.
std::vector<fs::path> checkpointFiles(const fs::path& run, const std::function<bool(std::int64_t)>& fits) {
  constexpr std::string_view kStart = "step_";
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run / kCheckpointFolder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kStart)) continue;
    const auto step = leadingNumber(std::string_view(name).substr(kStart.size()));
    if (step && fits(*step)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    const auto size = [](const fs::path& p) { return p.filename().string().size(); };
    return size(a) != size(b) ? size(a) > size(b) : a < b;
  });
  return found;
}

/// Keeps the header and the whole lines whose step fits. A file without a whole header is removed.
void keepLines(const fs::path& file, const std::function<bool(std::int64_t)>& fits) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return;
  const std::string text = readFile(file);
  std::string kept;
  std::size_t start = 0;
  for (std::size_t newline = text.find('\n'); newline != std::string::npos; start = newline + 1, newline = text.find('\n', start)) {
    const std::string_view line = std::string_view(text).substr(start, newline - start);
    const auto step = leadingNumber(line);
    if (start == 0 || (step && fits(*step))) kept.append(line).append("\n");
  }
  if (kept.empty()) return removeFile(file);
  if (kept != text) writeFileAtomically(file, kept);
}

}  // namespace

bool isEvaluated(std::int64_t step, std::int64_t stepsPerEpoch) { return step % stepsPerEpoch == 0; }

bool isSaved(std::int64_t step, const RunSpec& resolved, std::int64_t stepsPerEpoch) {
  if (!isEvaluated(step, stepsPerEpoch)) return false;
  const std::int64_t epoch = step / stepsPerEpoch;
  return epoch % resolved.checkpointEvery == 0 || epoch == resolved.epochs;
}

void removeUnscheduled(const fs::path& run, const RunSpec& resolved, std::int64_t stepsPerEpoch, std::int64_t keep) {
  for (const fs::path& file : checkpointFiles(run, [&](std::int64_t step) { return step != keep && !isSaved(step, resolved, stepsPerEpoch); })) removeFile(file);
}

void cutBack(const fs::path& run, std::int64_t step, std::int64_t stepsPerEpoch) {
  removeFile(run / kSummaryFile);
  removeFile(run / kAdjustFile);
  removeTemporaries(run);
  removeTemporaries(run / kCheckpointFolder);
  const auto reached = [step](std::int64_t line) { return line <= step; };
  const auto evaluated = [&](std::int64_t line) { return line <= step && isEvaluated(line, stepsPerEpoch); };
  keepLines(run / kStepsFile, reached);
  for (const char* file : {kEvaluationsFile, kEmaEvaluationsFile, kSwaEvaluationsFile}) keepLines(run / file, evaluated);
  keepLines(run / kCurvatureFile, evaluated);
  keepLines(run / kEventsFile, [](std::int64_t) { return true; });
  for (const fs::path& file : checkpointFiles(run, [step](std::int64_t s) { return s > step; })) removeFile(file);
}

}  // namespace trainer
