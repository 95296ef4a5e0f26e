// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_files.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

void requireRun(const fs::path& run) {
  std::error_code ignored;
  if (!fs::is_directory(run, ignored)) throw IoError(fmt::format("there is no run folder '{}'", run.string()));
  if (!fs::exists(run / kSpecFile, ignored)) throw DataError(fmt::format("'{}' is not a run: it has no {}", run.string(), kSpecFile));
}

/// The fields of one line into `Count` numbers; NaN and inf are read too.
template <std::size_t Count>
std::array<double, Count> parseNumbers(std::string_view line, const fs::path& file, std::size_t lineNumber) {
  std::array<double, Count> values{};
  const char* at = line.data();
  const char* const end = at + line.size();
  for (std::size_t i = 0; i < Count; ++i) {
    const auto [next, error] = std::from_chars(at, end, values[i]);
    const bool last = i + 1 == Count;
    if (error != std::errc() || (last ? next != end : next == end || *next != ','))
      throw DataError(fmt::format("'{}' line {} is damaged: expected {} numbers with commas between", file.string(), lineNumber, Count));
    at = last ? next : next + 1;
  }
  return values;
}

/// Calls `use` with each whole line behind the header and its number. A last line without its newline was being written when the program ended: left out.
template <class Use>
void forEachLine(const fs::path& file, std::string_view header, const Use& use) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return;
  const std::string text = readFile(file);
  std::string_view rest = text;
  for (std::size_t lineNumber = 1;; ++lineNumber) {
    const std::size_t newline = rest.find('\n');
    if (newline == std::string_view::npos) return;
    const std::string_view line = rest.substr(0, newline);
    rest.remove_prefix(newline + 1);
    if (lineNumber > 1) use(line, lineNumber);
    if (lineNumber == 1 && line != header)
      throw DataError(fmt::format("'{}' starts with '{}', expected '{}'", file.string(), line.substr(0, 100), header));
  }
}

template <std::size_t Count, class Use>
void readCsv(const fs::path& file, std::string_view header, const Use& use) {
  forEachLine(file, header, [&](std::string_view line, std::size_t number) { use(parseNumbers<Count>(line, file, number)); });
}

std::int64_t whole(double value, const fs::path& file) {
  if (!(std::abs(value) < 9e15)) throw DataError(fmt::format("'{}' is damaged: {} is not a step", file.string(), value));
  return static_cast<std::int64_t>(value);
}

double numberOr(const nlohmann::json& object, const char* key, double otherwise) {
  const auto it = object.find(key);
  return it != object.end() && it->is_number() ? it->get<double>() : otherwise;
}

std::string textOr(const nlohmann::json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

/// With or without the columns of a validation set.
std::vector<EvaluationRecord> readEvaluations(const fs::path& file) {
  std::vector<EvaluationRecord> records;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return records;
  const bool validated = readFile(file).starts_with(std::string(kEvaluationsHeaderWithValidation) + "\n");
  if (validated)
    readCsv<7>(file, kEvaluationsHeaderWithValidation,
               [&](const std::array<double, 7>& v) { records.push_back({whole(v[0], file), v[1], v[2], v[3], v[4], v[5], v[6]}); });
  else
    readCsv<5>(file, kEvaluationsHeader, [&](const std::array<double, 5>& v) { records.push_back({whole(v[0], file), v[1], v[2], v[3], v[4]}); });
  return records;
}

void readSummary(const fs::path& file, RunRecord& record) {
  const nlohmann::json summary = readJson(file);
  if (!summary.is_object()) throw DataError(fmt::format("'{}' is not a JSON object", file.string()));
  const std::string status = textOr(summary, "status");
  bool known = false;
  for (const RunStatus s : {RunStatus::completed, RunStatus::stopped, RunStatus::diverged}) {
    if (toString(s) != status) continue;
    record.status = s;
    known = true;
  }
  if (!known) throw DataError(fmt::format("'{}': unknown status '{}'; expected completed, stopped or diverged", file.string(), status));
  record.steps = whole(numberOr(summary, "steps", 0), file);
  record.epochs = numberOr(summary, "epochs", 0);
  record.parameters = whole(numberOr(summary, "parameters", 0), file);
  record.seconds = numberOr(summary, "seconds", 0);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  record.gradientNorm = numberOr(summary, "gradient_norm", kNone);
  record.parameterNorm = numberOr(summary, "parameter_norm", kNone);
  record.reason = textOr(summary, "reason");
  record.dataHash = textOr(summary, "data_hash");
}

/// What a summary says of an averaged model.
nlohmann::ordered_json averageJson(const EvaluationRecord& e) {
  nlohmann::ordered_json j = {{"step", e.step}, {"train_loss", e.trainLoss}, {"train_accuracy", e.trainAccuracy}, {"test_loss", e.testLoss}, {"test_accuracy", e.testAccuracy}};
  if (!std::isnan(e.validationAccuracy)) j["validation_loss"] = e.validationLoss, j["validation_accuracy"] = e.validationAccuracy;
  return j;
}

}  // namespace

