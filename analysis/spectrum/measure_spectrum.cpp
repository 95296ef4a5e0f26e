// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/measure_spectrum.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <chrono>

#include "analysis/check/self_check.h"
#include "analysis/load_objective.h"
#include "analysis/model_objective.h"
#include "analysis/operators/make_operator.h"
#include "analysis/spectrum/eigenvector.h"
#include "analysis/spectrum/extrapolate.h"
#include "analysis/spectrum/lanczos.h"
#include "analysis/spectrum/layers.h"
#include "analysis/spectrum/quadrature.h"
#include "analysis/spectrum/trace.h"
#include "analysis/spectrum/verify.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"
#include "trainer/model/safetensors.h"

namespace analysis {
namespace {

constexpr std::int64_t kTraceProducts = 200;
constexpr std::int64_t kSubsets = 4;
constexpr std::int64_t kDensityProbes = 20, kDensitySteps = 40;  ///< of the effective dimension where no --density is given

void append(trainer::NamedTensors& file, const std::string& prefix, const at::Tensor& vector, const trainer::ParameterLayout& layout) {
  const at::Tensor v = vector.cpu();
  for (const auto& slice : layout.slices())
    file.tensors.emplace_back(prefix + "/" + slice.name, v.narrow(0, slice.offset, slice.count()).reshape(slice.shape).clone());
}

/// Of a restricted operator with zeros elsewhere.
void saveVectors(const SpectrumSpec& spec, const Eigenpairs& pairs, const trainer::ParameterLayout& layout) {
  trainer::NamedTensors content;
  const std::vector<IndexRange> ranges = rangesOf(layout, spec.restrictTo);
  const auto add = [&](const char* end, const std::vector<at::Tensor>& vectors) {
    for (std::size_t i = 0; i < vectors.size(); ++i) append(content, fmt::format("{}{}", end, i + 1), embedded(vectors[i], ranges, layout.size()), layout);
  };
  add("top", pairs.topVectors);
  add("bottom", pairs.bottomVectors);
  trainer::writeSafetensors(spec.saveVectors, content);
}

OperatorSpec operatorSpec(const SpectrumSpec& s) { return {.kind = s.operatorName, .restrictTo = s.restrictTo, .precondition = s.precondition}; }

bool semiDefinite(const std::string& kind) { return kind == "gauss-newton" || kind == "fisher" || kind == "empirical-fisher"; }

bool asksForMore(const SpectrumSpec& s) {
  return !s.trace.empty() || s.densityProbes > 0 || s.effectiveDimension.has_value() || s.layers;
}

void check(const SpectrumSpec& spec) {
  validate(operatorSpec(spec));
  if (spec.top < 0 || spec.bottom < 0) throw std::invalid_argument(fmt::format("--top and --bottom must be >= 0, got {} and {}", spec.top, spec.bottom));
  if (spec.densityProbes < 0 || spec.densitySteps < 0 || (spec.densityProbes > 0) != (spec.densitySteps > 0))
    throw std::invalid_argument(fmt::format("--density needs at least 1 probe and 1 step, got {}x{}", spec.densityProbes, spec.densitySteps));
  if (!spec.trace.empty()) validate(TraceOptions{.method = spec.trace, .target = spec.traceError, .maxProducts = spec.maxProducts.value_or(kTraceProducts)});
  if (spec.effectiveDimension && !(*spec.effectiveDimension > 0)) throw std::invalid_argument(fmt::format("--effective-dimension must be above 0, got {}", *spec.effectiveDimension));
  if (spec.layers && !spec.restrictTo.empty()) throw std::invalid_argument("--layers takes each layer in turn: it cannot be combined with --restrict");
  if (spec.extrapolate && spec.top < 1) throw std::invalid_argument("--extrapolate is of lambda_max: it needs --top 1 or more");
}

void checkCounts(const SpectrumSpec& spec, std::int64_t parameters) {
  if (std::max(spec.top, spec.bottom) > parameters)
    throw std::invalid_argument(fmt::format("{} {} is more than the {} parameters there are", spec.top > parameters ? "--top" : "--bottom",
                                            std::max(spec.top, spec.bottom), parameters));
  if (spec.verify) requireDense(parameters);
}

/// One measurement: the run's objective, its operator and what is asked of them, part by part.
class Measurement {
 public:
  Measurement(const SpectrumSpec& spec, LoadedRun& run, const trainer::Context& context) : spec_(spec), run_(run), objective_(*run.train), context_(context) {
    for (const IndexRange& r : rangesOf(objective_.layout(), spec.restrictTo)) rows_ += r.to - r.from;
    checkCounts(spec, rows_);
    const std::int64_t budget = spec.measure.memoryBytes > 0 ? spec.measure.memoryBytes : defaultMemoryBudget(objective_.theta0().device());
    vectorBytes_ = std::max<std::int64_t>(1, budget / 4);
    graphBytes_ = std::max<std::int64_t>(1, budget - vectorBytes_);
    operator_ = operatorOf(run, operatorSpec(spec));
  }

