// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/correlate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "analysis/comparison/statistics.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr std::size_t kLeastRuns = 3, kLeastSeeds = 3;
constexpr double kTail = 0.025;

double meanOf(const std::vector<double>& v) { return spreadOf(v).mean; }

/// Tau over the runs of `list`.
double tauOf(const std::vector<double>& x, const std::vector<double>& y, const std::vector<std::size_t>& list) {
  std::vector<double> a, b;
  for (const std::size_t i : list) a.push_back(x[i]), b.push_back(y[i]);
  return kendallTau(a, b);
}

class Correlation {
 public:
  Correlation(const Comparison& c, const StudySpec& spec, const trainer::Context& context) : c_(c), spec_(spec), context_(context) {}

  Study run() {
    if (c_.runs.size() < kLeastRuns) throw std::invalid_argument(fmt::format("a study needs {} runs or more, got {}", kLeastRuns, c_.runs.size()));
    const auto target = std::ranges::find(c_.rows, spec_.target, &ComparedRow::key);
    if (target == c_.rows.end()) refuseTarget();
    Study s{.runs = c_.runs, .settings = c_.settings, .targetKey = target->key, .targetName = target->name};
    s.target = valuesOf(*target), s.samples = c_.samples, s.split = c_.split, s.batchNorm = c_.batchNorm, s.precision = c_.precision, s.device = c_.device, s.notes = c_.notes;
    clustered_ = c_.settings.size() > 1 && std::ranges::any_of(c_.settings, [](const ComparedSetting& k) { return k.runs.size() > 1; });
    s.resampled = clustered_ ? "settings, then runs in them" : "runs";
    for (const ComparedRow& row : c_.rows)
      if (isMeasure(row)) s.measures.push_back(studied(row, s.target));
    if (s.measures.empty()) s.notes.push_back("there is nothing to correlate: no measure is known of the runs");
    return s;
  }

 private:
  [[noreturn]] void refuseTarget() const {
    std::vector<std::string> keys;
    for (const ComparedRow& r : c_.rows)
      if (r.group == "Quality") keys.push_back(r.key);
    throw std::invalid_argument(fmt::format("--target '{}' is unknown for these runs; they have: {}", spec_.target, fmt::join(keys, ", ")));
  }

  bool isMeasure(const ComparedRow& r) const {
    return r.key != spec_.target && (r.group == "Curvature" || r.group == "Sharpness" || r.key.ends_with("parameter_norm") || r.key == "train_loss");
  }

  static std::vector<double> valuesOf(const ComparedRow& row) {
    std::vector<double> values;
    for (const ComparedCell& cell : row.runs) values.push_back(cell.value);
    return values;
  }

  StudiedMeasure studied(const ComparedRow& row, const std::vector<double>& target) {
    StudiedMeasure m{.key = row.key, .name = row.name, .symbol = row.symbol, .percent = row.percent, .values = valuesOf(row)};
    for (std::size_t i = 0; i < target.size(); ++i) m.n += std::isfinite(m.values[i]) && std::isfinite(target[i]);
    m.tau = kendallTau(m.values, target);
    overSettings(m, target);
    granulate(m, target);
    interval(m, target);
    return m;
  }

  void overSettings(StudiedMeasure& m, const std::vector<double>& target) const {
    std::vector<double> inside, x, y;
    for (const ComparedSetting& s : c_.settings) {
      std::vector<double> mine, its;
      for (const std::size_t i : s.runs)
        if (std::isfinite(m.values[i]) && std::isfinite(target[i])) mine.push_back(m.values[i]), its.push_back(target[i]);
      if (mine.empty()) continue;
      x.push_back(meanOf(mine)), y.push_back(meanOf(its));
      if (const double tau = kendallTau(mine, its); mine.size() >= kLeastSeeds && !std::isnan(tau)) inside.push_back(tau);
    }
    m.within = meanOf(inside), m.withinSettings = static_cast<std::int64_t>(inside.size());
    m.across = kendallTau(x, y), m.acrossSettings = static_cast<std::int64_t>(x.size());
  }

  void granulate(StudiedMeasure& m, const std::vector<double>& target) const {
    std::vector<double> taus;
    for (const ComparedFlag& axis : c_.flags) {
      if (!axis.differs) continue;
      std::map<std::string, std::vector<std::size_t>> groups;
      for (std::size_t i = 0; i < c_.runs.size(); ++i) {
        std::string others = fmt::format("{}", c_.runs[i].seed);
        for (const ComparedFlag& f : c_.flags)
          if (f.differs && &f != &axis) others += "\n" + f.values[i];
        groups[others].push_back(i);
      }
      std::vector<double> inside;
      for (const auto& [key, list] : groups)
        if (const double tau = tauOf(m.values, target, list); !std::isnan(tau)) inside.push_back(tau);
      if (inside.empty()) continue;
      m.axes.push_back({.flag = axis.key, .tau = meanOf(inside), .groups = static_cast<std::int64_t>(inside.size())});
      taus.push_back(m.axes.back().tau);
    }
    m.granulated = meanOf(taus);
  }

  /// Indices of a resample.
  std::vector<std::size_t> draw(trainer::RandomStream& random) const {
    std::vector<std::size_t> list;
    const auto from = [&](std::size_t count) { return static_cast<std::size_t>(random.below(count)); };
    if (!clustered_) {
      for (std::size_t i = 0; i < c_.runs.size(); ++i) list.push_back(from(c_.runs.size()));
      return list;
    }
    for (std::size_t s = 0; s < c_.settings.size(); ++s) {
      const std::vector<std::size_t>& runs = c_.settings[from(c_.settings.size())].runs;
      for (std::size_t i = 0; i < runs.size(); ++i) list.push_back(runs[from(runs.size())]);
    }
    return list;
  }

  void interval(StudiedMeasure& m, const std::vector<double>& target) const {
    if (spec_.resamples < 1 || std::isnan(m.tau)) return;
    trainer::RandomStream random(trainer::deriveSeed(spec_.measure.seed, "bootstrap/" + m.key));
    std::vector<double> taus;
    for (std::int64_t b = 0; b < spec_.resamples; ++b) {
      if (b % 100 == 0) context_.checkpoint();
      if (const double tau = tauOf(m.values, target, draw(random)); !std::isnan(tau)) taus.push_back(tau);
    }
    if (taus.empty()) return;
    std::ranges::sort(taus);
    const auto at = [&](double share) { return taus[static_cast<std::size_t>(std::lround(share * static_cast<double>(taus.size() - 1)))]; };
    m.low = at(kTail), m.high = at(1 - kTail);
  }

  const Comparison& c_;
  const StudySpec& spec_;
  const trainer::Context& context_;
  bool clustered_ = false;
};

}  // namespace

Study correlate(const Comparison& comparison, const StudySpec& spec, const trainer::Context& context) { return Correlation(comparison, spec, context).run(); }

}  // namespace analysis