std::string toString(RunStatus status) {
  switch (status) {
    case RunStatus::running: return "running";
    case RunStatus::completed: return "completed";
    case RunStatus::stopped: return "stopped";
    case RunStatus::diverged: return "diverged";
  }
  throw std::invalid_argument("not a run status");
}

RunSpec readRunSpec(const fs::path& run) {
  requireRun(run);
  return toRunSpec(readJson(run / kSpecFile), (run / kSpecFile).string());
}

RunRecord readRunRecord(const fs::path& run) {
  requireRun(run);
  RunRecord record;
  record.folder = run.string();
  record.status = RunStatus::stopped;
  const fs::path steps = run / kStepsFile;
  readCsv<7>(steps, kStepsHeader, [&](const std::array<double, 7>& v) {
    record.stepRecords.push_back({whole(v[0], steps), v[1], v[2], v[3], v[4], v[5], whole(v[6], steps)});
  });
  record.evaluations = readEvaluations(run / kEvaluationsFile);
  record.emaEvaluations = readEvaluations(run / kEmaEvaluationsFile);
  record.swaEvaluations = readEvaluations(run / kSwaEvaluationsFile);
  const fs::path curvature = run / kCurvatureFile;
  readCsv<6>(curvature, kCurvatureHeader, [&](const std::array<double, 6>& v) {
    record.curvature.push_back({whole(v[0], curvature), v[1], v[2], whole(v[3], curvature), whole(v[4], curvature), v[5]});
  });
  record.events = readEvents(run / kEventsFile);
  if (!record.stepRecords.empty()) {
    const StepRecord& last = record.stepRecords.back();
    record.steps = last.step;
    record.epochs = last.epoch;
    record.seconds = last.seconds;
  }
  std::error_code ignored;
  if (fs::exists(run / kSummaryFile, ignored)) readSummary(run / kSummaryFile, record);
  return record;
}

std::vector<RunEvent> readEvents(const fs::path& file) {
  std::vector<RunEvent> events;
  forEachLine(file, kEventsHeader, [&](std::string_view line, std::size_t number) {
    const std::size_t first = line.find(','), second = line.find(',', first + 1);
    const std::string name(second == std::string_view::npos ? "" : line.substr(first + 1, second - first - 1));
    if (name != "learning_rate" && name != "rho" && name != "alpha")
      throw DataError(fmt::format("'{}' line {} is damaged: expected a step, learning_rate, rho or alpha, and a value", file.string(), number));
    const auto step = parseNumbers<1>(line.substr(0, first), file, number), value = parseNumbers<1>(line.substr(second + 1), file, number);
    events.push_back({whole(step[0], file), name, value[0]});
  });
  return events;
}

