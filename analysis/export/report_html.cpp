// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/report_html.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/export/embedded_files.h"
#include "analysis/export/report_data.h"
#include "analysis/export/report_tables.h"
#include "analysis/figure/draw_figure.h"
#include "analysis/figure/file_metadata.h"

namespace analysis {
namespace {

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
std::string image(Figure figure, const std::string& alternative) {
  figure.caption.clear(), figure.command.clear(), figure.title.clear();
  return fmt::format("<img class=\"only-still\" alt=\"{}\" src=\"data:image/svg+xml;base64,{}\">", xmlEscaped(alternative), base64(drawFigure(figure, FigureFormat::svg)));
}

/// The same surface in 3-D. As pixels: its many small pieces would be megabytes of paths.
std::string reliefImage(Figure figure, const std::string& alternative) {
  figure.caption.clear(), figure.command.clear(), figure.title.clear(), figure.colourBarLabel.clear(), figure.provenance = {};
  for (Panel& panel : figure.panels) panel.relief.emplace();
  return fmt::format("<img class=\"only-still\" alt=\"{}\" src=\"data:image/png;base64,{}\">", xmlEscaped(alternative), base64(drawFigure(figure, FigureFormat::png)));
}

/// A place for an interactive plot, reached by the keyboard.
std::string plot(const char* classes, const std::string& id, const std::string& label) {
  return fmt::format("<div class=\"plot only-live {}\" id=\"{}\" tabindex=\"0\" role=\"group\" aria-label=\"{}\"></div>", classes, id, xmlEscaped(label));
}

std::string curveSection(const Figure& curves) {
  std::string html = "<h2>How they got there</h2>\n<div class=\"controls only-live\"><label>over <select id=\"abscissa\"></select></label></div>\n<div class=\"maps\">\n";
  for (std::size_t k = 0; k < curves.panels.size(); ++k) {
    Figure one = curves;
    one.panels = {curves.panels[k]};
    html += fmt::format("<figure>{}{}</figure>\n", plot("short", fmt::format("curve-{}", k + 1), curves.panels[k].title + " of each run"), image(one, curves.panels[k].title + " over steps"));
  }
  return html + "</div>\n<p class=\"second\">Loss and gradient norm of the batches, mean of an epoch; accuracy over the whole test set after each epoch.</p>\n";
}

std::string surfaceControls() {
  return "<div class=\"controls only-live\" role=\"group\" aria-label=\"What the surfaces show\"><label>shows <select id=\"field\"></select></label>"
         "<label><input type=\"checkbox\" id=\"linked\" checked> link cameras (L)</label>"
         "<span><button type=\"button\" data-view=\"iso\">iso (9)</button> <button type=\"button\" data-view=\"front\">front (1)</button> <button type=\"button\" data-view=\"right\">right (3)</button> "
         "<button type=\"button\" data-view=\"top\">top (7)</button></span></div>\n<div class=\"scale only-live\" id=\"scale\"></div>\n<p class=\"second only-live\" id=\"thinned\"></p>\n";
}

std::string probe(const std::vector<ReportRun>& runs) {
  std::vector<std::string> names = {"run", "x", "y"};
  std::string heads;
  for (const std::string& name : probeColumns(runs)) names.push_back(name);
  names.push_back("loss minus centre");
  for (const std::string& name : names) heads += fmt::format("<th scope=\"col\">{}</th>", xmlEscaped(name));
  return "<div class=\"only-live\"><h3>Probe</h3>\n<div class=\"controls only-live\" role=\"group\" aria-label=\"Point of the probe\"><label>x <input type=\"range\" id=\"probe-x\" min=\"0\"></label>"
         "<label>y <input type=\"range\" id=\"probe-y\" min=\"0\"></label><button type=\"button\" id=\"centre\">centre</button></div>\n"
         "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Every run at the probe\"><table aria-live=\"polite\"><thead><tr>" + heads + "</tr></thead><tbody id=\"probe-body\"></tbody></table></div>\n"
         "<p class=\"second\">Hover over a surface or a map, or move the sliders; arrow keys move the point while a plot has the focus, shift and arrows turn the camera. Computed values at the nearest "
         "grid point of each run, not interpolated.</p>\n<h3>Section</h3>\n<div class=\"controls only-live\" role=\"group\" aria-label=\"Direction of the section\">"
         "<label><input type=\"radio\" name=\"along\" value=\"x\" checked> along x</label><label><input type=\"radio\" name=\"along\" value=\"y\"> along y</label>"
         "<span class=\"second\" id=\"section-words\" aria-live=\"polite\"></span></div>\n" + plot("short", "section", "Section through the surfaces at the probe, a curve a run") + "</div>\n";
}

std::string surfaceSection(const Report& report, const std::vector<Figure>& surfaces) {
  const std::vector<std::size_t> shown = withSurface(report.runs);
  if (shown.empty()) return "";
  std::string html = "<h2>The loss around each minimum</h2>\n<p>A plane through each trained network: two of its many directions. Colours, heights and contour levels are the same for all runs.</p>\n";
  html += surfaceControls() + "<p class=\"second needs-webgl\" hidden>This browser offers no WebGL: the 3-D views are still pictures.</p>\n<div class=\"maps\">\n";
  for (std::size_t k = 0; k < shown.size() && k < kMostSolids; ++k) {
    const std::string words = "Loss surface around " + report.runs[shown[k]].name + ", in 3-D";
    html += fmt::format("<figure>{}{}<figcaption><strong>{}</strong></figcaption></figure>\n", plot("solid", fmt::format("surface-{}", k + 1), words), reliefImage(surfaces[k], words),
                        xmlEscaped(report.runs[shown[k]].name));
  }
  html += "</div>\n";
  if (shown.size() > kMostSolids) html += fmt::format("<p class=\"second\">The first {} of {} surfaces are drawn in 3-D; every one has its map.</p>\n", kMostSolids, shown.size());
  html += probe(report.runs) + "<h3>Maps</h3>\n<div class=\"maps\">\n";
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const std::string& name = report.runs[shown[k]].name;
    html += fmt::format("<figure>{}{}<figcaption><strong>{}</strong> {}<details><summary>command</summary><code>{}</code></details></figcaption></figure>\n",
                        plot("", fmt::format("map-{}", k + 1), "Contour map of the loss around " + name), image(surfaces[k], "Contour map of the loss around " + name), xmlEscaped(name),
                        xmlEscaped(surfaces[k].caption), xmlEscaped(surfaces[k].command));
  }
  return html + "</div>\n";
}

/// Hashes and versions, as far as they are known.
std::string originText(const ReportRun& run) {
  const Origin origin = run.surface ? run.surface->origin : run.spectrum ? run.spectrum->origin : Origin{};
  std::string text = fmt::format("seed {}", run.spec.seed);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("; {} {}", name, value);
  };
  add("checkpoint", origin.checkpointHash), add("data", origin.dataHash), add("Sharpscape", origin.programVersion), add("LibTorch", origin.torchVersion);
  return "<p class=\"second\">" + xmlEscaped(text) + "</p>\n";
}

