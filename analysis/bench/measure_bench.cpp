// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/bench/measure_bench.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <stdexcept>

#include "analysis/bench/net_bench.h"
#include "trainer/base/error.h"
#include "trainer/device.h"

namespace analysis {
namespace {

using Clock = NetBench::Clock;

void validate(const BenchSpec& spec) {
  if (spec.nets.empty()) throw std::invalid_argument("--nets names no network");
  std::set<std::string> seen;
  for (const std::string& net : spec.nets) {
    requireBenchable(net);
    if (!seen.insert(net).second) throw std::invalid_argument(fmt::format("--nets names {} twice", net));
  }
  if (!(spec.budgetSeconds > 0) || !std::isfinite(spec.budgetSeconds)) throw std::invalid_argument(fmt::format("--budget must be a number of seconds > 0, got {}", spec.budgetSeconds));
  if (spec.measure.precision != "float" && spec.measure.precision != "double")
    throw std::invalid_argument(fmt::format("--precision must be float or double, got '{}'", spec.measure.precision));
}

/// "AMD EPYC 7763, CPU, 2 threads" where the system names its processor.
std::string machineText(const std::string& device) {
  const std::string text = trainer::deviceDescription(device);
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; device == "cpu" && std::getline(in, line);)
    if (line.starts_with("model name")) return fmt::format("{}, {}", line.substr(std::min(line.size(), line.find(':') + 2)), text);
  return text;
}

/// One network and its part of the budget.
struct Part {
  Workload workload;
  std::unique_ptr<NetBench> bench;
  double weight = 0;
};

void measureAll(const BenchSpec& spec, Clock::time_point start, Bench& out, const trainer::Context& context) {
  out.nets.resize(spec.nets.size());  // the parts fill them in place
  std::vector<std::unique_ptr<Part>> parts;
  double weights = 0;
  for (std::size_t i = 0; i < spec.nets.size(); ++i) {
    out.nets[i].name = spec.nets[i];
    auto part = std::make_unique<Part>();
    part->workload = makeWorkload(spec.nets[i], spec.measure);
    out.device = part->workload.run.spec.device, out.threads = part->workload.run.spec.threads;
    part->bench = std::make_unique<NetBench>(part->workload, out.nets[i], spec.measure, context);
    part->weight = std::sqrt(part->bench->firstSeconds());
    weights += part->weight;
    parts.push_back(std::move(part));
  }
  const Clock::time_point end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(spec.budgetSeconds));
  for (const auto& part : parts) {
    const Clock::time_point now = Clock::now();
    part->bench->run(now + std::chrono::duration_cast<Clock::duration>((end - now) * (part->weight / weights)));
    weights -= part->weight;
    part->bench.reset();  // its memory
  }
}

}  // namespace

Bench measureBench(const BenchSpec& spec, const trainer::Context& context) {
  validate(spec);
  const Clock::time_point start = Clock::now();
  Bench out;
  out.precision = spec.measure.precision;
  try {
    measureAll(spec, start, out, context);
  } catch (const trainer::Cancelled&) {
    std::erase_if(out.nets, [](const BenchNet& n) { return n.quantities.empty(); });
    if (out.nets.empty()) throw;
    out.stopped = true;
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("the benchmark could not be made: {}", e.what_without_backtrace()));
  }
  out.machine = machineText(out.device);
  out.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return out;
}

}  // namespace analysis
