// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/comparison_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace analysis {
namespace {

constexpr int kDigits = 4;  ///< of a number without an error

/// `digits` behind the decimal point where that is not silly, else scientific.
std::string fixed(double v, int digits) {
  if (v != 0 && (std::abs(v) < 1e-4 || std::abs(v) >= 1e7)) return fmt::format("{:.{}e}", v, kDigits - 1);
  return fmt::format("{:.{}f}", v, std::clamp(digits, 0, 12));
}

/// Digits behind the point that show `significant` digits of v.
int places(double v, int significant) { return v == 0 || !std::isfinite(v) ? significant - 1 : significant - 1 - static_cast<int>(std::floor(std::log10(std::abs(v)))); }

std::string plain(double v) { return v == std::round(v) && std::abs(v) < 1e7 ? fmt::format("{:.0f}", v) : fixed(v, places(v, kDigits)); }

/// A field of CSV, quoted where it has to be.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string full(double v) { return std::isnan(v) ? "" : fmt::format("{}", v); }

/// "largest eigenvalue of the Hessian (λmax)", in percent where so.
std::string rowName(const ComparedRow& r) { return r.name + (r.symbol.empty() ? "" : " " + r.symbol) + (r.percent ? ", %" : ""); }

struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> lines;  ///< the first field is the group, empty where it goes on
};

Table tableOf(const Comparison& c) {
  Table t;
  t.head = {"", "measure"};
  for (std::size_t s = 0; s < c.settings.size(); ++s) {
    const std::size_t n = c.settings[s].runs.size();
    t.head.push_back(c.settings[s].name + (n > 1 ? fmt::format(" ({} seeds)", n) : ""));
    if (s != c.baseline) t.head.insert(t.head.end(), {"delta", "ratio", "verdict"});
  }
  std::string group;
  for (const ComparedRow& r : c.rows) {
    std::vector<std::string> line = {r.group == group ? "" : r.group, rowName(r)};
    group = r.group;
    for (std::size_t s = 0; s < c.settings.size(); ++s) {
      line.push_back(cellText(r.settings[s], r.percent));
      if (s != c.baseline) line.insert(line.end(), {deltaText(r.contrasts[s], r.percent), ratioText(r.contrasts[s]), toString(r.contrasts[s].verdict)});
    }
    t.lines.push_back(std::move(line));
  }
  return t;
}

/// "±r residual, ±s deviation over seeds" of the kinds in the table.
std::string legend(const Comparison& c) {
  std::set<ErrorKind> kinds;
  for (const ComparedRow& r : c.rows)
    for (const ComparedCell& cell : r.settings)
      if (cell.kind != ErrorKind::none) kinds.insert(cell.kind);
  std::vector<std::string> words;
  for (const ErrorKind k : kinds) words.push_back(fmt::format("±{} {}", errorLetter(k), toString(k)));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string latexText(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    static const std::vector<std::pair<std::string_view, std::string_view>> signs = {
        {"±", "\\pm"}, {"λmax", "$\\lambda_{\\max}$"}, {"λmin", "$\\lambda_{\\min}$"}, {"λ₁/λ₅", "$\\lambda_1/\\lambda_5$"}, {"‖∇L‖", "$\\|\\nabla L\\|$"},
        {"‖Δθ‖", "$\\|\\Delta\\theta\\|$"}, {"‖θ‖", "$\\|\\theta\\|$"}, {"×", "$\\times$"}, {"−", "$-$"}, {"%", "\\%"}, {"_", "\\_"}, {"&", "\\&"}, {"#", "\\#"}};
    const auto sign = std::ranges::find_if(signs, [&](const auto& s) { return rest.starts_with(s.first); });
    if (sign == signs.end()) {
      out += text[i];
      continue;
    }
    // "±r 0.1" is one mathematical sign with its letter.
    if (sign->first == "±" && rest.size() > sign->first.size()) out += fmt::format("$\\pm_{{\\mathrm{{{}}}}}$", text[i + sign->first.size()]), i += sign->first.size();
    else out += sign->second, i += sign->first.size() - 1;
  }
  return out;
}

std::string markdownText(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

/// Columns of a fixed-width table count characters, not bytes.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

char errorLetter(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::none: return ' ';
    case ErrorKind::residual: return 'r';
    case ErrorKind::probes: return 'p';
    case ErrorKind::binomial: return 'b';
    case ErrorKind::items: return 'i';
    case ErrorKind::shortfall: return 'a';
    case ErrorKind::bracket: return 'k';
    case ErrorKind::seeds: return 's';
  }
  return ' ';
}

