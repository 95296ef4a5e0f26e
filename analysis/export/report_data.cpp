// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/report_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "analysis/export/report_curves.h"
#include "analysis/export/result_json.h"

namespace analysis {
namespace {

using nlohmann::ordered_json;

double rounded(double v, int digits) { return std::isfinite(v) ? std::stod(fmt::format("{:.{}g}", v, digits)) : v; }

ordered_json runJson(const ReportRun& run, std::size_t index) {
  static const char* const dashes[] = {"solid", "dash", "dashdot", "dot", "solid"};
  const SeriesStyle style = runStyle(index);
  return {{"name", run.name},
          {"colour", fmt::format("rgb({:.0f},{:.0f},{:.0f})", 255 * style.colour.r, 255 * style.colour.g, 255 * style.colour.b)},
          {"dash", dashes[static_cast<int>(style.line)]}};
}

/// One number at each point of a surface.
struct FieldOfAll {
  const char *key, *name, *label;
  std::vector<double> SurfaceValues::*values;
  SurfaceValues SurfaceGrid::*split;
  bool accuracy;
};

/// Those that every surface has.
std::vector<FieldOfAll> fieldsOf(const std::vector<ReportRun>& runs, const std::vector<std::size_t>& shown) {
  const bool tested = std::ranges::all_of(shown, [&](std::size_t k) { return runs[k].surface->grid.split != "test" && runs[k].surface->grid.testSamples > 0; });
  std::vector<FieldOfAll> fields = {{"loss", "loss", "loss (cross entropy)", &SurfaceValues::loss, &SurfaceGrid::train, false},
                                    {"accuracy", "accuracy", "accuracy", &SurfaceValues::accuracy, &SurfaceGrid::train, true}};
  if (tested) {
    fields.push_back({"test_loss", "test loss", "test loss (cross entropy)", &SurfaceValues::loss, &SurfaceGrid::test, false});
    fields.push_back({"test_accuracy", "test accuracy", "test accuracy", &SurfaceValues::accuracy, &SurfaceGrid::test, true});
  }
  return fields;
}

/// Contour levels as plotly wants them, at equal steps of the height: of the value, or of its decimal logarithm.
ordered_json levelsJson(const SurfaceScale& scale) {
  if (scale.kind == Scale::linear) {
    const double step = (scale.to - scale.from) / 16;
    return {{"start", scale.from + step}, {"end", scale.to - step / 2}, {"step", step}};
  }
  const double low = std::log10(scale.from), high = std::log10(scale.to);
  double step = 1;
  for (const double s : {0.5, 0.25, 0.2, 0.1})
    if ((high - low) / s <= 20) step = s;
  return {{"start", std::ceil(low / step) * step}, {"end", high}, {"step", step}};
}

ordered_json scaleJson(const std::vector<const std::vector<double>*>& values) {
  const SurfaceScale scale = valueScale(values);
  return {{"from", scale.from}, {"to", scale.to}, {"log", scale.kind == Scale::log}, {"levels", levelsJson(scale)}, {"ticks", niceTicks(scale.from, scale.to, 6, scale.kind)}};
}

ordered_json gridJson(const SurfaceGrid& g, const std::vector<double>& values, bool accuracy) {
  ordered_json rows = ordered_json::array();
  for (std::int64_t r = 0; r < g.rows(); ++r) {
    ordered_json row = ordered_json::array();
    for (std::int64_t c = 0; c < g.columns(); ++c) {
      const auto i = static_cast<std::size_t>(r * g.columns() + c);
      const double v = values[i];
      row.push_back(!g.hasValue(i) ? ordered_json(nullptr) : jsonNumber(accuracy ? std::round(v * 1e4) / 1e4 : rounded(v, 5)));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The checkpoints over the plane, a list a run.
ordered_json pathsJson(const SurfaceGrid& g) {
  ordered_json paths = ordered_json::array();
  for (const TrajectoryPoint& p : g.trajectory) {
    if (paths.empty() || paths.back()["run"] != p.run) paths.push_back({{"run", p.run}});
    ordered_json& path = paths.back();
    path["step"].push_back(p.step), path["x"].push_back(p.x), path["y"].push_back(p.y);
    path["loss"].push_back(jsonNumber(rounded(p.loss, 5))), path["plane_loss"].push_back(jsonNumber(rounded(p.planeLoss, 5))), path["distance"].push_back(rounded(p.distance, 4));
  }
  return paths;
}

ordered_json surfaceJson(const SurfaceGrid& g, std::size_t run, const std::vector<FieldOfAll>& fields) {
  ordered_json values;
  for (const FieldOfAll& f : fields) values[f.key] = gridJson(g, (g.*f.split).*f.values, f.accuracy);
  return {{"run", run},           {"x", g.x}, {"y", g.y}, {"axes", {axisLabel(g, 0), axisLabel(g, 1)}}, {"centre", jsonNumber(rounded(g.centre, 5))}, {"paths", pathsJson(g)},
          {"values", values}};
}

void addPoint(ordered_json& series, const TrainingPoint& at, double y) {
  if (!std::isfinite(y)) return;
  series["step"].push_back(at.step), series["epoch"].push_back(rounded(at.epoch, 6)), series["seconds"].push_back(rounded(at.seconds, 5));
  series["gradients"].push_back(at.gradientEvaluations), series["y"].push_back(rounded(y, 5));
}

ordered_json emptySeries(std::size_t run) {
  ordered_json series = {{"run", run}};
  for (const char* key : {"step", "epoch", "seconds", "gradients", "y"}) series[key] = ordered_json::array();
  return series;
}

ordered_json curvesJson(const std::vector<ReportRun>& runs) {
  const auto chart = [](const char* id, const char* label, bool log) { return ordered_json{{"id", id}, {"label", label}, {"log", log}, {"series", ordered_json::array()}}; };
  ordered_json loss = chart("curve-1", "batch loss, mean of an epoch", true), accuracy = chart("curve-2", "test accuracy", false), gradient = chart("curve-3", "gradient norm", true);
  for (std::size_t k = 0; k < runs.size(); ++k) {
    ordered_json l = emptySeries(k), a = l, g = l;
    for (const EpochMean& m : epochMeans(runs[k].record)) addPoint(l, m.at, m.loss), addPoint(g, m.at, m.gradientNorm);
    for (const auto& e : runs[k].record.evaluations) addPoint(a, pointOf(runs[k].record, e.step), e.testAccuracy);
    loss["series"].push_back(std::move(l)), accuracy["series"].push_back(std::move(a)), gradient["series"].push_back(std::move(g));
  }
  const Figure still = curvesFigure(runs);
  accuracy["range"] = {still.panels[1].y.from, still.panels[1].y.to};
  return {loss, accuracy, gradient};
}

}  // namespace

std::vector<std::size_t> withSurface(const std::vector<ReportRun>& runs) {
  std::vector<std::size_t> found;
  for (std::size_t k = 0; k < runs.size(); ++k)
    if (runs[k].surface && !runs[k].surface->grid.slice) found.push_back(k);
  return found;
}

std::string measuredName(const std::vector<ReportRun>& runs) {
  const std::vector<std::size_t> shown = withSurface(runs);
  const std::string& first = runs[shown.front()].surface->grid.split;
  return std::ranges::all_of(shown, [&](std::size_t k) { return runs[k].surface->grid.split == first; }) ? first : "measured";
}

std::vector<std::string> probeColumns(const std::vector<ReportRun>& runs) {
  std::vector<std::string> names;
  for (const FieldOfAll& f : fieldsOf(runs, withSurface(runs))) names.push_back((f.split == &SurfaceGrid::train ? measuredName(runs) + " " : "") + f.name);
  return names;
}

std::string reportData(const std::vector<ReportRun>& runs) {
  ordered_json j = {{"runs", ordered_json::array()}, {"fields", ordered_json::array()}, {"surfaces", ordered_json::array()},
                    {"abscissas", {{"step", "step"}, {"epoch", "epoch"}, {"seconds", "seconds of training"}, {"gradients", "gradient evaluations"}}}, {"curves", curvesJson(runs)}};
  for (std::size_t k = 0; k < runs.size(); ++k) j["runs"].push_back(runJson(runs[k], k));
  const std::vector<std::size_t> shown = withSurface(runs);
  if (!shown.empty()) {
    const std::string measured = measuredName(runs);
    const std::vector<FieldOfAll> fields = fieldsOf(runs, shown);
    for (const FieldOfAll& f : fields) {
      std::vector<const std::vector<double>*> all;
      for (const std::size_t k : shown) all.push_back(&((runs[k].surface->grid.*f.split).*f.values));
      const std::string prefix = f.split == &SurfaceGrid::train ? measured + " " : "";
      j["fields"].push_back({{"key", f.key}, {"name", prefix + f.name}, {"label", prefix + f.label}, {"accuracy", f.accuracy}, {"scale", scaleJson(all)}});
    }
    for (const std::size_t k : shown) j["surfaces"].push_back(surfaceJson(runs[k].surface->grid, k, fields));
  }
  std::string text = j.dump();
  for (const auto& [sign, escape] : {std::pair('<', "\\u003c"), std::pair('>', "\\u003e")})
    for (std::size_t at = 0; (at = text.find(sign, at)) != std::string::npos;) text.replace(at, 1, escape);
  return text;
}

}  // namespace analysis
