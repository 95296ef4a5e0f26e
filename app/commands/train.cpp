// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/train.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/progress_printer.h"
#include "app/summaries.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_folder.h"
#include "trainer/run/run_store.h"

namespace app {
namespace {

struct TrainOptions {
  std::string specFile, out;
  trainer::RunSpec spec;
  OutputOptions output;
  std::vector<const CLI::Option*> specFlags;  ///< flags that a spec file replaces
};

void addSpecFlags(CLI::App& c, trainer::RunSpec& s) {
  c.add_option("--data", s.data, "digits (built in) | idx:DIR (MNIST family, .gz or not)");
  c.add_option("--model", s.model, "mlp:64-32-10 | cnn | lenet (default: digits cnn, 28x28 idx lenet, other idx mlp:D-64-C)");
  c.add_option("--activation", s.activation, "relu | tanh | gelu | softplus, for mlp and cnn")->capture_default_str();
  c.add_option("--loss", s.loss, "cross-entropy")->capture_default_str();
  c.add_option("--optimizer", s.optimizer, "sgd")->capture_default_str();
  c.add_option("--learning-rate", s.learningRate, "eta > 0")->capture_default_str();
  c.add_option("--momentum", s.momentum, "0 <= m < 1")->capture_default_str();
  c.add_flag("--nesterov", s.nesterov, "Nesterov's momentum");
  c.add_option("--weight-decay", s.weightDecay, "wd >= 0: the loss means + (wd/2) ||theta||^2")->capture_default_str();
  c.add_option("--sharpness", s.sharpness,
               "none | sam (Foret et al. 2021) | penalty (gradient norm: Zhao, Zhang, Hu 2022; sam is its alpha = 1)")->capture_default_str();
  c.add_option("--rho", s.rho, "radius >= 0 (sam 0.05, penalty 0.1)");
  c.add_option("--alpha", s.alpha, "mix 0..1, penalty only (0.8); lambda = alpha rho");
  c.add_option("--reference-term", s.referenceTerm, "gradient (the paper's formula) | unit (its published code), penalty only (gradient)");
  c.add_option("--schedule", s.schedule, "constant | cosine (to 0)")->capture_default_str();
  c.add_option("--clip-norm", s.clipNorm, "C > 0: g min(1, C/||g||) (off)");
  c.add_option("--batch-size", s.batchSize, "N >= 1 (64 for digits, else 128)")->check(atLeast(1));
  c.add_option("--epochs", s.epochs, "N >= 1 (40 for digits, else 10)")->check(atLeast(1));
  c.add_option("--checkpoint-every", s.checkpointEvery, "epochs (so that about 12 are kept; 0 and last always)")->check(atLeast(1));
  c.add_option("--seed", s.seed, "of initialisation and batch order")->capture_default_str()->check(atLeast(0));
  c.add_option("--precision", s.precision, "float | double")->capture_default_str();
}

trainer::RunSpec specOf(const TrainOptions& o) {
  if (o.specFile.empty()) {
    if (o.spec.data.empty()) throw std::invalid_argument("--data is required: digits (built in) or idx:DIR; or give a spec file");
    return o.spec;
  }
  for (const CLI::Option* flag : o.specFlags)
    if (flag->count() > 0)
      throw std::invalid_argument(fmt::format("{} and a spec file were both given; put it into '{}' instead", flag->get_name(), o.specFile));
  trainer::RunSpec spec = trainer::toRunSpec(trainer::readJson(o.specFile), o.specFile);
  if (!o.spec.device.empty()) spec.device = o.spec.device;
  if (o.spec.threads > 0) spec.threads = o.spec.threads;
  return spec;
}

int runTrain(const TrainOptions& o, const std::stop_token& stop) {
  std::vector<std::string> notes;
  const trainer::RunSpec spec = trainer::resolve(specOf(o), &notes);
  for (const std::string& sentence : notes) note(o.output, sentence);
  const std::filesystem::path folder = o.out.empty() ? trainer::newRunFolder("runs", spec) : std::filesystem::path(o.out);
  trainer::RunSpec resolved = spec;
  trainer::RunRecord record;
  {
    ProgressPrinter printer("train", o.output);
    trainer::TrainObserver observer;
    observer.started = [&](const trainer::RunSpec& full, std::int64_t, std::int64_t) { resolved = full; };
    record = trainer::train(spec, folder, observer, printer.context(stop));
  }
  if (o.output.json)
    fmt::print("{}\n", trainer::summaryJson(resolved, record).dump(2));
  else
    fmt::print("{}", summarise(resolved, record));
  if (record.status == trainer::RunStatus::stopped) throw trainer::Cancelled();
  if (record.status == trainer::RunStatus::diverged) throw trainer::NumericalError(record.reason);
  return 0;
}

}  // namespace

void addTrain(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<TrainOptions>();
  CLI::App* c = program.add_subcommand("train", "train a network; makes a run folder");
  c->add_option("SPEC", o->specFile, "a spec file (json) instead of flags, for example the spec.json of another run");
  addSpecFlags(*c, o->spec);
  for (const CLI::Option* option : c->get_options([](const CLI::Option* opt) { return opt->nonpositional() && opt->get_name() != "--help"; }))
    o->specFlags.push_back(option);
  addMachineOptions(*c, o->spec.device, o->spec.threads);
  c->add_option("--out", o->out, "the run folder to make (default: runs/<date>_<model>-<data>-<method>_<hash>)");
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape train --data digits --sharpness penalty --rho 0.2 --alpha 0.8 --out runs/penalty");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runTrain(*o, stop); }; });
}

}  // namespace app
