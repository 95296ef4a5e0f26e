// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/dataset.h"

namespace trainer {
namespace {

class TextData : public testing::Test {
 protected:
  DataSplit load(const std::string& text) {
    writeFileAtomically(folder_ / "a.txt", text);
    return loadData("text:" + (folder_ / "a.txt").string());
  }
  TemporaryFolder folder_;
};

/// Character i is 'b' + i mod `letters`, but the last is 'a'.
std::string alphabet(std::size_t length, std::size_t letters) {
  std::string text(length, 'a');
  for (std::size_t i = 0; i + 1 < length; ++i) text[i] = static_cast<char>('b' + i % letters);
  return text;
}

TEST_F(TextData, windowsHoldTheCharactersAndThoseThatFollow) {
  const DataSplit split = load(alphabet(64 * 30 + 1, 7));
  EXPECT_EQ(split.train.inputs.sizes(), (at::IntArrayRef{27, 1, 1, 64}));
  EXPECT_EQ(split.train.labels.sizes(), (at::IntArrayRef{27, 64}));
  EXPECT_EQ(split.test.count(), 3);
  EXPECT_EQ(split.shape.classes, 8);
  EXPECT_EQ(split.shape.width, 64);
  EXPECT_TRUE(split.shape.tokens);
  for (const std::int64_t w : {0, 5, 26})
    for (const std::int64_t t : {0, 1, 63}) {
      EXPECT_EQ(split.train.inputs[w][0][0][t].item<std::int64_t>(), 1 + (64 * w + t) % 7);  // token 0 is the 'a' at the end
      EXPECT_EQ(split.train.labels[w][t].item<std::int64_t>(), 1 + (64 * w + t + 1) % 7);
    }
  EXPECT_EQ(split.test.labels[2][63].item<std::int64_t>(), 0);
  EXPECT_EQ(split.normalisation, (Normalisation{.scale = 1, .mean = {0}, .deviation = {1}}));
  EXPECT_TRUE(normalise(split.test.inputs, split.normalisation, at::kFloat).equal(split.test.inputs));
}

TEST_F(TextData, bytesAboveAsciiAreTokensToo) {
  const DataSplit split = load(std::string(100, '\xc3') + std::string(100, '\x80') + std::string(100, '\0'));
  EXPECT_EQ(split.shape.classes, 3);
  EXPECT_EQ(split.train.inputs[0][0][0][0].item<int>(), 2);  // 0x00, 0x80, 0xc3 in order
}

TEST_F(TextData, shortTextsAndMissingFilesAreRefused) {
  EXPECT_EQ(load(alphabet(129, 3)).train.count(), 1);
  EXPECT_NE(messageOf<DataError>([&] { load(alphabet(128, 3)); }).find("has 128 characters, at least 129 are needed"), std::string::npos);
  EXPECT_THROW(load(""), DataError);
  EXPECT_NE(messageOf<IoError>([] { loadData("text:/no/such/file"); }).find("/no/such/file"), std::string::npos);
}

TEST_F(TextData, validationAndNoiseAreForTokensToo) {
  writeFileAtomically(folder_ / "a.txt", alphabet(64 * 30 + 1, 7));
  const DataOptions plain{.data = "text:" + (folder_ / "a.txt").string()};
  DataOptions options = plain;
  options.validation = 0.1;
  options.labelNoise = 0.25;
  const DataSplit split = loadData(options);
  EXPECT_EQ(split.validation.count(), 3);  // 2.7 of 27
  EXPECT_EQ(split.validation.labels.sizes(), (at::IntArrayRef{3, 64}));
  EXPECT_EQ(split.train.count(), 24);
  // Row 0 of what is left is some window of the text: the labels without noise are its inputs, one further.
  const at::Tensor x = split.train.inputs.view({24, 64}), y = split.train.labels;
  EXPECT_EQ(x.slice(1, 1).ne(y.slice(1, 0, 63)).sum().item<std::int64_t>() + (x.select(1, 63).remainder(7) + 1).ne(y.select(1, 63)).sum().item<std::int64_t>(),
            24 * 64 / 4);
}

TEST(BuiltInText, isThePlay) {
  const DataSplit split = loadData("text");
  EXPECT_EQ(split.train.count(), 1760);
  EXPECT_EQ(split.test.count(), 195);
  EXPECT_EQ(split.shape.classes, 68);
  // Sorted: \t \n space ! & ' ( ) , - . : ; ? then A at 14. It starts with "\tAS YOU".
  const std::vector<std::int64_t> start = {0, 14, 14 + 'S' - 'A', 2};
  EXPECT_TRUE(split.train.inputs[0][0][0].slice(0, 0, 4).equal(at::tensor(start, at::kLong)));
}

TEST(Spirals, areThoseAnOutsiderComputes) {
  const DataSplit split = loadData("spirals");
  EXPECT_EQ(split.train.inputs.sizes(), (at::IntArrayRef{1500, 1, 1, 2}));
  EXPECT_EQ(split.test.inputs.sizes(), (at::IntArrayRef{600, 1, 1, 2}));
  EXPECT_EQ(split.train.inputs.scalar_type(), at::kDouble);
  EXPECT_EQ(split.shape.classes, 3);
  EXPECT_EQ(split.normalisation.scale, 1);
  EXPECT_TRUE(split.train.labels.slice(0, 0, 4).equal(at::tensor({0, 1, 2, 0}, at::kLong)));
  // In multiples of 2^-20, by a few lines of Python from the description in readers.h.
  const std::vector<double> expected = {76559, 333760, 553348, 661155, -166517, 682353, -103345, -641198};
  EXPECT_TRUE((split.train.inputs.flatten().slice(0, 0, 8) * (1 << 20)).equal(at::tensor(expected, at::kDouble)));
}

TEST(Spirals, armsKeepTheirDistanceFromTheMiddle) {
  const at::Tensor x = loadData("spirals").test.inputs.view({-1, 2});
  const at::Tensor radius = x.square().sum(1).sqrt();
  EXPECT_GE(radius.min().item<double>(), 0.1 - 1e-6);  // rounding to 2^-20
  EXPECT_LE(radius.max().item<double>(), 1 + 1e-6);
}

}  // namespace
}  // namespace trainer
