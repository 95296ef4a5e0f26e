// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "trainer/model/model.h"

/// The networks behind buildModel().
namespace trainer {

using Activation = at::Tensor (*)(const at::Tensor&);

/// fc1 .. fcL with `widths` = {features, hidden ..., classes} and the activation between them.
std::shared_ptr<const Model> buildMlp(const std::string& name, const std::vector<std::int64_t>& widths, Activation activation);

/// conv1 (3x3, 16, padding 1), conv2 (3x3, 32, padding 1), each with the activation; 2x2 max pool; fc.
std::shared_ptr<const Model> buildCnn(Activation activation, const InputShape& input);

/// conv1 (6, 5x5, padding 2), conv2 (16, 5x5), each with ReLU and 2x2 max pool; fc1 120, fc2 84 with ReLU; fc3.
/// Source: LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition, 1998 (ReLU and max pool as is usual now).
std::shared_ptr<const Model> buildLenet(const InputShape& input);

/// Weight then bias of a layer, under PyTorch's names.
inline void appendLayer(ParameterLayout& layout, const std::string& name, std::vector<std::int64_t> weightShape) {
  const std::int64_t outputs = weightShape.front();
  layout.append(name + ".weight", std::move(weightShape), ParameterKind::weight);
  layout.append(name + ".bias", {outputs}, ParameterKind::bias);
}

}  // namespace trainer
