// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/measure_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <tuple>

namespace analysis {
namespace {

/// What makes two values of one measure comparable. A value of another step than the one compared is comparable with none.
std::string howOf(const MeasureSpec& m, std::int64_t samples, std::int64_t measuredStep, const ComparedRun& run) {
  std::string how = fmt::format("{} {} samples", samples, m.split);
  if (m.samples.value_or(1) != 0 && m.seed != 0) how += fmt::format(" of seed {}", m.seed);
  how += fmt::format(", bn {}, {}, {} loss", m.batchNorm, m.precision, m.loss);
  if (m.logits != "raw") how += ", logits " + m.logits;
  if (m.weights != "trained") how += ", " + m.weights + " weights";
  if (!m.mean.empty()) how += ", inputs normalised otherwise";
  if (measuredStep != run.step) how += fmt::format(", at step {} instead of {}", measuredStep, run.step);
  return how;
}

/// "worst case", "one step", "average case" with what is special about it.
std::string sharpnessName(const SharpnessMeasure& m) {
  const std::string kind = m.kind == "worst" ? "worst case" : m.kind == "one-step" ? "one step" : "average case";
  const bool average = m.kind == "average";
  return fmt::format("{}{}{}, {} {:g}", kind, m.adaptive ? ", adaptive" : "", !average && m.norm != "l2" ? ", " + m.norm : "", average ? "sigma" : "rho", m.rho);
}

std::string sharpnessKey(const SharpnessMeasure& m) {
  return fmt::format("{}{}{}@{:g}", m.kind, m.adaptive ? "_adaptive" : "", m.kind != "average" && m.norm != "l2" ? "_" + m.norm : "", m.rho);
}

class Measures {
 public:
  Measures(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison) : evidence_(evidence), spec_(spec), comparison_(comparison) {}

  std::vector<MeasuredRow> make() {
    norms();
    curvature();
    sharpness();
    atEqualLoss();
    distances();
    return std::move(rows_);
  }

 private:
  using OfRun = std::function<MeasuredCell(const RunEvidence&, const ComparedRun&)>;
  void add(ComparedRow head, const OfRun& cell, RowRule rule = RowRule::measured) {
    MeasuredRow r{.head = std::move(head), .rule = rule, .cells = {}};
    for (std::size_t i = 0; i < evidence_.runs.size(); ++i) r.cells.push_back(cell(evidence_.runs[i], comparison_.runs[i]));
    rows_.push_back(std::move(r));
  }

  void norms() {
    add({.group = "Quality", .key = "parameter_norm", .name = "norm of the parameters", .symbol = "‖θ‖"}, [&](const RunEvidence& e, const ComparedRun& r) -> MeasuredCell {
      const bool final = spec_.measure.weights == "trained" && r.step == e.record.steps && e.record.parameterNorm > 0;
      if (final) return {.cell = {.value = e.record.parameterNorm}};
      if (e.pairs && e.pairs->spectrum.step == r.step && e.pairs->spectrum.parameterNorm > 0) return {.cell = {.value = e.pairs->spectrum.parameterNorm}};
      if (e.sharpness && e.sharpness->sharpness.step == r.step) return {.cell = {.value = e.sharpness->sharpness.parameterNorm}};
      return {};
    });
    const bool plain = std::ranges::all_of(evidence_.runs, [](const RunEvidence& e) { return e.sharpness != nullptr; });
    add({.group = "Curvature", .key = "gradient_norm", .name = plain ? "norm of the gradient" : "norm of the training objective's gradient", .symbol = "‖∇L‖"},
        [&](const RunEvidence& e, const ComparedRun& r) -> MeasuredCell {
          if (plain) return {.cell = {.value = e.sharpness->sharpness.gradientNorm}, .how = how(*e.sharpness, r)};
          const bool known = e.record.parameters > 0 && r.step == e.record.steps && spec_.measure.weights == "trained";
          return {.cell = {.value = known ? e.record.gradientNorm : kNoValue}};
        });
  }

  static std::string how(const SpectrumResult& s, const ComparedRun& r) {
    std::string text = howOf(s.spec.measure, s.spectrum.samples, s.spectrum.step, r);
    if (s.spec.operatorName != "hessian") text += ", " + s.spec.operatorName;
    if (!s.spec.restrictTo.empty()) text += ", restricted to " + s.spec.restrictTo;
    return s.spec.precondition == "none" ? text : text + ", preconditioned";
  }
  static std::string how(const SharpnessResult& s, const ComparedRun& r) {
    std::string text = howOf(s.spec.measure, s.sharpness.samples, s.sharpness.step, r);
    return s.sharpness.groups > 1 ? text + fmt::format(", groups of {}", s.sharpness.groupSize) : text;
  }

