// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "analysis/export/figure_files.h"
#include "analysis/export/movie.h"
#include "analysis/export/provenance_of.h"
#include "analysis/export/several_views.h"
#include "analysis/interchange/read_surface.h"
#include "analysis/surface/li_directions.h"
#include "app/commands/commands.h"
#include "app/common_options.h"
#include "app/progress_printer.h"
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

struct ExportOptions {
  std::vector<std::string> results;
  std::string to, view = "map";
  std::vector<double> camera;
  bool straightenRows = false;
  OutputOptions output;
};

/// The command that made the file: of several views and of a movie, that of the export itself.
std::string exportMovie(const ExportOptions& o, const std::stop_token& stop) {
  const analysis::Result result = resultOf(o.results.front(), o.straightenRows, o.output);
  const analysis::Film film = analysis::filmOf(result);
  ProgressPrinter printer("movie", o.output);
  if (std::filesystem::path(o.to).has_filename()) analysis::writeMovie(film, o.to, printer.context(stop));
  else analysis::writeFrames(film, o.to, printer.context(stop));
  return fmt::format("sharpscape export {} --to {}", trainer::shellQuoted(o.results.front()), trainer::shellQuoted(o.to));
}

analysis::ReliefCamera cameraOf(const ExportOptions& o) {
  analysis::ReliefCamera camera;
  if (o.camera.empty()) return camera;
  if (o.camera.size() != 2 || !(o.camera[1] >= 5 && o.camera[1] <= 89)) throw std::invalid_argument("--camera is AZIMUTH,ELEVATION in degrees, the elevation from 5 to 89");
  camera.azimuth = o.camera[0], camera.elevation = o.camera[1];
  return camera;
}

/// What of the view is not the usual, as flags.
std::string viewFlags(const ExportOptions& o) {
  if (o.view == "map") return "";
  return " --view 3d" + (o.camera.empty() ? std::string() : fmt::format(" --camera {}", fmt::join(o.camera, ",")));
}

std::string exportPicture(const ExportOptions& o) {
  std::vector<analysis::View> views;
  for (const std::string& file : o.results) views.push_back({file, resultOf(file, o.straightenRows, o.output)});
  if (views.size() == 1 && o.view == "map") {
    analysis::exportResult(views.front().result, o.to);
    return analysis::commandLine(views.front().result);
  }
  if (views.size() > 1 && !analysis::isFigureEnding(std::filesystem::path(o.to).extension().string()))
    throw std::invalid_argument(fmt::format("'{}': several results become one figure, written as .png, .svg, .pdf, .py or .tikz", o.to));
  analysis::Figure figure = views.size() == 1 ? analysis::figureOf(views.front().result) : analysis::figureOfSeveral(views, o.to);
  if (views.size() == 1) figure.provenance = analysis::provenanceOf(views.front().result);
  else figure.command += viewFlags(o);
  if (o.view == "3d") figure = analysis::inRelief(std::move(figure), cameraOf(o), o.to);
  if (views.size() == 1) figure.provenance.set("view", "3d" + (o.camera.empty() ? std::string() : fmt::format(", camera {}", fmt::join(o.camera, ","))));
  analysis::writeFigure(figure, o.to);
  return figure.command;
}

int runExport(const ExportOptions& o, const std::stop_token& stop) {
  nlohmann::ordered_json json = {{"file", o.to}};
  const bool movie = analysis::isMovie(o.to);
  if (movie && o.results.size() > 1) throw std::invalid_argument(fmt::format("a movie is made of one surface, got {} results", o.results.size()));
  if (!movie) analysis::requireKnownEnding(o.to, "");
  if (movie) json["command"] = exportMovie(o, stop);
  else if (std::filesystem::path(o.results.front()).extension() == ".safetensors") exportDirections(o.results.front(), o.to);
  else json["command"] = exportPicture(o);
  fmt::print("{}\n", o.output.json ? json.dump(2) : o.to);
  return 0;
}

}  // namespace

void addExport(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<ExportOptions>();
  CLI::App* c = program.add_subcommand("export", "write a result, or a surface of another program, in another format; several results as one figure; the training over a surface as a movie");
  c->add_option("RESULT", o->results,
                "a result file, for example RUN/analyses/surface_....json; or a surface: .h5 of Li et al. or losscape, .npz, .npy, .csv; or a file of --save-directions. Several surfaces, "
                "slices or spectra become the panels of one figure with one scale and a caption")->required();
  c->add_option("--to", o->to, fmt::format("the file to write; its ending says the format: {}; of a surface with --trajectory also .mp4, .gif, or FOLDER/ for frames",
                                           fmt::join(analysis::endingsOf(""), " ")))->required();
  c->add_option("--view", o->view, "of surfaces in .png .svg .pdf: map | 3d")->capture_default_str()->check(CLI::IsMember({"map", "3d"}));
  c->add_option("--camera", o->camera, "AZIMUTH,ELEVATION of --view 3d, in degrees (-125,43)")->allow_extra_args(false)->delimiter(',');
  c->add_flag("--straighten-rows", o->straightenRows, "of a .npy that loss-landscapes made: shift every other row back by its step");
  addOutputOptions(*c, o->output);
  c->footer("Example: sharpscape export runs/sam/analyses/surface_step920_c3d4.json --to figure.pdf\nExample: sharpscape export surface.h5 --to surface.png\n"
            "Example: sharpscape export runs/sgd/analyses/surface_a.json runs/sam/analyses/surface_b.json --to both.pdf --view 3d");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runExport(*o, stop); }; });
}

}  // namespace app
