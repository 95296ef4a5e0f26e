// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/bench/measure_bench.h"
#include "analysis/export/export_result.h"
#include "analysis/export/provenance_of.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"
#include "trainer/base/error.h"

namespace app {
namespace {

struct BenchOptions {
  analysis::BenchSpec spec;
  OutputOptions output;
  std::string out;
};

int runBench(const BenchOptions& o, const std::stop_token& stop) {
  if (!o.out.empty()) analysis::requireKnownEnding(o.out, "bench");
  analysis::BenchResult measured{o.spec, {}};
  {
    ProgressPrinter printer("bench", o.output);
    measured.bench = analysis::measureBench(o.spec, printer.context(stop));
  }
  const analysis::Result result = analysis::withOrigin(measured);  // there is no run to keep it in
  if (!o.out.empty()) analysis::exportResult(result, o.out);
  fmt::print("{}", o.output.json ? analysis::toJson(result).dump(2) + "\n" : summarise(result));
  if (measured.bench.stopped) throw trainer::Cancelled();
  return 0;
}

}  // namespace

void addBench(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<BenchOptions>();
  analysis::MeasureSpec& m = o->spec.measure;
  CLI::App* c = program.add_subcommand("bench", "what products, training steps and grid points cost on this machine, in two minutes");
  c->add_option("--nets", o->spec.nets, "models, with commas: cnn, lenet, resnet20, or any other of `train` but gpt")->delimiter(',')->allow_extra_args(false)->capture_default_str();
  c->add_option("--budget", o->spec.budgetSeconds, "seconds for all of it; the least that is always measured may take longer")->capture_default_str();
  c->add_option("--seed", m.seed, "of images, weights and start vectors")->capture_default_str()->check(atLeast(0));
  addMachineOptions(*c, m.device, m.threads);
  c->add_option("--precision", m.precision, "float | double")->capture_default_str();
  c->add_option("--memory", m.memoryBytes, "budget for kept graphs: bytes, or 512M, 4G (default: half of what is free)")->transform(CLI::AsSizeValue(false))->check(atLeast(1));
  c->add_option("--out", o->out, outHelp("bench"));
  addOutputOptions(*c, o->output);
  c->footer("Ratios of pieces of work timed in turn, their median with an interval, beside the floor that arithmetic sets and this program's target. Images are made up: nothing is read.\n"
            "Example: sharpscape bench --nets lenet,resnet20 --budget 120 --out bench.csv");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runBench(*o, stop); }; });
}

}  // namespace app
