// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/curvature_measures.h"
#include "trainer/run/curvature_table.h"
#include "trainer/run/run_files.h"
#include "trainer/run/stability_edge.h"
#include "trainer/run/table_lines.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

void requireRun(const fs::path& run) {
  std::error_code ignored;
  if (!fs::is_directory(run, ignored)) throw IoError(fmt::format("there is no run folder '{}'", run.string()));
  if (!fs::exists(run / kSpecFile, ignored)) throw DataError(fmt::format("'{}' is not a run: it has no {}", run.string(), kSpecFile));
}

/// Calls `use` with the numbers of each line behind the header.
template <class Use>
void readCsv(const fs::path& file, std::string_view header, std::size_t count, const Use& use) {
  forEachLine(file, [&](std::string_view line, std::size_t number) {
    if (number == 1) requireHeader(line, header, file);
    else use(parseNumbers(line, count, file, number));
  });
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
    readCsv(file, kEvaluationsHeaderWithValidation, 7,
            [&](const std::vector<double>& v) { records.push_back({whole(v[0], file), v[1], v[2], v[3], v[4], v[5], v[6]}); });
  else
    readCsv(file, kEvaluationsHeader, 5, [&](const std::vector<double>& v) { records.push_back({whole(v[0], file), v[1], v[2], v[3], v[4]}); });
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
  record.trainItems = whole(numberOr(summary, "train_items", 0), file);
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

/// lambda_max, what else was tracked, and the edge of stability there.
void addCurvature(nlohmann::ordered_json& j, const RunSpec& spec, const RunRecord& record) {
  const CurvatureRecord& last = record.curvature.back();
  if (!std::isnan(last.lambdaMax)) j["lambda_max"] = {{"step", last.step}, {"value", last.lambdaMax}, {"residual", last.residual}, {"samples", last.samples}};
  for (const TrackedValue& v : last.more)
    j["curvature"][columnOf(v.name)] = {{"step", last.step}, {"value", v.value}, {"error", v.error}, {"products", v.products}, {"gradients", v.gradients},
                                        {"forward_passes", v.forwardPasses}, {"items", v.items}, {"seconds", v.seconds}};
  const StabilityEdge edge = stabilityEdge(spec, record.trainItems > 0 ? std::optional(record.trainItems) : std::nullopt, last.samples);
  const std::vector<EdgePoint> along = edgeAlong(spec, record, edge);
  if (!along.empty()) j["edge"] = {{"step", along.back().step}, {"measure", columnOf(edge.measure)}, {"value", along.back().value}, {"formula", edge.formula}};
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
  readCsv(steps, kStepsHeader, 7, [&](const std::vector<double>& v) {
    record.stepRecords.push_back({whole(v[0], steps), v[1], v[2], v[3], v[4], v[5], whole(v[6], steps)});
  });
  record.evaluations = readEvaluations(run / kEvaluationsFile);
  record.emaEvaluations = readEvaluations(run / kEmaEvaluationsFile);
  record.swaEvaluations = readEvaluations(run / kSwaEvaluationsFile);
  record.curvature = readCurvature(run / kCurvatureFile);
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
  forEachLine(file, [&](std::string_view line, std::size_t number) {
    if (number == 1) return requireHeader(line, kEventsHeader, file);
    const std::size_t first = line.find(','), second = line.find(',', first + 1);
    const std::string name(second == std::string_view::npos ? "" : line.substr(first + 1, second - first - 1));
    if (name != "learning_rate" && name != "rho" && name != "alpha")
      throw DataError(fmt::format("'{}' line {} is damaged: expected a step, learning_rate, rho or alpha, and a value", file.string(), number));
    const auto step = parseNumbers(line.substr(0, first), 1, file, number), value = parseNumbers(line.substr(second + 1), 1, file, number);
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
  if (record.trainItems > 0) j["train_items"] = record.trainItems;
  j["seconds"] = record.seconds;
  if (!record.emaEvaluations.empty()) j["ema"] = averageJson(record.emaEvaluations.back());
  if (!record.swaEvaluations.empty()) j["swa"] = averageJson(record.swaEvaluations.back());
  if (!record.curvature.empty()) addCurvature(j, spec, record);
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
