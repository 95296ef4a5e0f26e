// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/data/augment.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "trainer/base/random.h"
#include "trainer/model/random_words.h"

namespace trainer {
namespace {

constexpr std::int64_t kOffsets = 2 * kAugmentBorder + 1;

std::uint64_t seedOf(std::uint64_t seed, std::int64_t epoch) { return deriveSeed(seed, fmt::format("augment/{}", epoch)); }

/// floor(kOffsets u / 2^16), u the 16 bits of `words` from bit `from` on.
at::Tensor offsets(const at::Tensor& words, std::int64_t from) {
  return at::bitwise_right_shift(words, from).bitwise_and_(0xffff).mul_(kOffsets).bitwise_right_shift_(16);
}

std::int64_t offset(std::uint64_t word, int from) { return static_cast<std::int64_t>(kOffsets * (word >> from & 0xffff) >> 16); }

/// One image [C,H,W] into zeros: a row is one copy.
template <class T>
void cropImage(const T* from, T* to, at::IntArrayRef size, std::uint64_t word) {
  const std::int64_t height = size[1], width = size[2];
  const std::int64_t right = offset(word, 0) - kAugmentBorder, down = offset(word, 16) - kAugmentBorder;
  const std::int64_t first = std::max<std::int64_t>(0, -right), last = std::min(width, width - right);  // the x' whose source lies inside
  if (first >= last) return;
  for (std::int64_t c = 0; c < size[0]; ++c)
    for (std::int64_t y = std::max<std::int64_t>(0, -down); y < std::min(height, height - down); ++y) {
      const T* const source = from + (c * height + y + down) * width;
      T* const row = to + (c * height + y) * width;
      if (word >> 32 & 1)
        std::reverse_copy(source + first + right, source + last + right, row + width - last);
      else
        std::copy(source + first + right, source + last + right, row + first);
    }
}

template <class T>
at::Tensor cropImages(const at::Tensor& inputs, const at::Tensor& items, std::uint64_t seed) {
  const at::Tensor in = inputs.contiguous(), out = at::zeros_like(in), rows = items.contiguous();
  const auto* const from = static_cast<const T*>(in.const_data_ptr());
  auto* const to = static_cast<T*>(out.mutable_data_ptr());
  const std::int64_t* const item = rows.const_data_ptr<std::int64_t>();
  const at::IntArrayRef size = in.sizes().slice(1);
  const std::int64_t area = size[0] * size[1] * size[2];
  for (std::int64_t n = 0; n < in.size(0); ++n) cropImage(from + n * area, to + n * area, size, randomWord(seed, static_cast<std::uint64_t>(item[n])));
  return out;
}

}  // namespace

at::Tensor augmentByTensors(const at::Tensor& inputs, const at::Tensor& items, std::uint64_t seed, std::int64_t epoch) {
  const at::Tensor words = randomWords(items, seedOf(seed, epoch));
  const at::Tensor mirrored = at::bitwise_right_shift(words, 32).bitwise_and_(1).to(at::kBool).view({-1, 1, 1, 1});
  const at::Tensor padded = at::constant_pad_nd(inputs, {kAugmentBorder, kAugmentBorder, kAugmentBorder, kAugmentBorder}, 0);
  const at::Tensor crops = padded.unfold(2, inputs.size(2), 1).unfold(3, inputs.size(3), 1);  // [n,C,9,9,H,W], a view
  const at::Tensor image = at::arange(inputs.size(0), items.options());
  const at::Tensor chosen = at::index(crops, {image, at::Tensor(), offsets(words, 16), offsets(words, 0)});  // [n,C,H,W]
  return at::where(mirrored, chosen.flip(3), chosen);
}

at::Tensor augment(const at::Tensor& inputs, const at::Tensor& items, std::uint64_t seed, std::int64_t epoch) {
  if (!inputs.is_cpu()) return augmentByTensors(inputs, items, seed, epoch);
  switch (inputs.scalar_type()) {
    case at::kByte: return cropImages<std::uint8_t>(inputs, items, seedOf(seed, epoch));
    case at::kFloat: return cropImages<float>(inputs, items, seedOf(seed, epoch));
    case at::kDouble: return cropImages<double>(inputs, items, seedOf(seed, epoch));
    default: return augmentByTensors(inputs, items, seed, epoch);
  }
}

void requireAugmentable(const InputShape& shape) {
  if (shape.tokens || shape.height < 2 || shape.width < 2)
    throw std::invalid_argument(fmt::format("--augment standard needs images, the data's items are {}",
                                            shape.tokens ? "text" : fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width)));
}

}  // namespace trainer
