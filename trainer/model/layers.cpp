// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/layers.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/base/random.h"
#include "trainer/model/batch_norm.h"
#include "trainer/model/convolution.h"
#include "trainer/model/dropout.h"
#include "trainer/model/transformer_layers.h"

namespace trainer {
namespace {

std::vector<at::Tensor> cut(const at::Tensor& flat, const ParameterLayout& layout) {
  std::vector<at::Tensor> pieces = flat.split_with_sizes(layout.counts());
  for (std::size_t i = 0; i < pieces.size(); ++i) pieces[i] = pieces[i].view(layout.slices()[i].shape);
  return pieces;
}

void requireLength(const at::Tensor& flat, const ParameterLayout& layout, const std::string& model, const char* what) {
  if (flat.dim() != 1 || flat.size(0) != layout.size())
    throw std::invalid_argument(fmt::format("{} needs {} of {} numbers, got {}", model, what, layout.size(), flat.numel()));
}

const at::Tensor kNone;

const at::Tensor& parameterOrNone(const Forward& f, const std::optional<std::size_t>& i) { return i ? f.parameter(*i) : kNone; }

/// gamma / sqrt(variance + eps) and what is then added, of the running statistics: both [C].
struct Affine {
  at::Tensor scale, shift;
};

Affine affineOf(const BatchNorm2d& norm, const Forward& f) {
  const at::Tensor scale = f.parameter(norm.gamma) * (f.buffer(norm.variance) + kBatchNormEps).rsqrt();
  return {scale, f.parameter(norm.beta) - f.buffer(norm.mean) * scale};
}

}  // namespace

Forward::Forward(const Model& model, const at::Tensor& theta, const Pass& pass)
    : mode_(pass.mode), dropoutSeed_(pass.dropoutSeed), updates_(training() && pass.updatedBuffers != nullptr) {
  requireLength(theta, model.layout(), model.name(), "theta");
  parameters_ = cut(theta, model.layout());
  allBuffers_ = (pass.buffers.defined() ? pass.buffers : model.initialBuffers(theta.scalar_type())).to(theta.device(), theta.scalar_type());
  requireLength(allBuffers_, model.bufferLayout(), model.name(), "buffers");
  if (updates_) allBuffers_ = allBuffers_.detach().clone();
  buffers_ = cut(allBuffers_, model.bufferLayout());
}

at::Tensor Forward::dropout(const at::Tensor& h, double p, const std::string& layer) const {
  return training() && p > 0 ? h * dropoutMask(h, p, deriveSeed(dropoutSeed_, layer)) : h;
}

at::Tensor Linear::operator()(const Forward& f, const at::Tensor& x) const { return at::linear(x, f.parameter(weight), parameterOrNone(f, bias)); }

at::Tensor LayerNorm::operator()(const Forward& f, const at::Tensor& x) const {
  return layerNorm(x, f.parameter(gamma), f.parameter(beta), eps);
}

at::Tensor BatchNorm2d::operator()(const Forward& f, const at::Tensor& x) const {
  if (f.training())
    return batchNorm(x, f.parameter(gamma), f.parameter(beta),
                     f.updates() ? RunningStatistics{f.buffer(mean), f.buffer(variance)} : RunningStatistics{});
  const Affine affine = affineOf(*this, f);
  return x * affine.scale.view({-1, 1, 1}) + affine.shift.view({-1, 1, 1});
}

at::Tensor Convolution::operator()(const Forward& f, const at::Tensor& x) const {
  const at::Tensor& w = f.parameter(weight);
  const at::Tensor& b = parameterOrNone(f, bias);
  if (norm && !f.training()) {
    const Affine affine = affineOf(*norm, f);
    const at::Tensor shift = bias ? affine.shift + b * affine.scale : affine.shift;
    return convolution(x, w * affine.scale.view({-1, 1, 1, 1}), shift, {stride, padding});
  }
  const at::Tensor h = convolution(x, w, b, {stride, padding});
  return norm ? (*norm)(f, h) : h;
}

Linear appendLinear(ParameterLayout& layout, const std::string& name, std::int64_t inputs, std::int64_t outputs, bool bias, Start weightStart,
                    Start biasStart) {
  Linear linear{.weight = layout.append(name + ".weight", {outputs, inputs}, ParameterKind::weight, weightStart), .bias = {}};
  if (bias) linear.bias = layout.append(name + ".bias", {outputs}, ParameterKind::bias, biasStart);
  return linear;
}

LayerNorm appendLayerNorm(ParameterLayout& layout, const std::string& name, std::int64_t width, double eps) {
  const std::size_t gamma = layout.append(name + ".weight", {width}, ParameterKind::norm, startAt(1));
  return {.gamma = gamma, .beta = layout.append(name + ".bias", {width}, ParameterKind::norm, startAt(0)), .eps = eps};
}

BatchNorm2d appendBatchNorm(const Layouts& layouts, const std::string& name, std::int64_t channels) {
  BatchNorm2d norm;
  norm.gamma = layouts.parameters.append(name + ".weight", {channels}, ParameterKind::norm, startAt(1));
  norm.beta = layouts.parameters.append(name + ".bias", {channels}, ParameterKind::norm, startAt(0));
  norm.mean = layouts.buffers.append(name + ".running_mean", {channels}, ParameterKind::norm, startAt(0));
  norm.variance = layouts.buffers.append(name + ".running_var", {channels}, ParameterKind::norm, startAt(1));
  return norm;
}

Convolution appendConvolution(ParameterLayout& layout, const std::string& name, const ConvShape& s) {
  Convolution convolution;
  convolution.stride = s.stride;
  convolution.padding = s.padding;
  convolution.weight = layout.append(name + ".weight", {s.outputs, s.inputs, s.kernel, s.kernel}, ParameterKind::weight, s.weightStart);
  if (s.bias) convolution.bias = layout.append(name + ".bias", {s.outputs}, ParameterKind::bias, s.biasStart);
  return convolution;
}

Convolution appendConvolution(const Layouts& layouts, const std::string& name, const ConvShape& shape, const std::string& normName) {
  Convolution convolution = appendConvolution(layouts.parameters, name, shape);
  if (!normName.empty()) convolution.norm = appendBatchNorm(layouts, normName, shape.outputs);
  return convolution;
}

}  // namespace trainer
