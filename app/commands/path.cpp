// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "analysis/export/export_result.h"
#include "analysis/paths/measure_path.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {

void addPath(CLI::App& program, Command& chosen) {
  struct Options {
    analysis::PathSpec spec;
    OutputOptions output;
    std::string out;
  };
  auto o = std::make_shared<Options>();
  CLI::App* c = program.add_subcommand("path", "loss between two runs: the line, its barrier, matched units, a Bezier curve");
  addMeasureOptions(*c, o->spec.measure);
  c->add_option("RUN2", o->spec.run2, "the other run's folder: the same network")->required();
  c->add_option("--step2", o->spec.step2, "checkpoint of RUN2: last | best | N")->capture_default_str();
  c->add_option("--points", o->spec.points, "of each line, both ends among them")->capture_default_str();
  c->add_flag("--match", o->spec.match, "also to RUN2 with its units permuted to match RUN's (weight matching)");
  c->add_option("--curve", o->spec.curveSteps, "also a Bezier curve, its midpoint trained by N steps of 4 gradients");
  c->add_option("--save-matched", o->spec.saveMatched, "write the permuted RUN2 to this checkpoint file");
  c->add_option("--out", o->out, outHelp("path"));
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape path runs/sgd runs/sam --match --curve 100 --out path.svg");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token stop) {
      if (!o->out.empty()) analysis::requireKnownEnding(o->out, "path");
      analysis::PathResult result{o->spec, {}};
      {
        ProgressPrinter printer("path", o->output);
        result.path = analysis::measurePath(o->spec, printer.context(stop));
      }
      return finishMeasure(result, summarise(result.path), result.path.stopped, o->out, o->output);
    };
  });
}

}  // namespace app
