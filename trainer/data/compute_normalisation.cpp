// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>

#include <cmath>

#include "trainer/base/error.h"
#include "trainer/data/preparation.h"

namespace trainer {
namespace {

struct Moments {
  double mean = 0;
  double deviation = 0;  ///< population
};

/// Exact: sums of integers up to 255^2 * 2^37 pixels fit 64 bits; the division is in double.
Moments momentsOfBytes(const at::Tensor& channel) {
  const at::Tensor histogram = at::bincount(channel.reshape({-1}), {}, 256).to(at::kCPU);
  const auto counts = histogram.accessor<std::int64_t, 1>();
  const auto pixels = static_cast<double>(channel.numel());
  double sum = 0;
  for (std::int64_t v = 0; v < 256; ++v) sum += static_cast<double>(counts[v]) * static_cast<double>(v);
  const double mean = sum / pixels;
  double squares = 0;
  for (std::int64_t v = 0; v < 256; ++v) squares += static_cast<double>(counts[v]) * (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean);
  return {mean, std::sqrt(squares / pixels)};
}

/// Sums of f over channel c of inputs [N,C,H,W] (contiguous): per item, then over the items, which keeps rounding small.
template <class T, class F>
double sumOver(const at::Tensor& inputs, std::int64_t c, const F& f) {
  const std::int64_t area = inputs.size(2) * inputs.size(3);
  const T* const values = inputs.const_data_ptr<T>();
  double total = 0;
  for (std::int64_t n = 0; n < inputs.size(0); ++n) {
    const T* const item = values + (n * inputs.size(1) + c) * area;
    double sum = 0;
    for (std::int64_t i = 0; i < area; ++i) sum += f(static_cast<double>(item[i]));
    total += sum;
  }
  return total;
}

template <class T>
Moments momentsOfReals(const at::Tensor& inputs, std::int64_t c) {
  const at::Tensor channel = inputs.select(1, c);
  const auto count = static_cast<double>(channel.numel());
  const double mean = sumOver<T>(inputs, c, [](double x) { return x; }) / count;
  const double squares = sumOver<T>(inputs, c, [mean](double x) { return (x - mean) * (x - mean); });
  if (!std::isfinite(squares)) throw DataError("the inputs are too large: their squares overflow; scale them before they are saved");
  const bool constant = channel.min().equal(channel.max());  // by value: the rounding of the mean would pass for a deviation
  return {mean, constant ? 0 : std::sqrt(squares / count)};
}

}  // namespace

void computeNormalisation(DataSplit& split) {
  Normalisation& n = split.normalisation;
  n.mean = {0};
  n.deviation = {1};
  if (split.shape.tokens) return;
  n.mean.clear();
  n.deviation.clear();
  const at::Tensor inputs = split.train.inputs.contiguous();
  const at::ScalarType type = inputs.scalar_type();
  for (std::int64_t c = 0; c < inputs.size(1); ++c) {
    const Moments m = type == at::kByte ? momentsOfBytes(inputs.select(1, c)) : type == at::kFloat ? momentsOfReals<float>(inputs, c) : momentsOfReals<double>(inputs, c);
    n.mean.push_back(m.mean / n.scale);
    n.deviation.push_back(m.deviation > 0 ? m.deviation / n.scale : 1);
  }
}

}  // namespace trainer
