// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/contrasts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/comparison/statistics.h"

namespace analysis {
namespace {

constexpr double kTwoModels = 0.05;   ///< level of a test of two models, which is said to be one
constexpr double kOwnErrors = 2;      ///< standard errors that count as noise where no test is there

/// One side of a contrast: the runs of a setting that have a value.
struct Side {
  const ComparedSetting* setting = nullptr;
  const ComparedCell* cell = nullptr;
  std::vector<std::size_t> runs;
  std::vector<double> values;
};

Side sideOf(const RowDraft& d, const Comparison& c, std::size_t setting) {
  Side s{.setting = &c.settings[setting], .cell = &d.row.settings[setting], .runs = {}, .values = {}};
  for (const std::size_t i : s.setting->runs)
    if (!std::isnan(d.row.runs[i].value)) s.runs.push_back(i), s.values.push_back(d.row.runs[i].value);
  return s;
}

bool varies(const std::vector<double>& v) { return std::ranges::any_of(v, [&](double x) { return x != v.front(); }); }

class Judge {
 public:
  Judge(const RowDraft& draft, const ComparisonEvidence& evidence, const Comparison& comparison) : draft_(draft), evidence_(evidence), comparison_(comparison) {}

  Contrast operator()(std::size_t setting) {
    base_ = sideOf(draft_, comparison_, comparison_.baseline), other_ = sideOf(draft_, comparison_, setting);
    c_ = {};
    if (setting == comparison_.baseline || draft_.rule == RowRule::described) return c_;
    if (base_.values.empty() || other_.values.empty()) {
      const Side& missing = base_.values.empty() ? base_ : other_;
      return cannotTell(fmt::format("{} for {}", missing.cell->note.empty() ? "not measured" : missing.cell->note, missing.setting->name));
    }
    const double a = base_.cell->value, b = other_.cell->value;
    c_.delta = b - a;
    if (a != 0 && (a > 0) == (b > 0)) c_.ratio = b / a;
    if (draft_.rule == RowRule::timed) return cannotTell("seconds depend on what else the machine does; gradient evaluations do not");
    if (draft_.rule == RowRule::counted) return counted();
    if (notAlike()) return c_;
    if (!varies(base_.values) && !varies(other_.values) && c_.delta == 0) return withinNoise("equal");
    if (withinBounds()) return withinNoise(fmt::format("the difference is within the measures' own errors ({})", toString(boundKind())));
    if (!base_.cell->converged || !other_.cell->converged) return cannotTell(fmt::format("{} did not converge", (base_.cell->converged ? other_ : base_).setting->name));
    return base_.values.size() > 1 && other_.values.size() > 1 ? overSeeds() : oneSeed();
  }

 private:
  Contrast cannotTell(std::string reason) { return c_.verdict = ComparedVerdict::cannotTell, c_.reason = std::move(reason), c_; }
  Contrast withinNoise(std::string reason) { return c_.verdict = ComparedVerdict::withinNoise, c_.reason = std::move(reason), c_; }

  Contrast counted() {
    if (varies(base_.values) || varies(other_.values)) return cannotTell("it differs between the runs of one setting");
    if (c_.delta == 0) return withinNoise("equal");
    return c_.verdict = ComparedVerdict::different, c_.reason = "exact: it follows from the settings", c_;
  }

  /// Values on other samples, at other steps, or of networks trained on other data are not compared.
  bool notAlike() {
    const std::string& how = draft_.how[base_.runs.front()];
    for (const Side* side : {&base_, &other_})
      for (const std::size_t i : side->runs) {
        const std::string &data = evidence_.runs[base_.runs.front()].spec.dataHash, &mine = evidence_.runs[i].spec.dataHash;
        if (!data.empty() && !mine.empty() && data != mine) return cannotTell(fmt::format("{} was trained on other data", comparison_.runs[i].name)), true;
        const std::string& its = draft_.how[i];
        if (its != how) return cannotTell(fmt::format("not measured alike: {} for {}, {} for {}", how, comparison_.runs[base_.runs.front()].name, its, comparison_.runs[i].name)), true;
        if (its.find("instead of") != std::string::npos) return cannotTell(fmt::format("{} for {}", its, comparison_.runs[i].name)), true;
      }
    return false;
  }

  static ErrorKind ownKind(const ComparedCell& c) { return c.kind == ErrorKind::seeds ? c.ownKind : c.kind; }
  static double ownError(const ComparedCell& c) { return c.kind == ErrorKind::seeds ? c.ownError : c.error; }
  static bool isBound(ErrorKind k) { return k == ErrorKind::residual || k == ErrorKind::shortfall || k == ErrorKind::bracket; }
  ErrorKind boundKind() const { return isBound(ownKind(*base_.cell)) ? ownKind(*base_.cell) : ownKind(*other_.cell); }

