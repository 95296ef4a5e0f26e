// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/report_tables.h"

#include <fmt/format.h>

#include <cmath>

#include "analysis/figure/figure.h"
#include "analysis/figure/file_metadata.h"

namespace analysis {
namespace {

constexpr const char* kOpen = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table>\n";

std::string swatch(std::size_t index) {
  const SeriesStyle style = runStyle(index);
  static const char* const lines[] = {"solid", "dashed", "dashed", "dotted", "none"};
  return fmt::format("<span class=\"swatch\" style=\"border-top-style:{};border-color:rgb({:.0f},{:.0f},{:.0f})\"></span>", lines[static_cast<int>(style.line)],
                     255 * style.colour.r, 255 * style.colour.g, 255 * style.colour.b);
}

std::string percent(double share) { return std::isfinite(share) ? fmt::format("{:.2f}&nbsp;%", 100 * share) : "none"; }

/// The first of `pairs` in HTML.
std::string pairText(const ReportRun& run, std::vector<Eigenvalue> Spectrum::*pairs) {
  if (!run.spectrum || (run.spectrum->spectrum.*pairs).empty()) return "not measured";
  const Eigenvalue& p = (run.spectrum->spectrum.*pairs).front();
  return fmt::format("{:.4g}<small>residual {:.1e}{}</small>", p.value, p.residual, p.converged ? "" : ", not converged");
}

/// The first line, and the rest small below it.
std::string cellHtml(const std::string& text) {
  const std::size_t end = text.find('\n');
  return end == std::string::npos ? xmlEscaped(text) : xmlEscaped(text.substr(0, end)) + "<small>" + xmlEscaped(text.substr(end + 1)) + "</small>";
}

void addPairs(std::string& html, const ReportRun& run, const char* end, const std::vector<Eigenvalue>& pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i)
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{} {}</td><td>{:.6g}</td><td>{:.1e}</td><td>{:.1e}</td><td>{}</td></tr>\n", xmlEscaped(run.name), end, i + 1, pairs[i].value,
                        pairs[i].residual, pairs[i].errorEstimate, pairs[i].converged ? "yes" : "no");
}

std::string pairCsv(const ReportRun& run, std::vector<Eigenvalue> Spectrum::*pairs) {
  if (!run.spectrum || (run.spectrum->spectrum.*pairs).empty()) return ",";
  const Eigenvalue& p = (run.spectrum->spectrum.*pairs).front();
  return fmt::format("{},{}", p.value, p.residual);
}

/// A field of a CSV line: in quotes where it needs them.
std::string csvField(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string endTable(const std::vector<ReportRun>& runs) {
  std::string html = fmt::format(kOpen, "Where each run ended") + "<thead><tr><td></td>";
  for (std::size_t k = 0; k < runs.size(); ++k) html += fmt::format("<th scope=\"col\">{}{}</th>", swatch(k), xmlEscaped(runs[k].name));
  html += "</tr></thead>\n<tbody>\n";
  const auto row = [&](const char* name, const auto& text) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", name);
    for (const ReportRun& run : runs) html += "<td>" + text(run) + "</td>";
    html += "</tr>\n";
  };
  const auto last = [](const ReportRun& run) -> const trainer::EvaluationRecord& { return run.record.evaluations.back(); };
  row("train loss", [&](const ReportRun& r) { return fmt::format("{:.4g}", last(r).trainLoss); });
  row("test loss", [&](const ReportRun& r) { return fmt::format("{:.4g}", last(r).testLoss); });
  row("train accuracy", [&](const ReportRun& r) { return percent(last(r).trainAccuracy); });
  row("test accuracy", [&](const ReportRun& r) { return percent(last(r).testAccuracy); });
  row("&lambda;<sub>max</sub>", [](const ReportRun& r) { return pairText(r, &Spectrum::top); });
  row("&lambda;<sub>min</sub>", [](const ReportRun& r) { return pairText(r, &Spectrum::bottom); });
  row("&#x2016;&theta;&#x2016;", [](const ReportRun& r) { return fmt::format("{:.4g}", r.record.parameterNorm); });
  row("gradient evaluations", [](const ReportRun& r) { return fmt::format("{}", r.record.stepRecords.empty() ? 0 : r.record.stepRecords.back().gradientEvaluations); });
  row("seconds of training", [](const ReportRun& r) { return fmt::format("{:.1f}", r.record.seconds); });
  return html + "</tbody></table></div>\n";
}

std::string eigenvalueTable(const std::vector<ReportRun>& runs) {
  std::string rows;
  for (const ReportRun& run : runs)
    if (run.spectrum) addPairs(rows, run, "largest", run.spectrum->spectrum.top), addPairs(rows, run, "smallest", run.spectrum->spectrum.bottom);
  if (rows.empty()) return "";
  return fmt::format(kOpen, "Eigenvalues") + "<thead><tr><th scope=\"col\">run</th><th scope=\"col\">index</th><th scope=\"col\">eigenvalue</th><th scope=\"col\">residual</th>"
         "<th scope=\"col\">error estimate</th><th scope=\"col\">converged</th></tr></thead>\n<tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string tableHtml(const ReportTable& table) {
  std::string html = fmt::format(kOpen, xmlEscaped(table.title)) + "<thead><tr>";
  for (const std::string& column : table.columns) html += fmt::format("<th scope=\"col\"{}>{}</th>", table.words ? " class=\"text\"" : "", xmlEscaped(column));
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) html += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", xmlEscaped(row[i])) : fmt::format("<td{}>{}</td>", table.words ? " class=\"text\"" : "", cellHtml(row[i]));
    html += "</tr>\n";
  }
  html += "</tbody></table></div>\n";
  return table.note.empty() ? html : html + fmt::format("<p class=\"second\">{}</p>\n", xmlEscaped(table.note));
}

std::string tableCsv(const std::vector<ReportRun>& runs, const std::string& command) {
  std::string text = fmt::format("# {}\nname,train_loss,train_accuracy,test_loss,test_accuracy,parameter_norm,lambda_max,lambda_max_residual,lambda_min,lambda_min_residual\n", command);
  for (const ReportRun& run : runs) {
    const auto& e = run.record.evaluations.back();
    text += fmt::format("{},{},{},{},{},{},{},{}\n", csvField(run.name), e.trainLoss, e.trainAccuracy, e.testLoss, e.testAccuracy, run.record.parameterNorm, pairCsv(run, &Spectrum::top),
                        pairCsv(run, &Spectrum::bottom));
  }
  return text;
}

}  // namespace analysis
