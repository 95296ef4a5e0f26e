// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/movie.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/export/encode_movie.h"
#include "analysis/export/export_result.h"
#include "analysis/export/provenance_of.h"
#include "analysis/export/result_figure.h"
#include "analysis/figure/draw_figure.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_store.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

std::string shortName(const std::string& run) {
  const fs::path path(run);
  return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

/// lambda_max over the steps of a run; empty where it was not tracked or the run is not there.
Series curvatureOf(const std::string& run, std::size_t index) {
  Series s{.label = shortName(run), .x = {}, .y = {}, .error = {}, .style = runStyle(index)};
  try {
    for (const trainer::CurvatureRecord& c : trainer::readRunRecord(run).curvature)
      if (std::isfinite(c.lambdaMax)) s.x.push_back(static_cast<double>(c.step)), s.y.push_back(c.lambdaMax);
  } catch (const trainer::Error&) {  // the surface is enough
  }
  return s;
}

/// The checkpoints of one run up to `step`, and the place reached between two of them.
std::vector<TrajectoryPoint> reached(const SurfaceGrid& g, const std::string& run, double step) {
  std::vector<TrajectoryPoint> points;
  for (const TrajectoryPoint& p : g.trajectory) {
    if (p.run != run) continue;
    if (static_cast<double>(p.step) <= step) {
      points.push_back(p);
      continue;
    }
    if (points.empty() || static_cast<double>(points.back().step) == step) break;
    const TrajectoryPoint& from = points.back();
    const double t = (step - static_cast<double>(from.step)) / static_cast<double>(p.step - from.step);
    const auto mix = [&](double a, double b) { return a + t * (b - a); };
    TrajectoryPoint between = from;
    between.x = mix(from.x, p.x), between.y = mix(from.y, p.y);
    points.push_back(between);
    break;
  }
  return points;
}

Panel mapPanel(const Film& film, double step) {
  SurfaceGrid g = film.surface.grid;
  g.trajectory.clear();
  for (const std::string& run : film.runs)
    for (const TrajectoryPoint& p : reached(film.surface.grid, run, step)) g.trajectory.push_back(p);
  Panel panel = surfacePanel(g, fmt::format("step {:.0f}", step), surfaceScale({&film.surface.grid}));
  for (const std::string& run : film.runs)
    if (const auto points = reached(film.surface.grid, run, step); !points.empty())
      panel.series.push_back({"", {points.back().x}, {points.back().y}, {}, {{0.84, 0.15, 0.24, 1}, LineStyle::none, Marker::circle, false, 1}});
  return panel;
}

/// What of a curve lies at or before `step`.
Series until(Series s, double step) {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(s.x, [&](double x) { return x <= step; }));
  s.x.resize(count), s.y.resize(count);
  return s;
}

/// A panel whose axes are those of the whole curves, with the curves up to `step`.
Panel curvePanel(const std::string& title, const std::string& label, const std::vector<Series>& curves, const Film& film, double step) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Series& s : curves)
    for (const double v : s.y)
      if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  const bool log = low > 0 && high > 20 * low;
  if (!(high > low)) high = low + std::max(1e-12, std::abs(low));
  Axis y{label, log ? Scale::log : Scale::linear};
  if (std::isfinite(low)) y.from = log ? low / 1.2 : low - 0.05 * (high - low), y.to = log ? high * 1.2 : high + 0.05 * (high - low);
  Panel panel{.title = title, .x = {"step", Scale::linear, static_cast<double>(film.steps.front()), static_cast<double>(film.steps.back())}, .y = y, .series = {}, .fields = {}, .note = "", .legend = true};
  for (const Series& s : curves) panel.series.push_back(until(s, step));
  return panel;
}

std::vector<Series> lossSeries(const Film& film) {
  std::vector<Series> all;
  for (std::size_t k = 0; k < film.runs.size(); ++k) {
    Series s{.label = shortName(film.runs[k]), .x = {}, .y = {}, .error = {}, .style = runStyle(k)};
    for (const TrajectoryPoint& p : film.surface.grid.trajectory)
      if (p.run == film.runs[k]) s.x.push_back(static_cast<double>(p.step)), s.y.push_back(p.loss);
    all.push_back(std::move(s));
  }
  return all;
}

