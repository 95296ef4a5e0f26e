// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/result_table.h"

#include <cmath>

#include "analysis/bench/bench_targets.h"
#include "analysis/export/surface_columns.h"

namespace analysis {

TableCell cellOrEmpty(double value) {
  TableCell cell;
  if (!std::isnan(value)) cell = value;
  return cell;
}

std::vector<ResultTable> tablesOf(const SpectrumResult& r) {
  const Spectrum& s = r.spectrum;
  std::vector<ResultTable> tables{{.name = "eigenvalues", .columns = {"end", "index", "value", "residual", "error_estimate", "converged"}, .rows = {}}};
  const auto add = [&](const char* end, const std::vector<Eigenvalue>& pairs) {
    for (std::size_t i = 0; i < pairs.size(); ++i)
      tables[0].rows.push_back({std::string(end), static_cast<std::int64_t>(i + 1), pairs[i].value, pairs[i].residual, pairs[i].errorEstimate, pairs[i].converged});
  };
  add("top", s.top);
  add("bottom", s.bottom);
  if (s.density) {
    tables.push_back({.name = "density", .columns = {"node", "weight"}, .rows = {}});
    for (std::size_t i = 0; i < s.density->nodes.size(); ++i) tables.back().rows.push_back({s.density->nodes[i], s.density->weights[i]});
  }
  return tables;
}

std::vector<ResultTable> tablesOf(const SurfaceResult& r) {
  const SurfaceGrid& g = r.grid;
  const auto columns = surfaceColumns(g);
  ResultTable table;
  table.columns.push_back("x");
  if (!g.slice) table.columns.push_back("y");
  for (const auto& c : columns) table.columns.push_back(c.name);
  const bool marked = !g.interpolated.empty();  // 1: evaluated, 0: interpolated
  if (marked) table.columns.push_back("computed");
  for (std::int64_t row = 0; row < g.rows(); ++row)
    for (std::int64_t column = 0; column < g.columns(); ++column) {
      const auto i = static_cast<std::size_t>(row * g.columns() + column);
      std::vector<TableCell> cells{g.x[static_cast<std::size_t>(column)]};
      if (!g.slice) cells.emplace_back(g.y[static_cast<std::size_t>(row)]);
      for (const auto& c : columns) {
        cells.emplace_back();
        if (g.hasValue(i)) cells.back() = (*c.values)[i];
      }
      if (marked) {
        cells.emplace_back();
        if (g.hasValue(i)) cells.back() = std::int64_t{g.computed[i]};
      }
      table.rows.push_back(std::move(cells));
    }
  std::vector<ResultTable> tables{std::move(table)};
  if (g.trajectory.empty()) return tables;
  tables.push_back({.name = "trajectory", .columns = {"run", "step", "x", "y", "loss", "test_loss", "plane_loss", "distance"}, .rows = {}, .aside = true});
  for (const TrajectoryPoint& p : g.trajectory) tables.back().rows.push_back({p.run, p.step, p.x, p.y, p.loss, p.testLoss, p.planeLoss, p.distance});
  return tables;
}

std::vector<ResultTable> tablesOf(const SharpnessResult& r) {
  ResultTable table{.name = "", .columns = {"kind", "norm", "adaptive", "rho", "value", "standard_error", "low_68", "high_68", "low_95", "high_95", "draws", "iterations", "groups",
                                            "last_gain", "start_spread"}, .rows = {}};
  for (const auto& m : r.sharpness.measures)
    table.rows.push_back({m.kind, m.norm, m.adaptive, m.rho, m.value, cellOrEmpty(m.standardError), cellOrEmpty(m.interval68.low), cellOrEmpty(m.interval68.high),
                          cellOrEmpty(m.interval95.low), cellOrEmpty(m.interval95.high), m.draws, m.iterations, m.groups, m.lastGain, m.startSpread});
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const InvarianceResult& r) {
  ResultTable table{.name = "", .columns = {"transform", "measure", "before", "before_error", "after", "after_error", "tolerance", "claimed", "invariant"}, .rows = {}};
  for (const auto& o : r.invariance.outcomes)
    for (const auto& b : o.badges) table.rows.push_back({o.transform, b.measure, b.before, b.beforeError, b.after, b.afterError, b.tolerance, b.claimed, b.earned});
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const MatchedResult& r) {
  ResultTable table{.name = "", .columns = {"run", "step_above", "loss_above", "step_below", "loss_below", "parameter_norm", "logit_norm", "logit_range", "name", "rho", "value", "error",
                                            "above", "below"}, .rows = {}};
  for (const auto& m : r.matched.runs)
    for (const auto& q : m.quantities)
      table.rows.push_back({m.run, m.above.step, m.above.loss, m.below.step, m.below.loss, m.parameterNorm, m.logitNorm, m.logitRange, q.name, q.rho, q.value, q.error, q.above, q.below});
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const KappaResult& r) {
  ResultTable table{.name = "", .columns = {"h", "from_loss", "from_gradient", "rounding"}, .rows = {}};
  for (const auto& p : r.kappa.points) table.rows.push_back({p.h, p.fromLoss, p.fromGradient, p.rounding});
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const PathResult& r) {
  const std::string split = r.path.split == "test" ? "measured" : r.path.split;
  ResultTable table{.name = "", .columns = {"line", "t", split + "_loss", split + "_accuracy", "test_loss", "test_accuracy"}, .rows = {}};
  for (const PathLine& l : r.path.lines)
    for (std::size_t i = 0; i < l.t.size(); ++i) table.rows.push_back({l.kind, l.t[i], l.trainLoss[i], l.trainAccuracy[i], l.testLoss[i], l.testAccuracy[i]});
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const CheckResult& r) {
  ResultTable table{.name = "", .columns = {"name", "verdict", "value", "tolerance", "culprit"}, .rows = {}};
  for (const Check& c : r.report.checks) table.rows.push_back({c.name, std::string(toString(c.verdict)), c.value, c.tolerance, c.culprit});
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const OdditiesResult& r) {
  ResultTable table{.name = "", .columns = {"name", "verdict", "value", "limit", "sentence", "advice"}, .rows = {}};
  for (const Finding& f : r.oddities.findings) table.rows.push_back({f.name, std::string(toString(f.verdict)), cellOrEmpty(f.value), cellOrEmpty(f.limit), f.sentence, f.advice});
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const BenchResult& r) {
  ResultTable table{.name = "", .columns = {"net", "name", "value", "low", "high", "coverage", "repetitions", "floor", "target"}, .rows = {}};
  for (const BenchNet& n : r.bench.nets)
    for (const BenchQuantity& q : n.quantities) {
      const BenchTarget t = benchTarget(q.name, n.name);
      table.rows.push_back({n.name, q.name, q.value, q.low, q.high, q.coverage, q.repetitions, cellOrEmpty(t.floor), cellOrEmpty(t.target)});
    }
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const ComparisonResult& r) {
  const Comparison& c = r.comparison;
  ResultTable table{.name = "", .columns = {"measure", "setting", "value", "error", "error_kind", "n", "delta", "ratio", "verdict", "p", "adjusted_p"}, .rows = {}};
  for (const ComparedRow& row : c.rows)
    for (std::size_t s = 0; s < row.settings.size(); ++s) {
      const ComparedCell& cell = row.settings[s];
      const Contrast& d = row.contrasts[s];
      table.rows.push_back({row.key, c.settings[s].name, cellOrEmpty(cell.value), cellOrEmpty(cell.error), toString(cell.kind), cell.n, cellOrEmpty(d.delta), cellOrEmpty(d.ratio),
                            toString(d.verdict), cellOrEmpty(d.p), cellOrEmpty(d.adjusted)});
    }
  return {std::move(table)};
}

std::vector<ResultTable> tablesOf(const StudyResult& r) {
  const Study& s = r.study;
  ResultTable measures{.name = "measures", .columns = {"measure", "n", "tau", "low", "high", "within", "across", "granulated"}, .rows = {}};
  ResultTable runs{.name = "runs", .columns = {"run", s.targetKey}, .rows = {}};
  for (const StudiedMeasure& m : s.measures) {
    measures.rows.push_back({m.key, m.n, cellOrEmpty(m.tau), cellOrEmpty(m.low), cellOrEmpty(m.high), cellOrEmpty(m.within), cellOrEmpty(m.across), cellOrEmpty(m.granulated)});
    runs.columns.push_back(m.key);
  }
  for (std::size_t i = 0; i < s.runs.size(); ++i) {
    runs.rows.push_back({s.runs[i].name, cellOrEmpty(s.target[i])});
    for (const StudiedMeasure& m : s.measures) runs.rows.back().push_back(cellOrEmpty(m.values[i]));
  }
  return {std::move(measures), std::move(runs)};
}

}  // namespace analysis