  std::int64_t rows() const { return rows_; }

  /// Sets `stopped` when a stop comes behind the eigenvalues: the parts that are done are kept. @throws Cancelled before anything is there
  void run(Spectrum& s) {
    if (spec_.operatorName != "finite-difference") s.selfCheck = quickCheck(*operator_, spec_.measure.seed);
    if (spec_.top + spec_.bottom > 0 || !asksForMore(spec_)) eigenvalues(s);
    if (s.stopped) return;
    try {
      if (!spec_.trace.empty()) s.trace = estimateTrace(*operator_, traceOptions(), context_);
      if (spec_.densityProbes > 0) density(s);
      if (spec_.effectiveDimension) effective(s);
      if (spec_.layers) layers(s);
      if (spec_.extrapolate) extrapolation(s);
      if (spec_.verify) verifySpectrum(*operator_, s, context_);
    } catch (const trainer::Cancelled&) {
      if (s.top.empty() && s.bottom.empty() && !s.trace && !s.density) throw;
      s.stopped = true;
    }
  }

 private:
  OwnedOperator operatorOf(LoadedRun& run, const OperatorSpec& kind) const {
    MeasureSpec measure = spec_.measure;
    measure.memoryBytes = graphBytes_;
    return makeOperator(run, measure, kind, context_);
  }

  LanczosOptions lanczosOptions(const LinearOperator& a) const {
    return {.top = spec_.top, .bottom = spec_.bottom, .tolerance = spec_.residual.value_or(defaultResidual(objective_.theta0().scalar_type())),
            .maxProducts = spec_.maxProducts.value_or(defaultMaxProducts(a.size())), .seed = spec_.measure.seed, .basisLimit = basisVectors(a, vectorBytes_)};
  }

  TraceOptions traceOptions() const {
    return {.method = spec_.trace, .target = spec_.traceError, .maxProducts = spec_.maxProducts.value_or(kTraceProducts), .memoryBytes = vectorBytes_, .seed = spec_.measure.seed};
  }

  void eigenvalues(Spectrum& s) {
    const Eigenpairs pairs = extremeEigenpairs(*operator_, lanczosOptions(*operator_), context_);
    s.products = pairs.products;
    s.residualProducts = pairs.residualProducts;
    s.restarts = pairs.restarts;
    s.top = pairs.top;
    s.bottom = pairs.bottom;
    s.stopped = pairs.stopped;
    if (!spec_.saveVectors.empty()) saveVectors(spec_, pairs, objective_.layout());
  }

  void density(Spectrum& s) {
    const QuadratureOptions options{.probes = spec_.densityProbes, .steps = spec_.densitySteps, .seed = spec_.measure.seed, .memoryBytes = vectorBytes_, .radau = false};
    std::int64_t products = 0;
    const auto quadratures = lanczosQuadrature(*operator_, options, context_, &products);
    s.density = densityOf(quadratures, options, products);
  }

