// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/result_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "analysis/export/comparison_figure.h"
#include "analysis/export/export_result.h"
#include "analysis/export/sharpness_view.h"
#include "analysis/export/path_figure.h"
#include "analysis/export/study_view.h"
#include "analysis/spectrum/density_smoothing.h"

namespace analysis {
namespace {

constexpr int kLevels = 15;
constexpr double kLogFrom = 100;  ///< largest over smallest

std::string runName(const MeasureSpec& m) {
  const std::filesystem::path path(m.run);
  return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

/// A foreign file knows no step.
std::string titleOf(const char* what, const SurfaceResult& r) {
  return fmt::format("{}: {}{}", what, runName(r.spec.measure), r.origin.format.empty() ? fmt::format(", step {}", r.grid.step) : "");
}

/// One deviation above and below each mean, in its colour.
std::vector<Series> bands(const std::vector<Series>& means, const SurfaceGrid& g, std::vector<double> SurfaceValues::*values) {
  std::vector<Series> all;
  for (const Series& mean : means)
    for (const double sign : {-1.0, 1.0}) {
      const std::vector<double>& deviation = (mean.label == "test" ? g.testDeviation : g.trainDeviation).*values;
      Series band{"", mean.x, mean.y, {}, mean.style};
      band.style.line = LineStyle::dot, band.style.marker = Marker::none, band.style.width = 0.9;
      for (std::size_t i = 0; i < band.y.size(); ++i) band.y[i] += sign * deviation[i];
      all.push_back(std::move(band));
    }
  return all;
}

Figure sliceFigure(const SurfaceResult& r) {
  const SurfaceGrid& g = r.grid;
  Figure f;
  f.title = titleOf("Loss along a line", r);
  f.caption = surfaceCaption(g);
  f.columns = 2;
  const std::string axis = axisLabel(g, 0);
  SeriesStyle test = runStyle(1);
  const auto add = [&](const char* title, const char* label, std::vector<double> SurfaceValues::*values) {
    f.panels.push_back({.title = title, .x = {axis}, .y = {label}, .series = {{"test", g.x, g.test.*values, {}, test}}, .fields = {}, .note = "", .legend = true});
    std::vector<Series>& series = f.panels.back().series;
    if (std::ranges::all_of(g.test.*values, [](double v) { return std::isnan(v); })) series.clear();
    if (g.split != "test") series.insert(series.begin(), {g.split, g.x, g.train.*values, {}, runStyle(0)});
    if (g.seeds.size() < 2) return;
    f.panels.back().note = fmt::format("mean of {} directions; dotted: one deviation between them to either side", g.seeds.size());
    for (Series& band : bands(series, g, values)) series.push_back(std::move(band));
  };
  add("Loss", "loss (cross entropy)", &SurfaceValues::loss);
  add("Accuracy", "accuracy", &SurfaceValues::accuracy);
  return f;
}

Figure surfaceFigure(const SurfaceResult& r) {
  const SurfaceGrid& g = r.grid;
  Figure f;
  f.title = titleOf(r.origin.format.empty() ? "Loss around a minimum" : "Loss surface", r);
  f.caption = surfaceCaption(g);
  f.panelWidth = 380, f.panelHeight = 380;
  const SurfaceScale scale = surfaceScale({&g});
  f.colourBarLabel = scaleLabel(scale);
  f.panels.push_back(surfacePanel(g, "", scale));
  return f;
}

Series pairSeries(const std::string& label, const std::vector<Eigenvalue>& pairs, bool converged, SeriesStyle style) {
  Series s;
  s.label = label;
  style.line = LineStyle::none;
  style.hollow = !converged;
  s.style = style;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (pairs[i].converged == converged) s.x.push_back(static_cast<double>(i + 1)), s.y.push_back(pairs[i].value), s.error.push_back(pairs[i].residual);
  return s;
}

Panel pairPanel(const std::string& title, const std::string& axis, const std::vector<Eigenvalue>& pairs, const SeriesStyle& style) {
  Panel p{.title = title, .x = {axis, Scale::linear, 0.5, static_cast<double>(pairs.size()) + 0.5, true}, .y = {"eigenvalue"}, .series = {}, .fields = {}, .note = "", .legend = true};
  p.series.push_back(pairSeries("converged", pairs, true, style));
  if (Series open = pairSeries("not converged", pairs, false, style); !open.x.empty()) p.series.push_back(std::move(open));
  p.note = "bars: residual ||H q - lambda q||; some eigenvalue lies within it";
  return p;
}

/// The smoothed density over six decades, and its nodes' mass; log axis: the bulk holds nearly all eigenvalues, the outliers 1/P each.
Panel densityPanel(const Density& d) {
  constexpr double decades = 1e-6;
  const double width = defaultWidth(d.nodes, d.steps);
  const DensityCurve curve = smoothDensity(d.nodes, d.weights, width, 600);
  const double peak = *std::max_element(curve.y.begin(), curve.y.end());
  Panel p{.title = "Spectral density", .x = {"eigenvalue"}, .y = {"density", Scale::log, peak * decades, peak * 2}, .series = {}, .fields = {}, .note = "", .legend = false};
  Series s{.label = "density", .x = {}, .y = {}, .error = {}, .style = runStyle(0)};
  for (std::size_t i = 0; i < curve.x.size(); ++i) s.x.push_back(curve.x[i]), s.y.push_back(std::max(curve.y[i], peak * decades));
  p.series.push_back(std::move(s));
  p.note = fmt::format("{} probes, {} steps; Gaussian of width {:.3g}", d.probes, d.steps, width);
  return p;
}

/// " Trace 3.2 +- 0.1 (standard error of 20 probes, xtrace)."
std::string estimateCaption(const std::string& name, const Estimate& e, const std::string& method) {
  return fmt::format(" {} {:.5g}, {}{}.", name, e.value, e.hasError ? fmt::format("standard error {:.2g} from {} probes", e.standardError, e.probes) : "no standard error",
                     method.empty() ? "" : ", " + method);
}

Figure spectrumFigure(const SpectrumResult& r) {
  const Spectrum& s = r.spectrum;
  Figure f;
  f.title = fmt::format("Spectrum of the {}: {}, step {}", s.operatorName, runName(r.spec.measure), s.step);
  f.caption = fmt::format("{} of the {} loss ({:.6g}) over {} {} samples at step {}, {} parameters, ||theta|| {:.4g}, {}, batch norm {}. {} products and {} for the residuals.",
                          s.operatorName, r.spec.measure.loss, s.lossValue, s.samples, r.spec.measure.split, s.step, s.parameters, s.parameterNorm, s.precision,
                          s.batchNorm, s.products, s.residualProducts);
  f.columns = 2;
  if (s.trace) f.caption += estimateCaption("Trace", s.trace->estimate, s.trace->method) + estimateCaption("Frobenius norm", s.trace->frobenius, "");
  if (s.density) f.panels.push_back(densityPanel(*s.density));
  if (!s.top.empty()) f.panels.push_back(pairPanel("Largest", "index from the top", s.top, runStyle(0)));
  if (!s.bottom.empty()) f.panels.push_back(pairPanel("Smallest", "index from the bottom", s.bottom, runStyle(1)));
  if (f.panels.empty()) f.panels.push_back({.title = "No eigenvalue was asked for", .x = {}, .y = {}, .series = {}, .fields = {}, .note = "", .legend = false});
  return f;
}

}  // namespace

SurfaceScale surfaceScale(const std::vector<const SurfaceGrid*>& grids) {
  std::vector<const std::vector<double>*> losses;
  for (const SurfaceGrid* g : grids) losses.push_back(&g->train.loss);
  return valueScale(losses);
}

SurfaceScale valueScale(const std::vector<const std::vector<double>*>& fields) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto* values : fields)
    for (const double v : *values)
      if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  if (!(high >= low)) low = 0, high = 1;
  if (low > 0 && high > kLogFrom * low) {
    SurfaceScale scale{low, high, Scale::log, {}};
    for (double power = std::pow(10.0, std::floor(std::log10(low))); power < high; power *= 10)
      for (const double m : {1.0, 2.0, 5.0})
        if (m * power > low && m * power < high) scale.levels.push_back(m * power);
    return scale;
  }
  if (low >= 0 && low <= high / 4) low = 0;
  if (!(high > low)) high = low + std::max(1e-12, std::abs(low) * 1e-6);
  SurfaceScale scale{low, high, Scale::linear, {}};
  for (int i = 1; i <= kLevels; ++i) scale.levels.push_back(low + (high - low) * i / (kLevels + 1));
  return scale;
}

