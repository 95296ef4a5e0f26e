// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/pgfplots_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/figure/contour.h"

namespace analysis {
namespace {

constexpr std::size_t kMostPoints = 65;

constexpr const char* kHowTo = R"(%
% In the preamble:  \usepackage{pgfplots} \usepgfplotslibrary{groupplots} \pgfplotsset{compat=1.16}
% In the text:      \input{THIS FILE}
)";

/// The value whose colour it is: on a log scale its decimal logarithm.
double meta(const Field& f, double v) { return f.scale == Scale::log ? (v > 0 ? std::log10(v) : std::nan("")) : v; }

std::size_t stepOf(const std::vector<double>& places) { return (places.size() - 1 + kMostPoints - 2) / (kMostPoints - 1); }

/// Every step-th place, and the last.
std::vector<std::size_t> thinned(const std::vector<double>& places, std::size_t step) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < places.size(); i += step) kept.push_back(i);
  if (kept.back() + 1 != places.size()) kept.push_back(places.size() - 1);
  return kept;
}

std::string fieldPlot(const Field& f) {
  const std::size_t step = std::max(stepOf(f.x), stepOf(f.y));
  const std::vector<std::size_t> columns = thinned(f.x, step), rows = thinned(f.y, step);
  std::string text = step > 1 ? fmt::format("% colours from every {}th of {} x {} points\n", step, f.x.size(), f.y.size()) : "";
  text += fmt::format("\\addplot[surf, shader=interp, mesh/cols={}, mesh/ordering=x varies, unbounded coords=jump, point meta=explicit, forget plot] table[meta=c] {{\nx y c\n", columns.size());
  for (const std::size_t r : rows)
    for (const std::size_t c : columns) {
      const double v = meta(f, f.values[r * f.x.size() + c]);
      text += std::isfinite(v) ? fmt::format("{:.5g} {:.5g} {:.5g}\n", f.x[c], f.y[r], v) : fmt::format("{:.5g} {:.5g} nan\n", f.x[c], f.y[r]);
    }
  return text + "};\n";
}

/// Segments that meet become one line: a point is a key by what is printed of it.
std::string contourPlots(const Field& f) {
  std::string text;
  for (const double level : f.levels) {
    const std::vector<Segment> segments = contourSegments(f, level);
    if (segments.empty()) continue;
    text += "\\addplot[black, opacity=0.45, line width=0.3pt, unbounded coords=jump, forget plot] table {\nx y\n";
    std::multimap<std::string, std::size_t> ends;
    const auto key = [](const PlanePoint& p) { return fmt::format("{:.5g} {:.5g}", p.x, p.y); };
    for (std::size_t i = 0; i < segments.size(); ++i)
      for (const PlanePoint& p : segments[i]) ends.emplace(key(p), i);
    std::vector<bool> used(segments.size());
    for (std::size_t start = 0; start < segments.size(); ++start) {
      if (used[start]) continue;
      std::string at = key(segments[start][0]);
      text += at + "\n";
      for (std::size_t i = start; i < segments.size();) {
        used[i] = true;
        at = key(segments[i][0]) == at ? key(segments[i][1]) : key(segments[i][0]);
        text += at + "\n";
        const auto [from, to] = ends.equal_range(at);
        const auto next = std::find_if(from, to, [&](const auto& e) { return !used[e.second]; });
        i = next == to ? segments.size() : next->second;
      }
      text += "nan nan\n";
    }
    text += "};\n";
  }
  return text;
}

std::string seriesPlot(const Series& s) {
  static const char* const lines[] = {"solid", "dashed", "dash dot", "dotted", "only marks"};
  static const char* const markers[] = {"none", "*", "square*", "triangle*", "diamond*"};
  std::string text = fmt::format("\\addplot[color={{rgb,1:red,{:.4f};green,{:.4f};blue,{:.4f}}}, {}, line width={}pt, mark={}, mark size=1.4pt, mark options={{solid{}}}, unbounded coords=jump", s.style.colour.r,
                                 s.style.colour.g, s.style.colour.b, lines[static_cast<int>(s.style.line)], 0.6 * s.style.width, markers[static_cast<int>(s.style.marker)],
                                 s.style.hollow ? ", fill=white" : "");
  if (s.style.line != LineStyle::none && s.x.size() > 12) text += fmt::format(", mark repeat={}", s.x.size() / 8);
  if (s.label.empty()) text += ", forget plot";
  text += s.error.empty() ? "] table {\nx y\n" : ", error bars/.cd, y dir=both, y explicit] table[y error=e] {\nx y e\n";
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    text += std::isfinite(s.y[i]) ? fmt::format("{:.6g} {:.6g}", s.x[i], s.y[i]) : fmt::format("{:.6g} nan", s.x[i]);
    text += s.error.empty() ? "\n" : fmt::format(" {:.3g}\n", s.error[i]);
  }
  text += "};\n";
  return s.label.empty() ? text : text + fmt::format("\\addlegendentry{{{}}}\n", latexEscaped(s.label));
}

