// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analysis/export/result_file.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

template <class T>
void add(std::string& line, const char* flag, const T& value, const T& usual) {
  if (value != usual) line += fmt::format(" {} {}", flag, value);
}

/// `measured`: the step as it was, so that a run that has gone on since gives the same numbers.
std::string start(const char* verb, const MeasureSpec& m, bool measured, std::int64_t step) {
  const MeasureSpec usual;
  std::string line = fmt::format("sharpscape {} {}", verb, trainer::shellQuoted(m.run.empty() ? "RUN" : m.run));
  if (measured) line += fmt::format(" --step {}", step);
  else add(line, "--step", m.step, usual.step);
  if (m.samples) line += *m.samples == 0 ? " --samples all" : fmt::format(" --samples {}", *m.samples);
  add(line, "--split", m.split, usual.split);
  add(line, "--weights", m.weights, usual.weights);
  if (!m.mean.empty()) line += fmt::format(" --mean {}", fmt::join(m.mean, ","));
  if (!m.deviation.empty()) line += fmt::format(" --std {}", fmt::join(m.deviation, ","));
  add(line, "--bn", m.batchNorm, usual.batchNorm);
  add(line, "--loss", m.loss, usual.loss);
  add(line, "--seed", m.seed, usual.seed);
  add(line, "--device", m.device, usual.device);
  add(line, "--threads", m.threads, usual.threads);
  add(line, "--precision", m.precision, usual.precision);
  add(line, "--memory", m.memoryBytes, usual.memoryBytes);
  return line;
}

std::string commandOf(const SpectrumResult& r) {
  const SpectrumSpec& s = r.spec;
  const SpectrumSpec usual;
  std::string line = start("spectrum", s.measure, r.spectrum.samples > 0, r.spectrum.step);
  add(line, "--top", s.top, usual.top);
  add(line, "--bottom", s.bottom, usual.bottom);
  if (s.residual) line += fmt::format(" --residual {}", *s.residual);
  if (s.maxProducts) line += fmt::format(" --max-products {}", *s.maxProducts);
  add(line, "--operator", s.operatorName, usual.operatorName);
  if (!s.saveVectors.empty()) line += " --save-vectors " + trainer::shellQuoted(s.saveVectors);
  return line;
}

std::string commandOf(const SurfaceResult& r) {
  const SurfaceSpec& s = r.spec;
  const SurfaceSpec usual;
  const auto range = [](const AxisSpec& a) { return fmt::format("{}:{}", a.from, a.to); };
  std::string line = start(s.y ? "surface" : "slice", s.measure, r.grid.samples > 0, r.grid.step);
  line += " --x " + s.x.kind;
  if (s.y) line += " --y " + s.y->kind;
  line += fmt::format(" --size {}", s.x.size);
  if (s.y && s.y->size != s.x.size) line += fmt::format("x{}", s.y->size);
  if (!s.y || range(s.x) == range(*s.y)) line += " --range " + range(s.x);
  else line += " --range-x " + range(s.x) + " --range-y " + range(*s.y);
  add(line, "--normalise", s.normalise, usual.normalise);
  add(line, "--one-d", s.oneD, usual.oneD);
  add(line, "--direction-seed", s.directionSeed, usual.directionSeed);
  if (s.orthogonalise) line += " --orthogonalise";
  if (!s.saveDirections.empty()) line += " --save-directions " + trainer::shellQuoted(s.saveDirections);
  if (!s.directions.empty()) line += " --directions " + trainer::shellQuoted(s.directions);
  return line;
}

}  // namespace

std::string commandLine(const Result& result) {
  return std::visit([](const auto& r) { return commandOf(r); }, result);
}

}  // namespace analysis
