// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/fetch/fetch.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/progress_printer.h"
#include "trainer/base/files.h"

namespace app {
namespace {

struct FetchOptions {
  std::string set, folder, baseUrl;
  OutputOptions output;
};

std::string trainCommand(const trainer::FetchSpec& spec) {
  return "sharpscape train --data " + trainer::shellQuoted(fmt::format("{}:{}", spec.data, spec.folder));
}

std::string summarise(const trainer::FetchSpec& spec, const trainer::FetchResult& result) {
  const double megabytes = static_cast<double>(result.received) / 1e6;
  std::string text = result.nothingToDo ? fmt::format("nothing to do: {} is in {}\n", spec.name, spec.folder)
                                        : fmt::format("{} is in {}; {:.3g} MB were fetched\n", spec.name, spec.folder, megabytes);
  for (const auto& file : result.files)
    text += fmt::format("  {:<28}{:>12} bytes  {}\n", file.name, file.bytes, file.wasThere ? "was there" : "new");
  return text + "train on it: " + trainCommand(spec) + "\n";
}

nlohmann::ordered_json toJson(const trainer::FetchSpec& spec, const trainer::FetchResult& result) {
  nlohmann::ordered_json j{{"set", spec.name}, {"folder", spec.folder}, {"nothing_to_do", result.nothingToDo}, {"received_bytes", result.received},
                           {"files", nlohmann::ordered_json::array()}, {"command", trainCommand(spec)}};
  for (const auto& file : result.files)
    j["files"].push_back({{"name", file.name}, {"bytes", file.bytes}, {"md5", file.md5}, {"was_there", file.wasThere}});
  return j;
}

int runFetch(const FetchOptions& o, const std::stop_token& stop) {
  const trainer::FetchSpec spec = trainer::publicDataSet(o.set, o.folder, o.baseUrl);
  trainer::FetchResult result;
  {
    ProgressPrinter printer("fetch", o.output);
    result = trainer::fetchDataSet(spec, printer.context(stop));
  }
  if (o.output.json)
    fmt::print("{}\n", toJson(spec, result).dump(2));
  else
    fmt::print("{}", summarise(spec, result));
  return 0;
}

}  // namespace

void addFetch(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<FetchOptions>();
  CLI::App* c = program.add_subcommand("fetch", "download a public data set; an interrupted download continues");
  c->add_option("SET", o->set, "mnist | fashion-mnist | cifar10 | cifar100")->required();
  c->add_option("DIR", o->folder, "the folder to put it into")->required();
  c->add_option("--base-url", o->baseUrl, "take the same files from here instead: http(s)://server/folder");
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape fetch mnist data/mnist");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runFetch(*o, stop); }; });
}

}  // namespace app
