// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/check/check_run.h"
#include "analysis/check/surface_oddities.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {
namespace {

struct CheckOptions {
  analysis::CheckSpec spec;
  analysis::OdditySpec oddities;
  OutputOptions output;
};

int runCheck(const CheckOptions& o, const std::stop_token& stop) {
  analysis::CheckResult result{o.spec, {}};
  {
    ProgressPrinter printer("check", o.output);
    result.report = analysis::checkRun(o.spec, printer.context(stop));
  }
  return finishMeasure(result, summarise(result), false, {}, o.output);
}

int runOddities(const CheckOptions& o, const std::stop_token& stop) {
  analysis::OdditySpec spec = o.oddities;
  spec.surface = o.spec.measure.run;
  spec.measure.device = o.spec.measure.device, spec.measure.threads = o.spec.measure.threads;
  analysis::OdditiesResult result;
  {
    ProgressPrinter printer("check", o.output);
    result = analysis::checkSurface(std::move(spec), printer.context(stop));
  }
  if (result.oddities.withRun) return finishMeasure(result, summarise(result), false, {}, o.output);
  // There is no run to keep it in.
  fmt::print("{}{}", o.output.json ? analysis::toJson(result).dump(2) : summarise(result), o.output.json ? "\n" : "");
  return 0;
}

}  // namespace

void addCheck(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<CheckOptions>();
  CLI::App* c = program.add_subcommand("check", "whether Hessian products of a run can be trusted, or why a surface looks odd");
  addMeasureOptions(*c, o->spec.measure);
  c->get_option("RUN")->description("the run folder; or the file of a surface or slice: why it looks odd");
  c->add_option("--with", o->spec.with, "measure under conditions of training: dropout, augmentation, shuffling, reduced-precision (a list with commas)")->delimiter(',')->allow_extra_args(false);
  c->add_flag("--as-trained", o->spec.asTrained, "under all conditions the run was trained with: shows what they would do to a measure");
  c->add_option("--beside", o->oddities.beside, "of a surface: the file of another that is shown beside it; may be repeated")->allow_extra_args(false);
  c->add_option("--probes", o->oddities.probes, "of a surface: cells that are evaluated again")->capture_default_str()->check(atLeast(2));
  addOutputOptions(*c, o->output);
  c->footer("Of a run: repeatability, symmetry, independence of the batches, exact product against differences, and how much batch norm's statistics matter.\n"
            "Of a surface: what is known to make one look odd, measured on the run again (its own flags hold; --device and --threads are looked at).\n"
            "Example: sharpscape check runs/sam --precision double\n"
            "Example: sharpscape check runs/sam/analyses/surface_step920_c3d4.json");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token stop) {
      std::error_code ignored;
      return std::filesystem::is_regular_file(o->spec.measure.run, ignored) ? runOddities(*o, stop) : runCheck(*o, stop);
    };
  });
}

}  // namespace app
