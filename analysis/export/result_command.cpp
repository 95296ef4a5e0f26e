// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/result_command.h"

#include <fmt/ranges.h>

#include "trainer/base/files.h"

namespace analysis {

std::string commandStart(const std::string& verb, const MeasureSpec& m, bool measured, std::int64_t step) {
  const MeasureSpec usual;
  std::string line = fmt::format("sharpscape {} {}", verb, trainer::shellQuoted(m.run.empty() ? "RUN" : m.run));
  if (measured) line += fmt::format(" --step {}", step);
  else addFlag(line, "--step", m.step, usual.step);
  if (m.samples) line += *m.samples == 0 ? " --samples all" : fmt::format(" --samples {}", *m.samples);
  addFlag(line, "--split", m.split, usual.split);
  addFlag(line, "--weights", m.weights, usual.weights);
  if (!m.mean.empty()) line += fmt::format(" --mean {}", fmt::join(m.mean, ","));
  if (!m.deviation.empty()) line += fmt::format(" --std {}", fmt::join(m.deviation, ","));
  addFlag(line, "--bn", m.batchNorm, usual.batchNorm);
  addFlag(line, "--loss", m.loss, usual.loss);
  addFlag(line, "--logits", m.logits, usual.logits);
  addFlag(line, "--seed", m.seed, usual.seed);
  addFlag(line, "--device", m.device, usual.device);
  addFlag(line, "--threads", m.threads, usual.threads);
  addFlag(line, "--precision", m.precision, usual.precision);
  addFlag(line, "--memory", m.memoryBytes, usual.memoryBytes);
  return line;
}

std::string commandLine(const Result& result) {
  return std::visit([](const auto& r) { return commandOf(r); }, result);
}

}  // namespace analysis
