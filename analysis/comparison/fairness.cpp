// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/fairness.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace analysis {
namespace {

constexpr double kAboutEqual = 1.05;        ///< factor between numbers that still count as equal
constexpr std::size_t kFewSeeds = 5;        ///< below: Welch's test sees large differences only

std::string words(const std::string& key) {
  std::string w = key;
  std::ranges::replace(w, '_', ' ');
  return w;
}

class Fairness {
 public:
  Fairness(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison) : evidence_(evidence), spec_(spec), c_(comparison) {}

  std::vector<FairnessCheck> run() {
    sameFlags("same-network", {"model", "activation", "dropout"}, "the same network", "other networks have other curvatures: compare within one network");
    sameData();
    sameStart();
    sameOrder();
    finished();
    sameMeasures();
    allSamples();
    equalTrainLoss();
    equalGradients();
    tunedEqually();
    selection();
    seeds();
    converged();
    return std::move(checks_);
  }

 private:
  void add(const std::string& name, FairVerdict verdict, std::string sentence, std::string remedy = "") {
    checks_.push_back({name, verdict, std::move(sentence), verdict == FairVerdict::ok ? "" : std::move(remedy)});
  }

  std::vector<std::string> differing(const std::vector<std::string>& keys) const {
    std::vector<std::string> found;
    for (const ComparedFlag& f : c_.flags)
      if (f.differs && std::ranges::count(keys, f.key)) found.push_back(words(f.key));
    return found;
  }

  void sameFlags(const std::string& name, const std::vector<std::string>& keys, const std::string& what, const std::string& remedy) {
    const std::vector<std::string> found = differing(keys);
    if (found.empty()) add(name, FairVerdict::ok, fmt::format("{} in every run", what));
    else add(name, FairVerdict::warning, fmt::format("not {}: {} differ{}", what, fmt::join(found, ", "), found.size() == 1 ? "s" : ""), remedy);
  }

  void sameData() {
    std::set<std::string> hashes;
    for (const RunEvidence& e : evidence_.runs) hashes.insert(e.spec.dataHash);
    if (hashes.contains("") && hashes.size() > 1) return add("same-data", FairVerdict::unknown, "some runs do not say which data they were trained on", "train them again with this version");
    if (hashes.size() > 1) return add("same-data", FairVerdict::warning, "the runs were trained on different data: their losses are not comparable", "compare runs of one data set");
    sameFlags("same-data", {"data_limit", "validation", "label_noise", "augment", "mean", "std"}, "the same data, split and inputs", "train on the same items, labels and inputs");
  }

  /// Start and order are functions of the seed: settings have to have the same seeds.
  bool sameSeeds() const {
    std::set<std::multiset<std::uint64_t>> sets;
    for (const ComparedSetting& s : c_.settings) {
      std::multiset<std::uint64_t> seeds;
      for (const std::size_t i : s.runs) seeds.insert(c_.runs[i].seed);
      sets.insert(seeds);
    }
    return sets.size() == 1;
  }

  void sameStart() {
    if (!sameSeeds()) return add("same-start", FairVerdict::warning, "the settings were trained from different starts: their seeds differ", "train each setting with the same seeds");
    if (const auto found = differing({"model", "activation", "precision"}); !found.empty())
      return add("same-start", FairVerdict::warning, fmt::format("the starts differ, because {} do{}", fmt::join(found, " and "), found.size() == 1 ? "es" : ""), "train from one start");
    add("same-start", FairVerdict::ok, "the same starts: each seed is in every setting");
  }

  void sameOrder() {
    const auto found = differing({"batch_size", "data_limit", "validation"});
    if (sameSeeds() && found.empty()) return add("same-order", FairVerdict::ok, "the same batches in the same order: each seed is in every setting");
    add("same-order", FairVerdict::warning, found.empty() ? "the order of the batches differs with the seeds" : fmt::format("other batches: {} differ{}", fmt::join(found, ", "), found.size() == 1 ? "s" : ""),
        "train each setting with the same seeds and batches");
  }

  void finished() {
    std::vector<std::string> open;
    for (const ComparedRun& r : c_.runs)
      if (r.status != "completed") open.push_back(fmt::format("{} ({} at step {})", r.name, r.status == "running" ? "still training" : r.status, r.step));
    if (open.empty()) return add("finished", FairVerdict::ok, "every run completed its training");
    add("finished", FairVerdict::warning, fmt::format("not completed: {}", fmt::join(open, ", ")), "resume them with 'sharpscape train --resume'; diverged runs are left out of the means");
  }

  void sameMeasures() {
    std::set<std::string> reasons;
    bool any = false;
    for (const ComparedRow& row : c_.rows)
      for (const Contrast& contrast : row.contrasts) {
        any = any || row.group == "Curvature" || row.group == "Sharpness";
        if (contrast.reason.starts_with("not measured alike") || contrast.reason.find("instead of") != std::string::npos) reasons.insert(contrast.reason);
      }
    const std::string remedy = "measure all runs with the same samples, precision and batch-norm policy ('sharpscape compare' does)";
    if (!any) return add("same-measures", FairVerdict::unknown, "nothing was measured yet", remedy);
    if (reasons.empty()) return add("same-measures", FairVerdict::ok, fmt::format("the same samples, precision{} in every run", c_.batchNorm.empty() ? "" : " and batch-norm policy (" + c_.batchNorm + ")"));
    add("same-measures", FairVerdict::warning, *reasons.begin(), remedy);
  }

