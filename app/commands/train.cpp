// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/spectrum/curvature_tracker.h"
#include "app/commands/commands.h"
#include "app/progress_printer.h"
#include "app/summaries.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_folder.h"
#include "trainer/run/run_spec_fields.h"
#include "trainer/run/run_store.h"

namespace app {
namespace {

struct TrainOptions {
  std::string specFile, out, resume, events;
  trainer::RunSpec spec;
  OutputOptions output;
  std::vector<const CLI::Option*> specFlags;   ///< flags that a spec file replaces
  std::vector<const CLI::Option*> freshFlags;  ///< what --resume has no use for
};

std::string flagOf(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return "--" + key;
}

/// A flag a field, with its words; a default that is fixed is shown.
struct AddFlag {
  CLI::App& command;

  void operator()(const char* key, const char* help, bool& field) const { command.add_flag(flagOf(key), field, help); }
  void operator()(const char* key, const char* help, std::string& field) const {
    CLI::Option* option = command.add_option(flagOf(key), field, help);
    if (!field.empty()) option->capture_default_str();
  }
  void operator()(const char* key, const char* help, double& field) const { command.add_option(flagOf(key), field, help)->capture_default_str(); }
  void operator()(const char* key, const char* help, std::uint64_t& field) const {
    command.add_option(flagOf(key), field, help)->capture_default_str()->check(atLeast(0));
  }
  void operator()(const char* key, const char* help, std::int64_t& field) const {
    if (std::string_view(key) == "batch_size") {
      addBatchSize(help, field);
      return;
    }
    command.add_option(flagOf(key), field, help)->check(atLeast(std::string_view(key) == "warmup_steps" ? 0 : 1));
  }
  void operator()(const char* key, const char* help, std::optional<std::int64_t>& field) const {
    command.add_option(flagOf(key), field, help)->check(atLeast(1));
  }
  void operator()(const char* key, const char* help, std::vector<double>& field) const { command.add_option(flagOf(key), field, help)->delimiter(','); }
  template <class T>
  void operator()(const char* key, const char* help, std::optional<T>& field) const {
    command.add_option(flagOf(key), field, help);
  }