  /// Errors that are bounds of each value and not spreads: they add.
  bool withinBounds() const {
    double sum = 0;
    for (const Side* side : {&base_, &other_})
      if (isBound(ownKind(*side->cell))) sum += ownError(*side->cell);
    return sum > 0 && std::abs(c_.delta) <= sum;
  }

  Contrast overSeeds() {
    const DifferenceTest t = welch(base_.values, other_.values);
    c_.test = fmt::format("{}, {} and {} seeds", t.permutation ? "exact permutation" : "Welch t", base_.values.size(), other_.values.size());
    c_.statistic = t.statistic, c_.freedom = t.freedom, c_.p = t.p, c_.low = t.low, c_.high = t.high;
    c_.verdict = ComparedVerdict::withinNoise;  // until adjust() has seen all tests
    return c_;
  }

  Contrast oneSeed() {
    const bool each = base_.values.size() == 1 && other_.values.size() == 1;
    const std::string one = each ? "one seed each" : fmt::format("one seed of {}", (base_.values.size() == 1 ? base_ : other_).setting->name);
    if (each && pairedTest()) {
      if (c_.p > kTwoModels) return withinNoise("the two models cannot be told apart on the test set");
      return cannotTell(one + ": these two models differ on the test set, which says nothing of their settings");
    }
    const ErrorKind kind = ownKind(*base_.cell);
    const bool estimated = each && (kind == ErrorKind::probes || kind == ErrorKind::binomial || kind == ErrorKind::items) && ownKind(*other_.cell) == kind;
    if (estimated && std::abs(c_.delta) <= kOwnErrors * std::hypot(ownError(*base_.cell), ownError(*other_.cell)))
      return withinNoise(fmt::format("the difference is within {:g} of the measures' own errors ({})", kOwnErrors, toString(kind)));
    return cannotTell(one + ": a fact about these models, not about their settings");
  }

  /// Of the two models on the same test items. Fills test and p; false where the row has none or the answers are not known.
  bool pairedTest() {
    const auto &a = evidence_.runs[base_.runs.front()].answers, &b = evidence_.runs[other_.runs.front()].answers;
    if (!a || !b || a->correct.size() != b->correct.size() || a->correct.empty()) return false;
    if (draft_.row.key == "test_accuracy") {
      std::int64_t onlyA = 0, onlyB = 0;
      for (std::size_t i = 0; i < a->correct.size(); ++i) onlyA += a->correct[i] > b->correct[i], onlyB += a->correct[i] < b->correct[i];
      c_.test = fmt::format("McNemar, exact, of these two models: {} and {} items", onlyA, onlyB);
      c_.p = mcnemar(onlyA, onlyB);
      return true;
    }
    if (draft_.row.key != "test_loss" || a->loss.size() != b->loss.size() || a->loss.size() < 2) return false;
    const DifferenceTest t = paired(a->loss, b->loss);
    c_.test = fmt::format("paired t, of these two models, {} items", a->loss.size());
    c_.statistic = t.statistic, c_.freedom = t.freedom, c_.p = t.p, c_.low = t.low, c_.high = t.high;
    return true;
  }

  const RowDraft& draft_;
  const ComparisonEvidence& evidence_;
  const Comparison& comparison_;
  Side base_, other_;
  Contrast c_;
};

bool isTestOfSettings(const Contrast& c) { return c.verdict == ComparedVerdict::withinNoise && c.reason.empty() && !std::isnan(c.p); }

}  // namespace

std::vector<Contrast> contrastsOf(const RowDraft& draft, const ComparisonEvidence& evidence, const Comparison& comparison) {
  Judge judge(draft, evidence, comparison);
  std::vector<Contrast> contrasts;
  for (std::size_t s = 0; s < comparison.settings.size(); ++s) contrasts.push_back(judge(s));
  return contrasts;
}

void adjust(Comparison& comparison, double level) {
  std::vector<Contrast*> tests;
  std::vector<double> p;
  for (ComparedRow& row : comparison.rows)
    for (Contrast& c : row.contrasts)
      if (isTestOfSettings(c)) tests.push_back(&c), p.push_back(c.p);
  const std::vector<double> adjusted = holm(p);
  comparison.tests = static_cast<std::int64_t>(tests.size());
  for (std::size_t i = 0; i < tests.size(); ++i) {
    Contrast& c = *tests[i];
    c.adjusted = adjusted[i];
    if (c.adjusted <= level) c.verdict = ComparedVerdict::different;
    c.reason = fmt::format("p {:.2g} alone, {:.2g} among {} tests", c.p, c.adjusted, tests.size());
  }
}

}  // namespace analysis
