// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/convolution.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <optional>

#include "trainer/model/double_convolution.h"

namespace trainer {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Wanted {
  bool x = true, w = true, b = true;
};

/// Derivatives of <g, conv2d(x, w) + b> by x, w and b; those not wanted are undefined.
std::array<at::Tensor, 3> firstBackward(const at::Tensor& g, const at::Tensor& x, const at::Tensor& w, const ConvolutionShape& s, Wanted wanted) {
  if (hasDoubleConvolution(x))
    return {wanted.x ? doubleConvolutionToInput(g, x.sizes(), w, s) : at::Tensor(), wanted.w ? doubleConvolutionToWeight(g, x, w.sizes(), s) : at::Tensor(),
            wanted.b ? g.sum({0, 2, 3}) : at::Tensor()};
  const std::array<std::int64_t, 1> outputs{w.size(0)};
  auto [toX, toW, toB] = at::convolution_backward(g, x, w, at::OptionalIntArrayRef(outputs), {s.stride, s.stride}, {s.padding, s.padding}, {1, 1}, false, {0, 0}, 1,
                                                  {wanted.x, wanted.w, wanted.b});
  return {toX, toW, toB};
}

at::Tensor plain(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, const ConvolutionShape& s) {
  return hasDoubleConvolution(x) ? doubleConvolution(x, w, b, s) : at::conv2d(x, w, b, s.stride, s.padding);
}

at::Tensor sumOf(const at::Tensor& a, const at::Tensor& b) { return !a.defined() ? b : b.defined() ? a + b : a; }

/// firstBackward() that can be differentiated again where a graph is recorded.
variable_list backwardOf(const at::Tensor& g, const at::Tensor& x, const at::Tensor& w, const ConvolutionShape& s, Wanted wanted);

/// (g, x, w) -> derivatives of <g, conv2d(x, w) + b>; empty tensors for those not wanted.
class FirstBackward : public torch::autograd::Function<FirstBackward> {
 public:
  static variable_list forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& x, const at::Tensor& w, ConvolutionShape shape, Wanted wanted) {
    context->set_materialize_grads(false);
    context->save_for_backward({g, x, w});
    context->saved_data["stride"] = shape.stride;
    context->saved_data["padding"] = shape.padding;
    variable_list results;
    for (const at::Tensor& t : firstBackward(g, x, w, shape, wanted)) results.push_back(t.defined() ? t : at::empty({0}, g.options()));
    return results;
  }

  // With a, c, d what stands at the three derivatives: the derivatives of <g, conv2d(a, w)> + <g, conv2d(x, c)> + <g, d>.
  static variable_list backward(AutogradContext* context, const variable_list& outer) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &g = saved[0], &x = saved[1], &w = saved[2], &a = outer[0], &c = outer[1], &d = outer[2];
    const ConvolutionShape s{context->saved_data["stride"].toInt(), context->saved_data["padding"].toInt()};
    at::Tensor toG, toX, toW;
    if (context->needs_input_grad(0)) {
      if (a.defined()) toG = convolution(a, w, {}, s);
      if (c.defined()) toG = sumOf(toG, convolution(x, c, {}, s));
      if (d.defined()) toG = sumOf(toG, d.view({1, -1, 1, 1}).expand_as(g));
    }
    if (context->needs_input_grad(1) && c.defined()) toX = backwardOf(g, x, c, s, {true, false, false})[0];
    if (context->needs_input_grad(2) && a.defined()) toW = backwardOf(g, a, w, s, {false, true, false})[1];
    return {toG, toX, toW, {}, {}};
  }
};

variable_list backwardOf(const at::Tensor& g, const at::Tensor& x, const at::Tensor& w, const ConvolutionShape& s, Wanted wanted) {
  if (!at::GradMode::is_enabled()) {
    const auto [toX, toW, toB] = firstBackward(g, x, w, s, wanted);
    return {toX, toW, toB};
  }
  variable_list results = FirstBackward::apply(g, x, w, s, wanted);
  const std::array is{wanted.x, wanted.w, wanted.b};
  for (std::size_t i = 0; i < is.size(); ++i)
    if (!is[i]) results[i] = at::Tensor();
  return results;
}

class Convolution : public torch::autograd::Function<Convolution> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& w, const std::optional<at::Tensor>& b, ConvolutionShape shape) {
    context->save_for_backward({x, w});
    context->saved_data["stride"] = shape.stride;
    context->saved_data["padding"] = shape.padding;
    context->saved_data["bias"] = b.has_value();
    return plain(x, w, b.value_or(at::Tensor()), shape);
  }

  static variable_list backward(AutogradContext* context, const variable_list& outputs) {
    const variable_list saved = context->get_saved_variables();
    const ConvolutionShape s{context->saved_data["stride"].toInt(), context->saved_data["padding"].toInt()};
    const Wanted wanted{context->needs_input_grad(0), context->needs_input_grad(1), context->saved_data["bias"].toBool() && context->needs_input_grad(2)};
    const variable_list results = backwardOf(outputs[0], saved[0], saved[1], s, wanted);
    return {results[0], results[1], results[2], {}};
  }
};

}  // namespace

at::Tensor convolution(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, const ConvolutionShape& shape) {
  if (!at::GradMode::is_enabled()) return plain(x, w, b, shape);
  return Convolution::apply(x, w, b.defined() ? std::optional(b) : std::nullopt, shape);
}

}  // namespace trainer