/// The provenance as `sharpscape info` finds it, in a comment that a name cannot end.
std::string provenanceComment(const Report& report) {
  Provenance p;
  p.set("command", report.command), p.set("description", report.title);
  for (std::size_t k = 0; k < report.runs.size(); ++k) {
    const ReportRun& run = report.runs[k];
    const Origin origin = run.surface ? run.surface->origin : run.spectrum ? run.spectrum->origin : Origin{};
    p.set("program_version", origin.programVersion), p.set("torch_version", origin.torchVersion);
    const std::string start = fmt::format("run_{}_", k + 1);
    p.set(start + "name", run.name), p.set(start + "command", trainer::commandLine(run.spec)), p.set(start + "seed", fmt::format("{}", run.spec.seed));
    p.set(start + "checkpoint_hash", origin.checkpointHash), p.set(start + "data_hash", origin.dataHash);
  }
  std::string text = p.text("# ");
  for (const auto& [sign, word] : {std::pair{'<', "&lt;"}, std::pair{'>', "&gt;"}})
    for (std::size_t at = 0; (at = text.find(sign, at)) != std::string::npos;) text.replace(at, 1, word);
  return "<!--\n" + text + "-->\n";
}

std::string commands(const std::vector<ReportRun>& runs) {
  const bool inside = std::ranges::all_of(runs, [](const ReportRun& run) { return run.record.folder.starts_with("runs/"); });
  std::string html = std::string("<h2>Commands</h2>\n<p class=\"second\">Run ") + (inside ? "inside the report's folder" : "in the folder from which the comparison was made") + "; training needs a new folder after <code class=\"inline\">--out</code>.</p>\n";
  for (const ReportRun& run : runs) {
    html += fmt::format("<h3>{}</h3>\n<code>{} --out {}</code>\n", xmlEscaped(run.name), xmlEscaped(trainer::commandLine(run.spec)), xmlEscaped(run.record.folder));
    if (run.spectrum) html += fmt::format("<code>{}</code>\n", xmlEscaped(commandLine(*run.spectrum)));
    if (run.surface) html += fmt::format("<code>{}</code>\n", xmlEscaped(commandLine(*run.surface)));
    html += originText(run);
  }
  return html;
}

