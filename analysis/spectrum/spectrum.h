// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/check/check.h"
#include "analysis/measure_spec.h"
#include "analysis/spectrum/estimate.h"

namespace analysis {

struct SpectrumSpec {
  MeasureSpec measure;
  std::int64_t top = 1;                     ///< algebraically largest, >= 0
  std::int64_t bottom = 1;                  ///< algebraically smallest, >= 0
  std::optional<double> residual;           ///< relative to max|lambda|; unset: 1e-3 in float, 1e-8 in double
  std::optional<std::int64_t> maxProducts;  ///< unset: 200, or P up to 2000 if larger
  std::string operatorName = "hessian";     ///< OperatorSpec::kind
  std::string restrictTo;                   ///< OperatorSpec::restrictTo
  std::string precondition = "none";        ///< OperatorSpec::precondition
  std::string saveVectors;                  ///< safetensors file; empty: none
  std::string trace;                        ///< xtrace | hutchinson; empty: none
  double traceError = 0.02;                 ///< relative standard error at which the trace stops
  std::int64_t densityProbes = 0, densitySteps = 0;  ///< Lanczos quadrature; 0: none
  std::optional<double> effectiveDimension; ///< its c, of the Gauss-Newton matrix; unset: none
  bool layers = false;
  bool extrapolate = false;
  bool verify = false;
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

/// A trace and a Frobenius norm from the same probes.
struct Trace {
  Estimate estimate, frobenius;
  std::string method;            ///< xtrace | hutchinson | exact
  std::int64_t products = 0;
  bool reached = false;          ///< the standard error asked for was met
  bool operator==(const Trace&) const = default;
};

/// The spectral density as the mean of the quadratures of `probes` random unit vectors: weight w_i at node theta_i.
struct Density {
  std::int64_t probes = 0, steps = 0, products = 0;
  std::vector<double> nodes, weights;  ///< flat, `probes` lists one after the other; the weights sum to 1
  std::vector<Estimate> moments;       ///< of order 1 .. 4: mean of lambda^k over all P eigenvalues
  bool operator==(const Density&) const = default;
};

/// sum_i lambda_i / (lambda_i + c) over the eigenvalues of a positive semi-definite operator.
struct EffectiveDimension {
  double c = 0;
  std::string operatorName;
  Estimate estimate;
  double quadratureBound = 0;  ///< of the quadrature alone, at the same probes: the value lies at most this much too high
  std::int64_t products = 0;
  bool operator==(const EffectiveDimension&) const = default;
};

/// The block of one layer: rows and columns of its own parameters.
struct LayerSpectrum {
  std::string name;            ///< state-dict prefix, without .weight and .bias
  std::int64_t parameters = 0;
  Eigenvalue lambdaMax;
  Trace trace;
  std::int64_t products = 0;
  bool operator==(const LayerSpectrum&) const = default;
};

/// lambda_max over subsets of `samples` samples.
struct SubsampleSize {
  std::int64_t samples = 0;
  std::vector<double> lambdaMax;     ///< one a subset
  std::vector<double> residual;
  double mean = 0, deviation = 0;    ///< deviation over subsets (0 of one)
  bool operator==(const SubsampleSize&) const = default;
};

/// lambda_max at several sample sizes and where it leads: a least-squares line in 1/N. No interval is claimed.
struct Extrapolation {
  std::vector<SubsampleSize> sizes;  ///< ascending; the last is the measure's own sample
  std::int64_t population = 0;       ///< samples in the whole split
  double atPopulation = 0;           ///< the line at 1/population
  double atInfinity = 0;             ///< the line at 0
  double spread = 0;                 ///< of atPopulation when the subsets are resampled: their spread alone, not an interval
  std::int64_t products = 0;
  bool operator==(const Extrapolation&) const = default;
};

/// The measure beside Eigen on the dense matrix.
struct Verification {
  double largestDeviation = 0;       ///< of the eigenvalues asked for, absolute
  std::vector<double> top, bottom;   ///< the dense eigenvalues
  double trace = 0, frobenius = 0;   ///< dense
  double asymmetry = 0;              ///< max |A - A^T| / max |A|
  bool operator==(const Verification&) const = default;
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
  std::int64_t rows = 0;           ///< of the operator: the parameters it is restricted to
  std::int64_t restarts = 0;       ///< of the Lanczos basis, because it did not fit the memory budget
  std::optional<Trace> trace;
  std::optional<Density> density;
  std::optional<EffectiveDimension> effectiveDimension;
  std::vector<LayerSpectrum> layers;
  std::optional<Extrapolation> extrapolation;
  std::optional<Verification> verification;
  std::optional<QuickCheck> selfCheck;  ///< before anything was measured; none of a difference of gradients, which is symmetric up to its error only
  bool stopped = false;            ///< cut short by a stop: what is there is kept
};

/// |lambda_min| / lambda_max, where both were asked for and lambda_max is above 0.
std::optional<double> minOverMax(const Spectrum& s);
/// lambda_1 / lambda_5, where five were asked for and the fifth is above 0.
std::optional<double> maxOverFifth(const Spectrum& s);

/// "PROBESxSTEPS" of --density. @throws std::invalid_argument for another form or a number below 1
void setDensity(SpectrumSpec& spec, const std::string& word);
std::string densityWord(const SpectrumSpec& spec);

}  // namespace analysis
