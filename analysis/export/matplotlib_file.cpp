// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/matplotlib_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace analysis {
namespace {

constexpr const char* kStart = R"(# Draws the figure from the arrays beside it: python SCRIPT [PICTURE]. Needs numpy and matplotlib 3.6 or newer.
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm, Normalize

script = pathlib.Path(__file__)
plt.rcParams.update({"font.size": 8, "axes.titlesize": 9, "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.linewidth": 0.6, "legend.frameon": False, "hatch.linewidth": 0.5,
                     "pdf.fonttype": 42})
)";

constexpr const char* kFunctions = R"(

def field(ax, name, norm):
    """Colours at the grid points, contour lines between them; not computed is blank, not finite is hatched."""
    x, y, values, levels = (data[f"{name}_{part}"] for part in ("x", "y", "values", "levels"))
    finite = np.ma.masked_invalid(values)
    shading = "nearest" if np.ma.is_masked(finite) else "gouraud"
    mesh = ax.pcolormesh(x, y, finite, cmap="viridis", norm=norm, shading=shading, rasterized=True)
    ax.contour(x, y, finite, levels=levels, colors="black", linewidths=0.5, alpha=0.45)
    if np.isinf(values).any():
        ax.contourf(x, y, np.isinf(values), levels=[0.5, 1.5], colors="none", hatches=["//////"])
    ax.set_xlim(x[0], x[-1])
    ax.set_ylim(y[0], y[-1])
    return mesh


def series(ax, name, error=False, **look):
    x, y = data[f"{name}_x"], data[f"{name}_y"]
    if error:
        ax.errorbar(x, y, yerr=data[f"{name}_error"], capsize=2, elinewidth=0.8, **look)
    else:
        ax.plot(x, y, **look)

)";

/// A literal that Python reads back: JSON's escapes are Python's.
std::string literal(const std::string& text) { return nlohmann::json(text).dump(-1, ' ', true); }

/// The same of a text that matplotlib draws: to it a dollar sign starts a formula.
std::string drawnText(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '$' ? std::string("\\$") : std::string(1, c);
  return literal(out);
}

std::string nameOfPanel(std::size_t i) { return std::string(1, static_cast<char>('a' + static_cast<int>(i % 26))) + (i < 26 ? "" : std::to_string(i / 26)); }

/// The same places with whatever the axes can show.
bool drawn(const Series& s) { return !s.x.empty(); }

std::string lookOf(const Series& s) {
  static const char* const lines[] = {"\"-\"", "(0, (5, 2.2))", "(0, (6.5, 2.2, 1.5, 2.2))", "(0, (1.5, 2.2))", "\"none\""};
  static const char* const markers[] = {"", "o", "s", "^", "D"};
  std::string look = fmt::format("color=({:.4f}, {:.4f}, {:.4f}), linewidth={}, linestyle={}", s.style.colour.r, s.style.colour.g, s.style.colour.b, s.style.width,
                                 lines[static_cast<int>(s.style.line)]);
  if (s.style.marker != Marker::none) {
    const bool dense = s.style.line != LineStyle::none && s.x.size() > 12;
    look += fmt::format(", marker=\"{}\", markersize=3.5{}{}", markers[static_cast<int>(s.style.marker)], s.style.hollow ? ", markerfacecolor=\"white\"" : "",
                        dense ? fmt::format(", markevery={}", s.x.size() / 8) : "");
  }
  return s.label.empty() ? look : look + ", label=" + drawnText(s.label);
}

std::string axisLines(const std::string& ax, const char* which, const Axis& axis) {
  std::string text = fmt::format("{}.set_{}label({})\n", ax, which, drawnText(axis.label));
  if (axis.scale == Scale::log) text += fmt::format("{}.set_{}scale(\"log\")\n", ax, which);
  if (axis.from != axis.to) text += fmt::format("{}.set_{}lim({}, {})\n", ax, which, axis.from, axis.to);
  if (axis.integers) text += fmt::format("{}.{}axis.get_major_locator().set_params(integer=True)\n", ax, which);
  return text;
}

