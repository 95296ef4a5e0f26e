// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "trainer/base/files.h"
#include "trainer/base/random.h"
#include "trainer/data/readers.h"

namespace trainer {
namespace {

constexpr std::int64_t kArms = 3;
constexpr double kGrid = 1 << 20;

double rounded(double x) { return std::round(x * kGrid) / kGrid; }

Dataset points(std::int64_t count, const char* part) {
  const Dataset data{at::empty({count, 1, 1, 2}, at::kDouble), at::arange(count, at::kLong).remainder(kArms)};
  double* const xy = data.inputs.mutable_data_ptr<double>();
  RandomStream stream(deriveSeed(0, fmt::format("spirals/{}", part)));
  for (std::int64_t i = 0; i < count; ++i) {
    const double u = stream.uniform();
    const double turn = static_cast<double>(i % kArms) / static_cast<double>(kArms) + u;
    const double angle = 2 * std::numbers::pi * turn + 0.4 * stream.normal();
    const double radius = 0.1 + 0.9 * u;
    xy[2 * i] = rounded(radius * std::cos(angle));
    xy[2 * i + 1] = rounded(radius * std::sin(angle));
  }
  return data;
}

std::string_view bytesOf(const at::Tensor& tensor) { return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()}; }

}  // namespace

DataSplit readSpirals() {
  DataSplit split;
  split.train = points(1500, "train");
  split.test = points(600, "test");
  split.shape = {.channels = 1, .height = 1, .width = 2, .classes = kArms};
  split.normalisation.scale = 1;
  split.hash = contentHash(contentHash(bytesOf(split.train.inputs)) + contentHash(bytesOf(split.test.inputs)));
  return split;
}

}  // namespace trainer
