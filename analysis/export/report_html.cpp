// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/report_html.h"

#include <fmt/format.h>

#include "analysis/figure/draw_figure.h"
#include "analysis/figure/file_metadata.h"

namespace analysis {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light; --ink: #1b2026; --second: #4f5965; --line: #d5dae0; --soft: #f4f5f7; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 24px 16px 48px; background: #fff; color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 8px; } h2 { font-size: 18px; margin: 36px 0 8px; }
p { margin: 8px 0; max-width: 75ch; } .second { color: var(--second); font-size: 13px; }
code { display: block; background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 8px 10px; margin: 8px 0; font: 12px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; min-width: 100%; font-size: 14px; }
th, td { padding: 5px 7px; border-bottom: 1px solid var(--line); text-align: right; } th { font-weight: 600; background: var(--soft); vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; } tbody th { background: none; font-weight: 400; text-align: left; } thead th { white-space: normal; } td small { color: var(--second); display: block; font-size: 11px; line-height: 1.2; }
img { display: block; width: 100%; height: auto; }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 16px; } .maps > * { break-inside: avoid; min-width: 0; }
figure { margin: 0; }
.swatch { display: inline-block; width: 26px; border-top: 3px; vertical-align: middle; margin-right: 8px; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } h2 { break-after: avoid; } .wide { overflow: visible; } table { font-size: 8pt; } th, td { padding: 3px 4px; } .maps { grid-template-columns: repeat(2, 1fr); } }
)";

std::string base64(const std::string& bytes) {
  constexpr const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = (group << 8) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : letters[(group >> (18 - 6 * k)) & 63];
  }
  return out;
}

/// As an image of its own: the ids of several of Cairo's drawings would collide in one document.
std::string image(Figure figure, const std::string& alternative, bool captioned) {
  if (!captioned) figure.caption.clear(), figure.command.clear(), figure.title.clear();
  return fmt::format("<img alt=\"{}\" src=\"data:image/svg+xml;base64,{}\">", xmlEscaped(alternative), base64(drawFigure(figure, FigureFormat::svg)));
}

std::string swatch(std::size_t index) {
  const SeriesStyle style = runStyle(index);
  static const char* const lines[] = {"solid", "dashed", "dashed", "dotted", "none"};
  return fmt::format("<span class=\"swatch\" style=\"border-top-style:{};border-color:rgb({:.0f},{:.0f},{:.0f})\"></span>", lines[static_cast<int>(style.line)],
                     255 * style.colour.r, 255 * style.colour.g, 255 * style.colour.b);
}

std::string pairText(const std::vector<Eigenvalue>& pairs) {
  if (pairs.empty()) return "not measured";
  const Eigenvalue& p = pairs.front();
  return fmt::format("{:.4g}<small>residual {:.1e}{}</small>", p.value, p.residual, p.converged ? "" : ", not converged");
}

/// A column a run: that many fit on a phone.
std::string table(const std::vector<ReportRun>& runs) {
  std::string html = "<div class=\"wide\"><table>\n<thead><tr><th></th>";
  for (std::size_t k = 0; k < runs.size(); ++k) html += fmt::format("<th>{}{}</th>", swatch(k), xmlEscaped(runs[k].name));
  html += "</tr></thead>\n<tbody>\n";
  const auto row = [&](const char* name, const auto& text) {
    html += fmt::format("<tr><th>{}</th>", name);
    for (const ReportRun& run : runs) html += "<td>" + text(run) + "</td>";
    html += "</tr>\n";
  };
  const auto last = [](const ReportRun& run) -> const trainer::EvaluationRecord& { return run.record.evaluations.back(); };
  row("train loss", [&](const ReportRun& r) { return fmt::format("{:.4g}", last(r).trainLoss); });
  row("test loss", [&](const ReportRun& r) { return fmt::format("{:.4g}", last(r).testLoss); });
  row("train accuracy", [&](const ReportRun& r) { return fmt::format("{:.2f}&nbsp;%", 100 * last(r).trainAccuracy); });
  row("test accuracy", [&](const ReportRun& r) { return fmt::format("{:.2f}&nbsp;%", 100 * last(r).testAccuracy); });
  row("&lambda;<sub>max</sub>", [](const ReportRun& r) { return pairText(r.spectrum.spectrum.top); });
  row("&lambda;<sub>min</sub>", [](const ReportRun& r) { return pairText(r.spectrum.spectrum.bottom); });
  row("&#x2016;&theta;&#x2016;", [](const ReportRun& r) { return fmt::format("{:.4g}", r.record.parameterNorm); });
  row("gradient evaluations", [](const ReportRun& r) { return fmt::format("{}", r.record.stepRecords.empty() ? 0 : r.record.stepRecords.back().gradientEvaluations); });
  row("seconds of training", [](const ReportRun& r) { return fmt::format("{:.1f}", r.record.seconds); });
  return html + "</tbody></table></div>\n";
}