std::string panelLines(const Panel& p, const std::string& name, const std::string& ax) {
  std::string text = fmt::format("{}.set_title({})\n", ax, drawnText(p.title));
  for (const Field& f : p.fields) text += fmt::format("mesh = field({}, \"{}\", {}({}, {}))\n", ax, name, f.scale == Scale::log ? "LogNorm" : "Normalize", f.from, f.to);
  for (std::size_t i = 0; i < p.series.size(); ++i)
    if (drawn(p.series[i])) text += fmt::format("series({}, \"{}_series{}\"{}, {})\n", ax, name, i + 1, p.series[i].error.empty() ? "" : ", error=True", lookOf(p.series[i]));
  text += axisLines(ax, "x", p.x) + axisLines(ax, "y", p.y);
  if (p.fields.empty()) text += fmt::format("{}.grid(color=\"0.9\", linewidth=0.6)\n", ax);
  else text += fmt::format("{}.set_box_aspect(1)\n", ax);
  if (p.legend && std::ranges::any_of(p.series, [](const Series& s) { return drawn(s) && !s.label.empty(); })) text += fmt::format("{}.legend()\n", ax);
  return text + (p.note.empty() ? "" : "# " + p.note + "\n");
}

}  // namespace

NamedArrays figureArrays(const Figure& figure) {
  NamedArrays arrays;
  for (std::size_t k = 0; k < figure.panels.size(); ++k) {
    const std::string name = nameOfPanel(k);
    for (const Field& f : figure.panels[k].fields) {
      arrays.push_back(listArray(name + "_x", f.x));
      arrays.push_back(listArray(name + "_y", f.y));
      arrays.push_back({.name = name + "_values", .shape = {static_cast<std::int64_t>(f.y.size()), static_cast<std::int64_t>(f.x.size())}, .values = f.values});
      arrays.push_back(listArray(name + "_levels", f.levels));
    }
    for (std::size_t i = 0; i < figure.panels[k].series.size(); ++i) {
      const Series& s = figure.panels[k].series[i];
      if (!drawn(s)) continue;
      const std::string start = fmt::format("{}_series{}_", name, i + 1);
      arrays.push_back(listArray(start + "x", s.x));
      arrays.push_back(listArray(start + "y", s.y));
      if (!s.error.empty()) arrays.push_back(listArray(start + "error", s.error));
    }
  }
  return arrays;
}

std::string matplotlibScript(const Figure& figure, const std::string& dataFile) {
  const std::size_t columns = std::max<std::size_t>(1, std::min(static_cast<std::size_t>(figure.columns), figure.panels.size())), rows = (figure.panels.size() + columns - 1) / columns;
  Provenance p;
  p.set("command", figure.command), p.set("description", figure.caption);
  for (const auto& [name, value] : figure.provenance.lines) p.set(name, value);
  std::string text = "#!/usr/bin/env python3\n" + p.text("# ") + "#\n" + kStart;
  text += fmt::format("data = np.load(script.with_name({}))\n", literal(dataFile)) + kFunctions;
  text += fmt::format("\nfigure, axes = plt.subplots({}, {}, figsize=({:.2f}, {:.2f}), squeeze=False, layout=\"constrained\")\n", rows, columns,
                      (static_cast<double>(columns) * figure.panelWidth + (figure.colourBarLabel.empty() ? 0 : 66)) / 72, static_cast<double>(rows) * figure.panelHeight / 72);
  for (std::size_t k = 0; k < rows * columns; ++k) {
    const std::string ax = fmt::format("axes[{}, {}]", k / columns, k % columns);
    text += "\n" + (k < figure.panels.size() ? panelLines(figure.panels[k], nameOfPanel(k), ax) : ax + ".set_axis_off()\n");
  }
  if (!figure.colourBarLabel.empty()) text += fmt::format("\nfigure.colorbar(mesh, ax=axes, label={})\n", drawnText(figure.colourBarLabel));
  return text + "figure.savefig(sys.argv[1] if len(sys.argv) > 1 else script.with_suffix(\".pdf\"), dpi=300)\n";
}

}  // namespace analysis
