// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/text_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace analysis {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

struct CsvCell {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(const std::string& text) const { return quoted(text); }
  template <class T>
  std::string operator()(const T& value) const {
    return fmt::format("{}", value);
  }
};

std::string texEscaped(const std::string& text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '\\': out += "\\textbackslash{}"; break;
      case '~': out += "\\textasciitilde{}"; break;
      case '^': out += "\\textasciicircum{}"; break;
      case '&': case '%': case '$': case '#': case '_': case '{': case '}': out.append("\\").push_back(c); break;
      default: out += c;
    }
  return out;
}

struct TexCell {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(const std::string& text) const { return texEscaped(text); }
  std::string operator()(bool value) const { return value ? "yes" : "no"; }
  std::string operator()(std::int64_t value) const { return fmt::format("${}$", value); }
  std::string operator()(double value) const {
    if (!std::isfinite(value)) return std::isnan(value) ? "--" : value > 0 ? "$\\infty$" : "$-\\infty$";
    const std::string text = fmt::format("{:.6g}", value);
    const std::size_t e = text.find('e');
    if (e == std::string::npos) return fmt::format("${}$", text);
    return fmt::format("${} \\times 10^{{{}}}$", text.substr(0, e), std::stoi(text.substr(e + 1)));
  }
};

/// Texts to the left, numbers to the right, by the first row.
std::string alignment(const ResultTable& table) {
  std::string letters(table.columns.size(), 'r');
  for (std::size_t i = 0; !table.rows.empty() && i < letters.size(); ++i)
    if (std::holds_alternative<std::string>(table.rows.front()[i])) letters[i] = 'l';
  return letters;
}

}  // namespace

std::string csvFile(const std::vector<ResultTable>& tables, const Provenance& provenance) {
  std::string text = provenance.text("# ");
  for (const bool aside : {true, false})
    for (const ResultTable& table : tables) {
      if (table.aside != aside) continue;
      const char* const prefix = aside ? "#> " : "";
      text += fmt::format("{}{}\n", prefix, fmt::join(table.columns, ","));
      for (const auto& row : table.rows) {
        text += prefix;
        for (std::size_t i = 0; i < row.size(); ++i) text.append(i == 0 ? "" : ",").append(std::visit(CsvCell(), row[i]));
        text += "\n";
      }
    }
  return text;
}

std::string texFile(const std::vector<ResultTable>& tables, const Provenance& provenance) {
  std::string text = provenance.text("% ") + "% Needs \\usepackage{booktabs}.\n";
  for (const ResultTable& table : tables) {
    text += fmt::format("\\begin{{tabular}}{{{}}}\n\\toprule\n", alignment(table));
    for (std::size_t i = 0; i < table.columns.size(); ++i) text.append(i == 0 ? "" : " & ").append(texEscaped(table.columns[i]));
    text += " \\\\\n\\midrule\n";
    for (const auto& row : table.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) text.append(i == 0 ? "" : " & ").append(std::visit(TexCell(), row[i]));
      text += " \\\\\n";
    }
    text += "\\bottomrule\n\\end{tabular}\n";
  }
  return text;
}

}  // namespace analysis
