// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "analysis/export/result_file.h"
#include "analysis/interchange/file_provenance.h"
#include "analysis/interchange/read_surface.h"
#include "app/commands/commands.h"
#include "app/common_options.h"
#include "app/summaries.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/dataset.h"
#include "trainer/model/safetensors.h"
#include "trainer/run/run_store.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct InfoOptions {
  std::string path;
  std::optional<std::int64_t> batches;
  OutputOptions output;
};

std::vector<fs::path> resultFiles(const fs::path& run) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run / "analyses", ignored))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

int aboutRun(const InfoOptions& o) {
  const trainer::RunSpec spec = trainer::readRunSpec(o.path);
  const trainer::RunRecord record = trainer::readRunRecord(o.path);
  ordered_json json{{"kind", "run"}, {"spec", trainer::toJson(spec)}, {"summary", trainer::summaryJson(spec, record)},
                    {"command", trainer::commandLine(spec)}, {"checkpoints", ordered_json::array()}, {"results", ordered_json::array()}};
  std::string text = summarise(spec, record) + trainer::commandLine(spec) + "\ncheckpoints at steps";
  for (const auto& c : trainer::listCheckpoints(o.path)) {
    json["checkpoints"].push_back({{"step", c.step}, {"file", c.file.lexically_relative(o.path).string()}});
    text += fmt::format(" {}", c.step);
  }
  text += "\n";
  for (const fs::path& file : resultFiles(o.path)) {
    json["results"].push_back(file.lexically_relative(o.path).string());
    text += fmt::format("result {}\n", file.string());
  }
  fmt::print("{}", o.output.json ? json.dump(2) + "\n" : text);
  return 0;
}

/// The batches of an epoch as rows of indices into the training set, so that an outsider can replay them.
int aboutBatches(const InfoOptions& o) {
  const trainer::RunSpec spec = trainer::readRunSpec(o.path);
  if (*o.batches < 0 || *o.batches >= spec.epochs)
    throw std::invalid_argument(fmt::format("--batches {}: the run has epochs 0 to {}", *o.batches, spec.epochs - 1));
  const std::vector<std::int64_t> order = trainer::epochOrder(trainer::loadData(trainer::dataOptions(spec)).train.count(), spec.seed, *o.batches);
  const std::size_t size = spec.batchSize == trainer::kAllItems ? order.size() : static_cast<std::size_t>(spec.batchSize);
  ordered_json batches = ordered_json::array();
  for (std::size_t from = 0; from < order.size(); from += size) {
    const std::size_t to = std::min(order.size(), from + size);
    batches.push_back(std::vector<std::int64_t>(order.begin() + static_cast<std::ptrdiff_t>(from), order.begin() + static_cast<std::ptrdiff_t>(to)));
  }
  if (o.output.json) {
    fmt::print("{}\n", ordered_json{{"kind", "batches"}, {"epoch", *o.batches}, {"batches", batches}}.dump());
    return 0;
  }
  for (const auto& batch : batches) fmt::print("{}\n", fmt::join(batch.get<std::vector<std::int64_t>>(), " "));
  return 0;
}

int aboutResult(const InfoOptions& o) {
  const analysis::Result result = analysis::readResult(o.path);
  if (o.output.json) {
    fmt::print("{}\n", analysis::toJson(result).dump(2));
    return 0;
  }
  fmt::print("{}{}\n", summarise(result), analysis::commandLine(result));
  return 0;
}

bool isSurface(const std::string& kind) { return kind == "surface" || kind == "slice"; }

int aboutTensors(const InfoOptions& o) {
  const trainer::NamedTensors file = trainer::readSafetensors(o.path);
  ordered_json json{{"kind", "safetensors"}, {"metadata", file.metadata}, {"tensors", ordered_json::array()}};
  std::string text;
  for (const auto& [key, value] : file.metadata) text += fmt::format("{}: {}\n", key, value);
  for (const auto& [name, tensor] : file.tensors) {
    const std::vector<std::int64_t> shape = tensor.sizes().vec();
    json["tensors"].push_back({{"name", name}, {"shape", shape}, {"dtype", tensor.scalar_type() == at::kDouble ? "F64" : "F32"}});
    text += fmt::format("{:<24} [{}]\n", name, fmt::join(shape, ", "));
  }
  fmt::print("{}", o.output.json ? json.dump(2) + "\n" : text);
  return 0;
}

/// What a picture or data file says of itself, and the surface in it where there is one.
int aboutFile(const InfoOptions& o) {
  const analysis::FileProvenance file = analysis::fileProvenance(o.path);
  ordered_json json{{"kind", "file"}, {"format", file.format}, {"provenance", ordered_json::object()}};
  std::string text;
  for (const auto& [name, value] : file.provenance.lines) json["provenance"][name] = value;
  if (analysis::hasSurfaceEnding(o.path) && (file.provenance.empty() || isSurface(file.provenance.get("kind")))) {
    const analysis::ImportedSurface surface = analysis::readSurfaceFile(o.path);
    json["format"] = surface.format, json["unknown"] = surface.unknown, json["warnings"] = surface.warnings, json["rows_shifted"] = surface.rowsShifted;
    json["columns"] = surface.result.grid.columns(), json["rows"] = surface.result.grid.rows();
    text = fmt::format("{}, {} x {} points\n", surface.format, surface.result.grid.columns(), surface.result.grid.rows());
    for (const auto* list : {&surface.unknown, &surface.warnings})
      for (const std::string& sentence : *list) text += sentence + "\n";
  } else if (file.format.empty()) {
    throw trainer::DataError(
        fmt::format("'{}' is nothing that is known here: expected a run folder, a result (.json), a checkpoint (.safetensors), or a picture or data file", o.path));
  } else {
    text = file.format + (file.provenance.empty() ? ", which does not say where it comes from\n" : "\n");
  }
  fmt::print("{}", o.output.json ? json.dump(2) + "\n" : text + file.provenance.text());
  return 0;
}

int runInfo(const InfoOptions& o) {
  if (!fs::exists(o.path)) throw trainer::IoError(fmt::format("there is no file or folder '{}'", o.path));
  if (fs::is_directory(o.path)) return o.batches ? aboutBatches(o) : aboutRun(o);
  if (o.batches) throw std::invalid_argument(fmt::format("--batches needs a run folder; '{}' is a file", o.path));
  const fs::path ending = fs::path(o.path).extension();
  return ending == ".safetensors" ? aboutTensors(o) : ending == ".json" ? aboutResult(o) : aboutFile(o);
}

}  // namespace

void addInfo(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<InfoOptions>();
  CLI::App* c = program.add_subcommand("info", "what a run, a result, a checkpoint, a picture or a data file is, and the command that made it");
  c->add_option("PATH", o->path, "a run folder, a result (.json), a checkpoint (.safetensors), an exported file, or a surface of another program")->required();
  c->add_option("--batches", o->batches, "print the batches of this epoch (from 0) of a run: a line each, indices into the training set");
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape info runs/sam");
  c->callback([o, &chosen] { chosen = [o](std::stop_token) { return runInfo(*o); }; });
}

}  // namespace app
