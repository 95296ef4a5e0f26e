// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/data/augment.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/base/random.h"
#include "trainer/data/random_words.h"

namespace trainer {
namespace {

constexpr std::int64_t kOffsets = 2 * kAugmentBorder + 1;

/// floor(kOffsets u / 2^16), u the 16 bits of `words` from bit `from` on.
at::Tensor offsets(const at::Tensor& words, std::int64_t from) {
  return at::bitwise_right_shift(words, from).bitwise_and_(0xffff).mul_(kOffsets).bitwise_right_shift_(16);
}

}  // namespace

at::Tensor augment(const at::Tensor& inputs, const at::Tensor& items, std::uint64_t seed, std::int64_t epoch) {
  const at::Tensor words = randomWords(items, deriveSeed(seed, fmt::format("augment/{}", epoch)));
  const at::Tensor mirrored = at::bitwise_right_shift(words, 32).bitwise_and_(1).to(at::kBool).view({-1, 1, 1, 1});
  const at::Tensor padded = at::constant_pad_nd(inputs, {kAugmentBorder, kAugmentBorder, kAugmentBorder, kAugmentBorder}, 0);
  const at::Tensor crops = padded.unfold(2, inputs.size(2), 1).unfold(3, inputs.size(3), 1);  // [n,C,9,9,H,W], a view
  const at::Tensor image = at::arange(inputs.size(0), items.options());
  const at::Tensor chosen = at::index(crops, {image, at::Tensor(), offsets(words, 16), offsets(words, 0)});  // [n,C,H,W]
  return at::where(mirrored, chosen.flip(3), chosen);
}

void requireAugmentable(const InputShape& shape) {
  if (shape.tokens || shape.height < 2 || shape.width < 2)
    throw std::invalid_argument(fmt::format("--augment standard needs images, the data's items are {}",
                                            shape.tokens ? "text" : fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width)));
}

}  // namespace trainer
