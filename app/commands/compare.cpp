// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/comparison/compare_runs.h"
#include "analysis/comparison/find_results.h"
#include "analysis/export/write_comparison.h"
#include "app/commands/commands.h"
#include "app/progress_printer.h"
#include "app/summaries.h"
#include "trainer/base/error.h"

namespace app {
namespace {

struct CompareOptions {
  analysis::CompareSpec spec;
  std::vector<std::string> more;
  OutputOptions output;
  std::string out;
};

/// The runs as they are, sweeps taken apart, and the baseline by the name it has among them.
analysis::CompareSpec specOf(const CompareOptions& o) {
  analysis::CompareSpec spec = o.spec;
  spec.runs = analysis::runsOf(runFolders(o.spec.measure.run, o.more));
  if (spec.measures == std::vector<std::string>{"none"}) spec.measures.clear();
  for (const std::string& run : spec.runs)
    if (!spec.baseline.empty() && analysis::sameFolder(run, spec.baseline)) spec.baseline = run;
  if (!spec.runs.empty()) spec.measure.run = spec.baseline.empty() ? spec.runs.front() : spec.baseline;
  return spec;
}

int runCompare(const CompareOptions& o, const std::stop_token& stop) {
  const analysis::CompareSpec spec = specOf(o);
  analysis::validate(spec);
  if (!o.out.empty()) analysis::requireComparisonFolder(o.out);
  analysis::ComparedRuns made;
  {
    ProgressPrinter printer("compare", o.output);
    made = analysis::compareRuns(spec, printer.context(stop));
  }
  const analysis::ComparisonResult result{spec, made.comparison};
  const std::filesystem::path kept = analysis::saveResult(result);
  if (!o.out.empty()) analysis::writeComparison(result, o.out);
  if (o.output.json)
    fmt::print("{}\n", analysis::toJson(result).dump(2));
  else
    fmt::print("{}result {}\n", summarise(made.comparison), (o.out.empty() ? kept : std::filesystem::path(o.out)).string());
  if (made.comparison.stopped) throw trainer::Cancelled();
  return 0;
}

}  // namespace

void addCompare(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<CompareOptions>();
  analysis::CompareSpec& s = o->spec;
  CLI::App* c = program.add_subcommand("compare", "runs side by side: quality, curvature, sharpness, distances and cost, each with its error; what differs, and whether the comparison is fair");
  addMeasureOptions(*c, s.measure);
  c->get_option("RUN")->description("a run folder, or the folder of a sweep for its finished runs");
  c->add_option("RUNS", o->more, "more of them");
  c->add_option("--baseline", s.baseline, "the run whose setting the others are compared with (the first)");
  c->add_option("--names", s.names, "A,B,...: one a run")->allow_extra_args(false)->delimiter(',');
  c->add_option("--groups", s.groups, "A,A,B,...: one a run: those with the same word are one setting (default: runs that differ in their seed only)")->allow_extra_args(false)->delimiter(',');
  c->add_option("--measures", s.measures, "a choice of curvature,trace,sharpness,equal-loss,barriers,items, or none (all)")->allow_extra_args(false)->delimiter(',');
  c->add_option("--worst", s.worst, "rho of worst case and one-step sharpness (0.5)")->allow_extra_args(false)->delimiter(',');
  c->add_option("--average", s.average, "deviation of average-case sharpness (0.05)")->allow_extra_args(false)->delimiter(',');
  c->add_option("--target-loss", s.targetLoss, "train loss of the rows at equal train loss (the lowest that every run reaches)");
  c->add_option("--points", s.points, "of the line to the baseline")->capture_default_str();
  c->add_option("--planes", s.planes, "none | A (own filters) | B (identical directions) | C (one plane through the minima): surfaces of the first run of each setting")->capture_default_str();
  c->add_option("--size", s.size, "grid points a side of a surface, odd")->capture_default_str();
  c->add_option("--direction-seed", s.directionSeed, "of random directions")->capture_default_str()->check(atLeast(0));
  c->add_option("--level", s.level, "the chance that anything is called different in a comparison of equals")->capture_default_str();
  c->add_option("--out", o->out, "a folder for comparison.json, table.csv, .md and .tex, settings.csv, methods.txt and references.bib");
  addOutputOptions(*c, o->output);
  c->footer("Results that the runs have are taken where they fit; what is missing is measured and kept with them.\n"
            "Example: sharpscape compare runs/sgd runs/sam runs/penalty --planes A --out comparison");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runCompare(*o, stop); }; });
}

}  // namespace app
