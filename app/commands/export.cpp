// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "analysis/interchange/read_surface.h"
#include "analysis/surface/li_directions.h"
#include "app/commands/commands.h"
#include "app/common_options.h"
#include "trainer/base/files.h"

namespace app {
namespace {

/// A result of ours, or a surface of whatever program; what is missing or off with that goes to stderr.
analysis::Result resultOf(const std::string& file, bool straightenRows, const OutputOptions& output) {
  if (std::filesystem::path(file).extension() == ".json" && !straightenRows) return analysis::readResult(file);
  const analysis::ImportedSurface surface = analysis::readSurfaceFile(file, {.straightenRows = straightenRows});
  for (const auto* list : {&surface.unknown, &surface.warnings})
    for (const std::string& sentence : *list) note(output, fmt::format("{}: {}", file, sentence));
  return surface.result;
}

/// Directions have one other format.
void exportDirections(const std::string& file, const std::string& to) {
  if (std::filesystem::path(to).extension() != ".h5") throw std::invalid_argument(fmt::format("'{}': directions are written as .h5 (the layout of Li et al.)", to));
  trainer::writeFileAtomically(to, analysis::liDirections(file));
}

}  // namespace

void addExport(CLI::App& program, Command& chosen) {
  struct Options {
    std::string result, to;
    bool straightenRows = false;
    OutputOptions output;
  };
  auto o = std::make_shared<Options>();
  CLI::App* c = program.add_subcommand("export", "write a result, or a surface of another program, in another format");
  c->add_option("RESULT", o->result,
                "a result file, for example RUN/analyses/surface_....json; or a surface: .h5 of Li et al. or losscape, .npz, .npy, .csv; or a file of --save-directions")->required();
  c->add_option("--to", o->to, fmt::format("the file to write; its ending says the format: {}", fmt::join(analysis::endingsOf(""), " ")))->required();
  c->add_flag("--straighten-rows", o->straightenRows, "of a .npy that loss-landscapes made: shift every other row back by its step");
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape export runs/sam/analyses/surface_step920_c3d4.json --to figure.pdf\nExample: sharpscape export surface.h5 --to surface.png");
  c->callback([o, &chosen] {
    chosen = [o](std::stop_token) {
      analysis::requireKnownEnding(o->to, "");
      if (std::filesystem::path(o->result).extension() == ".safetensors") {
        exportDirections(o->result, o->to);
        fmt::print("{}\n", o->output.json ? nlohmann::ordered_json{{"file", o->to}}.dump(2) : o->to);
        return 0;
      }
      const analysis::Result result = resultOf(o->result, o->straightenRows, o->output);
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
