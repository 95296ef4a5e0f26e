// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "analysis/export/export_result.h"
#include "analysis/sharpness/measure_kappa.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {

void addKappa(CLI::App& program, Command& chosen) {
  struct Options {
    analysis::KappaSpec spec;
    OutputOptions output;
    std::string out;
  };
  auto o = std::make_shared<Options>();
  CLI::App* c = program.add_subcommand("kappa", "curvature along a direction as a function of the step");
  addMeasureOptions(*c, o->spec.measure);
  c->add_option("--direction", o->spec.direction, "eigen:K | gradient | random, made of unit length")->capture_default_str();
  c->add_option("--direction-seed", o->spec.directionSeed, "of a random direction")->capture_default_str()->check(atLeast(0));
  c->add_option("--steps", o->spec.steps, "steps h > 0 (1e-4 ... 1, three a decade)");
  c->add_option("--out", o->out, outHelp("kappa"));
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape kappa runs/sam --direction eigen:1 --precision double --out kappa.svg");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token stop) {
      if (!o->out.empty()) analysis::requireKnownEnding(o->out, "kappa");
      analysis::KappaResult result{o->spec, {}};
      {
        ProgressPrinter printer("kappa", o->output);
        result.kappa = analysis::measureKappa(o->spec, printer.context(stop));
      }
      return finishMeasure(result, summarise(result.kappa), result.kappa.stopped, o->out, o->output);
    };
  });
}

}  // namespace app
