// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "app/commands/commands.h"
#include "app/common_options.h"

namespace app {

void addExport(CLI::App& program, Command& chosen) {
  struct Options {
    std::string result, to;
    OutputOptions output;
  };
  auto o = std::make_shared<Options>();
  CLI::App* c = program.add_subcommand("export", "write a result as csv, json, vts, png, svg or pdf");
  c->add_option("RESULT", o->result, "a result file, for example RUN/analyses/surface_....json")->required();
  c->add_option("--to", o->to, "the file to write; its ending says the format")->required();
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape export runs/sam/analyses/surface_step920_c3d4.json --to figure.pdf");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token) {
      analysis::requireKnownEnding(o->to, "");
      const analysis::Result result = analysis::readResult(o->result);
      analysis::exportResult(result, o->to);
      if (o->output.json)
        fmt::print("{}\n", nlohmann::ordered_json{{"file", o->to}, {"command", analysis::commandLine(result)}}.dump(2));
      else
        fmt::print("{}\n", o->to);
      return 0;
    };
  });
}

}  // namespace app
