// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/export/report.h"
#include "analysis/spectrum/measure_spectrum.h"
#include "analysis/surface/sample_surface.h"
#include "app/commands/commands.h"
#include "app/progress_printer.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/example_runs.h"
#include "trainer/run/run_folder.h"
#include "trainer/run/train.h"

namespace app {
namespace {

namespace fs = std::filesystem;

struct DemoOptions {
  std::string out, device;
  std::uint64_t seed = 0;
  std::int64_t threads = 0, epochs = 0, size = 33;
  OutputOptions output;
};

/// The command that makes the same report, with what differs from the defaults.
std::string demoCommand(const DemoOptions& o) {
  std::string command = "sharpscape demo";
  if (o.seed != 0) command += fmt::format(" --seed {}", o.seed);
  if (o.epochs > 0) command += fmt::format(" --epochs {}", o.epochs);
  if (o.size != DemoOptions{}.size) command += fmt::format(" --size {}", o.size);
  if (o.threads > 0) command += fmt::format(" --threads {}", o.threads);
  if (!o.device.empty()) command += " --device " + o.device;
  return command;
}

analysis::ReportRun trainOne(const trainer::RunSpec& spec, const fs::path& folder, const DemoOptions& o, const std::stop_token& stop) {
  analysis::ReportRun run;
  run.name = trainer::displayName(spec);
  ProgressPrinter printer("train " + run.name, o.output);
  trainer::TrainObserver observer;
  observer.started = [&](const trainer::RunSpec& resolved, std::int64_t, std::int64_t) { run.spec = resolved; };
  run.record = trainer::train(spec, folder, observer, printer.context(stop));
  if (run.record.status == trainer::RunStatus::stopped) throw trainer::Cancelled();
  if (run.record.status == trainer::RunStatus::diverged) throw trainer::NumericalError(run.name + ": " + run.record.reason);
  return run;
}

void measureOne(analysis::ReportRun& run, const fs::path& folder, const DemoOptions& o, const std::stop_token& stop) {
  analysis::MeasureSpec measure;
  measure.run = folder.string();
  measure.seed = o.seed;
  measure.device = o.device;
  measure.threads = o.threads;
  {
    ProgressPrinter printer("eigenvalues of " + run.name, o.output);
    analysis::SpectrumResult& r = run.spectrum.emplace();
    r.spec.measure = measure;
    r.spectrum = analysis::measureSpectrum(r.spec, printer.context(stop));
  }
  if (run.spectrum->spectrum.stopped) throw trainer::Cancelled();
  analysis::saveResult(*run.spectrum);
  {
    ProgressPrinter printer("surface of " + run.name, o.output);
    analysis::SurfaceResult& r = run.surface.emplace();
    r.spec.measure = measure;
    r.spec.directionSeed = o.seed;
    r.spec.x.size = o.size;
    r.spec.y = r.spec.x;
    r.grid = analysis::sampleSurface(r.spec, {}, printer.context(stop));
  }
  analysis::saveResult(*run.surface);
  if (run.surface->grid.stopped) throw trainer::Cancelled();
}

fs::path makeFolder(const DemoOptions& o) {
  const fs::path folder = o.out.empty() ? trainer::freeFolder("sharpscape-demo") : fs::path(o.out);
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    throw std::invalid_argument(fmt::format("--out '{}' exists and is not empty; name a new folder", folder.string()));
  fs::create_directories(folder, error);
  if (error) throw trainer::IoError(fmt::format("the folder '{}' cannot be made: {}", folder.string(), error.message()));
  return folder;
}

std::string table(const std::vector<analysis::ReportRun>& runs) {
  std::string text = fmt::format("{:<26}{:>12}{:>12}{:>10}{:>11}{:>12}{:>11}{:>12}\n", "", "train loss", "test loss", "test acc", "||theta||",
                                 "lambda max", "residual", "lambda min");
  for (const auto& run : runs) {
    const auto& e = run.record.evaluations.back();
    const auto& s = run.spectrum->spectrum;
    text += fmt::format("{:<26}{:>12.4g}{:>12.4g}{:>8.2f} %{:>11.4g}{:>12.4g}{:>11.1g}{:>12.3g}\n", run.name, e.trainLoss, e.testLoss,
                        100 * e.testAccuracy, run.record.parameterNorm, s.top.front().value, s.top.front().residual, s.bottom.front().value);
  }
  return text;
}

int runDemo(const DemoOptions& o, const std::stop_token& stop) {
  std::vector<trainer::RunSpec> specs = trainer::exampleRuns(o.seed);
  for (auto& spec : specs) {
    spec.device = o.device;
    spec.threads = o.threads;
    if (o.epochs > 0) spec.epochs = o.epochs;
    spec = trainer::resolve(spec, nullptr);
  }
  if (o.size % 2 == 0) throw std::invalid_argument(fmt::format("--size must be odd, so that the trained network is a grid point; got {}", o.size));
  const fs::path folder = makeFolder(o);
  std::vector<analysis::ReportRun> runs;
  for (const auto& spec : specs) {
    const fs::path runFolder = folder / "runs" / (spec.sharpness == "none" ? spec.optimizer : spec.sharpness);
    runs.push_back(trainOne(spec, runFolder, o, stop));
    measureOne(runs.back(), runFolder, o, stop);
    note(o.output, fmt::format("{}: test accuracy {:.2f} %, lambda max {:.4g}", runs.back().name,
                               100 * runs.back().record.evaluations.back().testAccuracy, runs.back().spectrum->spectrum.top.front().value));
  }
  const trainer::RunSpec& first = runs.front().spec;
  analysis::writeReport({.title = fmt::format("{} optimizers, one start, one order of batches", runs.size()),
                         .introduction = fmt::format("{} on {}, {} epochs, seed {}. This is one seed; differences between optimizers need several.", first.model, first.data, first.epochs, first.seed),
                         .command = demoCommand(o),
                         .runs = runs},
                        folder);
  if (o.output.json)
    fmt::print("{}", trainer::readFile(folder / "report.json"));
  else
    fmt::print("{}report {}\n", table(runs), (folder / "report.html").string());
  return 0;
}

}  // namespace

void addDemo(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<DemoOptions>();
  CLI::App* c = program.add_subcommand("demo", "SGD, SAM and the gradient-norm penalty on the built-in digits, measured and compared in a report");
  c->add_option("--out", o->out, "the folder to make (default: sharpscape-demo)");
  c->add_option("--seed", o->seed, "of start, order and directions")->capture_default_str()->check(atLeast(0));
  c->add_option("--epochs", o->epochs, "a shorter or longer training (40)")->check(atLeast(1));
  c->add_option("--size", o->size, "grid points a side, odd")->capture_default_str()->check(CLI::Range(std::int64_t{3}, std::int64_t{1025}));
  addMachineOptions(*c, o->device, o->threads);
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape demo --out comparison");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runDemo(*o, stop); }; });
}

}  // namespace app
