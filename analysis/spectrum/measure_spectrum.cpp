// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/measure_spectrum.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <chrono>

#include "analysis/load_objective.h"
#include "analysis/spectrum/eigenvector.h"
#include "analysis/spectrum/lanczos.h"
#include "trainer/base/error.h"
#include "trainer/model/safetensors.h"

namespace analysis {
namespace {

void append(trainer::NamedTensors& file, const std::string& prefix, const at::Tensor& vector, const trainer::ParameterLayout& layout) {
  const at::Tensor v = vector.cpu();
  for (const auto& slice : layout.slices())
    file.tensors.emplace_back(prefix + "/" + slice.name, v.narrow(0, slice.offset, slice.count()).reshape(slice.shape).clone());
}

void saveVectors(const std::string& file, const Eigenpairs& pairs, const trainer::ParameterLayout& layout) {
  trainer::NamedTensors content;
  for (std::size_t i = 0; i < pairs.topVectors.size(); ++i) append(content, fmt::format("top{}", i + 1), pairs.topVectors[i], layout);
  for (std::size_t i = 0; i < pairs.bottomVectors.size(); ++i) append(content, fmt::format("bottom{}", i + 1), pairs.bottomVectors[i], layout);
  trainer::writeSafetensors(file, content);
}

void check(const SpectrumSpec& spec) {
  if (spec.operatorName != "hessian") throw std::invalid_argument(fmt::format("--operator '{}' is unknown; this version has: hessian", spec.operatorName));
  if (spec.top < 0 || spec.bottom < 0) throw std::invalid_argument(fmt::format("--top and --bottom must be >= 0, got {} and {}", spec.top, spec.bottom));
}

Spectrum measure(const SpectrumSpec& spec, const trainer::Context& context) {
  const auto started = std::chrono::steady_clock::now();
  check(spec);
  const LoadedRun run = loadRun(spec.measure);
  Objective& objective = *run.train;
  const at::Tensor& theta = objective.theta0();
  const std::int64_t parameters = objective.layout().size();
  if (std::max(spec.top, spec.bottom) > parameters)
    throw std::invalid_argument(fmt::format("{} {} is more than the {} parameters there are", spec.top > parameters ? "--top" : "--bottom",
                                            std::max(spec.top, spec.bottom), parameters));
  Spectrum s;
  s.step = run.step;
  s.samples = objective.sampleCount();
  s.parameters = parameters;
  s.operatorName = spec.operatorName;
  s.precision = run.precision;
  s.batchNorm = spec.measure.batchNorm;
  s.device = run.device;
  s.lossValue = objective.evaluate(theta).loss;
  s.parameterNorm = theta.to(at::kDouble).norm().item<double>();
  const auto hessian = objective.hessian(theta, spec.measure.memoryBytes, context);
  const Eigenpairs pairs = extremeEigenpairs(*hessian,
                                             {.top = spec.top, .bottom = spec.bottom, .tolerance = spec.residual.value_or(defaultResidual(theta.scalar_type())),
                                              .maxProducts = spec.maxProducts.value_or(defaultMaxProducts(parameters)), .seed = spec.measure.seed},
                                             context);
  s.products = pairs.products;
  s.residualProducts = pairs.residualProducts;
  s.top = pairs.top;
  s.bottom = pairs.bottom;
  s.stopped = pairs.stopped;
  if (!spec.saveVectors.empty()) saveVectors(spec.saveVectors, pairs, objective.layout());
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
