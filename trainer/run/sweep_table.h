// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

/// What the runs of a sweep have come to, run by run and setting by setting. Pure functions.
namespace trainer {

/// At the end of a run; accuracies 0..1, test error = 1 - test accuracy, lambda_max the last one of curvature.csv, seconds of training.
enum class SweepMeasure : std::size_t { trainLoss, validationAccuracy, testAccuracy, testError, lambdaMax, parameterNorm, seconds };
constexpr std::array<const char*, 7> kSweepMeasures = {"train_loss", "validation_accuracy", "test_accuracy", "test_error", "lambda_max", "parameter_norm", "seconds"};

/// completed | diverged | failed (an error; `reason`) | stopped (partly trained) | waiting (not begun).
enum class SweepStatus { waiting, completed, diverged, failed, stopped };
std::string toString(SweepStatus status);

struct SweepRow {
  std::string name, folder;
  nlohmann::ordered_json settings;  ///< the grid's keys, "seed" among them
  SweepStatus status = SweepStatus::waiting;
  std::string reason;
  std::array<std::optional<double>, kSweepMeasures.size()> values{};  ///< empty or not finite: not known
  std::optional<double>& value(SweepMeasure m) { return values[static_cast<std::size_t>(m)]; }
};

struct Statistic {
  std::int64_t count = 0;           ///< values that are known and finite
  double mean = 0;                  ///< 0 where count is 0
  std::optional<double> deviation;  ///< sample deviation, sqrt(sum (x - mean)^2 / (n - 1)); none for n < 2
};
Statistic statistic(const std::vector<std::optional<double>>& values);

/// The runs that differ in their seed only. Statistics are over the completed ones.
struct SweepSetting {
  nlohmann::ordered_json settings;  ///< without the seed
  std::int64_t runs = 0, completed = 0, diverged = 0, failed = 0, open = 0;  ///< open: stopped or waiting
  std::array<Statistic, kSweepMeasures.size()> statistics{};
  const Statistic& of(SweepMeasure m) const { return statistics[static_cast<std::size_t>(m)]; }
};

struct SweepTable {
  std::vector<SweepRow> runs;
  std::vector<SweepSetting> settings;  ///< in the order of their first run
  /// Highest mean validation accuracy; the first of equals. None while runs are open or where there is no validation set: test data never choose.
  std::optional<std::size_t> best;
  std::string note;  ///< what to know about best, or why there is none
};

SweepTable aggregate(std::vector<SweepRow> runs);

/// "alpha 0.2, rho 0.1"; "seeds only" where nothing but the seed varies.
std::string describe(const nlohmann::ordered_json& settings);

/// {runs: [...], settings: [{<key>..., runs, n, diverged, failed, open, <measure>: {mean, deviation, n}}], best: {...} | null, note}; unknown numbers are null.
nlohmann::ordered_json toJson(const SweepTable& table);

/// One line a setting (<measure>_mean, _deviation, _n) and one line a run; unknown numbers are empty.
std::string settingsCsv(const SweepTable& table);
std::string runsCsv(const SweepTable& table);

}  // namespace trainer
