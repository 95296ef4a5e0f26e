// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trainer/model/model.h"

/// The layers that the networks are made of. A layer knows where its tensors lie; its append function puts their names (PyTorch's) into the
/// layouts. Layers hold no numbers and do not change.
namespace trainer {

using Activation = at::Tensor (*)(const at::Tensor&);

/// One forward pass: theta and the buffers cut into slices, and what else `Pass` says.
class Forward {
 public:
  /// @throws std::invalid_argument when theta or the buffers have another length than the layouts.
  Forward(const Model& model, const at::Tensor& theta, const Pass& pass);
  bool training() const { return mode_ == Mode::train; }
  const at::Tensor& parameter(std::size_t i) const { return parameters_[i]; }
  const at::Tensor& buffer(std::size_t i) const { return buffers_[i]; }  ///< in train mode the new one, where it is wanted
  bool updates() const { return updates_; }
  const at::Tensor& buffers() const { return allBuffers_; }  ///< [B]

  /// In train mode h times dropoutMask(seed deriveSeed(dropoutSeed, layer)); otherwise, and for p = 0, h.
  at::Tensor dropout(const at::Tensor& h, double p, const std::string& layer) const;

 private:
  Mode mode_;
  std::uint64_t dropoutSeed_;
  bool updates_;
  at::Tensor allBuffers_;
  std::vector<at::Tensor> parameters_, buffers_;
};

/// x W^T + b.
struct Linear {
  std::size_t weight = 0;
  std::optional<std::size_t> bias;
  at::Tensor operator()(const Forward& f, const at::Tensor& x) const;
};
Linear appendLinear(ParameterLayout& layout, const std::string& name, std::int64_t inputs, std::int64_t outputs, bool bias = true,
                    Start weightStart = {}, Start biasStart = {});

/// Layer norm over the last dimension.
struct LayerNorm {
  std::size_t gamma = 0, beta = 0;
  double eps = 1e-5;
  at::Tensor operator()(const Forward& f, const at::Tensor& x) const;
};
LayerNorm appendLayerNorm(ParameterLayout& layout, const std::string& name, std::int64_t width, double eps);

/// Where both layouts of a network grow.
struct Layouts {
  ParameterLayout& parameters;
  ParameterLayout& buffers;
};

/// Batch norm alone: batch statistics in train mode; otherwise the affine map of the running ones.
struct BatchNorm2d {
  std::size_t gamma = 0, beta = 0, mean = 0, variance = 0;
  at::Tensor operator()(const Forward& f, const at::Tensor& x) const;
};
BatchNorm2d appendBatchNorm(const Layouts& layouts, const std::string& name, std::int64_t channels);

struct ConvShape {
  std::int64_t inputs = 1, outputs = 1, kernel = 3, stride = 1, padding = 1;
  bool bias = false;
  Start weightStart{}, biasStart{};
};

/// A convolution and, where it has one, the batch norm behind it. In evaluation mode the norm is folded into the convolution:
/// W' = W gamma / sqrt(variance + eps), b' = beta + (b - mean) gamma / sqrt(variance + eps): one convolution, differentiable in all of them.
struct Convolution {
  std::size_t weight = 0;
  std::optional<std::size_t> bias;
  std::int64_t stride = 1, padding = 0;
  std::optional<BatchNorm2d> norm;
  at::Tensor operator()(const Forward& f, const at::Tensor& x) const;
};
Convolution appendConvolution(ParameterLayout& layout, const std::string& name, const ConvShape& shape);
/// As above with a norm behind it, where `normName` is not empty.
Convolution appendConvolution(const Layouts& layouts, const std::string& name, const ConvShape& shape, const std::string& normName);

}  // namespace trainer
