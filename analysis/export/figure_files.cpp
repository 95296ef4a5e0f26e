// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/figure_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "analysis/export/matplotlib_file.h"
#include "analysis/export/pgfplots_file.h"
#include "analysis/figure/draw_figure.h"
#include "analysis/interchange/npy.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

constexpr std::array<std::string_view, 5> kEndings = {".png", ".svg", ".pdf", ".py", ".tikz"};

void writeScript(const Figure& figure, const std::filesystem::path& file, const NamedArrays& more) {
  const std::filesystem::path data = std::filesystem::path(file).replace_extension(".npz");
  NamedArrays arrays = figureArrays(figure);
  arrays.insert(arrays.end(), more.begin(), more.end());
  Provenance p;
  p.set("command", figure.command), p.set("description", figure.caption);
  for (const auto& [name, value] : figure.provenance.lines) p.set(name, value);
  arrays.push_back(textArray("metadata", p.text()));
  trainer::writeFileAtomically(data, npzBytes(arrays));
  trainer::writeFileAtomically(file, matplotlibScript(figure, data.filename().string()));
}

std::string endingOf(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

}  // namespace

bool isFigureEnding(const std::string& ending) { return std::ranges::find(kEndings, ending) != kEndings.end(); }

Figure inRelief(Figure figure, const ReliefCamera& camera, const std::filesystem::path& file) {
  const std::string ending = endingOf(file);
  if (!isFigureEnding(ending) || ending == ".py" || ending == ".tikz") throw std::invalid_argument(fmt::format("'{}': a view in 3-D is written as .png, .svg or .pdf", file.string()));
  if (std::ranges::all_of(figure.panels, [](const Panel& p) { return p.fields.empty(); })) throw std::invalid_argument("a view in 3-D is one of a surface, and this result is none");
  for (Panel& p : figure.panels)
    if (!p.fields.empty()) p.relief = camera;
  constexpr std::string_view kMaps = "Contour maps";
  if (figure.caption.starts_with(kMaps)) figure.caption.replace(0, kMaps.size(), "Reliefs from one view");
  return figure;
}

void writeFigure(const Figure& figure, const std::filesystem::path& file, const NamedArrays& more) {
  const std::string ending = endingOf(file);
  if (ending == ".py") return writeScript(figure, file, more);
  if (ending == ".tikz") return trainer::writeFileAtomically(file, pgfplotsFile(figure));
  if (!isFigureEnding(ending)) throw std::invalid_argument(fmt::format("'{}' does not end in .png, .svg, .pdf, .py or .tikz", file.string()));
  trainer::writeFileAtomically(file, drawFigure(figure, ending == ".png" ? FigureFormat::png : ending == ".svg" ? FigureFormat::svg : FigureFormat::pdf));
}

}  // namespace analysis