  void effective(Spectrum& s) {
    const QuadratureOptions options{.probes = spec_.densityProbes > 0 ? spec_.densityProbes : kDensityProbes,
                                    .steps = spec_.densitySteps > 0 ? spec_.densitySteps : kDensitySteps,
                                    .seed = spec_.measure.seed, .memoryBytes = vectorBytes_, .radau = true};
    OperatorSpec kind = operatorSpec(spec_);
    if (!semiDefinite(kind.kind)) kind.kind = "gauss-newton";
    const OwnedOperator a = kind.kind == spec_.operatorName ? nullptr : operatorOf(run_, kind);
    std::int64_t products = 0;
    const auto quadratures = lanczosQuadrature(a ? *a : *operator_, options, context_, &products);
    s.effectiveDimension = effectiveDimension(quadratures, rows_, *spec_.effectiveDimension);
    s.effectiveDimension->operatorName = kind.kind;
    s.effectiveDimension->products = products;
  }

  void layers(Spectrum& s) {
    s.layers = measureLayers(*operator_, objective_.layout(),
                             {.lanczos = lanczosOptions(*operator_), .traceTarget = spec_.traceError, .traceProducts = spec_.maxProducts.value_or(kTraceProducts)}, context_);
  }

  void extrapolation(Spectrum& s) {
    std::int64_t products = 0;
    MeasureSpec subset = spec_.measure;
    const auto measure = [&](std::int64_t samples, std::int64_t index) {
      context_.checkpoint();
      subset.samples = samples;
      subset.seed = trainer::deriveSeed(spec_.measure.seed, fmt::format("subset/{}/{}", samples, index));
      LoadedRun run = loadRun(subset);
      const OwnedOperator a = operatorOf(run, operatorSpec(spec_));
      LanczosOptions options = lanczosOptions(*a);
      options.top = 1, options.bottom = 0;
      const Eigenpairs pairs = extremeEigenpairs(*a, options, context_);
      if (pairs.stopped) throw trainer::Cancelled();
      products += pairs.products + pairs.residualProducts;
      return pairs.top.front();
    };
    s.extrapolation = extrapolate(s.top.front(), s.samples, populationOf(spec_.measure), kSubsets, spec_.measure.seed, measure);
    s.extrapolation->products = products;
  }

  static std::int64_t populationOf(MeasureSpec all) {
    all.samples = 0;
    return loadRun(all).train->sampleCount();
  }

  const SpectrumSpec& spec_;
  LoadedRun& run_;
  Objective& objective_;
  const trainer::Context& context_;
  std::int64_t rows_ = 0, vectorBytes_ = 0, graphBytes_ = 0;
  OwnedOperator operator_;
};

Spectrum measure(const SpectrumSpec& spec, const trainer::Context& context) {
  const auto started = std::chrono::steady_clock::now();
  check(spec);
  LoadedRun run = loadRun(spec.measure);
  Objective& objective = *run.train;
  const at::Tensor& theta = objective.theta0();
  Spectrum s;
  s.step = run.step;
  s.samples = objective.sampleCount();
  s.parameters = objective.layout().size();
  s.operatorName = spec.operatorName;
  s.precision = run.precision;
  s.batchNorm = spec.measure.batchNorm;
  s.device = run.device;
  Measurement measurement(spec, run, context);
  s.rows = measurement.rows();
  s.lossValue = objective.evaluate(theta).loss;
  s.parameterNorm = theta.to(at::kDouble).norm().item<double>();
  measurement.run(s);
  s.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return s;
}

}  // namespace

Spectrum measureSpectrum(const SpectrumSpec& spec, const trainer::Context& context) {
  try {
    return measure(spec, context);
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("the spectrum could not be measured: {}", e.what_without_backtrace()));
  }
}

}  // namespace analysis