  void allSamples() {
    const std::int64_t items = evidence_.runs[c_.baselineRun].trainItems;
    if (c_.samples == 0 || c_.split != "train" || items == 0) return;
    if (c_.samples >= items) return add("all-samples", FairVerdict::ok, fmt::format("curvature of all {} training items", items));
    add("all-samples", FairVerdict::warning, fmt::format("curvature of {} of {} training items: the largest eigenvalue of a subset is biased upwards, in every run", c_.samples, items), "measure with --samples all where it is affordable");
  }

  /// Smallest and largest mean over the settings of a row; nothing where a setting has no value.
  std::optional<std::pair<double, double>> range(const std::string& key) const {
    const auto row = std::ranges::find(c_.rows, key, &ComparedRow::key);
    if (row == c_.rows.end()) return std::nullopt;
    double low = INFINITY, high = -INFINITY;
    for (const ComparedCell& cell : row->settings) {
      if (std::isnan(cell.value)) return std::nullopt;
      low = std::min(low, cell.value), high = std::max(high, cell.value);
    }
    return std::pair(low, high);
  }

  void equalTrainLoss() {
    const auto losses = range("train_loss");
    if (!losses) return add("equal-train-loss", FairVerdict::unknown, "the train losses are not known", "train to the end, or compare at an evaluated step");
    const auto [low, high] = *losses;
    if (high <= kAboutEqual * low) return add("equal-train-loss", FairVerdict::ok, fmt::format("train losses within {:.0f} %: {:.4g} to {:.4g}", 100 * (kAboutEqual - 1), low, high));
    const bool matched = evidence_.matched != nullptr;
    add("equal-train-loss", FairVerdict::warning, fmt::format("train losses from {:.4g} to {:.4g}: the curvature of a cross entropy falls with its loss", low, high),
        matched ? "read the rows at equal train loss" : "add the rows at equal train loss (--measures equal-loss)");
  }

  void equalGradients() {
    const auto counts = range("gradient_evaluations");
    if (!counts) return add("equal-gradients", FairVerdict::unknown, "the gradient evaluations are not known", "train with this version");
    const auto [low, high] = *counts;
    if (high <= kAboutEqual * low) return add("equal-gradients", FairVerdict::ok, fmt::format("about equal gradient evaluations: {:.0f} to {:.0f}", low, high));
    add("equal-gradients", FairVerdict::warning, fmt::format("gradient evaluations from {:.0f} to {:.0f}", low, high), "give the cheaper setting more epochs, and say which budget is equal");
  }

  void tunedEqually() {
    std::set<std::int64_t> tried;
    bool chosen = true, known = true;
    for (const RunEvidence& e : evidence_.runs) known = known && e.tuned.has_value(), chosen = chosen && e.tuned.value_or(false), tried.insert(e.tried);
    const std::string remedy = "sweep each method over as many settings, choose each on a validation set, and compare what was chosen";
    if (!known) return add("tuned-equally", FairVerdict::unknown, "how the settings were chosen is not known: not every run is of a sweep", remedy);
    if (!chosen) return add("tuned-equally", FairVerdict::warning, "not every setting is the one its sweep chose on validation", remedy);
    if (tried.size() > 1) return add("tuned-equally", FairVerdict::warning, fmt::format("the settings were chosen among {} to {} others", *tried.begin(), *tried.rbegin()), remedy);
    add("tuned-equally", FairVerdict::ok, fmt::format("each setting was chosen on validation among {}", *tried.begin()));
  }

  void selection() {
    if (spec_.measure.step != "best") return;
    const bool validated = std::ranges::all_of(evidence_.runs, [](const RunEvidence& e) { return e.spec.validation > 0; });
    if (validated) add("selection", FairVerdict::ok, "the step was chosen on validation");
    else add("selection", FairVerdict::warning, "the best step was chosen on the test set: test numbers are too good", "set validation items aside, or compare the last step");
  }

  void seeds() {
    std::size_t low = SIZE_MAX, high = 0;
    for (const ComparedSetting& s : c_.settings) low = std::min(low, s.runs.size()), high = std::max(high, s.runs.size());
    const std::string number = low == high ? fmt::format("{} seed{} each", low, low == 1 ? "" : "s") : fmt::format("{} to {} seeds", low, high);
    const std::string remedy = fmt::format("train each setting with {} seeds or more", kFewSeeds);
    if (low == 1) return add("seeds", FairVerdict::warning, number + ": differences are facts about these models, not about their settings", remedy);
    if (low < kFewSeeds) return add("seeds", FairVerdict::warning, number + ": only large differences can be told from noise", remedy);
    add("seeds", low == high ? FairVerdict::ok : FairVerdict::warning, number, "train each setting with the same seeds");
  }

  void converged() {
    std::vector<std::string> open;
    bool any = false;
    for (const ComparedRow& row : c_.rows)
      for (std::size_t i = 0; i < row.runs.size(); ++i) {
        any = any || (row.group != "Quality" && row.group != "Cost" && !std::isnan(row.runs[i].value));
        if (!row.runs[i].converged && !std::isnan(row.runs[i].value)) open.push_back(fmt::format("{} of {}", row.symbol.empty() ? row.name : row.symbol, c_.runs[i].name));
      }
    if (!any) return;
    if (open.empty()) return add("converged", FairVerdict::ok, "every measure converged in every run");
    add("converged", FairVerdict::warning, fmt::format("not converged: {}", fmt::join(open, ", ")), "measure them with more products, or in double precision");
  }

  const ComparisonEvidence& evidence_;
  const CompareSpec& spec_;
  const Comparison& c_;
  std::vector<FairnessCheck> checks_;
};

}  // namespace

std::vector<FairnessCheck> fairnessOf(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison) { return Fairness(evidence, spec, comparison).run(); }

}  // namespace analysis
