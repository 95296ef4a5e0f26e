// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/data/augment.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/random.h"
#include "trainer/model/random_words.h"

namespace trainer {
namespace {

struct Draw {
  std::int64_t dx, dy;
  bool mirrored;
};

Draw drawOf(std::uint64_t seed, std::int64_t epoch, std::int64_t item) {
  const std::uint64_t w = randomWord(deriveSeed(seed, "augment/" + std::to_string(epoch)), static_cast<std::uint64_t>(item));
  return {static_cast<std::int64_t>(9 * (w & 0xffff) >> 16), static_cast<std::int64_t>(9 * (w >> 16 & 0xffff) >> 16), (w >> 32 & 1) != 0};
}

/// The formula of augment.h, pixel by pixel, for one image [C,H,W] of doubles.
at::Tensor plainAugment(const at::Tensor& image, const Draw& draw) {
  const at::Tensor out = at::zeros_like(image);
  const auto from = image.accessor<double, 3>();
  auto to = out.accessor<double, 3>();
  const std::int64_t height = image.size(1), width = image.size(2);
  for (std::int64_t c = 0; c < image.size(0); ++c)
    for (std::int64_t y = 0; y < height; ++y)
      for (std::int64_t x = 0; x < width; ++x) {
        const std::int64_t fromY = y + draw.dy - 4;
        const std::int64_t fromX = (draw.mirrored ? width - 1 - x : x) + draw.dx - 4;
        if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) to[c][y][x] = from[c][fromY][fromX];
      }
  return out;
}

TEST(RandomWords, areThoseOfTheStream) {
  constexpr std::int64_t kCount = 1000;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1234567}, ~std::uint64_t{0}, deriveSeed(7, "x")}) {
    RandomStream stream(seed);
    const at::Tensor words = randomWords(at::arange(kCount, at::kLong), seed);
    const auto word = words.accessor<std::int64_t, 1>();
    for (std::int64_t i = 0; i < kCount; ++i) ASSERT_EQ(static_cast<std::uint64_t>(word[i]), stream.next()) << seed << " " << i;
  }
}

TEST(RandomWords, indicesMayHaveAnyShapeAndOrder) {
  const at::Tensor words = randomWords(at::tensor({50'000, 3, 3, 0}, at::kLong).view({2, 2}), 5);
  EXPECT_EQ(static_cast<std::uint64_t>(words[0][0].item<std::int64_t>()), randomWord(5, 50'000));
  EXPECT_TRUE(words[0][1].equal(words[1][0]));
}

TEST(Augment, isTheFormulaPixelByPixel) {
  const at::Tensor items = at::tensor({0, 17, 49'999, 17, 3, 4, 5, 6, 7, 8, 9, 10}, at::kLong);
  for (const at::ScalarType type : {at::kByte, at::kFloat, at::kDouble})
    for (const std::int64_t channels : {1, 3}) {
      const at::Tensor images = at::randint(1, 256, {items.numel(), channels, 8, 11}, at::kDouble).to(type);
      const at::Tensor out = augment(images, items, 5, 2);
      EXPECT_EQ(out.scalar_type(), type);
      EXPECT_TRUE(out.equal(augmentByTensors(images, items, 5, 2)));
      for (std::int64_t i = 0; i < items.numel(); ++i)
        EXPECT_TRUE(out[i].to(at::kDouble).equal(plainAugment(images[i].to(at::kDouble), drawOf(5, 2, items[i].item<std::int64_t>())))) << i;
    }
}

// By a few lines of Python from the description in augment.h.
TEST(Augment, drawsAreThoseAnOutsiderComputes) {
  const std::vector<std::int64_t> items = {0, 1, 2, 49'999};
  const std::vector<Draw> expected = {{1, 3, false}, {7, 0, true}, {3, 3, false}, {4, 1, false}};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Draw draw = drawOf(5, 2, items[i]);
    EXPECT_EQ(draw.dx, expected[i].dx);
    EXPECT_EQ(draw.dy, expected[i].dy);
    EXPECT_EQ(draw.mirrored, expected[i].mirrored);
  }
}

TEST(Augment, everyOffsetComesUpAndHalfAreMirrored) {
  constexpr int kCount = 8100;
  std::vector<int> dx(9), dy(9);
  int mirrored = 0;
  for (int i = 0; i < kCount; ++i) {
    const Draw draw = drawOf(1, 0, i);
    ++dx.at(static_cast<std::size_t>(draw.dx));
    ++dy.at(static_cast<std::size_t>(draw.dy));
    mirrored += draw.mirrored;
  }
  // 900 expected, standard deviation sqrt(8100 (1/9) (8/9)) = 28.3; 4,050 expected, 45. Five of each.
  for (std::size_t k = 0; k < 9; ++k) {
    EXPECT_NEAR(dx[k], 900, 142) << k;
    EXPECT_NEAR(dy[k], 900, 142) << k;
  }
  EXPECT_NEAR(mirrored, 4050, 225);
}

TEST(Augment, dependsOnTheItemNotOnTheBatch) {
  const at::Tensor images = at::randint(0, 256, {6, 3, 32, 32}, at::kByte);
  const at::Tensor items = at::tensor({5, 9, 2, 7, 1, 0}, at::kLong);
  const at::Tensor whole = augment(images, items, 3, 1);
  EXPECT_TRUE(whole.slice(0, 2, 5).equal(augment(images.slice(0, 2, 5), items.slice(0, 2, 5), 3, 1)));
  EXPECT_FALSE(whole.equal(augment(images, items, 3, 2)));
  EXPECT_FALSE(whole.equal(augment(images, items, 4, 1)));
}

TEST(Augment, anImageSmallerThanTheBorderMayBecomeZero) {
  const at::Tensor images = at::randint(1, 256, {200, 2, 3, 2}, at::kByte), items = at::arange(200, at::kLong);
  const at::Tensor out = augment(images, items, 0, 0);
  EXPECT_TRUE(out.equal(augmentByTensors(images, items, 0, 0)));
  EXPECT_TRUE(out.flatten(1).eq(0).all(1).any().item<bool>());
}

TEST(Augment, inputsNeedNotBeContiguous) {
  const at::Tensor images = at::randint(0, 256, {4, 8, 9, 3}, at::kByte).permute({0, 3, 1, 2}), items = at::arange(8, at::kLong).slice(0, 0, 8, 2);
  EXPECT_TRUE(augment(images, items, 1, 1).equal(augment(images.contiguous(), items.contiguous(), 1, 1)));
}

TEST(Augment, isForImagesOnly) {
  requireAugmentable({.channels = 1, .height = 8, .width = 8, .classes = 10});
  EXPECT_NE(messageOf<std::invalid_argument>([] { requireAugmentable({.width = 6}); }).find("needs images, the data's items are 1 x 1 x 6"), std::string::npos);
  EXPECT_NE(messageOf<std::invalid_argument>([] { requireAugmentable({.width = 64, .tokens = true}); }).find("are text"), std::string::npos);
}

}  // namespace
}  // namespace trainer