std::string scaleLabel(const SurfaceScale& scale) {
  return scale.kind == Scale::log ? "train loss (cross entropy), log scale" : "train loss (cross entropy)";
}

namespace {

/// The checkpoints of each run, and the runs that axes point toward, where they lie over the plane.
std::vector<Series> trajectorySeries(const SurfaceGrid& g) {
  std::vector<Series> all;
  std::string run;
  for (const TrajectoryPoint& p : g.trajectory) {
    if (all.empty() || p.run != run) all.push_back({"", {}, {}, {}, {{1, 1, 1, 1}, all.empty() ? LineStyle::solid : LineStyle::dash, Marker::circle, false, 1}});
    run = p.run;
    all.back().x.push_back(p.x), all.back().y.push_back(p.y);
  }
  if (g.marks.empty()) return all;
  all.push_back({"", {}, {}, {}, {{1, 1, 1, 1}, LineStyle::none, Marker::square, false, 1}});
  for (const TrajectoryPoint& p : g.marks) all.back().x.push_back(p.x), all.back().y.push_back(p.y);
  return all;
}

}  // namespace

Panel surfacePanel(const SurfaceGrid& g, const std::string& title, const SurfaceScale& scale) {
  Panel p{.title = title, .x = {axisLabel(g, 0)}, .y = {axisLabel(g, 1)}, .series = {}, .fields = {}, .note = "", .legend = false};
  Field field{g.x, g.y, g.train.loss, scale.from, scale.to, scale.kind, scale.levels};
  for (std::size_t i = 0; i < field.values.size(); ++i)
    if (g.hasValue(i) && std::isnan(field.values[i])) field.values[i] = std::numeric_limits<double>::infinity();  // computed and not a number: diverged
  p.fields.push_back(std::move(field));
  for (const Series& path : trajectorySeries(g)) p.series.push_back(path);
  SeriesStyle centre{{1, 1, 1, 1}, LineStyle::none, Marker::diamond, false, 1};
  if (g.samples > 0 || std::isfinite(g.centre)) p.series.push_back({"", {0}, {0}, {}, centre});  // a foreign file may not have it
  return p;
}