  static MeasuredCell eigenvalue(const std::vector<Eigenvalue>& pairs, const SpectrumResult& s, const ComparedRun& r) {
    if (pairs.empty()) return {};
    const Eigenvalue& e = pairs.front();
    MeasuredCell m;
    m.how = how(s, r);
    m.cell = {.value = e.value, .error = e.residual, .kind = ErrorKind::residual, .n = s.spectrum.samples, .converged = e.converged};
    if (!e.converged) m.cell.note = "not converged";
    return m;
  }

  void curvature() {
    add({.group = "Curvature", .key = "lambda_max", .name = "largest eigenvalue of the Hessian", .symbol = "λmax"},
        [](const RunEvidence& e, const ComparedRun& r) { return e.pairs ? eigenvalue(e.pairs->spectrum.top, *e.pairs, r) : MeasuredCell{}; });
    add({.group = "Curvature", .key = "lambda_min", .name = "smallest eigenvalue of the Hessian", .symbol = "λmin"},
        [](const RunEvidence& e, const ComparedRun& r) { return e.pairs ? eigenvalue(e.pairs->spectrum.bottom, *e.pairs, r) : MeasuredCell{}; });
    add({.group = "Curvature", .key = "lambda_max_over_fifth", .name = "largest over fifth eigenvalue", .symbol = "λ₁/λ₅"}, [](const RunEvidence& e, const ComparedRun& r) -> MeasuredCell {
      const auto ratio = e.pairs ? maxOverFifth(e.pairs->spectrum) : std::nullopt;
      if (!ratio) return {};
      const auto& top = e.pairs->spectrum.top;
      return {.cell = {.value = *ratio, .error = (top[0].residual + *ratio * top[4].residual) / top[4].value, .kind = ErrorKind::residual, .n = e.pairs->spectrum.samples,
                       .converged = top[0].converged && top[4].converged},
              .how = how(*e.pairs, r)};
    });
    add({.group = "Curvature", .key = "trace", .name = "trace of the Hessian", .symbol = "tr H"}, [](const RunEvidence& e, const ComparedRun& r) -> MeasuredCell {
      if (!e.trace || !e.trace->spectrum.trace) return {};
      const Trace& t = *e.trace->spectrum.trace;
      MeasuredCell m;
      m.how = how(*e.trace, r);
      m.cell = {.value = t.estimate.value, .n = t.estimate.probes, .converged = t.reached};
      if (t.estimate.hasError) m.cell.error = t.estimate.standardError, m.cell.kind = ErrorKind::probes;
      if (!t.reached) m.cell.note = "the standard error asked for was not reached";
      return m;
    });
  }

  bool asked(const SharpnessMeasure& m) const {
    const std::vector<double>& list = m.kind == "average" ? spec_.average : spec_.worst;
    return list.empty() || std::ranges::count(list, m.rho) > 0;
  }

  static MeasuredCell sharpnessCell(const SharpnessResult& s, const SharpnessMeasure& m, const ComparedRun& r) {
    MeasuredCell c;
    c.how = how(s, r);
    c.cell = {.value = m.value, .n = m.kind == "average" ? m.draws : m.groups};
    if (m.kind == "average") c.cell.error = m.standardError, c.cell.kind = ErrorKind::probes;
    else if (m.groups > 1) c.cell.error = m.standardError, c.cell.kind = ErrorKind::items;
    else if (m.kind == "worst") c.cell.error = m.value * std::max(m.lastGain, m.startSpread), c.cell.kind = ErrorKind::shortfall, c.cell.note = "a lower bound: the highest point an ascent found";
    return c;
  }

  void sharpness() {
    std::vector<SharpnessMeasure> kinds;
    std::set<std::string> seen;
    for (const RunEvidence& e : evidence_.runs)
      for (const SharpnessMeasure& m : e.sharpness ? e.sharpness->sharpness.measures : std::vector<SharpnessMeasure>{})
        if (asked(m) && seen.insert(sharpnessKey(m)).second) kinds.push_back(m);
    const auto order = [](const SharpnessMeasure& m) { return std::tuple(m.kind == "worst" ? 0 : m.kind == "one-step" ? 1 : 2, m.adaptive, m.norm, m.rho); };
    std::ranges::stable_sort(kinds, {}, order);
    for (const SharpnessMeasure& kind : kinds)
      add({.group = "Sharpness", .key = sharpnessKey(kind), .name = sharpnessName(kind), .rho = kind.rho}, [&](const RunEvidence& e, const ComparedRun& r) -> MeasuredCell {
        if (!e.sharpness) return {};
        for (const SharpnessMeasure& m : e.sharpness->sharpness.measures)
          if (sharpnessKey(m) == sharpnessKey(kind)) return sharpnessCell(*e.sharpness, m, r);
        return {};
      });
  }

