// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "app/commands/commands.h"
#include "app/common_options.h"
#include "trainer/run/hand_changes.h"

namespace app {
namespace {

struct AdjustOptions {
  std::string run;
  std::optional<double> learningRate, rho, alpha;
  OutputOptions output;
};

int runAdjust(const AdjustOptions& o) {
  std::vector<std::pair<std::string, double>> changes;
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (value) changes.emplace_back(name, *value);
  };
  add("learning_rate", o.learningRate);
  add("rho", o.rho);
  add("alpha", o.alpha);
  if (changes.empty()) throw std::invalid_argument("nothing to change: give --learning-rate, --rho or --alpha");
  trainer::requestChanges(o.run, changes);
  nlohmann::ordered_json json{{"run", o.run}, {"requested", nlohmann::ordered_json::object()}};
  std::string text = fmt::format("asked for, from the next step of '{}' on:", o.run);
  for (const auto& [name, value] : changes) {
    json["requested"][name] = value;
    text += fmt::format(" {} {}", name, value);
  }
  fmt::print("{}\n", o.output.json ? json.dump(2) : text);
  return 0;
}

}  // namespace

void addAdjust(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<AdjustOptions>();
  CLI::App* c = program.add_subcommand("adjust", "change a run's rate, rho or alpha while another process trains it");
  c->add_option("RUN", o->run, "the run folder")->required();
  c->add_option("--learning-rate", o->learningRate, "the base rate; the schedule goes on with it");
  c->add_option("--rho", o->rho, "radius");
  c->add_option("--alpha", o->alpha, "mix");
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape adjust runs/sam --rho 0.2\nThe change is recorded in events.csv of the run; 'sharpscape train RUN/spec.json --events RUN/events.csv' replays it.");
  c->callback([o, &chosen] { chosen = [o](std::stop_token) { return runAdjust(*o); }; });
}

}  // namespace app
