// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/export_result.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "analysis/export/sharpness_view.h"
#include "analysis/export/path_figure.h"
#include "analysis/export/result_command.h"
#include "analysis/export/vtk_file.h"
#include "analysis/figure/draw_figure.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

std::string csv(const SpectrumResult& r) {
  const Spectrum& s = r.spectrum;
  std::string text = fmt::format("# {}\n# {} samples, {} parameters, {}, loss {}, ||theta|| {}\nend,index,value,residual,error_estimate,converged\n", commandLine(r), s.samples,
                                 s.parameters, s.precision, s.lossValue, s.parameterNorm);
  const auto add = [&](const char* end, const std::vector<Eigenvalue>& pairs) {
    for (std::size_t i = 0; i < pairs.size(); ++i)
      text += fmt::format("{},{},{},{},{},{}\n", end, i + 1, pairs[i].value, pairs[i].residual, pairs[i].errorEstimate, pairs[i].converged);
  };
  add("top", s.top);
  add("bottom", s.bottom);
  if (s.density) {
    text += "node,weight\n";
    for (std::size_t i = 0; i < s.density->nodes.size(); ++i) text += fmt::format("{},{}\n", s.density->nodes[i], s.density->weights[i]);
  }
  return text;
}

/// A column for each field and, between seeds, for each deviation.
std::vector<std::pair<std::string, const std::vector<double>*>> columnsOf(const SurfaceGrid& g) {
  std::vector<std::pair<std::string, const std::vector<double>*>> columns = {
      {g.split == "test" ? "measured_loss" : g.split + "_loss", &g.train.loss}, {g.split == "test" ? "measured_accuracy" : g.split + "_accuracy", &g.train.accuracy},
      {"test_loss", &g.test.loss}, {"test_accuracy", &g.test.accuracy}};
  if (g.seeds.size() > 1) columns.insert(columns.end(), {{"loss_deviation", &g.trainDeviation.loss}, {"test_loss_deviation", &g.testDeviation.loss}});
  for (const SurfaceField& f : g.fields) {
    columns.emplace_back(f.name, &f.values);
    if (!f.residual.empty()) columns.emplace_back(f.name + "_residual", &f.residual);
  }
  return columns;
}

std::string csv(const SurfaceResult& r) {
  const SurfaceGrid& g = r.grid;
  const auto columns = columnsOf(g);
  std::string text = fmt::format("# {}\n# {} {} and {} test samples, {}\n", commandLine(r), g.samples, g.split == "train" ? "training" : g.split, g.testSamples, g.precision);
  for (const TrajectoryPoint& p : g.trajectory)
    text += fmt::format("# trajectory {} step {}: {},{} loss {} test_loss {} plane_loss {} distance {}\n", p.run, p.step, p.x, p.y, p.loss, p.testLoss, p.planeLoss, p.distance);
  text += g.slice ? "x" : "x,y";
  for (const auto& [name, values] : columns) text += "," + name;
  text += "\n";
  for (std::int64_t row = 0; row < g.rows(); ++row)
    for (std::int64_t column = 0; column < g.columns(); ++column) {
      const auto i = static_cast<std::size_t>(row * g.columns() + column);
      text += fmt::format("{}", g.x[static_cast<std::size_t>(column)]);
      if (!g.slice) text += fmt::format(",{}", g.y[static_cast<std::size_t>(row)]);
      for (const auto& [name, values] : columns) text += g.computed[i] ? fmt::format(",{}", (*values)[i]) : ",";
      text += "\n";
    }
  return text;
}

std::string csv(const PathResult& r) { return pathCsv(r); }

std::string csv(const CheckResult& r) {
  std::string text = fmt::format("# {}\nname,verdict,value,tolerance,culprit\n", commandLine(r));
  for (const Check& c : r.report.checks) text += fmt::format("{},{},{},{},{}\n", c.name, toString(c.verdict), c.value, c.tolerance, c.culprit);
  return text;
}

std::string csv(const OdditiesResult& r) { return csvOf(r); }

/// `ending` is a known one.
std::string content(const Result& result, const std::string& ending) {
  if (ending == ".json") return toJson(result).dump(2) + "\n";
  if (ending == ".csv") return std::visit([](const auto& r) { return csv(r); }, result);
  if (ending == ".png") return drawFigure(figureOf(result), FigureFormat::png);
  if (ending == ".svg") return drawFigure(figureOf(result), FigureFormat::svg);
  if (ending == ".pdf") return drawFigure(figureOf(result), FigureFormat::pdf);
  return vtsFile(std::get<SurfaceResult>(result).grid, commandLine(result));
}

std::string endingOf(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

}  // namespace

void requireKnownEnding(const std::filesystem::path& file, bool grid) {
  const std::string ending = endingOf(file);
  const bool known = ending == ".csv" || ending == ".json" || ending == ".png" || ending == ".svg" || ending == ".pdf" || (ending == ".vts" && grid);
  if (!known) throw std::invalid_argument(fmt::format("'{}' does not end in .csv, .json, {}.png, .svg or .pdf", file.string(), grid ? ".vts, " : ""));
  const std::filesystem::path folder = file.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder)) throw trainer::IoError(fmt::format("cannot write '{}': there is no folder '{}'", file.string(), folder.string()));
}

void exportResult(const Result& result, const std::filesystem::path& file) {
  requireKnownEnding(file, std::holds_alternative<SurfaceResult>(result));
  trainer::writeFileAtomically(file, content(result, endingOf(file)));
}

}  // namespace analysis
