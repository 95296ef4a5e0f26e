// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/transformer_layers.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <cmath>
#include <numbers>

#include "trainer/model/second_backward.h"

namespace trainer {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

const double kDensityAtZero = 0.5 * std::numbers::inv_sqrtpi * std::numbers::sqrt2;  // 1/sqrt(2 pi)

bool onCpu(const at::Tensor& x) { return x.is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble) && x.numel() > 0; }

at::Tensor geluBackward(const at::Tensor& g, const at::Tensor& x);

/// (g, x) -> g gelu'(x), which is differentiated again.
class GeluBackward : public torch::autograd::Function<GeluBackward> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& x) {
    const at::Tensor first = at::gelu_backward(at::ones({}, x.options().requires_grad(false)).expand_as(x), x);
    const at::Tensor square = x.square();  // gelu'' = phi(x) (2 - x^2)
    const at::Tensor second = (square * -0.5).exp_().mul_(kDensityAtZero).mul_(square.neg().add_(2)).mul_(g);
    context->save_for_backward({g, x});
    context->saved_data["first"] = first;
    context->saved_data["second"] = second;
    return g * first;
  }

  static variable_list backward(AutogradContext* context, const variable_list& outer) {
    const at::Tensor& a = outer[0];
    if (!at::GradMode::is_enabled())
      return {context->needs_input_grad(0) ? a * context->saved_data["first"].toTensor() : at::Tensor(),
              context->needs_input_grad(1) ? a * context->saved_data["second"].toTensor() : at::Tensor()};
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &g = saved[0], &x = saved[1];
    return {geluBackward(a, x), a * g * (x.square() * -0.5).exp() * (kDensityAtZero * (2 - x.square()))};
  }
};

at::Tensor geluBackward(const at::Tensor& g, const at::Tensor& x) { return at::GradMode::is_enabled() ? GeluBackward::apply(g, x) : at::gelu_backward(g, x); }

class Gelu : public torch::autograd::Function<Gelu> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x) {
    context->save_for_backward({x});
    return at::gelu(x);
  }
  static variable_list backward(AutogradContext* context, const variable_list& outputs) { return {geluBackward(outputs[0], context->get_saved_variables()[0])}; }
};

template <class Real>
void softmaxSecondOf(const at::Tensor& s, const at::Tensor& g, const at::Tensor& a, at::Tensor& toG, at::Tensor& toS) {
  const auto out = [](at::Tensor& t) { return t.defined() ? t.mutable_data_ptr<Real>() : nullptr; };
  softmaxSecond<Real>({s.const_data_ptr<Real>(), g.const_data_ptr<Real>(), a.const_data_ptr<Real>(), out(toG), out(toS), s.numel() / s.size(-1), s.size(-1)});
}

/// (g, s) -> s (g - <s, g>), which is differentiated again.
class SoftmaxBackward : public torch::autograd::Function<SoftmaxBackward> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& s) {
    context->save_for_backward({g, s});
    return at::_softmax_backward_data(g, s, -1, s.scalar_type());
  }

  static variable_list backward(AutogradContext* context, const variable_list& outer) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &g = saved[0], &s = saved[1], &a = outer[0];
    if (at::GradMode::is_enabled() || !onCpu(s)) {
      const at::Tensor q = (s * a).sum(-1, true);
      return {s * (a - q), a * (g - (s * g).sum(-1, true)) - g * q};
    }
    at::Tensor toG = context->needs_input_grad(0) ? at::empty(s.sizes(), s.options()) : at::Tensor();
    at::Tensor toS = context->needs_input_grad(1) ? at::empty(s.sizes(), s.options()) : at::Tensor();
    const at::Tensor rows = s.contiguous(), inner = g.contiguous(), outerRows = a.contiguous();
    s.scalar_type() == at::kFloat ? softmaxSecondOf<float>(rows, inner, outerRows, toG, toS) : softmaxSecondOf<double>(rows, inner, outerRows, toG, toS);
    return {toG, toS};
  }
};

class Softmax : public torch::autograd::Function<Softmax> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& z) {
    at::Tensor s = at::softmax(z, -1);
    context->save_for_backward({s});
    return s;
  }
  static variable_list backward(AutogradContext* context, const variable_list& outputs) {
    const at::Tensor s = context->get_saved_variables()[0];
    if (at::GradMode::is_enabled()) return {SoftmaxBackward::apply(outputs[0], s)};
    return {at::_softmax_backward_data(outputs[0], s, -1, s.scalar_type())};
  }
};

struct Normalised {
  at::Tensor values, r;
};

Normalised normalised(const at::Tensor& x, double eps) {
  const at::Tensor centred = x - x.mean(-1, true);
  const at::Tensor r = (centred.square().mean(-1, true) + eps).rsqrt();
  return {centred * r, r};
}

struct Norm {
  at::Tensor x, mean, r, gamma;
};

