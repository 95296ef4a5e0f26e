// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "analysis/export/embedded_files.h"
#include "analysis/export/export_result.h"
#include "analysis/export/report_curves.h"
#include "analysis/export/report_data.h"
#include "analysis/export/report_html.h"
#include "analysis/export/provenance_of.h"
#include "analysis/export/report_tables.h"
#include "analysis/export/result_figure.h"
#include "analysis/figure/draw_figure.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

void makeRelative(std::string& path, const fs::path& folder) {
  const fs::path inside = fs::path(path).lexically_relative(folder);
  if (!inside.empty() && *inside.begin() != "..") path = inside.string();
}

/// Results name their run relative to the report's folder, so that the folder can be moved and its commands still work from inside it.
std::vector<ReportRun> relative(std::vector<ReportRun> runs, const fs::path& folder) {
  for (ReportRun& run : runs) {
    makeRelative(run.record.folder, folder);
    if (run.spectrum) makeRelative(run.spectrum->spec.measure.run, folder);
    if (run.surface) makeRelative(run.surface->spec.measure.run, folder);
  }
  return runs;
}

std::vector<Figure> surfaceFigures(const std::vector<ReportRun>& runs, const std::vector<std::size_t>& shown) {
  std::vector<const SurfaceGrid*> grids;
  for (const std::size_t k : shown) grids.push_back(&runs[k].surface->grid);
  const SurfaceScale scale = surfaceScale(grids);
  std::vector<Figure> figures;
  for (const std::size_t k : shown) {
    Figure f;
    f.title = runs[k].name;
    f.caption = surfaceCaption(runs[k].surface->grid) + " One colour scale for all runs of the report.";
    f.command = commandLine(*runs[k].surface);
    f.panelWidth = 300, f.panelHeight = 310;
    f.colourBarLabel = scaleLabel(scale);
    f.panels.push_back(surfacePanel(runs[k].surface->grid, "", scale));
    figures.push_back(std::move(f));
  }
  return figures;
}

/// The first of `pairs`, or null.
ordered_json pairJson(const ReportRun& run, const char* end, const char* key) {
  if (!run.spectrum) return nullptr;
  const ordered_json spectrum = toJson(*run.spectrum);
  return spectrum[end].empty() ? ordered_json(nullptr) : spectrum[end][0][key];
}

ordered_json surfaceJson(const SurfaceResult& result) {
  const ordered_json surface = toJson(result);
  return {{"x", surface["x"]}, {"y", surface.value("y", ordered_json(nullptr))}, {"loss", surface[result.grid.split]["loss"]}, {"centre", surface["centre"]}, {"cosine", surface["cosine"]}};
}

ordered_json runJson(const ReportRun& run) {
  const auto& e = run.record.evaluations.back();
  ordered_json commands = {{"train", trainer::commandLine(run.spec)}};
  if (run.spectrum) commands["spectrum"] = commandLine(*run.spectrum);
  if (run.surface) commands["surface"] = commandLine(*run.surface);
  return {{"name", run.name},
          {"run", run.record.folder},
          {"train_loss", e.trainLoss},
          {"train_accuracy", e.trainAccuracy},
          {"test_loss", e.testLoss},
          {"test_accuracy", e.testAccuracy},
          {"parameter_norm", run.record.parameterNorm},
          {"gradient_norm", run.record.gradientNorm},
          {"training_seconds", run.record.seconds},
          {"gradient_evaluations", run.record.stepRecords.empty() ? 0 : run.record.stepRecords.back().gradientEvaluations},
          {"lambda_max", pairJson(run, "top", "value")},
          {"lambda_max_residual", pairJson(run, "top", "residual")},
          {"lambda_min", pairJson(run, "bottom", "value")},
          {"lambda_min_residual", pairJson(run, "bottom", "residual")},
          {"samples", run.spectrum ? ordered_json(run.spectrum->spectrum.samples) : ordered_json(nullptr)},
          {"precision", run.spectrum ? ordered_json(run.spectrum->spectrum.precision) : ordered_json(nullptr)},
          {"surface", run.surface ? surfaceJson(*run.surface) : ordered_json(nullptr)},
          {"commands", commands}};
}

ordered_json reportJson(const Report& report) {
  ordered_json list = ordered_json::array();
  for (const ReportRun& run : report.runs) list.push_back(runJson(run));
  return {{"format_version", 1}, {"command", report.command}, {"runs", list}};
}

}  // namespace

void writeReport(const Report& given, const fs::path& folder) {
  if (given.runs.empty()) throw std::invalid_argument("a report needs at least one run, got none");
  for (const ReportRun& run : given.runs)
    if (run.record.evaluations.empty()) throw std::invalid_argument(fmt::format("run '{}' has no evaluation yet: a report needs one of each run", run.record.folder));
  Report report = given;
  for (ReportRun& run : report.runs) {  // while the runs are where their results say
    if (run.spectrum) run.spectrum = std::get<SpectrumResult>(withOrigin(*run.spectrum));
    if (run.surface) run.surface = std::get<SurfaceResult>(withOrigin(*run.surface));
  }
  report.runs = relative(std::move(report.runs), folder);
  const std::vector<std::size_t> shown = withSurface(report.runs);
  Figure curves = curvesFigure(report.runs);
  curves.command = report.command;
  const std::vector<Figure> surfaces = surfaceFigures(report.runs, shown);
  trainer::writeJson(folder / "report.json", reportJson(report));
  trainer::writeFileAtomically(folder / report.tableFile, tableCsv(report.runs, report.command));
  trainer::writeFileAtomically(folder / "curves.svg", drawFigure(curves, FigureFormat::svg));
  for (std::size_t k = 0; k < shown.size(); ++k) {
    trainer::writeFileAtomically(folder / fmt::format("surface_{}.svg", shown[k] + 1), drawFigure(surfaces[k], FigureFormat::svg));
    exportResult(*report.runs[shown[k]].surface, folder / fmt::format("surface_{}.csv", shown[k] + 1));
  }
  trainer::writeFileAtomically(folder / "report.html", reportHtml(report, curves, surfaces, plotlyScript()));
}

}  // namespace analysis