 private:
  void addBatchSize(const char* help, std::int64_t& field) const {
    command.add_option_function<std::string>(
        "--batch-size", [&field](const std::string& word) { field = word == "all" ? trainer::kAllItems : std::stoll(word); }, help)
        ->check([](const std::string& word) { return word == "all" ? std::string() : atLeast(1)(word); });
  }
};

/// Device and threads belong to the machine: they go with a spec file and with --resume too.
void addSpecFlags(CLI::App& command, trainer::RunSpec& spec) {
  trainer::visitFields(spec, [add = AddFlag{command}](const char* key, const char* help, auto& field) {
    const std::string_view name = key;
    if (name != "device" && name != "threads") add(key, help, field);
  });
}

trainer::RunSpec specOf(const TrainOptions& o) {
  if (o.specFile.empty()) {
    if (o.spec.data.empty()) throw std::invalid_argument("--data is required, like digits (built in) or idx:DIR; or give a spec file");
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

std::vector<trainer::RunEvent> eventsOf(const std::string& file) {
  if (!std::filesystem::exists(file)) throw trainer::IoError(fmt::format("there is no file '{}' of events", file));
  return trainer::readEvents(file);
}

trainer::TrainObserver observerOf(const OutputOptions& output, trainer::RunSpec& resolved) {
  trainer::TrainObserver observer;
  observer.started = [&](const trainer::RunSpec& full, std::int64_t, std::int64_t) { resolved = full; };
  observer.note = [&](const std::string& sentence) { note(output, sentence); };
  observer.event = [&](const trainer::RunEvent& e) { note(output, fmt::format("from step {} on {} is {}", e.step, e.name, e.value)); };
  return observer;
}

int report(const TrainOptions& o, const trainer::RunSpec& resolved, const trainer::RunRecord& record) {
  if (o.output.json)
    fmt::print("{}\n", trainer::summaryJson(resolved, record).dump(2));
  else
    fmt::print("{}", summarise(resolved, record));
  if (record.status == trainer::RunStatus::stopped) throw trainer::Cancelled();
  if (record.status == trainer::RunStatus::diverged) throw trainer::NumericalError(record.reason);
  return 0;
}

int runResume(const TrainOptions& o, const std::stop_token& stop) {
  for (const CLI::Option* flag : o.freshFlags)
    if (flag->count() > 0)
      throw std::invalid_argument(fmt::format("{} and --resume were both given; a resumed run takes everything but --threads and --device from '{}'", flag->get_name(), o.resume));
  trainer::RunSpec resolved = trainer::readRunSpec(o.resume);
  const trainer::RunStatus before = trainer::readRunRecord(o.resume).status;
  trainer::RunRecord record;
  {
    ProgressPrinter printer("train", o.output);
    const trainer::TrainObserver observer = observerOf(o.output, resolved);
    record = trainer::resumeTraining(o.resume, o.spec.device, o.spec.threads, observer, printer.context(stop), {.controls = {}, .events = {}, .curvature = analysis::makeCurvatureTracker()});
  }
  if (before == trainer::RunStatus::stopped) return report(o, resolved, record);
  note(o.output, fmt::format("'{}' has ended ({}): there is nothing to resume", o.resume, trainer::toString(before)));
  if (o.output.json) fmt::print("{}\n", trainer::summaryJson(resolved, record).dump(2));
  else fmt::print("{}", summarise(resolved, record));
  return 0;
}

int runTrain(const TrainOptions& o, const std::stop_token& stop) {
  if (!o.resume.empty()) return runResume(o, stop);
  std::vector<std::string> notes;
  const trainer::RunSpec spec = trainer::resolve(specOf(o), &notes);
  for (const std::string& sentence : notes) note(o.output, sentence);
  const std::filesystem::path folder = o.out.empty() ? trainer::newRunFolder("runs", spec) : std::filesystem::path(o.out);
  trainer::RunSpec resolved = spec;
  trainer::RunRecord record;
  {
    ProgressPrinter printer("train", o.output);
    const trainer::TrainObserver observer = observerOf(o.output, resolved);
    trainer::TrainOptions options{.controls = {}, .events = {}, .curvature = analysis::makeCurvatureTracker()};
    if (!o.events.empty()) options.events = eventsOf(o.events);
    record = trainer::train(spec, folder, observer, printer.context(stop), options);
  }
  return report(o, resolved, record);
}

}  // namespace

void addTrain(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<TrainOptions>();
  CLI::App* c = program.add_subcommand("train", "train a network; makes a run folder");
  c->add_option("SPEC", o->specFile, "a spec file (json) instead of flags, for example the spec.json of another run");
  addSpecFlags(*c, o->spec);
  for (const CLI::Option* option : c->get_options([](const CLI::Option* opt) { return opt->nonpositional() && opt->get_name() != "--help"; }))
    o->specFlags.push_back(option);
  c->add_option("--events", o->events, "replay the changes by hand of another run: its events.csv");
  c->add_option("--out", o->out, "the run folder to make (default: runs/<date>_<model>-<data>-<method>_<hash>)");
  for (const CLI::Option* option : c->get_options([](const CLI::Option* opt) { return opt->get_name() != "--help"; })) o->freshFlags.push_back(option);
  c->add_option("--resume", o->resume, "go on with this run folder from its last checkpoint, to the same bits as if it had never stopped");
  addMachineOptions(*c, o->spec.device, o->spec.threads);
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape train --data digits --sharpness penalty --rho 0.2 --alpha 0.8 --out runs/penalty\n"
            "A step is base (--optimizer) x perturbation (--perturbation) x combination (--sharpness): every base goes with every method.\n"
            "Ctrl-C stops and keeps what is done, --resume goes on; Ctrl-Z pauses, fg goes on; 'sharpscape adjust' changes rate, rho and alpha meanwhile.");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runTrain(*o, stop); }; });
}

}  // namespace app
