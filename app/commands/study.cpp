// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "analysis/comparison/compare_runs.h"
#include "analysis/comparison/correlate.h"
#include "analysis/export/export_result.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {

void addStudy(CLI::App& program, Command& chosen) {
  struct Options {
    analysis::StudySpec spec;
    std::vector<std::string> more;
    OutputOptions output;
    std::string out;
  };
  auto o = std::make_shared<Options>();
  analysis::StudySpec& s = o->spec;
  CLI::App* c = program.add_subcommand("study", "over many runs: does a measure go with the generalisation gap? Kendall's tau within and across settings, and granulated");
  addMeasureOptions(*c, s.measure);
  c->get_option("RUN")->description("a run folder, or the folder of a sweep for its finished runs");
  c->add_option("RUNS", o->more, "more of them");
  c->add_option("--target", s.target, "generalisation_gap | accuracy_gap | test_loss | test_accuracy ...: what the measures are held against")->capture_default_str();
  c->add_option("--measures", s.measures, "a choice of curvature,trace,sharpness,equal-loss, or none")->allow_extra_args(false)->delimiter(',');
  c->add_option("--worst", s.worst, "rho of worst case and one-step sharpness (0.5)")->allow_extra_args(false)->delimiter(',');
  c->add_option("--average", s.average, "deviation of average-case sharpness (0.05)")->allow_extra_args(false)->delimiter(',');
  c->add_option("--resamples", s.resamples, "of the bootstrap interval of tau; 0: none")->capture_default_str();
  c->add_option("--out", o->out, "also write the result here: json csv png svg pdf, by ending");
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape study sweeps/alpha --out study.svg");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token stop) {
      if (!o->out.empty()) analysis::requireKnownEnding(o->out, "study");
      analysis::StudyResult result{o->spec, {}};
      result.spec.runs = analysis::runsOf(runFolders(o->spec.measure.run, o->more));
      if (result.spec.measures == std::vector<std::string>{"none"}) result.spec.measures.clear();
      if (!result.spec.runs.empty()) result.spec.measure.run = result.spec.runs.front();
      {
        ProgressPrinter printer("study", o->output);
        result.study = analysis::studyRuns(result.spec, printer.context(stop));
      }
      return finishMeasure(result, summarise(result.study), result.study.stopped, o->out, o->output);
    };
  });
}

}  // namespace app
