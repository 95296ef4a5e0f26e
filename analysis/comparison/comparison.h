// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

/// Several runs side by side. Runs that differ in their seed only are one setting, and settings are what is compared.
struct CompareSpec {
  MeasureSpec measure;                  ///< its run is the baseline; step, samples, split, batch norm and precision are the same for every run
  std::vector<std::string> runs;        ///< folders, two or more, in the order of the columns
  std::string baseline;                 ///< folder of the run whose setting the others are compared with; empty: the first
  std::vector<std::string> names;       ///< one a run; empty: by their settings
  std::vector<std::string> groups;      ///< one a run: those with the same word are one setting, called that; empty: by their flags
  /// A choice of: curvature (lambda_max, lambda_min) | trace | sharpness | equal-loss | barriers | items (answers on the test set, for paired tests)
  std::vector<std::string> measures = {"curvature", "trace", "sharpness", "equal-loss", "barriers", "items"};
  std::vector<double> worst = {0.5};    ///< rho of worst case and one-step sharpness: ||delta||
  std::vector<double> average = {0.05};  ///< deviation per coordinate of the average case
  std::optional<double> targetLoss;     ///< of equal-loss; unset: the lowest that every run reaches
  std::int64_t points = 25;             ///< of a line to the baseline
  std::string planes = "none";          ///< none | A (own filters) | B (identical directions) | C (through the minima)
  std::int64_t size = 33;               ///< grid points a side of a plane, odd
  std::uint64_t directionSeed = 0;
  double level = 0.05;                  ///< chance that any row of a comparison of equals is called different
  bool operator==(const CompareSpec&) const = default;
};

/// What an error is. Never mixed under one "+-": NUMERICS.md section 2.
enum class ErrorKind {
  none,           ///< exact, or nothing is known: see the note
  residual,       ///< of an eigenvalue: some eigenvalue lies within it
  probes,         ///< standard error over probes or draws
  binomial,       ///< sqrt(a (1 - a) / N) of an accuracy on N items
  items,          ///< standard error of a mean over the items of a set
  shortfall,      ///< what an ascent may lack: its last gain and the spread over its starts
  bracket,        ///< |above - below| of two checkpoints between which a value is interpolated
  seeds           ///< sample deviation over seeds
};
/// "residual", "standard error of probes", "binomial", "standard error over items", "ascent", "bracket", "deviation over seeds"; empty for none.
std::string toString(ErrorKind kind);

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

/// One number of the table and how good it is.
struct ComparedCell {
  double value = kNoValue;              ///< NaN: not there, the note says why
  double error = kNoValue;
  ErrorKind kind = ErrorKind::none;     ///< of `error`
  double ownError = kNoValue;           ///< of a setting over several seeds: the largest error of the runs' own measures
  ErrorKind ownKind = ErrorKind::none;
  std::int64_t n = 0;                   ///< of a setting: seeds with a value; of a run: items, probes or samples, 0 where it does not apply
  bool converged = true;                ///< of a setting: of each of its runs
  std::string note{};
};

/// different: told apart at the comparison's level. within noise: not told apart, which is no proof of equality. cannot tell: the reason says what is missing.
/// none: nothing to compare, as for the baseline itself or a distance to it.
enum class ComparedVerdict { none, different, withinNoise, cannotTell };
/// "", "different", "within noise", "cannot tell"
std::string toString(ComparedVerdict verdict);

/// A setting against the baseline's, in one row.
struct Contrast {
  double delta = kNoValue, ratio = kNoValue;  ///< value - baseline, value / baseline (NaN where the baseline is 0 or the signs differ)
  ComparedVerdict verdict = ComparedVerdict::none;
  std::string reason{};                 ///< a clause: "one seed each: a fact about these two models, not about their settings"
  std::string test{};                   ///< "Welch t, 5 and 5 seeds", "McNemar, exact, 12 and 5 items"; empty: none
  double statistic = kNoValue, freedom = kNoValue;  ///< t and its degrees of freedom
  double p = kNoValue;                  ///< two-sided, of this row alone
  double adjusted = kNoValue;           ///< Holm's, over every test of settings in the comparison; NaN where p is about two models only
  double low = kNoValue, high = kNoValue;  ///< 95 % interval of delta, of this row alone
};

/// Groups of rows, in order: Quality, Curvature, Sharpness, Distance, Cost.
struct ComparedRow {
  std::string group{};
  std::string key{};                    ///< unique: "test_accuracy", "lambda_max", "worst@0.5", "equal_loss/lambda_max"
  std::string name{}, symbol{};         ///< "worst case, rho 0.5"; "λmax", or empty
  bool percent = false;                 ///< 0..1, read as percent
  double rho = 0;                       ///< of a sharpness; else 0
  std::vector<ComparedCell> runs{};     ///< one a run
  std::vector<ComparedCell> settings{};  ///< one a setting: the run's own, or the mean over its seeds
  std::vector<Contrast> contrasts{};    ///< one a setting
};

struct ComparedRun {
  std::string folder{}, name{};         ///< the name is unique
  std::size_t setting = 0;              ///< index into Comparison::settings
  std::uint64_t seed = 0;
  std::int64_t step = 0;                ///< where it was measured
  std::string status{};                 ///< running | completed | stopped | diverged
};

/// The runs that differ in their seed only. A run that was stopped early, or has the setting and the seed of another, is a setting of its own.
struct ComparedSetting {
  std::string name{};                   ///< "SGD", "SAM rho 0.1"; unique
  std::string key{};                    ///< settingKey() of its first run
  std::vector<std::size_t> runs{};      ///< indices into Comparison::runs
};

/// One flag of the runs' specs.
struct ComparedFlag {
  std::string key{};                    ///< "learning_rate"
  std::vector<std::string> values{};    ///< one a run; empty where its method does not use it
  bool differs = false;                 ///< between settings
};

enum class FairVerdict { ok, warning, unknown };
std::string toString(FairVerdict verdict);

/// "Is it a fair comparison?", a line of it.
struct FairnessCheck {
  std::string name{};                   ///< "same-start", "equal-gradients", ...
  FairVerdict verdict = FairVerdict::unknown;
  std::string sentence{};               ///< what was found
  std::string remedy{};                 ///< what to do about it; empty where ok
};

/// A surface that was sampled for the comparison.
struct ComparedPlane {
  std::string run{}, file{};            ///< folder; result in its analyses
  std::string label{};                  ///< one honest sentence
};

struct Comparison {
  std::vector<ComparedRun> runs{};
  std::vector<ComparedSetting> settings{};
  std::size_t baseline = 0;             ///< index of a setting
  std::size_t baselineRun = 0;          ///< index of a run
  std::vector<ComparedRow> rows{};
  std::vector<ComparedFlag> flags{};    ///< all; those that differ first
  std::vector<FairnessCheck> fairness{};
  std::vector<ComparedPlane> planes{};
  std::int64_t tests = 0;               ///< in Holm's family
  std::int64_t samples = 0;             ///< of the measures; 0: they differ, or there are none
  std::string split{}, batchNorm{}, precision{}, device{};
  double targetLoss = kNoValue;         ///< of the rows at equal train loss
  std::vector<std::string> notes{};     ///< what could not be done, a sentence each
  std::string methods{}, bibtex{};      ///< what was used, for a paper
  std::int64_t reused = 0, measured = 0;  ///< results taken from the runs' analyses, and made
  double seconds = 0;
  bool stopped = false;                 ///< cut short by a stop: what is there is kept
};

}  // namespace analysis
