// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

struct SpectrumSpec {
  MeasureSpec measure;
  std::int64_t top = 1;                     ///< algebraically largest, >= 0
  std::int64_t bottom = 1;                  ///< algebraically smallest, >= 0
  std::optional<double> residual;           ///< relative to max|lambda|; unset: 1e-3 in float, 1e-8 in double
  std::optional<std::int64_t> maxProducts;  ///< unset: 200, or P up to 2000 if larger
  std::string operatorName = "hessian";
  std::string saveVectors;                  ///< safetensors file; empty: none
  bool operator==(const SpectrumSpec&) const = default;
};

/// An eigenvalue and how good it is. Some eigenvalue of the operator lies within `residual` of `value`.
struct Eigenvalue {
  double value = 0;
  double residual = 0;       ///< ||A q - lambda q||, from a fresh product
  double errorEstimate = 0;  ///< about residual^2 / gap to the next Ritz value; an estimate, not a bound
  bool converged = false;    ///< residual <= tolerance * max|lambda|
  bool operator==(const Eigenvalue&) const = default;
};

struct Spectrum {
  std::int64_t step = 0;
  std::int64_t samples = 0;
  std::int64_t parameters = 0;
  std::string operatorName, precision, batchNorm, device;
  double lossValue = 0;      ///< at theta, on the same samples
  double parameterNorm = 0;  ///< ||theta||
  std::int64_t products = 0;
  std::int64_t residualProducts = 0;
  double seconds = 0;
  std::vector<Eigenvalue> top;     ///< descending
  std::vector<Eigenvalue> bottom;  ///< ascending, most negative first
  bool stopped = false;            ///< cut short by a stop: what is there is kept
};

}  // namespace analysis
