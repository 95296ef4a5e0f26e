// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "analysis/spectrum/measure_spectrum.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {

void addSpectrum(CLI::App& program, Command& chosen) {
  struct Options {
    analysis::SpectrumSpec spec;
    OutputOptions output;
    std::string out;
  };
  auto o = std::make_shared<Options>();
  CLI::App* c = program.add_subcommand("spectrum", "Hessian eigenvalues at both ends, trace, density: each with its error");
  addMeasureOptions(*c, o->spec.measure);
  c->add_option("--top", o->spec.top, "how many of the largest")->capture_default_str();
  c->add_option("--bottom", o->spec.bottom, "how many of the smallest (most negative first)")->capture_default_str();
  c->add_option("--residual", o->spec.residual, "a pair is converged at ||Hq - lambda q|| <= R max|lambda| (float 1e-3, double 1e-8)");
  c->add_option("--max-products", o->spec.maxProducts, "Hessian products at most (200, or P up to 2000 if larger)");
  c->add_option("--operator", o->spec.operatorName, "hessian | gauss-newton | functional | fisher | empirical-fisher | finite-difference")->capture_default_str();
  c->add_option("--restrict", o->spec.restrictTo, "weights | biases | norms | embeddings, or a layer such as layer1.0 (default: all parameters)");
  c->add_option("--precondition", o->spec.precondition, "none | adam: D^-1/2 A D^-1/2 with the checkpoint's second moments")->capture_default_str();
  c->add_option("--trace", o->spec.trace, "trace and Frobenius norm with standard errors: xtrace | hutchinson");
  c->add_option("--trace-error", o->spec.traceError, "relative standard error at which a trace stops")->capture_default_str();
  c->add_option_function<std::string>("--density", [o](const std::string& word) { analysis::setDensity(o->spec, word); },
                                      "PROBESxSTEPS: spectral density by stochastic Lanczos quadrature, for example 20x60");
  c->add_option("--effective-dimension", o->spec.effectiveDimension, "C: sum lambda/(lambda + C) of the Gauss-Newton matrix, with its standard error");
  c->add_flag("--layers", o->spec.layers, "lambda_max and trace of each layer's block");
  c->add_flag("--extrapolate", o->spec.extrapolate, "lambda_max at several sample sizes and where it leads");
  c->add_flag("--verify", o->spec.verify, "compare with the dense matrix (at most 3000 parameters)");
  c->add_option("--save-vectors", o->spec.saveVectors, "write the eigenvectors to this safetensors file");
  c->add_option("--out", o->out, outHelp("spectrum"));
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape spectrum runs/sam --top 5 --bottom 2 --json");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token stop) {
      if (!o->out.empty()) analysis::requireKnownEnding(o->out, "spectrum");
      analysis::SpectrumResult result{o->spec, {}};
      {
        ProgressPrinter printer("spectrum", o->output);
        result.spectrum = analysis::measureSpectrum(o->spec, printer.context(stop));
      }
      return finishMeasure(result, summarise(result), result.spectrum.stopped, o->out, o->output);
    };
  });
}

}  // namespace app
