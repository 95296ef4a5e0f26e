// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/device.h"
#include "trainer/run/curvature_tracker.h"
#include "trainer/run/run_store.h"
#include "trainer/run/sweep_cost.h"
#include "trainer/run/sweep_folder.h"
#include "trainer/run/train.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

/// Estimates once for runs that differ only in what costs nothing.
class Costs {
 public:
  const RunCost& of(const RunSpec& spec) {
    RunSpec key = spec;
    key.seed = 0;
    key.learningRate = key.rho = key.alpha = key.momentum = key.beta1 = key.beta2 = std::nullopt;
    key.weightDecay = key.labelNoise = 0;
    const std::string text = toJson(key).dump();
    const auto it = known_.find(text);
    return it != known_.end() ? it->second : known_.emplace(text, estimateCost(spec)).first->second;
  }

 private:
  std::map<std::string, RunCost> known_;
};

/// Steps of this call, over all runs and workers.
class StepCount {
 public:
  StepCount(const Context& context, std::int64_t runs) : context_(context), runs_(runs) {}
  void expect(std::int64_t steps) { total_ += steps; }
  void step() {
    const std::lock_guard lock(mutex_);
    ++done_;
    report();
  }
  /// A run has ended; `missing` of its expected steps will not come.
  void runEnded(std::int64_t missing) {
    const std::lock_guard lock(mutex_);
    ++ended_;
    total_ -= missing;
    report();
  }

 private:
  void report() const {
    context_.report({.stage = fmt::format("{} of {} runs done", ended_, runs_), .unit = "steps", .done = done_, .total = std::max(done_, total_)});
  }
  const Context& context_;
  std::mutex mutex_;
  std::int64_t runs_, done_ = 0, total_ = 0, ended_ = 0;
};

/// One run that is not finished yet.
struct Task {
  std::size_t row = 0;
  RunState state;
  std::int64_t steps = 0;  ///< expected in this call
};

class Sweep {
 public:
  Sweep(const SweepSpec& spec, const fs::path& folder, const SweepObserver& observer, const Context& context, const SweepOptions& options)
      : spec_(spec), folder_(folder), observer_(observer), context_(context), options_(options), planned_(plannedRuns(spec, nullptr)) {
    for (const PlannedRun& run : planned_) rows_.push_back({.name = run.name, .folder = pathOf(run).string(), .settings = run.settings, .reason = {}});
  }

  SweepTable run() {
    requireSameSweep(folder_, spec_);
    if (options_.jobs < 0) throw std::invalid_argument(fmt::format("--jobs must be a whole number >= 1, got {}", options_.jobs));
    std::optional<SweepLock> lock;
    const bool goesOn = fs::exists(folder_ / kSweepFile);
    if (goesOn) lock.emplace(folder_);
    findWork();
    requireCosts();
    makeFolder();
    if (!goesOn) begin(lock);
    train();
    SweepTable table = aggregate(std::move(rows_));
    writeTables(table, folder_);
    return table;
  }

 private:
  fs::path pathOf(const PlannedRun& run) const { return folder_ / kSweepRunsFolder / run.name; }

  void begin(std::optional<SweepLock>& lock) const {
    lock.emplace(folder_);
    if (fs::exists(folder_ / kSweepFile)) throw DataError(fmt::format("another process has just begun a sweep in '{}'", folder_.string()));
    writeJson(folder_ / kSweepFile, toJson(spec_));
  }

  /// Every kind of run is tried on data and model: what does not fit is refused before any training.
  void requireCosts() {
    Costs costs;
    for (Task& task : tasks_) {
      const PlannedRun& run = planned_[task.row];
      context_.checkpoint();
      try {
        const RunCost& cost = costs.of(run.spec);
        task.steps = std::max<std::int64_t>(0, cost.steps - task.state.checkpointStep);
        bytesPerRun_ = std::max(bytesPerRun_, cost.bytes);
      } catch (const std::invalid_argument& e) {
        throw std::invalid_argument(fmt::format("the run {} is not possible: {}", run.name, e.what()));
      }
    }
  }

