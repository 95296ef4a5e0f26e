// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/invariance/measure_invariance.h"

#include <memory>

#include "analysis/export/export_result.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {

void addInvariance(CLI::App& program, Command& chosen) {
  struct Options {
    analysis::InvarianceSpec spec;
    OutputOptions output;
    std::string out;
  };
  auto o = std::make_shared<Options>();
  analysis::InvarianceSpec& s = o->spec;
  CLI::App* c = program.add_subcommand("invariance", "which measures stay when the weights change and the function does not");
  addMeasureOptions(*c, s.measure);
  c->add_option("--transform", s.transforms, "scale-layers | scale-units | permute | norm-scale | attention-query-key | attention-value | last-layer; several (all that fit)");
  c->add_option("--strength", s.strength, "the factor of a scaling, the stretch of attention's matrices")->capture_default_str();
  c->add_option("--share", s.share, "of the units that a permutation moves, 0..1")->capture_default_str();
  c->add_option("--transform-seed", s.transformSeed, "of permutations, unit factors and matrices")->capture_default_str()->check(atLeast(0));
  c->add_option("--other", s.other, "another run: is its checkpoint the same function?");
  c->add_option("--other-step", s.otherStep, "its checkpoint: last | best | N")->capture_default_str();
  c->add_option("--rho", s.rho, "of worst case and one step")->capture_default_str();
  c->add_option("--deviation", s.deviation, "of the average case")->capture_default_str();
  c->add_option("--iterations", s.iterations, "of an ascent")->capture_default_str();
  c->add_option("--draws", s.draws, "of trace, average case, relative flatness and random curvature, >= 20")->capture_default_str();
  c->add_option("--save", s.save, "write the transformed weights to this safetensors file (import reads it)");
  c->add_option("--out", o->out, outHelp("invariance"));
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape invariance runs/sam --transform scale-layers permute --strength 4");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token stop) {
      if (!o->out.empty()) analysis::requireKnownEnding(o->out, "invariance");
      analysis::InvarianceResult result{o->spec, {}};
      {
        ProgressPrinter printer("invariance", o->output);
        result.invariance = analysis::measureInvariance(o->spec, printer.context(stop));
      }
      return finishMeasure(result, summarise(result.invariance), result.invariance.stopped, o->out, o->output);
    };
  });
}

}  // namespace app
