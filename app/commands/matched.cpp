// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "analysis/export/export_result.h"
#include "analysis/matched/measure_matched.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {

void addMatched(CLI::App& program, Command& chosen) {
  struct Options {
    analysis::MatchedSpec spec;
    std::vector<std::string> more;
    OutputOptions output;
    std::string out;
  };
  auto o = std::make_shared<Options>();
  analysis::MatchedSpec& s = o->spec;
  CLI::App* c = program.add_subcommand("matched", "curvature and sharpness of several runs at one train loss");
  addMeasureOptions(*c, s.measure);
  c->add_option("RUNS", o->more, "more runs");
  c->add_option("--target-loss", s.targetLoss, "the train loss to compare at (the lowest that every run reaches)");
  c->add_option("--rho", s.rho, "of the worst case; several (0.5)");
  c->add_option("--deviation", s.deviation, "of the average case; several (0.05)");
  c->add_option("--iterations", s.iterations, "of an ascent")->capture_default_str();
  c->add_option("--draws", s.draws, "of trace and average case, >= 20")->capture_default_str();
  c->add_option("--out", o->out, outHelp("matched"));
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape matched runs/sgd runs/sam --samples all");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token stop) {
      if (!o->out.empty()) analysis::requireKnownEnding(o->out, "matched");
      analysis::MatchedResult result{o->spec, {}};
      result.spec.runs = runFolders(o->spec.measure.run, o->more);
      if (result.spec.measure.step != "last") {
        note(o->output, "--step is not used: the checkpoints are those whose losses bracket the target");
        result.spec.measure.step = "last";
      }
      {
        ProgressPrinter printer("matched", o->output);
        result.matched = analysis::measureMatched(result.spec, printer.context(stop));
      }
      return finishMeasure(result, summarise(result.matched), result.matched.stopped, o->out, o->output);
    };
  });
}

}  // namespace app
