// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "trainer/data/readers.h"

namespace trainer {
namespace {

/// Exact: sums of integers up to 255^2 * 2^37 pixels fit 64 bits; the division is in double.
void computeNormalisation(DataSplit& split) {
  const at::Tensor& images = split.train.inputs;
  Normalisation& n = split.normalisation;
  n.mean.clear();
  n.deviation.clear();
  const double pixels = static_cast<double>(images.size(0) * images.size(2) * images.size(3));
  for (std::int64_t c = 0; c < images.size(1); ++c) {
    const at::Tensor channel = images.select(1, c);
    const at::Tensor histogram = at::bincount(channel.reshape({-1}), {}, 256).to(at::kCPU);
    const auto counts = histogram.accessor<std::int64_t, 1>();
    double sum = 0;
    for (std::int64_t v = 0; v < 256; ++v) sum += static_cast<double>(counts[v]) * static_cast<double>(v);
    const double mean = sum / pixels;
    double squares = 0;
    for (std::int64_t v = 0; v < 256; ++v)
      squares += static_cast<double>(counts[v]) * (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean);
    const double deviation = std::sqrt(squares / pixels) / n.scale;
    n.mean.push_back(mean / n.scale);
    n.deviation.push_back(deviation > 0 ? deviation : 1.0);
  }
}

}  // namespace

DataSplit loadData(const std::string& data) {
  DataSplit split;
  if (data == "digits") {
    split = readDigits();
  } else if (data.starts_with("idx:") && data.size() > 4) {
    split = readIdx(data.substr(4));
  } else {
    throw std::invalid_argument(fmt::format("--data must be digits or idx:DIR, got '{}'", data));
  }
  computeNormalisation(split);
  return split;
}

}  // namespace trainer
