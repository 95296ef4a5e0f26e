// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "analysis/export/report_html.h"
#include "analysis/export/result_figure.h"
#include "analysis/figure/draw_figure.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// Results name their run relative to the report's folder, so that the folder can be moved and its commands still work from inside it.
std::vector<ReportRun> relative(std::vector<ReportRun> runs, const fs::path& folder) {
  for (ReportRun& run : runs)
    for (std::string* path : {&run.record.folder, &run.spectrum.spec.measure.run, &run.surface.spec.measure.run}) {
      const fs::path inside = fs::path(*path).lexically_relative(folder);
      if (!inside.empty() && *inside.begin() != "..") *path = inside.string();
    }
  return runs;
}

std::vector<Figure> surfaceFigures(const std::vector<ReportRun>& runs) {
  std::vector<const SurfaceGrid*> grids;
  for (const ReportRun& run : runs) grids.push_back(&run.surface.grid);
  const SurfaceScale scale = surfaceScale(grids);
  std::vector<Figure> figures;
  for (const ReportRun& run : runs) {
    Figure f;
    f.title = run.name;
    f.caption = surfaceCaption(run.surface.grid) + " One colour scale for all runs of the report.";
    f.command = commandLine(run.surface);
    f.panelWidth = 300, f.panelHeight = 310;
    f.colourBarLabel = scaleLabel(scale);
    f.panels.push_back(surfacePanel(run.surface.grid, "", scale));
    figures.push_back(std::move(f));
  }
  return figures;
}

ordered_json reportJson(const std::vector<ReportRun>& runs, const std::string& command) {
  ordered_json list = ordered_json::array();
  for (const ReportRun& run : runs) {
    const auto& e = run.record.evaluations.back();
    const Spectrum& s = run.spectrum.spectrum;
    const ordered_json spectrum = toJson(run.spectrum), surface = toJson(run.surface);
    list.push_back({{"name", run.name},
                    {"run", run.record.folder},
                    {"train_loss", e.trainLoss},
                    {"train_accuracy", e.trainAccuracy},
                    {"test_loss", e.testLoss},
                    {"test_accuracy", e.testAccuracy},
                    {"parameter_norm", run.record.parameterNorm},
                    {"gradient_norm", run.record.gradientNorm},
                    {"training_seconds", run.record.seconds},
                    {"gradient_evaluations", run.record.stepRecords.empty() ? 0 : run.record.stepRecords.back().gradientEvaluations},
                    {"lambda_max", s.top.empty() ? ordered_json(nullptr) : spectrum["top"][0]["value"]},
                    {"lambda_max_residual", s.top.empty() ? ordered_json(nullptr) : spectrum["top"][0]["residual"]},
                    {"lambda_min", s.bottom.empty() ? ordered_json(nullptr) : spectrum["bottom"][0]["value"]},
                    {"lambda_min_residual", s.bottom.empty() ? ordered_json(nullptr) : spectrum["bottom"][0]["residual"]},
                    {"samples", s.samples},
                    {"precision", s.precision},
                    {"surface", {{"x", surface["x"]}, {"y", surface.value("y", ordered_json(nullptr))}, {"loss", surface["train"]["loss"]}, {"centre", surface["centre"]},
                                 {"cosine", surface["cosine"]}}},
                    {"commands", {{"train", trainer::commandLine(run.spec)}, {"spectrum", commandLine(run.spectrum)}, {"surface", commandLine(run.surface)}}}});
  }
  return {{"format_version", 1}, {"command", command}, {"runs", list}};
}

std::string tableCsv(const std::vector<ReportRun>& runs, const std::string& command) {
  std::string text = fmt::format("# {}\nname,train_loss,train_accuracy,test_loss,test_accuracy,parameter_norm,lambda_max,lambda_max_residual,lambda_min,lambda_min_residual\n", command);
  for (const ReportRun& run : runs) {
    const auto& e = run.record.evaluations.back();
    const Spectrum& s = run.spectrum.spectrum;
    const auto pair = [](const std::vector<Eigenvalue>& p) { return p.empty() ? std::string(",") : fmt::format("{},{}", p[0].value, p[0].residual); };
    text += fmt::format("{},{},{},{},{},{},{},{}\n", run.name, e.trainLoss, e.trainAccuracy, e.testLoss, e.testAccuracy, run.record.parameterNorm, pair(s.top), pair(s.bottom));
  }
  return text;
}

}  // namespace

