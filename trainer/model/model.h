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

class Forward;

/// A network as a pure function of the flat vector: immutable, without state, shareable between threads.
///
/// forward(theta [P], x [N,C,H,W]) -> logits [N, classes], in theta's dtype and on its device; for gpt tokens [N,1,1,T] or [N,T] int64 ->
/// logits [N,T,V]. Differentiable any number of times, in both modes. Theta is cut by one split_with_sizes, so that its gradient arrives
/// as one tensor [P]. Train mode uses the batch's statistics and drops out; evaluation mode folds the running statistics into the
/// convolutions. Nothing is changed but *pass.updatedBuffers.
/// @throws std::invalid_argument when theta or the buffers have another length.
class Model {
 public:
  virtual ~Model() = default;
  const ParameterLayout& layout() const { return layout_; }
  const ParameterLayout& bufferLayout() const { return bufferLayout_; }  ///< running_mean and running_var of every batch norm
  const std::string& name() const { return name_; }
  at::Tensor initialBuffers(at::ScalarType dtype) const;  ///< [B], CPU: means 0, variances 1
  at::Tensor forward(const at::Tensor& theta, const at::Tensor& x, const Pass& pass = {}) const;

 protected:
  explicit Model(std::string name) : name_(std::move(name)) {}
  virtual at::Tensor apply(const Forward& f, const at::Tensor& x) const = 0;
  ParameterLayout layout_, bufferLayout_;

 private:
  std::string name_;
};

/// "mlp:64-32-10", "cnn", "lenet", "resnet20" ...: see model_names.h; `dropout` for mlp, vgg, wrn, vit and gpt.
/// @throws std::invalid_argument for an unknown name, a dropout the model does not have, or a model that does not fit the data.
std::shared_ptr<const Model> buildModel(const std::string& name, const std::string& activation, const InputShape& input, double dropout = 0);

/// Start values by each slice's rule, one random stream deriveSeed(seed, "init/" + name) a parameter. CPU tensor [P] of `dtype`.
at::Tensor initialise(const ParameterLayout& layout, std::uint64_t seed, at::ScalarType dtype);

/// Mean over the batch (and over the positions) of the cross entropy of logits [N,C] and labels [N] int64, or [N,T,V] and [N,T].
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels);

}  // namespace trainer