/// Removed with all that is in it, however the movie ends.
class FramesFolder {
 public:
  explicit FramesFolder(const fs::path& file) : path_(file.string() + fmt::format(".frames-{}", ::getpid())) {}
  FramesFolder(const FramesFolder&) = delete;
  FramesFolder& operator=(const FramesFolder&) = delete;
  ~FramesFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void drawFrames(const Film& film, const fs::path& folder, const fs::path& named, const trainer::Context& context) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw trainer::IoError(fmt::format("the folder '{}' cannot be made: {}", folder.string(), error.message()));
  for (std::int64_t i = 0; i < film.frames(); ++i) {
    context.checkpoint();
    trainer::writeFileAtomically(folder / fmt::format("frame_{:05}.png", i), drawFigure(filmFrame(film, i, named), FigureFormat::png));
    context.report({.stage = "drawing", .unit = "frames", .done = i + 1, .total = film.frames()});
  }
}

}  // namespace

bool isMovie(const fs::path& file) {
  std::string ending = file.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending == ".mp4" || ending == ".gif" || (!file.empty() && !file.has_filename());
}

Film filmOf(const Result& result) {
  const auto* surface = std::get_if<SurfaceResult>(&result);
  if (!surface || surface->grid.slice) throw std::invalid_argument("a movie is made of a surface with checkpoints, and this result is none; make one with sharpscape surface RUN --trajectory");
  Film film{.surface = *surface, .steps = {}, .runs = {}, .curvature = {}};
  for (const TrajectoryPoint& p : surface->grid.trajectory) {
    film.steps.push_back(p.step);
    if (std::ranges::find(film.runs, p.run) == film.runs.end()) film.runs.push_back(p.run);
  }
  std::ranges::sort(film.steps);
  film.steps.erase(std::unique(film.steps.begin(), film.steps.end()), film.steps.end());
  if (film.steps.size() < 2)
    throw std::invalid_argument(fmt::format("a movie needs a surface with two checkpoints or more, this one has {}; make it with --trajectory (and --range fit, so that they lie on it)", film.steps.size()));
  for (std::size_t k = 0; k < film.runs.size(); ++k)
    if (Series s = curvatureOf(film.runs[k], k); !s.x.empty()) film.curvature.push_back(std::move(s));
  return film;
}

Figure filmFrame(const Film& film, std::int64_t frame, const fs::path& file) {
  if (frame < 0 || frame >= film.frames()) throw std::invalid_argument(fmt::format("frame {} of a film with {}", frame, film.frames()));
  const auto checkpoint = static_cast<std::size_t>(frame / kFramesBetween);
  const double from = static_cast<double>(film.steps[checkpoint]), to = checkpoint + 1 < film.steps.size() ? static_cast<double>(film.steps[checkpoint + 1]) : from;
  const double step = from + (to - from) * static_cast<double>(frame % kFramesBetween) / static_cast<double>(kFramesBetween);
  Figure f;
  f.title = "Training over the plane";
  f.caption = surfaceCaption(film.surface.grid) + " Between checkpoints the path is drawn straight.";
  f.command = commandLine(film.surface);
  f.provenance = provenanceOf(film.surface);
  f.provenance.set("movie", file.filename().string());
  f.provenance.set("frame", fmt::format("{} of {}", frame + 1, film.frames()));
  f.colourBarLabel = scaleLabel(surfaceScale({&film.surface.grid}));
  f.panels = {mapPanel(film, step), curvePanel("Loss at the checkpoints", "loss", lossSeries(film), film, step)};
  if (!film.curvature.empty()) f.panels.push_back(curvePanel("Largest eigenvalue", "lambda max", film.curvature, film, step));
  f.columns = static_cast<std::int64_t>(f.panels.size());
  f.panelWidth = 300, f.panelHeight = 310;
  return f;
}

void writeFrames(const Film& film, const fs::path& folder, const trainer::Context& context) { drawFrames(film, folder, folder / "", context); }

void writeMovie(const Film& film, const fs::path& file, const trainer::Context& context) {
  requireEncoder(file);
  const FramesFolder frames(file);
  drawFrames(film, frames.path(), file, context);
  encodeMovie({.frames = frames.path() / "frame_%05d.png", .file = file, .framesPerSecond = kFramesPerSecond, .provenance = provenanceOf(film.surface)}, context);
}

}  // namespace analysis