std::string axisLabel(const SurfaceGrid& g, std::size_t axis) {
  const std::string name = axis == 0 ? "x" : "y";
  if (axis >= g.directions.size()) return name;
  const std::string& text = g.directions[axis];
  return name + ": " + text.substr(0, text.find(','));
}

namespace {

/// "16,641"
std::string withThousands(std::int64_t n) {
  std::string text = fmt::format("{}", n);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

}  // namespace

std::string evaluatedText(const SurfaceGrid& g) {
  if (g.interpolated.empty() && !g.promise) return "";
  const std::string share = fmt::format("{} of {} points evaluated", withThousands(std::ranges::count(g.computed, 1)), withThousands(static_cast<std::int64_t>(g.computed.size())));
  if (g.promise && g.promise->interpolated == 0) return share + ": the tolerance asked for all of them";
  return share + ", the rest interpolated" + (g.promise ? ": " + promiseText(*g.promise) : "");
}

std::string surfaceCaption(const SurfaceGrid& g) {
  std::int64_t missing = 0, diverged = 0;
  for (std::size_t i = 0; i < g.computed.size(); ++i) {
    missing += !g.hasValue(i);
    diverged += g.hasValue(i) && !std::isfinite(g.train.loss[i]);
  }
  std::string text = fmt::format("Loss at theta + x d1{}", g.slice ? "." : " + y d2.");
  if (g.samples > 0 || std::isfinite(g.centre)) text.replace(text.size() - 1, 1, fmt::format("; loss at the centre {:.6g}.", g.centre));
  for (std::size_t i = 0; i < g.directions.size(); ++i)
    text += fmt::format(" d{}: {}{}.", i + 1, g.directions[i], i < g.directionNorms.size() ? fmt::format(", length {:.4g}", g.directionNorms[i]) : "");
  if (!g.slice && !std::isnan(g.cosine)) text += fmt::format(" Cosine between them {:.4f}.", g.cosine);
  if (g.samples == 0 && g.evaluations > 0) text += " From a file that does not say on how many samples.";
  else text += fmt::format(" {} of {} dimensions: curvature along the others is not seen. {} {} and {} test samples, {}, batch norm {}.",
                      g.slice ? "One" : "Two", g.parameters, g.samples, g.split == "train" ? "training" : g.split, g.testSamples, g.precision, g.batchNorm);
  if (!g.trajectory.empty()) {
    double farthest = 0;
    for (const TrajectoryPoint& p : g.trajectory) farthest = std::max(farthest, p.distance);
    text += fmt::format(" Checkpoints (circles) lie up to {:.3g} out of the plane, which under them does not show the loss the optimizer saw.", farthest);
  }
  if (diverged > 0) text += fmt::format(" {} points are not finite (hatched).", diverged);
  if (const std::string share = evaluatedText(g); !share.empty()) text += " " + share + ".";
  if (missing > 0) text += fmt::format(" {} points were not computed (blank).", missing);
  return text;
}

Figure figureOf(const Result& result) {
  Figure f;
  if (const auto* spectrum = std::get_if<SpectrumResult>(&result)) f = spectrumFigure(*spectrum);
  else if (const auto* sharpness = std::get_if<SharpnessResult>(&result)) f = sharpnessFigure(*sharpness);
  else if (const auto* invariance = std::get_if<InvarianceResult>(&result)) f = invarianceFigure(*invariance);
  else if (const auto* matched = std::get_if<MatchedResult>(&result)) f = matchedFigure(*matched);
  else if (const auto* kappa = std::get_if<KappaResult>(&result)) f = kappaFigure(*kappa);
  else if (const auto* path = std::get_if<PathResult>(&result)) f = pathFigure(*path);
  else if (const auto* surface = std::get_if<SurfaceResult>(&result)) f = surface->grid.slice ? sliceFigure(*surface) : surfaceFigure(*surface);
  else if (const auto* comparison = std::get_if<ComparisonResult>(&result)) f = comparisonFigure(*comparison);
  else if (const auto* study = std::get_if<StudyResult>(&result)) f = studyFigure(*study);
  else throw std::invalid_argument("this result has no picture: .csv or .json hold its numbers");
  f.command = commandLine(result);
  return f;
}

}  // namespace analysis