template <class Real>
variable_list layerNormSecondOf(const Norm& n, const at::Tensor& g, const variable_list& outer, const std::array<bool, 3>& wanted) {
  using Second = LayerNormSecond<Real>;
  const std::int64_t width = n.x.size(-1), rows = n.x.numel() / width, parts = (rows + Second::rowsAPart - 1) / Second::rowsAPart;
  std::array<at::Tensor, 9> in{n.x, n.mean, n.r, n.gamma, g, outer[0], outer[1], outer[2]};
  for (at::Tensor& t : in)
    if (t.defined()) t = t.contiguous();
  const auto data = [&](std::size_t i) { return in[i].const_data_ptr<Real>(); };
  at::Tensor toG = wanted[0] ? at::empty(n.x.sizes(), n.x.options()) : at::Tensor(), toX = wanted[1] ? at::empty(n.x.sizes(), n.x.options()) : at::Tensor();
  at::Tensor toGamma = wanted[2] ? at::empty({parts, width}, n.x.options()) : at::Tensor();
  const auto out = [](at::Tensor& t) { return t.defined() ? t.mutable_data_ptr<Real>() : nullptr; };
  layerNormSecond<Real>({data(0), data(1), data(2), data(3), data(4), data(5), data(6), data(7), out(toG), out(toX), out(toGamma), rows, width});
  return {toG, toX, toGamma.defined() ? toGamma.sum(0) : toGamma};
}

/// (g, x, gamma) -> derivatives by x, gamma, beta, which are differentiated again.
class LayerNormBackward : public torch::autograd::Function<LayerNormBackward> {
 public:
  static variable_list forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& mean, const at::Tensor& r,
                               double eps) {
    context->save_for_backward({g, x, gamma, mean, r});
    context->saved_data["eps"] = eps;
    const auto [toX, toGamma, toBeta] = at::native_layer_norm_backward(g, x, {x.size(-1)}, mean, r, gamma, gamma, {true, true, true});
    return {toX, toGamma, toBeta};
  }

  static variable_list backward(AutogradContext* context, const variable_list& outer) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &g = saved[0], &x = saved[1], &gamma = saved[2];
    if (at::GradMode::is_enabled() || !onCpu(x)) return writtenOut(g, x, gamma, outer, context->saved_data["eps"].toDouble());
    const std::array wanted{context->needs_input_grad(0), context->needs_input_grad(1), context->needs_input_grad(2)};
    const Norm norm{x, saved[3], saved[4], gamma};
    variable_list results = x.scalar_type() == at::kFloat ? layerNormSecondOf<float>(norm, g, outer, wanted) : layerNormSecondOf<double>(norm, g, outer, wanted);
    results.resize(6);
    return results;
  }

 private:
  static variable_list writtenOut(const at::Tensor& g, const at::Tensor& x, const at::Tensor& gamma, const variable_list& outer, double eps) {
    const at::Tensor &a = outer[0], &c = outer[1], &d = outer[2];
    const auto [n, r] = normalised(x, eps);
    const auto mean = [](const at::Tensor& v) { return v.mean(-1, true); };
    const auto p = [&, &n = n, &r = r](const at::Tensor& v) { return r * (v - mean(v) - n * mean(v * n)); };
    const at::Tensor h = gamma * g, pa = p(a), an = mean(a * n), hn = mean(h * n);
    const at::Tensor toX = p(c * g) - r * r * n * (mean(a * h) - mean(a) * mean(h) - an * hn) - r * (hn * pa + an * p(h));
    return {gamma * pa + c * n + d, toX, (g * pa).flatten(0, -2).sum(0), {}, {}, {}};
  }
};

class LayerNormalisation : public torch::autograd::Function<LayerNormalisation> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double eps) {
    const auto [y, mean, r] = at::native_layer_norm(x, {x.size(-1)}, gamma, beta, eps);
    context->save_for_backward({x, gamma, beta, mean, r});
    context->saved_data["eps"] = eps;
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& outputs) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &g = outputs[0], &x = saved[0], &gamma = saved[1], &mean = saved[3], &r = saved[4];
    if (at::GradMode::is_enabled()) {
      variable_list results = LayerNormBackward::apply(g, x, gamma, mean, r, context->saved_data["eps"].toDouble());
      results.emplace_back();
      return results;
    }
    const auto [toX, toGamma, toBeta] = at::native_layer_norm_backward(g, x, {x.size(-1)}, mean, r, gamma, saved[2], {true, true, true});
    return {toX, toGamma, toBeta, {}};
  }
};

}  // namespace

at::Tensor gelu(const at::Tensor& x) { return at::GradMode::is_enabled() ? Gelu::apply(x) : at::gelu(x); }

at::Tensor softmax(const at::Tensor& z) { return at::GradMode::is_enabled() ? Softmax::apply(z) : at::softmax(z, -1); }

at::Tensor layerNorm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double eps) {
  return at::GradMode::is_enabled() ? LayerNormalisation::apply(x, gamma, beta, eps) : at::layer_norm(x, {x.size(-1)}, gamma, beta, eps);
}

}  // namespace trainer