Figure curvesFigure(const std::vector<ReportRun>& runs) {
  Figure f;
  f.title = "Training";
  f.columns = 3;
  f.panelWidth = 250, f.panelHeight = 240;
  Panel loss{.title = "Batch loss", .x = {"step"}, .y = {"loss", Scale::log}, .series = {}, .fields = {}, .note = "mean of an epoch", .legend = true};
  Panel accuracy{.title = "Test accuracy", .x = {"step"}, .y = {"share right"}, .series = {}, .fields = {}, .note = "whole test set, after each epoch", .legend = true};
  Panel gradient{.title = "Gradient norm", .x = {"step"}, .y = {"||g||", Scale::log}, .series = {}, .fields = {}, .note = "of the batch at theta, mean of an epoch", .legend = true};
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const ReportRun& run = runs[k];
    const SeriesStyle style = runStyle(k);
    Series l{run.name, {}, {}, {}, style}, a = l, g = l;
    std::size_t count = 0;
    double lossSum = 0, gradientSum = 0;
    for (std::size_t i = 0; i < run.record.stepRecords.size(); ++i) {
      const auto& s = run.record.stepRecords[i];
      ++count, lossSum += s.loss, gradientSum += s.gradientNorm;
      const bool last = i + 1 == run.record.stepRecords.size();
      if (!last && std::floor(run.record.stepRecords[i + 1].epoch - 1e-9) <= std::floor(s.epoch - 1e-9)) continue;
      l.x.push_back(static_cast<double>(s.step)), l.y.push_back(lossSum / static_cast<double>(count));
      g.x.push_back(static_cast<double>(s.step)), g.y.push_back(gradientSum / static_cast<double>(count));
      count = 0, lossSum = 0, gradientSum = 0;
    }
    for (const auto& e : run.record.evaluations) a.x.push_back(static_cast<double>(e.step)), a.y.push_back(e.testAccuracy);
    loss.series.push_back(std::move(l)), accuracy.series.push_back(std::move(a)), gradient.series.push_back(std::move(g));
  }
  // From the first look at it the accuracy of an untrained net would take most of the axis.
  double lowest = 1;
  for (const Series& s : accuracy.series)
    for (std::size_t i = s.y.size() / 10; i < s.y.size(); ++i) lowest = std::min(lowest, s.y[i]);
  accuracy.y.from = std::max(0.0, lowest - 0.1 * (1 - lowest) - 0.002), accuracy.y.to = 1;
  f.panels = {std::move(loss), std::move(accuracy), std::move(gradient)};
  f.caption = "All runs: same start, same order of batches.";
  return f;
}

void writeReport(const std::vector<ReportRun>& given, const std::string& command, const fs::path& folder) {
  const std::vector<ReportRun> runs = relative(given, folder);
  Figure curves = curvesFigure(runs);
  curves.command = command;
  const std::vector<Figure> surfaces = surfaceFigures(runs);
  trainer::writeJson(folder / "report.json", reportJson(runs, command));
  trainer::writeFileAtomically(folder / "table.csv", tableCsv(runs, command));
  trainer::writeFileAtomically(folder / "curves.svg", drawFigure(curves, FigureFormat::svg));
  for (std::size_t k = 0; k < runs.size(); ++k) {
    trainer::writeFileAtomically(folder / fmt::format("surface_{}.svg", k + 1), drawFigure(surfaces[k], FigureFormat::svg));
    exportResult(runs[k].surface, folder / fmt::format("surface_{}.csv", k + 1));
  }
  trainer::writeFileAtomically(folder / "report.html", reportHtml(runs, curves, surfaces, command));
}

}  // namespace analysis
