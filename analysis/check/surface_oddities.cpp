// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/check/surface_oddities.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "analysis/check/probed_surface.h"
#include "analysis/interchange/read_surface.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

std::string titleOf(const SurfaceResult& r) {
  const SurfaceGrid& g = r.grid;
  const std::string size = g.slice ? fmt::format("slice of {} points", g.columns()) : fmt::format("surface {} x {}", g.columns(), g.rows());
  return r.spec.measure.run.empty() || !r.origin.format.empty() ? size : fmt::format("{} of {} at step {}", size, r.spec.measure.run, g.step);
}

/// Why nothing can be evaluated again; empty where it can.
std::string reasonWithout(const SurfaceResult& r) {
  if (!r.origin.format.empty()) return fmt::format("it is a {}, which names no run of this program: nothing was evaluated again", r.origin.format);
  if (r.spec.measure.run.empty()) return "the file names no run, so nothing was evaluated again";
  if (r.spec.seeds > 1) return fmt::format("it is the mean of {} draws, so nothing was evaluated again", r.spec.seeds);
  return {};
}

void measureOnTheRun(const SurfaceResult& surface, const OdditySpec& spec, const Context& context, Oddities& out) {
  ProbedSurface probed(surface, spec, context);
  for (auto* part : {&valueOddities, &directionOddities})
    for (Finding& f : part(probed)) out.findings.push_back(std::move(f));
  out.withRun = true, out.samples = probed.run().train->sampleCount();
  out.evaluations = probed.evaluations, out.products = probed.products;
}

}  // namespace

OdditySpec odditySpecOf(const SurfaceResult& surface, std::string file) { return {.measure = surface.spec.measure, .surface = std::move(file), .beside = {}}; }

Oddities findOddities(const SurfaceResult& surface, const std::vector<SurfaceResult>& beside, const OdditySpec& spec, const trainer::Context& context) {
  if (spec.probes < 2) throw std::invalid_argument(fmt::format("--probes must be >= 2, got {}", spec.probes));
  const auto started = std::chrono::steady_clock::now();
  Oddities out{.step = surface.grid.step, .samples = surface.grid.samples, .title = titleOf(surface), .without = reasonWithout(surface), .findings = {}};
  if (out.without.empty()) {
    try {
      measureOnTheRun(surface, spec, context, out);
    } catch (const trainer::Cancelled&) {
      throw;
    } catch (const c10::Error& e) {
      out.without = fmt::format("nothing was evaluated again: {}", e.what_without_backtrace());
    } catch (const trainer::NumericalError&) {
      throw;
    } catch (const std::exception& e) {
      out.without = fmt::format("nothing was evaluated again: {}", e.what());
    }
  }
  for (Finding& f : gridOddities(surface, beside)) out.findings.push_back(std::move(f));
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return out;
}

OdditiesResult checkSurface(OdditySpec spec, const trainer::Context& context) {
  const SurfaceResult surface = readSurfaceFile(spec.surface).result;
  std::vector<SurfaceResult> beside;
  for (const std::string& file : spec.beside) beside.push_back(readSurfaceFile(file).result);
  OdditySpec full = odditySpecOf(surface, spec.surface);
  full.beside = spec.beside, full.probes = spec.probes;
  if (!spec.measure.device.empty()) full.measure.device = spec.measure.device;
  if (spec.measure.threads > 0) full.measure.threads = spec.measure.threads;
  Oddities oddities = findOddities(surface, beside, full, context);
  return {std::move(full), std::move(oddities)};
}

}  // namespace analysis