  const MatchedRun* matchedRun(const ComparedRun& r) const {
    if (!evidence_.matched) return nullptr;
    const auto& runs = evidence_.matched->matched.runs;
    const auto at = std::ranges::find(runs, r.folder, &MatchedRun::run);
    return at == runs.end() ? nullptr : &*at;
  }

  void atEqualLoss() {
    if (!evidence_.matched || evidence_.matched->matched.runs.empty()) return;
    const double target = evidence_.matched->matched.targetLoss;
    const std::string at = fmt::format(" at train loss {:.4g}", target);
    for (const MatchedQuantity& q : evidence_.matched->matched.runs.front().quantities) {
      const bool average = q.name.starts_with("average"), worst = q.name.starts_with("worst"), adaptive = q.name.ends_with("_adaptive");
      const std::string name = q.name == "lambda_max" ? "largest eigenvalue" : q.name == "trace" ? "trace" : (worst ? "worst case" : "average case") + std::string(adaptive ? ", adaptive" : "");
      const std::string radius = q.rho > 0 ? fmt::format(", {} {:g}", average ? "sigma" : "rho", q.rho) : "";
      ComparedRow head{.group = q.rho > 0 ? "Sharpness" : "Curvature", .key = fmt::format("equal_loss/{}{}", q.name, q.rho > 0 ? fmt::format("@{:g}", q.rho) : ""), .name = name + radius + at, .rho = q.rho};
      head.symbol = q.name == "lambda_max" ? "λmax" : q.name == "trace" ? "tr H" : "";
      add(std::move(head), [&](const RunEvidence&, const ComparedRun& r) { return matchedCell(q, r); });
    }
    add({.group = "Quality", .key = "equal_loss/parameter_norm", .name = "norm of the parameters" + at, .symbol = "‖θ‖"}, [&](const RunEvidence&, const ComparedRun& r) -> MeasuredCell {
      const MatchedRun* m = matchedRun(r);
      if (!m) return {};
      return {.cell = {.value = m->parameterNorm, .error = std::abs(m->above.parameterNorm - m->below.parameterNorm), .kind = ErrorKind::bracket}};
    });
  }

  MeasuredCell matchedCell(const MatchedQuantity& wanted, const ComparedRun& r) const {
    const MatchedRun* m = matchedRun(r);
    if (!m) return {};
    for (const MatchedQuantity& q : m->quantities) {
      if (q.name != wanted.name || q.rho != wanted.rho) continue;
      MeasuredCell c{.cell = {.value = q.value, .error = std::abs(q.above - q.below), .kind = ErrorKind::bracket, .ownError = q.error, .n = evidence_.matched->matched.samples}};
      c.cell.ownKind = q.name == "lambda_max" ? ErrorKind::residual : q.name.starts_with("worst") ? ErrorKind::shortfall : ErrorKind::probes;
      c.cell.note = m->above.step == m->below.step ? fmt::format("at step {}", m->below.step) : fmt::format("between {:.4g} at step {} and {:.4g} at step {}", q.above, m->above.step, q.below, m->below.step);
      return c;
    }
    return {};
  }

  /// Of a run and its partner among the baseline's: the one of the same seed where there is one.
  void distances() {
    const auto ofPath = [](const std::function<double(const Path&)>& value) {
      return [value](const RunEvidence& e, const ComparedRun&) -> MeasuredCell {
        if (!e.path) return {};
        const Path& p = e.path->path;
        MeasuredCell m{.cell = {.value = value(p)}};
        m.cell.note = fmt::format("to {} at step {}", e.path->spec.measure.run, p.step);
        return m;
      };
    };
    const auto line = [](const Path& p) { return p.lines.empty() ? nullptr : &p.lines.front(); };
    add({.group = "Distance", .key = "distance", .name = "distance to the baseline's minimum", .symbol = "‖Δθ‖"}, ofPath([](const Path& p) { return p.distance; }), RowRule::described);
    add({.group = "Distance", .key = "barrier", .name = "barrier on the line to the baseline, train loss"},
        ofPath([line](const Path& p) { return line(p) ? line(p)->trainBarrier : kNoValue; }), RowRule::described);
    add({.group = "Distance", .key = "test_barrier", .name = "barrier on the line to the baseline, test loss"},
        ofPath([line](const Path& p) { return line(p) ? line(p)->testBarrier : kNoValue; }), RowRule::described);
  }

  const ComparisonEvidence& evidence_;
  const CompareSpec& spec_;
  const Comparison& comparison_;
  std::vector<MeasuredRow> rows_;
};

}  // namespace

std::vector<MeasuredRow> measureRows(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison) { return Measures(evidence, spec, comparison).make(); }

}  // namespace analysis
