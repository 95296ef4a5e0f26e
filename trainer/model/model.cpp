// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/model.h"

#include <ATen/ATen.h>

#include <cmath>

#include "trainer/base/random.h"
#include "trainer/model/layers.h"

namespace trainer {
namespace {

void fill(double* out, const ParameterSlice& slice, double bound, std::uint64_t seed) {
  RandomStream stream(deriveSeed(seed, "init/" + slice.name));
  for (std::int64_t i = 0; i < slice.count(); ++i) {
    if (slice.start.rule == Start::Rule::constant) out[i] = slice.start.value;
    if (slice.start.rule == Start::Rule::normal) out[i] = slice.start.value * stream.normal();
    if (slice.start.rule == Start::Rule::fanIn) out[i] = bound * (2.0 * stream.uniform() - 1.0);
  }
}

}  // namespace

at::Tensor Model::initialBuffers(at::ScalarType dtype) const { return initialise(bufferLayout_, 0, dtype); }

at::Tensor Model::forward(const at::Tensor& theta, const at::Tensor& x, const Pass& pass) const {
  const Forward f(*this, theta, pass);
  const at::Tensor logits = apply(f, x);
  if (f.updates()) *pass.updatedBuffers = f.buffers();
  return logits;
}

at::Tensor initialise(const ParameterLayout& layout, std::uint64_t seed, at::ScalarType dtype) {
  const at::Tensor theta = at::empty({layout.size()}, at::kDouble);
  double bound = 1;
  for (const ParameterSlice& slice : layout.slices()) {
    // A layer's bias follows its weight and shares its fan-in.
    if (slice.kind == ParameterKind::weight) bound = 1.0 / std::sqrt(static_cast<double>(slice.count() / slice.shape.front()));
    fill(theta.data_ptr<double>() + slice.offset, slice, bound, seed);
  }
  return theta.to(dtype);
}

}  // namespace trainer
