// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "analysis/spectrum/curvature_tracker.h"
#include "app/commands/commands.h"
#include "app/progress_printer.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_folder.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using trainer::SweepMeasure;

constexpr std::size_t kMostReasons = 5;

struct SweepWords {
  std::string specFile, out, device;
  std::int64_t jobs = 0, threads = 0;
  OutputOptions output;
};

/// "93.12 +- 0.41"; without a deviation the mean alone, without a mean a dash.
std::string meanText(const trainer::Statistic& s, double scale, int digits) {
  if (s.count == 0) return "-";
  const auto one = [&](double v) { return digits > 0 ? fmt::format("{:.{}f}", scale * v, digits) : fmt::format("{:.4g}", scale * v); };
  return s.deviation ? one(s.mean) + " +- " + (digits > 0 ? one(*s.deviation) : fmt::format("{:.2g}", scale * *s.deviation)) : one(s.mean);
}

std::vector<std::vector<std::string>> cells(const trainer::SweepTable& table) {
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& [key, ignored] : table.settings.front().settings.items()) lines[0].push_back(key);
  for (const char* word : {"n", "diverged", "train loss", "validation %", "test %", "test error %", "lambda max", "||theta||", "seconds"}) lines[0].emplace_back(word);
  for (const trainer::SweepSetting& s : table.settings) {
    std::vector<std::string> line;
    for (const auto& value : s.settings) line.push_back(value.is_null() ? "-" : value.is_string() ? value.get<std::string>() : value.is_number_float() ? fmt::format("{}", value.get<double>()) : value.dump());
    line.push_back(fmt::format("{}", s.completed));
    line.push_back(fmt::format("{}", s.diverged));
    line.push_back(meanText(s.of(SweepMeasure::trainLoss), 1, 0));
    for (const SweepMeasure m : {SweepMeasure::validationAccuracy, SweepMeasure::testAccuracy, SweepMeasure::testError}) line.push_back(meanText(s.of(m), 100, 2));
    for (const SweepMeasure m : {SweepMeasure::lambdaMax, SweepMeasure::parameterNorm, SweepMeasure::seconds}) line.push_back(meanText(s.of(m), 1, 0));
    lines.push_back(std::move(line));
  }
  return lines;
}

/// Columns as wide as their widest cell, to the right.
std::string aligned(const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths(lines.front().size(), 0);
  for (const auto& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], line[c].size());
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t c = 0; c < line.size(); ++c) text += fmt::format("{}{:>{}}", c == 0 ? "" : "  ", line[c], widths[c]);
    text += '\n';
  }
  return text;
}

std::string summarise(const trainer::SweepTable& table, const fs::path& folder) {
  std::string text = aligned(cells(table));
  if (table.best) {
    const trainer::SweepSetting& best = table.settings[*table.best];
    text += fmt::format("best on validation: {}, {} % over {} run{}; on test it has {} %\n", trainer::describe(best.settings),
                        meanText(best.of(SweepMeasure::validationAccuracy), 100, 2), best.completed, best.completed == 1 ? "" : "s",
                        meanText(best.of(SweepMeasure::testAccuracy), 100, 2));
  }
  if (!table.note.empty()) text += table.note + "\n";
  return text + fmt::format("table  {}\n", (folder / trainer::kSweepSettingsFile).string());
}

/// A sentence for each run that came to no end; returns how many failed.
std::size_t noteTroubles(const SweepWords& o, const trainer::SweepTable& table) {
  std::size_t troubles = 0, failed = 0;
  for (const trainer::SweepRow& row : table.runs) {
    const bool wrong = row.status == trainer::SweepStatus::failed;
    failed += wrong ? 1 : 0;
    if (!wrong && row.status != trainer::SweepStatus::diverged) continue;
    if (++troubles <= kMostReasons) note(o.output, fmt::format("{} {}: {}", row.name, trainer::toString(row.status), row.reason));
  }
  if (troubles > kMostReasons) note(o.output, fmt::format("and {} more: {} has all reasons", troubles - kMostReasons, trainer::kSweepRunsFile));
  return failed;
}

void noteStart(const SweepWords& o, const trainer::SweepStart& start) {
  std::string sentence = fmt::format("{} run{}", start.runs, start.runs == 1 ? "" : "s");
  if (start.done > 0) sentence += fmt::format(", {} done before", start.done);
  if (start.jobs > 0) sentence += fmt::format(", {} at a time, about {} MB each", start.jobs, std::max<std::int64_t>(1, start.bytesPerRun >> 20));
  note(o.output, sentence);
}

int runSweepCommand(const SweepWords& o, const std::stop_token& stop) {
  const trainer::SweepSpec given = trainer::toSweepSpec(trainer::readJson(o.specFile), o.specFile);
  const trainer::SweepSpec spec = trainer::onMachine(given, o.device, o.threads);
  std::vector<std::string> notes;
  trainer::plannedRuns(spec, &notes);
  for (const std::string& sentence : notes) note(o.output, sentence);
  const std::string stem = given.name.empty() ? fs::path(o.specFile).stem().string() : given.name;
  const fs::path folder = o.out.empty() ? trainer::freeFolder(fs::path("sweeps") / fs::path(stem).filename()) : fs::path(o.out);
  trainer::SweepTable table;
  {
    ProgressPrinter printer("sweep", o.output);
    trainer::SweepObserver observer;
    observer.started = [&](const trainer::SweepStart& start) { noteStart(o, start); };
    table = trainer::runSweep(spec, folder, observer, printer.context(stop), {.jobs = o.jobs, .makeCurvature = analysis::makeCurvatureTracker});
  }
  const std::size_t failed = noteTroubles(o, table);
  if (o.output.json)
    fmt::print("{}\n", trainer::toJson(table).dump(2));
  else
    fmt::print("{}", summarise(table, folder));
  const bool open = std::any_of(table.settings.begin(), table.settings.end(), [](const auto& s) { return s.open > 0; });
  if (open) throw trainer::Cancelled();
  if (failed > 0) throw trainer::Error(fmt::format("{} of {} runs failed; the same command tries them again", failed, table.runs.size()));
  return 0;
}

}  // namespace

void addSweep(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<SweepWords>();
  CLI::App* c = program.add_subcommand("sweep", "train a grid of runs over any flags and seeds, and put them in one table");
  c->add_option("SPEC", o->specFile, "{\"base\": {flags as in a run's spec.json}, \"grid\": {\"alpha\": [0, 0.5, 1], \"seed\": [0, 1, 2]}}; any flag of train, with _ for -")
      ->required();
  c->add_option("--out", o->out, "the sweep's folder (default: a new one in sweeps/); the same command on the same folder goes on where it stopped");
  c->add_option("--jobs", o->jobs, "runs at a time, at most one a core (default: as many as cores / threads and half of the free memory allow); results do not depend on it")
      ->check(atLeast(1));
  addMachineOptions(*c, o->device, o->threads);
  c->get_option("--threads")->description("CPU threads of each run (default: the spec's, else 1); bits depend on it");
  addOutputOptions(*c, o->output);
  c->footer("The best setting is the one with the highest mean validation accuracy: set \"validation\" in the base. Test data never choose.\n"
            "Example: sharpscape sweep resources/examples/sweep-alpha.json --out sweeps/alpha");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runSweepCommand(*o, stop); }; });
}

}  // namespace app
