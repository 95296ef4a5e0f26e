// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "analysis/operators/dense.h"
#include "tests/analysis/small_problem.h"

namespace analysis::testing {

/// The spectra over which intervals are judged, P eigenvalues each: flat, decaying, indefinite, one outlier ...
inline std::vector<double> knownSpectrum(const std::string& name, int p) {
  std::vector<double> values;
  for (int i = 0; i < p; ++i) {
    const double x = i;
    if (name == "flat") values.push_back(1 + 0.5 * std::sin(x));
    else if (name == "decaying") values.push_back(std::pow(0.9, x));
    else if (name == "fast") values.push_back(std::pow(0.7, x));
    else if (name == "power") values.push_back(1 / ((1 + x) * (1 + x)));
    else if (name == "indefinite") values.push_back((i % 2 == 0 ? 1 : -0.8) * std::pow(0.97, x));
    else if (name == "one outlier") values.push_back(i == 0 ? 100 : 0.5 + 0.5 * std::cos(x));
    else if (name == "outlier over ones") values.push_back(i == 0 ? 100 : 1);
    else values.push_back(i < 10 ? 1 : 1e-3);  // "step"
  }
  return values;
}

/// Q diag(values) Q^T with a seeded orthogonal Q.
inline DenseOperator rotated(const std::vector<double>& values, std::uint64_t seed = 9, at::ScalarType dtype = at::kDouble) {
  const auto p = static_cast<std::int64_t>(values.size());
  const at::Tensor q = std::get<0>(at::linalg_qr(gaussian(p * p, seed).view({p, p})));
  return DenseOperator(at::mm(q * at::tensor(values, at::kDouble), q.t()).to(dtype));
}

inline double powerSum(const std::vector<double>& values, int k) {
  double sum = 0;
  for (const double v : values) sum += std::pow(v, k);
  return sum;
}

}  // namespace analysis::testing