std::string cellText(const ComparedCell& cell, bool percent) {
  if (std::isnan(cell.value)) return "-";
  const double scale = percent ? 100 : 1, value = scale * cell.value, error = scale * cell.error;
  const std::string mark = cell.converged ? "" : "?";
  if (cell.kind == ErrorKind::none || std::isnan(error)) return (percent ? fmt::format("{:.2f}", value) : plain(value)) + mark;
  if (error == 0) return fmt::format("{} ±{} 0{}", percent ? fmt::format("{:.2f}", value) : plain(value), errorLetter(cell.kind), mark);
  // No more than seven digits of the value, however small the error.
  const int digits = std::min(places(error, 2), places(value, 7));
  const bool readable = std::abs(value) >= 1e-4 && std::abs(value) < 1e7;
  const std::string number = readable ? fmt::format("{:.{}f}", value, std::clamp(digits, 0, 12)) : fmt::format("{:.3e}", value);
  return fmt::format("{} ±{} {}{}", number, errorLetter(cell.kind), fmt::format("{:.2g}", error), mark);
}

std::string deltaText(const Contrast& c, bool percent) {
  if (std::isnan(c.delta)) return "-";
  const double v = percent ? 100 * c.delta : c.delta;
  return fmt::format("{}{}", v > 0 ? "+" : "", percent ? fmt::format("{:.2f}", v) : plain(v));
}

std::string ratioText(const Contrast& c) { return std::isnan(c.ratio) ? "-" : fmt::format("×{:.3g}", c.ratio); }

std::string comparisonCsv(const Comparison& c, const std::string& command) {
  std::string text = fmt::format("# {}\ngroup,key,name,setting,seeds,value,error,error_kind,own_error,own_error_kind,converged,delta,ratio,verdict,reason,test,statistic,freedom,p,p_holm,low_95,high_95,note\n", command);
  for (const ComparedRow& r : c.rows)
    for (std::size_t s = 0; s < c.settings.size(); ++s) {
      const ComparedCell& v = r.settings[s];
      const Contrast& k = r.contrasts[s];
      const std::vector<std::string> fields = {r.group, r.key, r.name, c.settings[s].name, fmt::format("{}", v.n), full(v.value), full(v.error), toString(v.kind), full(v.ownError), toString(v.ownKind),
                                               v.converged ? "true" : "false", full(k.delta), full(k.ratio), toString(k.verdict), k.reason, k.test, full(k.statistic), full(k.freedom), full(k.p),
                                               full(k.adjusted), full(k.low), full(k.high), v.note};
      for (const std::string& field : fields) text += fmt::format("{}{}", &field == &fields.front() ? "" : ",", quoted(field));
      text += "\n";
    }
  return text;
}

std::string settingsCsv(const Comparison& c) {
  std::string text = "flag,differs";
  for (const ComparedRun& r : c.runs) text += fmt::format(",{}", quoted(r.name));
  text += "\n";
  for (const ComparedFlag& f : c.flags) {
    text += fmt::format("{},{}", f.key, f.differs);
    for (const std::string& v : f.values) text += fmt::format(",{}", quoted(v));
    text += "\n";
  }
  return text;
}

std::string comparisonMarkdown(const Comparison& c) {
  const Table t = tableOf(c);
  std::string text = "|";
  for (const std::string& h : t.head) text += fmt::format(" {} |", markdownText(h));
  text += "\n|";
  for (std::size_t i = 0; i < t.head.size(); ++i) text += i < 2 ? " --- |" : " ---: |";
  for (const auto& line : t.lines) {
    text += "\n|";
    for (const std::string& field : line) text += fmt::format(" {} |", markdownText(field));
  }
  return text + "\n\n" + legend(c) + "\n";
}

std::string comparisonLatex(const Comparison& c) {
  const Table t = tableOf(c);
  std::string text = fmt::format("% needs \\usepackage{{booktabs}}\n\\begin{{tabular}}{{ll{}}}\n\\toprule\n", std::string(t.head.size() - 2, 'r'));
  const auto line = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) text += fmt::format("{}{}", i > 0 ? " & " : "", fields[i] == "delta" ? "$\\Delta$" : latexText(fields[i]));
    text += " \\\\\n";
  };
  line(t.head);
  for (const auto& fields : t.lines) {
    if (!fields.front().empty()) text += "\\midrule\n";
    line(fields);
  }
  return text + "\\bottomrule\n\\end{tabular}\n% " + legend(c) + "\n";
}

std::string comparisonText(const Comparison& c) {
  Table t = tableOf(c);
  t.lines.insert(t.lines.begin(), t.head);
  std::vector<std::size_t> widths(t.head.size(), 0);
  for (const auto& line : t.lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  std::string text;
  for (const auto& line : t.lines) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string space(widths[i] - width(line[i]), ' ');
      out += fmt::format("{}{}{}", i > 0 ? "  " : "", i < 2 ? line[i] : space, i < 2 ? space : line[i]);
    }
    text += out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
  }
  return text + legend(c) + "\n";
}

}  // namespace analysis