std::string howToRead(const std::vector<ReportRun>& runs) {
  std::string html = "<p class=\"second\">Losses are means without L2, in evaluation mode, over the whole of each set.";
  for (const ReportRun& run : runs) {
    if (!run.spectrum) continue;
    const Spectrum& s = run.spectrum->spectrum;
    html += fmt::format(
        " &lambda;<sub>max</sub> and &lambda;<sub>min</sub> are the extreme eigenvalues of the {} of that loss over {} samples ({} parameters, {}, batch norm {}); the residual &#x2016;Hq &minus; "
        "&lambda;q&#x2016; comes from a fresh product, and some eigenvalue lies within it. For cross entropy the curvature shrinks by itself as the training loss goes to zero and changes when weights "
        "are rescaled: compare &lambda;<sub>max</sub> together with the training loss and &#x2016;&theta;&#x2016; beside it, not alone.",
        xmlEscaped(s.operatorName), s.samples, s.parameters, xmlEscaped(s.precision), xmlEscaped(s.batchNorm));
    break;
  }
  return html + "</p>\n";
}

std::string methods(const Report& report) {
  std::string html;
  if (!report.methods.empty()) {
    html += "<h2>Methods</h2>\n";
    for (std::size_t from = 0; from < report.methods.size();) {
      const std::size_t end = std::min(report.methods.find("\n\n", from), report.methods.size());
      html += "<p>" + xmlEscaped(report.methods.substr(from, end - from)) + "</p>\n";
      from = end + 2;
    }
  }
  if (!report.bibliography.empty()) html += "<h2>BibTeX</h2>\n<pre tabindex=\"0\">" + xmlEscaped(report.bibliography) + "</pre>\n";
  return html;
}

/// What of the file is what, and where every digit is.
std::string aboutFile(const Report& report, std::size_t data, std::size_t plotly) {
  std::string html = "<h2>About this file</h2>\n<p class=\"second\">It holds everything it shows and asks nothing of a network. ";
  if (plotly == 0)
    html += "The program that wrote it was built without plotly.js, so its figures are still pictures; a build whose set-up could reach the Python package index makes them interactive.";
  else
    html += fmt::format("Its interactive figures are drawn by plotly.js (MIT licence, {:.1f} MB of this file) from {:.2f} MB of numbers: losses rounded to 5 significant digits, accuracies to 4 decimals; "
                        "surface_<i>k</i>.csv and report.json beside it hold every digit. Without JavaScript, and on paper, it shows still pictures.", static_cast<double>(plotly) / 1e6, static_cast<double>(data) / 1e6);
  for (const ReportRun& run : report.runs)
    if (run.spec.data == "digits") return html + "</p>\n<p class=\"second\">Digits: Optical Recognition of Handwritten Digits, E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, 1998, CC BY 4.0.</p>\n";
  return html + "</p>\n";
}

std::string head(const Report& report, bool scripts) {
  return "<!doctype html>\n" + provenanceComment(report) + fmt::format(
      "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; form-action 'none'; base-uri 'none'; img-src data: blob:; style-src 'unsafe-inline'{}\">\n"
      "<meta name=\"generator\" content=\"Sharpscape\">\n<meta name=\"command\" content=\"{}\">\n<title>Sharpscape: {}</title>\n<style>{}</style>\n</head>\n<body>\n",
      scripts ? "; script-src 'unsafe-inline' 'unsafe-eval'" : "", xmlEscaped(report.command), xmlEscaped(report.title), reportStyle());
}

}  // namespace

std::string reportHtml(const Report& report, const Figure& curves, const std::vector<Figure>& surfaces, std::string_view plotly) {
  const std::string data = plotly.empty() ? "" : reportData(report.runs);
  std::string html = head(report, !plotly.empty());
  html.reserve(html.size() + plotly.size() + data.size() + (2U << 20));
  html += fmt::format("<h1>{}</h1>\n<p>{} Made by</p>\n<code>{}</code>\n", xmlEscaped(report.title), xmlEscaped(report.introduction), xmlEscaped(report.command));
  html += "<h2>Where they ended</h2>\n" + endTable(report.runs) + howToRead(report.runs);
  for (const ReportTable& table : report.tables) html += fmt::format("<h2>{}</h2>\n{}", xmlEscaped(table.title), tableHtml(table));
  html += surfaceSection(report, surfaces) + curveSection(curves);
  if (const std::string table = eigenvalueTable(report.runs); !table.empty()) html += "<h2>Eigenvalues</h2>\n" + table;
  html += methods(report) + commands(report.runs) + aboutFile(report, data.size(), plotly.size());
  if (!plotly.empty()) {
    html += "<script type=\"application/json\" id=\"report-data\">" + data + "</script>\n<script>";
    html += plotly;
    html += "</script>\n<script>";
    html += reportScript();
    html += "</script>\n";
  }
  return html + "</body>\n</html>\n";
}

}  // namespace analysis