std::string axisOptions(const char* which, const Axis& axis) {
  std::string text = fmt::format(", {}label={{{}}}", which, latexEscaped(axis.label));
  if (axis.scale == Scale::log) text += fmt::format(", {}mode=log", which);
  if (axis.from != axis.to) text += fmt::format(", {0}min={1:.6g}, {0}max={2:.6g}", which, axis.from, axis.to);
  return text;
}

/// One bar for all: that of the last panel with a field.
std::string colourBar(const Field& f, const std::string& label) {
  std::vector<std::string> places, words;
  for (const double v : niceTicks(f.from, f.to, 6, f.scale)) places.push_back(fmt::format("{:.5g}", meta(f, v))), words.push_back(fmt::format("{:.4g}", v));
  return fmt::format(", colorbar, colorbar style={{ylabel={{{}}}, ytick={{{}}}, yticklabels={{{}}}}}", latexEscaped(label), fmt::join(places, ","), fmt::join(words, ","));
}

std::string panelText(const Panel& p, const Figure& figure, bool bar) {
  std::string text = fmt::format("\\nextgroupplot[title={{{}}}", latexEscaped(p.title)) + axisOptions("x", p.x) + axisOptions("y", p.y);
  for (const Field& f : p.fields)
    text += fmt::format(", view={{0}}{{90}}, enlargelimits=false, xmin={:.6g}, xmax={:.6g}, ymin={:.6g}, ymax={:.6g}, point meta min={:.6g}, point meta max={:.6g}{}", f.x.front(), f.x.back(), f.y.front(),
                        f.y.back(), meta(f, f.from), meta(f, f.to), bar ? colourBar(f, figure.colourBarLabel) : "");
  if (p.fields.empty()) text += ", grid=major";
  text += "]\n";
  if (!p.note.empty()) text += "% " + p.note + "\n";
  for (const Field& f : p.fields) text += fieldPlot(f) + contourPlots(f);
  for (const Series& s : p.series)
    if (!s.x.empty()) text += seriesPlot(s);
  return text;
}

}  // namespace

std::string latexEscaped(const std::string& text) {
  static const std::map<char, const char*> words = {{'\\', "\\textbackslash{}"}, {'{', "\\{"}, {'}', "\\}"}, {'$', "\\$"}, {'&', "\\&"}, {'#', "\\#"}, {'%', "\\%"},
                                                    {'_', "\\_"}, {'^', "\\textasciicircum{}"}, {'~', "\\textasciitilde{}"}, {'|', "\\textbar{}"}, {'<', "\\textless{}"}, {'>', "\\textgreater{}"}};
  std::string out;
  for (const char c : text) {
    const auto word = words.find(c);
    out += word == words.end() ? std::string(1, c) : word->second;
  }
  static const std::pair<const char*, const char*> letters[] = {{"λ", "$\\lambda$"}, {"ρ", "$\\rho$"}, {"θ", "$\\theta$"}, {"α", "$\\alpha$"}, {"‖", "$\\Vert$"}, {"±", "$\\pm$"}};
  for (const auto& [letter, word] : letters)
    for (std::size_t at = 0; (at = out.find(letter, at)) != std::string::npos;) out.replace(at, std::string(letter).size(), word);
  return out;
}

std::string pgfplotsFile(const Figure& figure) {
  const std::size_t columns = std::max<std::size_t>(1, std::min(static_cast<std::size_t>(figure.columns), figure.panels.size())), rows = (figure.panels.size() + columns - 1) / columns;
  Provenance p;
  p.set("command", figure.command), p.set("description", figure.caption);
  for (const auto& [name, value] : figure.provenance.lines) p.set(name, value);
  std::size_t last = figure.panels.size();
  for (std::size_t k = 0; k < figure.panels.size(); ++k)
    if (!figure.panels[k].fields.empty() && !figure.colourBarLabel.empty()) last = k;
  std::string text = p.text("% ") + kHowTo;
  text += fmt::format("\\begin{{tikzpicture}}[font=\\footnotesize]\n\\begin{{groupplot}}[group style={{group size={} by {}, horizontal sep=1.6cm, vertical sep=1.8cm}}, width={:.0f}pt, height={:.0f}pt, "
                      "colormap/viridis, title style={{font=\\footnotesize\\bfseries}}, legend style={{draw=none, fill opacity=0.8, text opacity=1}}, legend cell align=left]\n",
                      columns, rows, figure.panelWidth * 0.85, figure.panelHeight * 0.85);
  for (std::size_t k = 0; k < figure.panels.size(); ++k) text += panelText(figure.panels[k], figure, k == last);
  return text + "\\end{groupplot}\n\\end{tikzpicture}\n";
}

}  // namespace analysis
