// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/run_templates.h"

#include <fmt/format.h>

#include <QRegularExpression>
#include <QStringList>
#include <stdexcept>

#include "ui/forms/field_text.h"
#include "ui/workspace/open_run.h"

namespace ui {
namespace {

const QRegularExpression kBetween(QStringLiteral("[\\s,;]+"));

QString letterOf(const std::string& key) {
  if (key == "alpha") return QStringLiteral("\u03B1");
  if (key == "rho") return QStringLiteral("\u03C1");
  if (key == "learning_rate") return QStringLiteral("\u03B7");
  return QString::fromStdString(key).replace(QLatin1Char('_'), QLatin1Char(' '));
}

/// What a grid is put over: what was chosen, without what the flags that vary would bring.
nlohmann::json baseOf(const trainer::RunSpec& spec) {
  nlohmann::json base = nlohmann::json::object();
  const nlohmann::json all(trainer::toJson(spec)), usual(trainer::toJson(trainer::RunSpec{}));
  for (const auto& [key, value] : all.items())
    if (!usual.contains(key) || usual.at(key) != value) base[key] = value;
  return base;
}

}  // namespace

GroupPlan comparisonPlan(const trainer::RunSpec& base, double rho, double alpha, const std::vector<std::uint64_t>& seeds) {
  GroupPlan plan{.title = QStringLiteral("SGD, SAM, penalty"), .runs = {}, .lambdaMax = false, .notes = {}};
  for (const std::uint64_t seed : seeds)
    for (const char* method : {"none", "sam", "penalty"}) {
      trainer::RunSpec spec = base;
      spec.seed = seed;
      spec.sharpness = method;
      spec.rho.reset(), spec.alpha.reset();
      if (spec.sharpness != "none") spec.rho = rho;
      if (spec.sharpness == "penalty") spec.alpha = alpha;
      spec = trainer::resolve(spec, nullptr);
      QString name = runName(spec);
      if (seeds.size() > 1) name += QStringLiteral(" \u00B7 seed %1").arg(seed);
      plan.runs.push_back({.name = name, .spec = spec});
    }
  return plan;
}

trainer::SweepSpec alphaSweep(trainer::RunSpec base, double rho, const std::vector<double>& alphas, const std::vector<std::uint64_t>& seeds) {
  base.sharpness = "penalty";
  base.rho = rho;
  base.alpha.reset();
  trainer::SweepSpec spec;
  spec.name = "alpha";
  spec.base = baseOf(base);
  spec.grid["alpha"] = alphas;
  spec.grid["seed"] = seeds;
  return spec;
}

GroupPlan sweepPlan(const trainer::SweepSpec& spec, const QString& title) {
  GroupPlan plan{.title = title, .runs = {}, .lambdaMax = false, .notes = {}};
  std::int64_t count = 1;
  for (const auto& values : spec.grid) count *= static_cast<std::int64_t>(values.size());
  if (count > kMostGroupRuns)
    throw std::invalid_argument(fmt::format("{} runs are more than the {} that the window queues: leave out values, or save the spec and use sharpscape sweep", count, kMostGroupRuns));
  for (const trainer::PlannedRun& run : trainer::plannedRuns(spec, &plan.notes)) plan.runs.push_back({.name = settingText(run.settings), .spec = run.spec});
  return plan;
}

QString settingText(const nlohmann::ordered_json& settings) {
  QStringList words;
  for (const auto& [key, value] : settings.items()) {
    if (value.is_null()) continue;
    const std::string text = value.is_string() ? value.get<std::string>() : value.is_number_float() ? fmt::format("{}", value.get<double>()) : value.dump();
    words << QStringLiteral("%1 %2").arg(letterOf(key), QString::fromStdString(text));
  }
  return words.isEmpty() ? QStringLiteral("run") : words.join(QStringLiteral(" \u00B7 "));
}

std::vector<double> numbersOf(const QString& text) {
  std::vector<double> numbers;
  for (const QString& word : text.split(kBetween, Qt::SkipEmptyParts)) {
    bool good = false;
    numbers.push_back(word.toDouble(&good));
    if (!good) throw std::invalid_argument(fmt::format("\u201C{}\u201D is no number: write values like 0, 0.5, 1", word.toStdString()));
  }
  if (numbers.empty()) throw std::invalid_argument("there is no value: write some like 0, 0.5, 1");
  return numbers;
}

std::vector<std::uint64_t> seedsOf(const QString& text) {
  std::vector<std::uint64_t> seeds;
  const auto number = [](const QString& word) {
    bool good = false;
    const qulonglong value = word.toULongLong(&good);
    if (!good) throw std::invalid_argument(fmt::format("\u201C{}\u201D is no seed: write some like 0, 1, 2 or 0:4", word.toStdString()));
    return static_cast<std::uint64_t>(value);
  };
  for (const QString& word : text.split(kBetween, Qt::SkipEmptyParts)) {
    const std::uint64_t from = number(word.section(QLatin1Char(':'), 0, 0)), to = word.contains(QLatin1Char(':')) ? number(word.section(QLatin1Char(':'), 1)) : from;
    if (to < from || to - from >= static_cast<std::uint64_t>(kMostGroupRuns)) throw std::invalid_argument(fmt::format("\u201C{}\u201D is no range of seeds: write one like 0:4", word.toStdString()));
    for (std::uint64_t seed = from; seed <= to; ++seed) seeds.push_back(seed);
  }
  if (seeds.empty()) throw std::invalid_argument("there is no seed: write some like 0, 1, 2 or 0:4");
  return seeds;
}

nlohmann::json valuesOf(const QString& key, const QString& text) {
  nlohmann::json values = nlohmann::json::array();
  for (const QString& word : text.split(QRegularExpression(QStringLiteral("\\s*[,;]\\s*")), Qt::SkipEmptyParts)) {
    trainer::RunSpec spec;
    if (const QString wrong = setFieldText(spec, key, word.trimmed()); !wrong.isEmpty()) throw std::invalid_argument(fmt::format("\u201C{}\u201D {}", word.toStdString(), wrong.toStdString()));
    const nlohmann::json all(trainer::toJson(spec));
    const std::string name = key.toStdString();
    values.push_back(all.contains(name) ? all.at(name) : nlohmann::json());
  }
  if (values.empty()) throw std::invalid_argument("there is no value: write some with commas between");
  return values;
}

}  // namespace ui
