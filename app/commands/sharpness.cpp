// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/measure_sharpness.h"

#include <memory>

#include "analysis/export/export_result.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {
namespace {

struct SharpnessOptions {
  analysis::SharpnessSpec spec;
  OutputOptions output;
  std::string out;
  bool plain = false, adaptive = false;
};

int runSharpness(SharpnessOptions o, const std::stop_token& stop) {
  if (!o.out.empty()) analysis::requireKnownEnding(o.out, "sharpness");
  if (o.plain != o.adaptive) o.spec.scales = {o.plain ? "plain" : "adaptive"};
  analysis::SharpnessResult result{o.spec, {}};
  {
    ProgressPrinter printer("sharpness", o.output);
    result.sharpness = analysis::measureSharpness(o.spec, printer.context(stop));
  }
  return finishMeasure(result, summarise(result.sharpness), result.sharpness.stopped, o.out, o.output);
}

}  // namespace

void addSharpness(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<SharpnessOptions>();
  analysis::SharpnessSpec& s = o->spec;
  CLI::App* c = program.add_subcommand("sharpness", "how much the loss rises around a checkpoint: worst case, one step, average case");
  addMeasureOptions(*c, s.measure);
  c->add_option("--kind", s.kinds, "worst | one-step | average; several (all)");
  c->add_option("--norm", s.norms, "l2 | linf, of worst and one-step; several (l2)");
  c->add_flag("--plain", o->plain, "only ||delta|| itself (default: both, plain and adaptive)");
  c->add_flag("--adaptive", o->adaptive, "only delta_i = |w_i| u_i, rho bounds u");
  c->add_option("--rho", s.rho, "radii; average: deviations (l2 .25 .5 1 2; average .05 .1 .2 .4; linf .0005 ... .004, adaptive .01 ... .08)");
  c->add_option("--group", s.group, "samples a group, each with its own worst case, then averaged (all in one)")->check(atLeast(1));
  c->add_option("--iterations", s.iterations, "of an ascent")->capture_default_str();
  c->add_option("--restarts", s.restarts, "random starts of an ascent, beside the one along the gradient")->capture_default_str();
  c->add_option("--draws", s.draws, "of the average case and of PAC-Bayes, >= 20")->capture_default_str();
  c->add_option("--penalty-rho", s.penaltyRho, "radii at which the penalty's difference is compared with H g/||g|| (.001 .01 .05 .1 .5 and the run's)");
  c->add_flag("--relative-flatness", s.relativeFlatness, "of the last layer (Petzka et al. 2021)");
  c->add_option("--probes", s.probes, "of relative flatness, where it cannot be summed exactly")->capture_default_str();
  c->add_option("--pac-bayes", s.pacBayes, "the largest deviation that raises the loss by no more than this (customary: 0.1)");
  c->add_option("--out", o->out, outHelp("sharpness"));
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape sharpness runs/sam --kind worst average --group 128 --json");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runSharpness(*o, stop); }; });
}

}  // namespace app
