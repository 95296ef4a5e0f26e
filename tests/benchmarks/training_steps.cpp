// SPDX-License-Identifier: GPL-3.0-or-later
// What a training step takes with each method, in units of a plain one: short runs in turn, the processor time of their median step.
// training_steps ROUNDS STEPS BATCH THREADS DATA MODEL...
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/context.h"
#include "trainer/run/run_spec.h"
#include "trainer/run/train.h"

namespace {

struct Method {
  const char* name;
  void (*choose)(trainer::RunSpec&);
};

const Method kMethods[] = {{"none", [](trainer::RunSpec&) {}},
                           {"sam", [](trainer::RunSpec& s) { s.sharpness = "sam"; }},
                           {"penalty", [](trainer::RunSpec& s) { s.sharpness = "penalty"; }},
                           {"exact", [](trainer::RunSpec& s) { s.sharpness = "penalty", s.penaltyProduct = "exact"; }}};
constexpr std::size_t kCount = std::size(kMethods);

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

/// Milliseconds of processor time of the median step; the first two are left out.
double medianStep(const trainer::RunSpec& spec, const std::filesystem::path& folder) {
  std::vector<double> at;
  trainer::TrainObserver observer;
  observer.step = [&](const trainer::StepRecord&) { at.push_back(1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC); };
  std::filesystem::remove_all(folder);
  trainer::train(spec, folder, observer, {});
  std::filesystem::remove_all(folder);
  std::vector<double> steps;
  for (std::size_t i = 3; i < at.size(); ++i) steps.push_back(at[i] - at[i - 1]);
  return median(steps);
}

void compare(const std::string& model, trainer::RunSpec spec, int rounds) {
  spec.model = model;
  std::vector<double> times[kCount], ratios[kCount];
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("sharpscape-steps-{}", std::clock());
  for (int round = 0; round < rounds; ++round)
    for (std::size_t m = 0; m < kCount; ++m) {
      trainer::RunSpec chosen = spec;
      kMethods[m].choose(chosen);
      times[m].push_back(medianStep(chosen, folder));
      ratios[m].push_back(times[m].back() / times[0].back());
    }
  for (std::size_t m = 0; m < kCount; ++m) fmt::print("{:10} {:8} {:9.3f} ms  of plain {:.3f}\n", model, kMethods[m].name, median(times[m]), median(ratios[m]));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) return fmt::print("training_steps ROUNDS STEPS BATCH THREADS DATA MODEL...\n"), 2;
  trainer::RunSpec spec;
  spec.data = argv[5];
  spec.batchSize = std::atoi(argv[3]);
  spec.dataLimit = std::atoi(argv[2]) * spec.batchSize;
  spec.threads = std::atoi(argv[4]);
  spec.epochs = 1;
  spec.schedule = "constant";
  spec.device = "cpu";
  for (int i = 6; i < argc; ++i) compare(argv[i], spec, std::atoi(argv[1]));
}
