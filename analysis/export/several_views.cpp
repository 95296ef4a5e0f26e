// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/several_views.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/export/export_result.h"
#include "analysis/export/provenance_of.h"
#include "analysis/export/result_figure.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

std::string letter(std::size_t i) { return std::string("(") + static_cast<char>('a' + i) + ")"; }

const MeasureSpec& measureOf(const Result& result) {
  return std::visit([](const auto& r) -> const MeasureSpec& { return r.spec.measure; }, result);
}

/// "sgd, step 920": the run's folder, or the file where there is none.
std::string nameOf(const View& view) {
  std::filesystem::path run(measureOf(view.result).run);
  if (!run.has_filename()) run = run.parent_path();
  const std::string name = run.empty() ? std::filesystem::path(view.source).stem().string() : run.filename().string();
  if (const auto* s = std::get_if<SurfaceResult>(&view.result)) return fmt::format("{}, step {}", name, s->grid.step);
  if (const auto* s = std::get_if<SpectrumResult>(&view.result)) return fmt::format("{}, step {}", name, s->spectrum.step);
  return name;
}

/// All views must agree in what `of` says of them.
template <class Of>
void requireSame(const std::vector<View>& views, const char* what, const Of& of) {
  for (const View& v : views)
    if (of(v) != of(views.front()))
      throw std::invalid_argument(fmt::format("'{}' and '{}' cannot share a scale: {} '{}' and '{}'; export them one by one", views.front().source, v.source, what, of(views.front()), of(v)));
}

void validate(const std::vector<View>& views) {
  constexpr std::size_t kMost = 12;
  if (views.size() > kMost) throw std::invalid_argument(fmt::format("a figure has at most {} views, got {}", kMost, views.size()));
  requireSame(views, "their kinds are", [](const View& v) { return kindOf(v.result); });
  const std::string kind = kindOf(views.front().result);
  if (kind != "surface" && kind != "slice" && kind != "spectrum")
    throw std::invalid_argument(fmt::format("'{}' is a {}: surfaces, slices and spectra go into a figure of several views; export it alone", views.front().source, kind));
  requireSame(views, "their losses are", [](const View& v) { return measureOf(v.result).loss; });
  if (kind == "spectrum") requireSame(views, "their operators are", [](const View& v) { return std::get<SpectrumResult>(v.result).spectrum.operatorName; });
  else requireSame(views, "their losses are of the sets", [](const View& v) { return std::get<SurfaceResult>(v.result).grid.split; });
}

struct Span {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void add(const std::vector<double>& values, Scale scale) {
    for (const double v : values)
      if (std::isfinite(v) && (scale == Scale::linear || v > 0)) low = std::min(low, v), high = std::max(high, v);
  }
  void give(Axis& axis) const {
    if (!(high > low)) return;
    const double part = 0.04;
    if (axis.scale == Scale::log) axis.from = low / std::pow(high / low, part), axis.to = high * std::pow(high / low, part);
    else axis.from = low - part * (high - low), axis.to = high + part * (high - low);
  }
};

/// One range for the y axes of all panels, and with `both` one for their x axes.
void shareAxes(std::vector<Panel>& panels, bool both) {
  Span x, y;
  for (const Panel& p : panels)
    for (const Series& s : p.series) {
      x.add(s.x, p.x.scale), y.add(s.y, p.y.scale);
      for (std::size_t i = 0; i < s.error.size(); ++i) y.add({s.y[i] - s.error[i], s.y[i] + s.error[i]}, p.y.scale);
    }
  for (Panel& p : panels) {
    y.give(p.y);
    if (both) x.give(p.x);
  }
}

std::vector<Panel> mapPanels(const std::vector<View>& views, Figure& f) {
  std::vector<const SurfaceGrid*> grids;
  for (const View& v : views) grids.push_back(&std::get<SurfaceResult>(v.result).grid);
  const SurfaceScale scale = surfaceScale(grids);
  f.colourBarLabel = grids.front()->split + scaleLabel(scale).substr(std::string("train").size());
  f.panelWidth = 250, f.panelHeight = 270;
  std::vector<Panel> panels;
  for (const SurfaceGrid* g : grids) panels.push_back(surfacePanel(*g, "", scale));
  return panels;
}

/// The panel called `title` of each result's own figure; empty where one has none.
std::vector<Panel> panelsCalled(const std::vector<View>& views, const std::string& title) {
  std::vector<Panel> panels;
  for (const View& v : views) {
    const Figure own = figureOf(v.result);
    const auto found = std::ranges::find(own.panels, title, &Panel::title);
    if (found == own.panels.end()) return {};
    panels.push_back(*found);
  }
  return panels;
}

std::vector<Panel> panelsOf(const std::vector<View>& views, Figure& f) {
  const std::string kind = kindOf(views.front().result);
  if (kind == "surface") return mapPanels(views, f);
  std::vector<Panel> panels = panelsCalled(views, kind == "slice" ? "Loss" : "Spectral density");
  const bool density = kind == "spectrum" && !panels.empty();
  if (panels.empty()) panels = panelsCalled(views, "Largest");
  if (panels.empty()) throw std::invalid_argument("these spectra have neither a density each nor a largest eigenvalue each: nothing to draw on one scale");
  f.panelWidth = 280, f.panelHeight = 240;
  shareAxes(panels, density);
  return panels;
}

}  // namespace

Figure figureOfSeveral(const std::vector<View>& views, const std::string& file) {
  if (views.size() < 2) throw std::invalid_argument(fmt::format("a figure of several views needs at least two results, got {}", views.size()));
  validate(views);
  const std::string kind = kindOf(views.front().result);
  Figure f;
  f.columns = views.size() == 4 ? 2 : std::min<std::int64_t>(3, static_cast<std::int64_t>(views.size()));
  f.panels = panelsOf(views, f);
  f.caption = kind == "surface" ? "Contour maps with one colour scale and the same contour levels." : kind == "slice" ? "Losses along a line, on one axis." : "Spectra on one scale.";
  f.command = "sharpscape export";
  for (std::size_t i = 0; i < views.size(); ++i) {
    f.panels[i].title = letter(i) + " " + nameOf(views[i]);
    f.caption += fmt::format(" {} {}: {}", letter(i), nameOf(views[i]), figureOf(views[i].result).caption);
    f.command += " " + trainer::shellQuoted(views[i].source);
  }
  f.command += " --to " + trainer::shellQuoted(file);
  const Provenance first = provenanceOf(views.front().result);
  for (const char* key : {"program_version", "torch_version"}) f.provenance.set(key, first.get(key));
  for (std::size_t i = 0; i < views.size(); ++i) {
    const Provenance p = provenanceOf(views[i].result);
    const std::string panel = fmt::format("panel_{}_", static_cast<char>('a' + i));
    for (const char* key : {"command", "checkpoint_hash", "data_hash", "seed", "direction_seed", "train_command"}) f.provenance.set(panel + key, p.get(key));
  }
  return f;
}

}  // namespace analysis
