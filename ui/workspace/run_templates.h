// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <string>
#include <vector>

#include "trainer/run/sweep_spec.h"

namespace ui {

/// Runs that belong together, before they are queued.
struct GroupPlan {
  struct Run {
    QString name;
    trainer::RunSpec spec;  ///< resolved
  };
  QString title;
  std::vector<Run> runs;
  bool lambdaMax = false;          ///< measured of each as soon as it is trained
  std::vector<std::string> notes;  ///< what was left out, a sentence each
};

/// More runs than this are for `sharpscape sweep`: the window trains one at a time.
constexpr std::int64_t kMostGroupRuns = 500;

/// Plain, SAM and the gradient-norm penalty over each seed; nothing else differs, so that start, data order and steps are the same. @throws std::invalid_argument as resolve().
GroupPlan comparisonPlan(const trainer::RunSpec& base, double rho, double alpha, const std::vector<std::uint64_t>& seeds);

/// The penalty with each alpha over each seed as a grid: 0 is plain (its second gradient weighs nothing), 1 is SAM.
trainer::SweepSpec alphaSweep(trainer::RunSpec base, double rho, const std::vector<double>& alphas, const std::vector<std::uint64_t>& seeds);

/// Every run of a grid. @throws std::invalid_argument, DataError as trainer::plannedRuns(), and for more than kMostGroupRuns.
GroupPlan sweepPlan(const trainer::SweepSpec& spec, const QString& title);

/// "α 0.2 · ρ 0.1 · seed 1".
QString settingText(const nlohmann::ordered_json& settings);

/// "0, 1 2" as numbers, "0:4" among seeds as 0 to 4. @throws std::invalid_argument naming what is none.
std::vector<double> numbersOf(const QString& text);
std::vector<std::uint64_t> seedsOf(const QString& text);

/// Values of a flag, as its words or numbers in json: "0.1, 0.2" or "sam, none". @throws std::invalid_argument, DataError where the flag does not take one.
nlohmann::json valuesOf(const QString& key, const QString& text);

}  // namespace ui
