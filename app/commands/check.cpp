// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <memory>

#include "analysis/check/check_run.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {

void addCheck(CLI::App& program, Command& chosen) {
  struct Options {
    analysis::CheckSpec spec;
    OutputOptions output;
  };
  auto o = std::make_shared<Options>();
  CLI::App* c = program.add_subcommand("check", "Whether Hessian products of a run can be trusted, and what makes them wrong where not");
  addMeasureOptions(*c, o->spec.measure);
  c->add_option("--with", o->spec.with, "measure under conditions of training: dropout, augmentation, shuffling, reduced-precision (a list with commas)")->delimiter(',')->allow_extra_args(false);
  c->add_flag("--as-trained", o->spec.asTrained, "under all conditions the run was trained with: shows what they would do to a measure");
  addOutputOptions(*c, o->output);
  c->footer("Repeatability, symmetry, independence of the batches, exact product against differences, and how much batch norm's statistics matter.\n"
            "Example: sharpscape check runs/sam --precision double");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token stop) {
      analysis::CheckResult result{o->spec, {}};
      {
        ProgressPrinter printer("check", o->output);
        result.report = analysis::checkRun(o->spec, printer.context(stop));
      }
      return finishMeasure(result, summarise(result), false, {}, o->output);
    };
  });
}

}  // namespace app
