// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/export/comparison_table.h"
#include "app/summaries.h"

namespace app {
namespace {

std::string flagLines(const analysis::Comparison& c) {
  std::string text;
  for (const analysis::ComparedFlag& f : c.flags) {
    if (!f.differs) continue;
    std::string values;
    for (const analysis::ComparedSetting& s : c.settings) values += fmt::format("{}{}", values.empty() ? "" : " | ", f.values[s.runs.front()].empty() ? "-" : f.values[s.runs.front()]);
    text += fmt::format("  {:<22} {}\n", f.key, values);
  }
  return text.empty() ? "" : "settings that differ:\n" + text;
}

std::string fairnessLines(const analysis::Comparison& c) {
  std::string text = "is it a fair comparison?\n";
  for (const analysis::FairnessCheck& f : c.fairness) {
    const char* mark = f.verdict == analysis::FairVerdict::ok ? "ok" : f.verdict == analysis::FairVerdict::warning ? "!!" : "??";
    text += fmt::format("  {}  {}{}\n", mark, f.sentence, f.remedy.empty() ? "" : "; " + f.remedy);
  }
  return text;
}

/// Why rows could not be told, each reason once.
std::string reasonLines(const analysis::Comparison& c) {
  std::vector<std::string> reasons;
  for (const analysis::ComparedRow& r : c.rows)
    for (const analysis::Contrast& k : r.contrasts)
      if (k.verdict == analysis::ComparedVerdict::cannotTell && !std::ranges::count(reasons, k.reason)) reasons.push_back(k.reason);
  std::string text;
  for (const std::string& r : reasons) text += "  " + r + "\n";
  return text.empty() ? "" : "cannot tell, because:\n" + text;
}

}  // namespace

std::string summarise(const analysis::Comparison& c) {
  std::string text = fmt::format("{} runs, {} settings; against {}", c.runs.size(), c.settings.size(), c.settings[c.baseline].name);
  if (c.samples > 0) text += fmt::format("; measures on {} {} samples, {}, batch norm {}", c.samples, c.split, c.precision, c.batchNorm);
  text += "\n" + analysis::comparisonText(c) + flagLines(c) + fairnessLines(c) + reasonLines(c);
  if (c.tests > 0) text += fmt::format("{} tests of settings, Holm's correction over them\n", c.tests);
  for (const analysis::ComparedPlane& p : c.planes) text += fmt::format("surface {}: {}\n", p.file, p.label);
  for (const std::string& n : c.notes) text += n + "\n";
  return text + fmt::format("{} results taken from the runs, {} measured, {:.1f} s\n", c.reused, c.measured, c.seconds);
}

std::string summarise(const analysis::Study& s) {
  const auto known = [](double v) { return std::isnan(v) ? std::string("-") : fmt::format("{:.2f}", v); };
  std::string text = fmt::format("{} runs, {} settings; Kendall's tau with the {}", s.runs.size(), s.settings.size(), s.targetName);
  if (s.samples > 0) text += fmt::format("; measures on {} {} samples, {}, batch norm {}", s.samples, s.split, s.precision, s.batchNorm);
  text += fmt::format("\n{:<28}{:>5}{:>8}{:>18}{:>9}{:>9}{:>12}\n", "", "n", "tau", "95 %", "within", "across", "granulated");
  for (const analysis::StudiedMeasure& m : s.measures)
    text += fmt::format("{:<28}{:>5}{:>8}{:>18}{:>9}{:>9}{:>12}\n", m.key, m.n, known(m.tau), known(m.low) + " .. " + known(m.high), known(m.within), known(m.across), known(m.granulated));
  text += fmt::format("intervals: bootstrap of {}; within: over the seeds of {} settings; granulated: one flag varied at a time\n", s.resampled, s.measures.empty() ? 0 : s.measures.front().withinSettings);
  for (const std::string& n : s.notes) text += n + "\n";
  return text + fmt::format("a correlation is no cause; {:.1f} s\n", s.seconds);
}

}  // namespace app