std::string curveImages(const Figure& curves) {
  std::string html = "<div class=\"maps\">\n";
  for (const Panel& panel : curves.panels) {
    Figure one = curves;
    one.panels = {panel};
    html += "<figure>" + image(one, panel.title + " over steps", false) + "</figure>\n";
  }
  return html + "</div>\n";
}

std::string commands(const std::vector<ReportRun>& runs) {
  std::string html;
  for (const ReportRun& run : runs)
    html += fmt::format("<p><strong>{}</strong></p>\n<code>{} --out {}</code>\n<code>{}</code>\n<code>{}</code>\n", xmlEscaped(run.name), xmlEscaped(trainer::commandLine(run.spec)),
                        xmlEscaped(run.record.folder), xmlEscaped(commandLine(run.spectrum)), xmlEscaped(commandLine(run.surface)));
  return html;
}

std::string howToRead(const std::vector<ReportRun>& runs) {
  const Spectrum& s = runs.front().spectrum.spectrum;
  return fmt::format(
      "<p class=\"second\">Losses are mean cross entropy without L2, in evaluation mode, over the whole of each set. &lambda;<sub>max</sub> and &lambda;<sub>min</sub> are the "
      "extreme eigenvalues of the Hessian of that loss over {} training samples ({} parameters, {}); the residual &#x2016;Hq &minus; &lambda;q&#x2016; comes from a fresh product, and some "
      "eigenvalue lies within it. For cross entropy the curvature shrinks by itself as the training loss goes to zero and changes when weights are rescaled: compare "
      "&lambda;<sub>max</sub> together with the training loss and &#x2016;&theta;&#x2016; beside it, not alone. This is one seed; differences between optimizers need several.</p>\n",
      s.samples, s.parameters, xmlEscaped(s.precision));
}

}  // namespace

std::string reportHtml(const std::vector<ReportRun>& runs, const Figure& curves, const std::vector<Figure>& surfaces, const std::string& command) {
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"generator\" content=\"Sharpscape\">\n<title>Sharpscape: comparison of {} runs</title>\n<style>{}</style>\n</head>\n<body>\n", runs.size(), kStyle);
  const trainer::RunSpec& spec = runs.front().spec;
  html += fmt::format("<h1>{} optimizers, one start, one order of batches</h1>\n<p>{} on {}, {} epochs, seed {}. Made by</p>\n<code>{}</code>\n", runs.size(), xmlEscaped(spec.model),
                      xmlEscaped(spec.data), spec.epochs, spec.seed, xmlEscaped(command));
  html += "<h2>Where they ended</h2>\n" + table(runs) + howToRead(runs);
  html += "<h2>How they got there</h2>\n" + curveImages(curves);
  html += "<h2>The loss around each minimum</h2>\n<p>Contour maps of the training loss on two random, filter-normalised directions. Colours and contour levels are the same in all maps; the "
          "white mark is the trained network.</p>\n<div class=\"maps\">\n";
  for (std::size_t k = 0; k < surfaces.size(); ++k)
    html += fmt::format("<figure>{}<p class=\"second\"><strong>{}</strong> {}</p><code>{}</code></figure>\n", image(surfaces[k], "Contour map of the loss around " + runs[k].name, false),
                        xmlEscaped(runs[k].name), xmlEscaped(surfaces[k].caption), xmlEscaped(surfaces[k].command));
  html += "</div>\n<h2>Commands</h2>\n<p class=\"second\">Run inside the report's folder; training needs a new folder after <code style=\"display:inline;padding:0 4px\">--out</code>.</p>\n" + commands(runs);
  return html + "<p class=\"second\">Digits: Optical Recognition of Handwritten Digits, E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, 1998, CC BY 4.0.</p>\n</body>\n</html>\n";
}

}  // namespace analysis
