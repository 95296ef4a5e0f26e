// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/rises.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/sharpness/ascent.h"
#include "analysis/sharpness/noise.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

/// Values of groups and their shares of the samples.
struct Shares {
  std::vector<double> values, weights;
  void add(double value, double weight) { values.push_back(value), weights.push_back(weight); }
  double mean() const {
    double sum = 0, all = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += weights[i] * values[i], all += weights[i];
    return sum / all;
  }
  /// Of the mean over groups; NaN for fewer than two.
  double standardError() const {
    const auto n = static_cast<double>(values.size());
    if (values.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    const double m = mean();
    double sum = 0, all = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += std::pow(weights[i] * (values[i] - m), 2), all += weights[i];
    return std::sqrt(sum * n / (n - 1)) / all;
  }
};

/// One line of the result while groups are added up.
struct Line {
  SharpnessMeasure measure;
  Shares shares;
};

std::vector<Line> linesOf(const SharpnessSpec& spec) {
  std::vector<Line> lines;
  for (const std::string& kind : spec.kinds)
    for (const std::string& norm : kind == "average" ? std::vector<std::string>{"l2"} : spec.norms)
      for (const std::string& scale : spec.scales) {
        const bool adaptive = scale == "adaptive";
        std::vector<double> radii = spec.rho.empty() ? defaultRho(kind, norm, adaptive) : spec.rho;
        std::ranges::sort(radii);
        for (const double rho : radii) lines.push_back({.measure = {.kind = kind, .norm = norm, .adaptive = adaptive, .rho = rho}, .shares = {}});
      }
  return lines;
}

class Rises {
 public:
  Rises(Objective& objective, const SharpnessSpec& spec, const AtTheta& at, const Context& context)
      : objective_(objective), spec_(spec), at_(at), context_(context), lines_(linesOf(spec)) {}

  std::vector<SharpnessMeasure> run(Sharpness& about) {
    about.groupSize = spec_.group == 0 ? objective_.sampleCount() : spec_.group;
    const std::int64_t groups = (objective_.sampleCount() + about.groupSize - 1) / about.groupSize;
    total_ = static_cast<std::int64_t>(lines_.size()) * groups;
    try {
      for (std::int64_t j = 0; j < groups; ++j) group(j, about.groupSize);
      averages();
    } catch (const trainer::Cancelled&) {
      about.stopped = true;
    }
    about.groups = static_cast<std::int64_t>(squares_.values.size());
    if (groups > 1 && !squares_.values.empty()) about.groupGradientSquare = squares_.mean(), about.groupGradientSquareError = squares_.standardError();
    return finished();
  }

 private:
  void group(std::int64_t j, std::int64_t size) {
    const std::int64_t from = j * size, to = std::min(from + size, objective_.sampleCount());
    const double weight = static_cast<double>(to - from) / static_cast<double>(objective_.sampleCount());
    if (to - from == objective_.sampleCount()) return group(objective_, at_, weight, j);
    context_.checkpoint();
    const std::unique_ptr<Objective> part = objective_.part(from, to);
    const at::Tensor& theta = part->theta0();
    group(*part, {part->gradient(theta), part->evaluate(theta).loss}, weight, j);
  }

  void group(Objective& part, const AtTheta& at, double weight, std::int64_t j) {
    squares_.add(std::pow(normOf(at.gradient), 2), weight);
    std::optional<Ascent> floor;
    const Line* before = nullptr;
    for (Line& line : lines_) {
      SharpnessMeasure& m = line.measure;
      if (m.kind == "average") continue;
      report();
      const Ball ball(m.norm, m.adaptive, part.theta0());
      if (m.kind == "one-step") {
        line.shares.add(oneStep(part, ball, at.gradient, at.loss, m.rho), weight);
        m.evaluations += 1;
        continue;
      }
      if (before == nullptr || before->measure.norm != m.norm || before->measure.adaptive != m.adaptive) floor.reset();
      const AscentOptions options{.rho = m.rho, .iterations = spec_.iterations, .restarts = spec_.restarts,
                                  .seed = trainer::deriveSeed(spec_.measure.seed, fmt::format("group/{}", j))};
      floor = worstCase(part, ball, at.gradient, at.loss, options, floor ? &*floor : nullptr, context_);
      before = &line;
      note(line, *floor, weight);
    }
  }

  void note(Line& line, const Ascent& found, double weight) {
    SharpnessMeasure& m = line.measure;
    line.shares.add(found.value, weight);
    m.iterations = spec_.iterations;
    m.gradients = std::max(m.gradients, found.gradients), m.evaluations = std::max(m.evaluations, found.evaluations);
    m.lastGain += weight * found.lastGain, m.startSpread += weight * found.startSpread;
    m.start = line.shares.values.size() == 1 ? found.start : "";
  }

  void averages() {
    for (Line& line : lines_) {
      SharpnessMeasure& m = line.measure;
      if (m.kind != "average") continue;
      report();
      const Ball ball("l2", m.adaptive, objective_.theta0());
      const MeanEstimate e = averageRise({objective_, ball, at_.gradient, at_.loss, spec_.draws, trainer::deriveSeed(spec_.measure.seed, "average")}, m.rho, context_);
      line.shares.add(e.mean, 1);
      m.standardError = e.standardError, m.interval68 = e.interval68, m.interval95 = e.interval95;
      m.draws = m.evaluations = spec_.draws;
    }
  }

  std::vector<SharpnessMeasure> finished() const {
    std::vector<SharpnessMeasure> measures;
    for (const Line& line : lines_) {
      if (line.shares.values.empty()) continue;
      SharpnessMeasure m = line.measure;
      m.value = line.shares.mean();
      m.groups = static_cast<std::int64_t>(line.shares.values.size());
      if (m.kind != "average") m.standardError = line.shares.standardError();
      measures.push_back(std::move(m));
    }
    return measures;
  }

  void report() { context_.report({.stage = fmt::format("{} measures", lines_.size()), .unit = "measures", .done = done_++, .total = total_}); }

  Objective& objective_;
  const SharpnessSpec& spec_;
  const AtTheta& at_;
  const Context& context_;
  std::vector<Line> lines_;
  Shares squares_;
  std::int64_t done_ = 0, total_ = 0;
};

}  // namespace

std::vector<SharpnessMeasure> measureRises(Objective& objective, const SharpnessSpec& spec, const AtTheta& at, Sharpness& about, const Context& context) {
  return Rises(objective, spec, at, context).run(about);
}

}  // namespace analysis