  void makeFolder() const {
    std::error_code error;
    fs::create_directories(folder_ / kSweepRunsFolder, error);
    if (error) throw IoError(fmt::format("cannot make the folder '{}': {}", (folder_ / kSweepRunsFolder).string(), error.message()));
  }

  void findWork() {
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      Task task{.row = i, .state = {}};
      try {
        task.state = findRun(planned_[i], pathOf(planned_[i]));
        if (task.state.kind == RunState::Kind::finished) {
          rows_[i] = readRow(planned_[i], pathOf(planned_[i]));
          continue;
        }
      } catch (const Error& e) {
        rows_[i].status = SweepStatus::failed;
        rows_[i].reason = e.what();
        continue;
      }
      if (task.state.kind == RunState::Kind::partial) rows_[i].status = SweepStatus::stopped;
      tasks_.push_back(task);
    }
  }

  std::int64_t jobs() const {
    std::int64_t threads = 1, free = freeMemory("cpu");
    std::string last;
    for (const Task& task : tasks_) {
      const RunSpec& spec = planned_[task.row].spec;
      threads = std::max(threads, spec.threads);
      const std::string device = chooseDevice(spec.device);
      if (device != "cpu" && device != last) free = std::min(free, freeMemory(device));
      last = device;
    }
    const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
    return chooseJobs(options_.jobs, static_cast<std::int64_t>(tasks_.size()), cores, threads, bytesPerRun_, free);
  }

  void train() {
    const auto runs = static_cast<std::int64_t>(planned_.size()), open = static_cast<std::int64_t>(tasks_.size());
    const std::int64_t workers = open > 0 ? jobs() : 0;
    if (observer_.started) observer_.started({.runs = runs, .done = runs - open, .jobs = workers, .bytesPerRun = bytesPerRun_});
    StepCount steps(context_, open);
    for (const Task& task : tasks_) steps.expect(task.steps);
    std::vector<std::jthread> threads;
    for (std::int64_t i = 0; i < workers; ++i) threads.emplace_back([this, &steps] { work(steps); });
  }

  void work(StepCount& steps) {
    for (;;) {
      const std::size_t i = next_++;
      if (i >= tasks_.size() || context_.stop.stop_requested()) return;
      const Task& task = tasks_[i];
      std::int64_t done = 0;
      SweepRow& row = rows_[task.row];
      try {
        row = trainOne(task, [&] {
          ++done;
          steps.step();
        });
      } catch (const Cancelled&) {
        row.status = SweepStatus::stopped;
      } catch (const std::exception& e) {
        row.status = SweepStatus::failed;
        row.reason = e.what();
      }
      steps.runEnded(task.steps - done);
      const std::lock_guard lock(endedMutex_);
      if (observer_.ended) observer_.ended(row);
    }
  }

  SweepRow trainOne(const Task& task, const std::function<void()>& step) const {
    const PlannedRun& run = planned_[task.row];
    TrainObserver observer;
    observer.step = [&step](const StepRecord&) { step(); };
    const Context context{.stop = context_.stop, .progress = {}, .waitWhilePaused = context_.waitWhilePaused};
    TrainOptions options;
    if (options_.makeCurvature && run.spec.curvatureEvery) options.curvature = options_.makeCurvature();
    const fs::path folder = pathOf(run);
    if (task.state.kind == RunState::Kind::missing) {
      trainer::train(run.spec, folder, observer, context, options);
    } else {
      const RunSpec begun = readRunSpec(folder);
      resumeTraining(folder, begun.device, begun.threads, observer, context, options);
    }
    return readRow(run, folder);
  }

  const SweepSpec& spec_;
  const fs::path& folder_;
  const SweepObserver& observer_;
  const Context& context_;
  const SweepOptions& options_;
  std::vector<PlannedRun> planned_;
  std::vector<SweepRow> rows_;
  std::vector<Task> tasks_;
  std::int64_t bytesPerRun_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::mutex endedMutex_;
};

}  // namespace

SweepTable runSweep(const SweepSpec& spec, const fs::path& folder, const SweepObserver& observer, const Context& context, const SweepOptions& options) {
  return Sweep(spec, folder, observer, context, options).run();
}

}  // namespace trainer
