// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/path_figure.h"

#include <fmt/format.h>

#include <filesystem>

namespace analysis {
namespace {

std::string nameOf(const std::string& run) {
  const std::filesystem::path path(run);
  return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

std::string captionOf(const PathResult& r) {
  const Path& p = r.path;
  std::string text = fmt::format("From step {} of {} to step {} of {}; distance {:.4g} between {:.4g} and {:.4g} long, cosine {:.3f}.", p.step, nameOf(r.spec.measure.run), p.step2,
                                 nameOf(r.spec.run2), p.distance, p.norm1, p.norm2, p.cosine);
  if (p.match)
    text += fmt::format(" Matched: {} of {} units moved, distance {:.4g}, the same function (outputs within {:.1g}).", p.match->moved, p.match->units, p.match->distanceAfter,
                        p.match->outputDifference);
  if (p.curve) text += fmt::format(" Bezier: {} steps of 4 gradients.", p.curve->steps);
  return text +
         fmt::format(" {} {} and {} test samples, {}, batch norm {}. A barrier is the largest over the points measured.", p.samples, p.split, p.testSamples, p.precision, p.batchNorm);
}

Panel panelOf(const PathResult& r, const std::string& title, const std::string& label, std::vector<double> PathLine::*values, double PathLine::*barrier) {
  Panel panel{.title = title, .x = {"t"}, .y = {label}, .series = {}, .fields = {}, .note = "", .legend = true};
  std::size_t style = 0;
  for (const PathLine& line : r.path.lines) {
    SeriesStyle s = runStyle(style++);
    s.marker = Marker::none;
    panel.series.push_back({barrier ? fmt::format("{}, barrier {:.3g}", line.kind, line.*barrier) : line.kind, line.t, line.*values, {}, s});
  }
  return panel;
}

}  // namespace

Figure pathFigure(const PathResult& r) {
  Figure f;
  f.title = fmt::format("Between {} and {}", nameOf(r.spec.measure.run), nameOf(r.spec.run2));
  f.caption = captionOf(r);
  f.columns = 2;
  const std::string& set = r.path.split;
  if (set != "test") {
    f.panels.push_back(panelOf(r, fmt::format("Loss, {}", set), "loss", &PathLine::trainLoss, &PathLine::trainBarrier));
    f.panels.push_back(panelOf(r, fmt::format("Accuracy, {}", set), "accuracy", &PathLine::trainAccuracy, nullptr));
  }
  f.panels.push_back(panelOf(r, "Loss, test", "loss", &PathLine::testLoss, &PathLine::testBarrier));
  f.panels.push_back(panelOf(r, "Accuracy, test", "accuracy", &PathLine::testAccuracy, nullptr));
  return f;
}

}  // namespace analysis
