// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/import_run.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/progress_printer.h"
#include "app/summaries.h"
#include "trainer/run/run_store.h"

namespace app {
namespace {

struct ImportOptions {
  std::string weights, out;
  trainer::RunSpec spec;
  OutputOptions output;
};

int runImport(const ImportOptions& o, const std::stop_token& stop) {
  trainer::RunSpec spec = o.spec;
  trainer::RunRecord record;
  {
    ProgressPrinter printer("import", o.output);
    record = trainer::importRun(o.weights, spec, o.out, printer.context(stop));
  }
  if (o.output.json)
    fmt::print("{}\n", trainer::summaryJson(spec, record).dump(2));
  else
    fmt::print("{}", summarise(spec, record));
  return 0;
}

}  // namespace

void addImport(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<ImportOptions>();
  o->spec.precision.clear();
  CLI::App* c = program.add_subcommand("import", "make a run folder of weights that another program trained");
  c->add_option("FILE", o->weights, "a safetensors file under PyTorch's state-dict names; half precision becomes float")->required();
  c->add_option("--model", o->spec.model, "the network the weights are for: mlp:64-32-10, lenet, resnet20, resnet18, vgg16_bn, wrn-16-4, vit, gpt ...")->required();
  c->add_option("--data", o->spec.data, "the data they were trained on: digits, idx:DIR, cifar10:DIR ...")->required();
  c->add_option("--activation", o->spec.activation, "relu | tanh | gelu | softplus, for mlp and cnn")->capture_default_str();
  c->add_option("--mean", o->spec.mean, "A[,B,C]: the mean of pixel/scale that they were trained with (default: computed); needs --std")->delimiter(',');
  c->add_option("--std", o->spec.deviation, "A[,B,C]: the deviation of pixel/scale; needs --mean")->delimiter(',');
  c->add_option("--precision", o->spec.precision, "float | double (default: the file's)");
  addMachineOptions(*c, o->spec.device, o->spec.threads);
  c->add_option("--out", o->out, "the run folder to make")->required();
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape import resnet20.safetensors --model resnet20 --data cifar10:data/cifar-10-batches-bin --out runs/imported");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runImport(*o, stop); }; });
}

}  // namespace app
