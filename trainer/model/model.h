// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "trainer/model/parameter_layout.h"

namespace trainer {

/// Shape of one input and the number of classes. Features are 1 x 1 x D; tokens 1 x 1 x T, with `classes` the size of the vocabulary.
struct InputShape {
  std::int64_t channels = 1, height = 1, width = 1, classes = 2;
  bool tokens = false;
  std::int64_t features() const { return channels * height * width; }
};

enum class Mode { evaluate, train };

/// What a forward pass depends on beside theta and x.
struct Pass {
  Mode mode = Mode::evaluate;
  at::Tensor buffers{};                  ///< [B] running statistics; undefined: the model's initial ones
  std::uint64_t dropoutSeed = 0;         ///< train: dropout masks are a function of it, of the layer's name and of the element
  at::Tensor* updatedBuffers = nullptr;  ///< train: receives the new running statistics [B], where not null
};

/// A network as a pure function of the flat vector: immutable, without state, shareable between threads.
///
/// forward(theta [P], x [N,C,H,W]) -> logits [N, classes], in theta's dtype and on its device; differentiable any number of times.
/// The slices are cut by one split_with_sizes, so that the gradient with respect to theta arrives as one tensor [P].
class Model {
 public:
  virtual ~Model() = default;
  const ParameterLayout& layout() const { return layout_; }
  const std::string& name() const { return name_; }
  at::Tensor forward(const at::Tensor& theta, const at::Tensor& x) const;

 protected:
  explicit Model(std::string name) : name_(std::move(name)) {}
  /// `p` are the slices of theta in layout order, in their shapes.
  virtual at::Tensor apply(const std::vector<at::Tensor>& p, const at::Tensor& x) const = 0;
  ParameterLayout layout_;

 private:
  std::string name_;
};

/// "mlp:64-32-10", "cnn", "lenet". @throws std::invalid_argument for an unknown name or widths that do not fit the data.
std::shared_ptr<const Model> buildModel(const std::string& name, const std::string& activation, const InputShape& input);

/// PyTorch's default initialisation of linear and convolution layers: weight and bias uniform in +-1/sqrt(fan_in), one random stream a
/// parameter name. CPU tensor [P] of `dtype`.
at::Tensor initialise(const ParameterLayout& layout, std::uint64_t seed, at::ScalarType dtype);

/// Mean over the batch of the cross entropy of logits [N,C] and labels [N] int64.
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels);

}  // namespace trainer