std::vector<CheckpointInfo> listCheckpoints(const fs::path& run) {
  requireRun(run);
  std::vector<CheckpointInfo> found;
  std::error_code error;
  for (fs::directory_iterator it(run / kCheckpointFolder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    constexpr std::string_view kStart = "step_";
    if (!name.starts_with(kStart)) continue;
    std::int64_t step = 0;
    const char* const last = name.data() + name.size();
    const auto [next, wrong] = std::from_chars(name.data() + kStart.size(), last, step);
    if (wrong == std::errc() && std::string_view(next, static_cast<std::size_t>(last - next)) == ".safetensors") found.push_back({step, it->path()});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
  return found;
}

CheckpointInfo findCheckpoint(const fs::path& run, const std::string& step) {
  const std::vector<CheckpointInfo> all = listCheckpoints(run);
  if (all.empty()) throw DataError(fmt::format("the run '{}' has no checkpoint", run.string()));
  if (step == "last") return all.back();
  if (step == "best") {
    const RunRecord record = readRunRecord(run);
    const CheckpointInfo* best = &all.back();
    double highest = -1;
    for (const CheckpointInfo& checkpoint : all) {
      for (const EvaluationRecord& e : record.evaluations) {
        const double accuracy = std::isnan(e.validationAccuracy) ? e.testAccuracy : e.validationAccuracy;
        if (e.step != checkpoint.step || !(accuracy > highest)) continue;
        highest = accuracy;
        best = &checkpoint;
      }
    }
    return *best;
  }
  for (const CheckpointInfo& checkpoint : all) {
    if (fmt::format("{}", checkpoint.step) == step) return checkpoint;
  }
  std::vector<std::int64_t> steps;
  for (const CheckpointInfo& checkpoint : all) steps.push_back(checkpoint.step);
  throw std::invalid_argument(fmt::format("--step {} is not a checkpoint of '{}'; it has: last, best, {}", step, run.string(), fmt::join(steps, ", ")));
}

nlohmann::ordered_json summaryJson(const RunSpec& spec, const RunRecord& record) {
  nlohmann::ordered_json j;
  const EvaluationRecord* last = record.evaluations.empty() ? nullptr : &record.evaluations.back();
  const auto valueOf = [last](double EvaluationRecord::*field) { return last && !std::isnan(last->*field) ? nlohmann::ordered_json(last->*field) : nlohmann::ordered_json(); };
  j["run"] = record.folder;
  j["name"] = displayName(spec);
  j["status"] = toString(record.status);
  j["steps"] = record.steps;
  j["epochs"] = record.epochs;
  j["train_loss"] = valueOf(&EvaluationRecord::trainLoss);
  j["train_accuracy"] = valueOf(&EvaluationRecord::trainAccuracy);
  j["validation_loss"] = valueOf(&EvaluationRecord::validationLoss);
  j["validation_accuracy"] = valueOf(&EvaluationRecord::validationAccuracy);
  j["test_loss"] = valueOf(&EvaluationRecord::testLoss);
  j["test_accuracy"] = valueOf(&EvaluationRecord::testAccuracy);
  // A run that was killed has no summary: what only that knows is not known.
  const auto known = [&record](auto value) { return record.parameters > 0 ? nlohmann::ordered_json(value) : nlohmann::ordered_json(); };
  j["gradient_norm"] = known(record.gradientNorm);
  j["parameter_norm"] = known(record.parameterNorm);
  j["parameters"] = known(record.parameters);
  j["seconds"] = record.seconds;
  if (!record.emaEvaluations.empty()) j["ema"] = averageJson(record.emaEvaluations.back());
  if (!record.swaEvaluations.empty()) j["swa"] = averageJson(record.swaEvaluations.back());
  if (!record.curvature.empty()) j["lambda_max"] = {{"step", record.curvature.back().step}, {"value", record.curvature.back().lambdaMax}, {"residual", record.curvature.back().residual}, {"samples", record.curvature.back().samples}};
  if (!record.reason.empty()) j["reason"] = record.reason;
  if (!record.dataHash.empty()) j["data_hash"] = record.dataHash;
  return j;
}

fs::path analysisPath(const fs::path& run, const std::string& verb, std::int64_t step, const std::string& hash) {
  const fs::path folder = run / "analyses";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw IoError(fmt::format("cannot make the folder '{}': {}", folder.string(), error.message()));
  const std::string stem = fmt::format("{}_step{}_{}", verb, step, hash);
  fs::path path = folder / (stem + ".json");
  for (int i = 2; fs::exists(path, error); ++i) path = folder / fmt::format("{}-{}.json", stem, i);
  return path;
}

}  // namespace trainer
