// SPDX-License-Identifier: GPL-3.0-or-later
// How often the printed intervals hold the truth: coverage SEEDS FIRST_SEED; a row a method and spectrum (tests/analysis/known_spectrum.h, 60 eigenvalues).
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "analysis/spectrum/quadrature.h"
#include "analysis/spectrum/trace.h"
#include "tests/analysis/known_spectrum.h"

namespace {

using namespace analysis;

struct Tally {
  double in68 = 0, in95 = 0, error = 0, claimed = 0, probes = 0, count = 0;
  void add(const Estimate& e, double truth) {
    const double slack = 1e-12 * std::abs(truth);
    in68 += e.interval68.low - slack <= truth && truth <= e.interval68.high + slack;
    in95 += e.interval95.low - slack <= truth && truth <= e.interval95.high + slack;
    error += std::pow(e.value - truth, 2), claimed += e.standardError * e.standardError;
    probes += static_cast<double>(e.probes), ++count;
  }
  void print(const std::string& what) const {
    fmt::print("{:<44} {:.3f} {:.3f}  error {:.3g}  claimed {:.3g}  probes {:.4g}\n", what, in68 / count, in95 / count, std::sqrt(error / count), std::sqrt(claimed / count), probes / count);
  }
};

void traces(const std::string& name, LinearOperator& a, const std::vector<double>& values, std::uint64_t seeds, std::uint64_t first) {
  for (const char* method : {"xtrace", "hutchinson"})
    for (const double target : {1e-9, 0.1, 0.03, 0.01}) {
      const bool fixed = target == 1e-9;
      Tally trace, frobenius;
      for (std::uint64_t s = first; s < first + seeds; ++s) {
        const std::int64_t products = method[0] == 'x' ? (fixed ? 40 : 100) : (fixed ? 20 : 500);
        const Trace t = estimateTrace(a, {.method = method, .target = target, .maxProducts = products, .seed = s}, {});
        trace.add(t.estimate, testing::powerSum(values, 1));
        frobenius.add(t.frobenius, std::sqrt(testing::powerSum(values, 2)));
      }
      const std::string stop = fixed ? "20 probes" : fmt::format("stop {}", target);
      trace.print(fmt::format("{} {}, {}", method, name, stop));
      if (fixed) frobenius.print(fmt::format("Frobenius, {} {}, {}", method, name, stop));
    }
}

void moments(const std::string& name, LinearOperator& a, const std::vector<double>& values, std::uint64_t seeds, std::uint64_t first) {
  Tally tally[4];
  for (std::uint64_t s = first; s < first + seeds; ++s) {
    const QuadratureOptions o{.probes = 20, .steps = 3, .seed = s};
    const Density d = densityOf(lanczosQuadrature(a, o, {}, nullptr), o, 0);
    for (int k = 0; k < 4; ++k) tally[k].add(d.moments[static_cast<std::size_t>(k)], testing::powerSum(values, k + 1) / static_cast<double>(values.size()));
  }
  for (int k = 0; k < 4; ++k) tally[k].print(fmt::format("moment {}, {}", k + 1, name));
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200, first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  for (const char* name : {"flat", "decaying", "fast", "power", "indefinite", "one outlier", "outlier over ones", "step"}) {
    const auto values = testing::knownSpectrum(name, 60);
    DenseOperator a = testing::rotated(values);
    traces(name, a, values, seeds, first);
    moments(name, a, values, seeds, first);
  }
}
