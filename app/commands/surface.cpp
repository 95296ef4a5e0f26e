// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "analysis/export/export_result.h"
#include "analysis/surface/sample_surface.h"
#include "app/commands/commands.h"
#include "app/commands/finish_measure.h"
#include "app/progress_printer.h"
#include "app/summaries.h"

namespace app {
namespace {

struct SurfaceOptions {
  analysis::SurfaceSpec spec;
  OutputOptions output;
  std::string out, size, range, rangeX, rangeY, continued;
  bool exact = false;
};

constexpr const char* kKinds =
    "random | eigen:K (K-th largest Hessian eigenvalue) | eigen:-K (smallest) | gradient | sam[:RHO] | pca:K, pca-centred:K (of the checkpoints) | "
    "toward:RUN[@STEP] (1 is that run) | file:PATH | layer:NAME[:KIND] (zero outside the layer)";

std::int64_t parseCount(const std::string& word, const std::string& all) {
  std::size_t end = 0;
  std::int64_t count = 0;
  try {
    count = std::stoll(word, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  if (end == 0 || end != word.size()) throw std::invalid_argument(fmt::format("--size must be N or NXxNY, for example 33 or 65x33; got '{}'", all));
  return count;
}

void parseSize(const std::string& text, analysis::SurfaceSpec& spec) {
  if (text.empty()) return;
  const auto cross = text.find('x');
  if (cross != std::string::npos && !spec.y) throw std::invalid_argument(fmt::format("--size of a slice is one number, got '{}'", text));
  spec.x.size = parseCount(text.substr(0, cross), text);
  if (spec.y) spec.y->size = cross == std::string::npos ? spec.x.size : parseCount(text.substr(cross + 1), text);
}

void parseRange(const std::string& flag, const std::string& text, analysis::AxisSpec& axis) {
  if (text.empty()) return;
  const auto colon = text.find(':');
  std::size_t endFrom = 0, endTo = 0;
  try {
    if (colon == std::string::npos) throw std::invalid_argument("no colon");
    axis.from = std::stod(text.substr(0, colon), &endFrom);
    axis.to = std::stod(text.substr(colon + 1), &endTo);
  } catch (const std::exception&) {
    endFrom = 0;
  }
  if (colon == std::string::npos || endFrom != colon || endTo != text.size() - colon - 1)
    throw std::invalid_argument(fmt::format("{} must be A:B with A < 0 < B, for example -1:1; got '{}'", flag, text));
}

/// What an earlier result has. @throws std::invalid_argument where it is none of a surface; IoError, DataError
analysis::KnownPoints knownPoints(const std::string& file) {
  if (file.empty()) return {};
  const analysis::Result read = analysis::readResult(file);
  const auto* known = std::get_if<analysis::SurfaceResult>(&read);
  if (known == nullptr) throw std::invalid_argument(fmt::format("--continue '{}' is not a surface or a slice", file));
  return {known->spec, std::make_shared<const analysis::SurfaceGrid>(known->grid)};
}

int runSurface(const SurfaceOptions& o, const std::stop_token& stop) {
  if (!o.out.empty()) analysis::requireKnownEnding(o.out, o.spec.y ? "surface" : "slice");
  if (o.exact && o.spec.tolerance) throw std::invalid_argument("--exact and --tolerance exclude each other: with --exact every point is evaluated, with --tolerance few are");
  analysis::SurfaceResult result{o.spec, {}};
  parseSize(o.size, result.spec);
  result.spec.fitRange = o.range == "fit";
  const std::string range = result.spec.fitRange ? "" : o.range;
  parseRange("--range", range, result.spec.x);
  parseRange("--range-x", o.rangeX, result.spec.x);
  if (result.spec.y) {
    parseRange("--range", range, *result.spec.y);
    parseRange("--range-y", o.rangeY, *result.spec.y);
  }
  {
    ProgressPrinter printer(result.spec.y ? "surface" : "slice", o.output);
    result.grid = analysis::sampleSurface(result.spec, {}, printer.context(stop), knownPoints(o.continued));
  }
  return finishMeasure(result, summarise(result), result.grid.stopped, o.out, o.output);
}

void addGridOptions(CLI::App& c, SurfaceOptions& o) {
  const bool plane = o.spec.y.has_value();
  addMeasureOptions(c, o.spec.measure);
  c.add_option("--x", o.spec.x.kind, std::string("direction: ") + kKinds)->capture_default_str();
  if (plane) c.add_option("--y", o.spec.y->kind, "direction: as for --x")->capture_default_str();
  c.add_option("--size", o.size, plane ? "NX or NXxNY, odd, >= 3 (33); 2^k + 1 is refined in nested levels" : "N, odd, >= 3 (33)");
  c.add_option("--range", o.range, "A:B in units of the directions (-1:1); fit: holds what is marked and the checkpoints");
  c.add_option("--range-x", o.rangeX, "of x alone");
  if (plane) c.add_option("--range-y", o.rangeY, "of y alone");
  c.add_option("--normalise", o.spec.normalise, "of random directions: filter (Li et al. 2018) | layer | none; eigenvectors never")->capture_default_str();
  c.add_option("--normalise-x", o.spec.x.normalise, "of x alone");
  if (plane) c.add_option("--normalise-y", o.spec.y->normalise, "of y alone");
  c.add_option("--one-d", o.spec.oneD, "1-D tensors of a random direction: zero | norm | elementwise")->capture_default_str();
  c.add_option("--direction-seed", o.spec.directionSeed, "of random directions")->capture_default_str()->check(atLeast(0));
  if (plane) c.add_flag("--orthogonalise", o.spec.orthogonalise, "Gram-Schmidt on y, which is then no longer filter-normalised");
  c.add_flag("--orthonormal", o.spec.orthonormal, plane ? "the same, and both axes of unit length" : "the axis of unit length");
  c.add_flag("--trajectory", o.spec.trajectory, "the run's checkpoints projected: true loss, loss of the plane under them, distance from it");
  c.add_option("--trajectory-of", o.spec.trajectoriesOf, "the same of another run; may be repeated")->allow_extra_args(false);
  c.add_flag("--sam-step", o.spec.samStep, "one step of SAM at the checkpoint, projected: its in-plane share, the true loss there; the penalty's two gradients");
  c.add_option("--sam-rho", o.spec.samRho, "its radius (the run's rho, 0.05 where it has none)");
  c.add_option("--continue", o.continued, "take over the points of this earlier result on the same plane (a stopped one, or to add to a whole one)");
  if (!plane) c.add_option("--seeds", o.spec.seeds, "mean and deviation over N random directions, from --direction-seed on")->capture_default_str();
  c.add_option("--fields", o.spec.fields, "also at every point: gradient-norm,lambda-max,sam-max,generalisation")->delimiter(',')->allow_extra_args(false);
  c.add_option("--field-rho", o.spec.rho, "of sam-max (the run's rho, 0.05 where it has none)");
  c.add_flag("--exact", o.exact, "every point is evaluated: the default; not with --tolerance");
  c.add_option("--tolerance", o.spec.tolerance, "few points are evaluated, the rest interpolated within T max(L, range/100) at 95 % of points, checked on held-back ones (0.01 is 1 %)");
  c.add_option("--save-directions", o.spec.saveDirections, "write the directions to this safetensors file");
  c.add_option("--directions", o.spec.directions, "take the directions from this file instead");
  c.add_option("--out", o.out, outHelp(o.spec.y ? "surface" : "slice"));
  addOutputOptions(c, o.output);
}

}  // namespace

void addSlice(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<SurfaceOptions>();
  CLI::App* c = program.add_subcommand("slice", "loss and accuracy along one direction");
  addGridOptions(*c, *o);
  c->footer("Example: sharpscape slice runs/sam --x eigen:1 --size 65 --out slice.svg");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runSurface(*o, stop); }; });
}

void addSurface(CLI::App& program, Command& chosen) {
  auto o = std::make_shared<SurfaceOptions>();
  o->spec.y = analysis::AxisSpec{};
  CLI::App* c = program.add_subcommand("surface", "loss and accuracy on a plane");
  addGridOptions(*c, *o);
  c->footer("Example: sharpscape surface runs/sam --size 33 --range -1:1 --out surface.pdf");
  c->callback([o, &chosen] { chosen = [o](std::stop_token stop) { return runSurface(*o, stop); }; });
}

}  // namespace app
