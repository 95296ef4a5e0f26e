// SPDX-License-Identifier: GPL-3.0-or-later
// Where its maxima lie given, a max pool is linear: it gathers. Its derivative scatters, and the derivative of that gathers.
#include "trainer/model/channels_last.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

namespace trainer {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kSide = 2;

/// x at `places`: what a pool with these maxima makes of it.
at::Tensor gathered(const at::Tensor& x, const at::Tensor& places) {
  if (!x.is_contiguous(at::MemoryFormat::ChannelsLast)) return x.flatten(2).gather(2, places.flatten(2)).view(places.sizes());
  const at::Tensor rows = places.permute({0, 2, 3, 1});
  return x.permute({0, 2, 3, 1}).flatten(1, 2).gather(1, rows.flatten(1, 2)).view(rows.sizes()).permute({0, 3, 1, 2});
}

/// g [N,C,h,w] put to `places` of zeros like x.
at::Tensor scattered(const at::Tensor& g, const at::Tensor& x, const at::Tensor& places) {
  return at::max_pool2d_with_indices_backward(g, x, {kSide, kSide}, {kSide, kSide}, {0, 0}, {1, 1}, false, places);
}

at::Tensor gather(const at::Tensor& x, const at::Tensor& places);
at::Tensor scatter(const at::Tensor& g, const at::Tensor& x, const at::Tensor& places);

class Gather : public torch::autograd::Function<Gather> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& places) {
    context->save_for_backward({x.detach(), places});
    return gathered(x, places);
  }
  static variable_list backward(AutogradContext* context, const variable_list& outer) {
    const variable_list saved = context->get_saved_variables();
    return {scatter(outer[0], saved[0], saved[1]), {}};
  }
};

class Scatter : public torch::autograd::Function<Scatter> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& x, const at::Tensor& places) {
    context->save_for_backward({places});
    return scattered(g, x, places);
  }
  static variable_list backward(AutogradContext* context, const variable_list& outer) {
    return {gather(outer[0], context->get_saved_variables()[0]), {}, {}};
  }
};

class MaxPool : public torch::autograd::Function<MaxPool> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x) {
    const auto [y, places] = at::max_pool2d_with_indices(x, {kSide, kSide});
    context->save_for_backward({x.detach(), places});
    return y;
  }
  static variable_list backward(AutogradContext* context, const variable_list& outer) {
    const variable_list saved = context->get_saved_variables();
    return {scatter(outer[0], saved[0], saved[1])};
  }
};

at::Tensor gather(const at::Tensor& x, const at::Tensor& places) { return at::GradMode::is_enabled() ? Gather::apply(x, places) : gathered(x, places); }

at::Tensor scatter(const at::Tensor& g, const at::Tensor& x, const at::Tensor& places) {
  return at::GradMode::is_enabled() ? Scatter::apply(g, x, places) : scattered(g, x, places);
}

}  // namespace

at::Tensor channelsLast(const at::Tensor& x) {
  if (!x.is_cpu() || x.scalar_type() != at::kFloat) return x;
  // One channel lies the same in both orders: the strides say which is meant.
  if (x.size(1) == 1 && x.is_contiguous()) return x.as_strided(x.sizes(), {x.size(2) * x.size(3), 1, x.size(3), 1});
  return x.contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor everyPixel(const at::Tensor& x, std::int64_t stride) { return at::avg_pool2d(x, {1, 1}, {stride, stride}); }

at::Tensor maxPool(const at::Tensor& x) { return at::GradMode::is_enabled() ? MaxPool::apply(x) : at::max_pool2d(x, {kSide, kSide}); }

}  // namespace trainer
