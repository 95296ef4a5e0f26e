// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/trainer/gzip.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/dataset.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

std::string bigEndian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

/// `count` images of height x width with pixel i = i mod 251.
std::string idxImages(std::uint32_t count, std::uint32_t height, std::uint32_t width) {
  std::string bytes = bigEndian(0x803) + bigEndian(count) + bigEndian(height) + bigEndian(width);
  for (std::uint32_t i = 0; i < count * height * width; ++i) bytes += static_cast<char>(i % 251);
  return bytes;
}

std::string idxLabels(const std::string& labels) { return bigEndian(0x801) + bigEndian(static_cast<std::uint32_t>(labels.size())) + labels; }

/// A small, sound data set: 4 training and 2 test images of 3 x 5, three classes; the test part is gzipped.
class IdxData : public testing::Test {
 protected:
  IdxData() {
    put("train-images-idx3-ubyte", idxImages(4, 3, 5));
    put("train-labels-idx1-ubyte", idxLabels(std::string("\0\1\0\1", 4)));
    put("t10k-images-idx3-ubyte.gz", gzip(idxImages(2, 3, 5)));
    put("t10k-labels-idx1-ubyte.gz", gzip(idxLabels("\2\1")));
  }
  void put(const std::string& name, const std::string& bytes) { writeFileAtomically(folder_ / name, bytes); }
  DataSplit load() const { return loadData("idx:" + folder_.path().string()); }
  void expectDataError(const std::string& part) const {
    const std::string message = messageOf<DataError>([&] { load(); });
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
  TemporaryFolder folder_;
};

TEST(Digits, areSplitAsDocumented) {
  const DataSplit split = loadData("digits");
  EXPECT_EQ(split.train.inputs.sizes(), (at::IntArrayRef{1442, 1, 8, 8}));
  EXPECT_EQ(split.test.inputs.sizes(), (at::IntArrayRef{355, 1, 8, 8}));
  EXPECT_EQ(split.train.inputs.scalar_type(), at::kByte);
  const at::Tensor train = split.train.labels.bincount({}, 10);
  const at::Tensor test = split.test.labels.bincount({}, 10);
  for (std::int64_t c = 0; c < 10; ++c) {
    const std::int64_t all = train[c].item<std::int64_t>() + test[c].item<std::int64_t>();
    EXPECT_EQ(test[c].item<std::int64_t>(), all / 5) << "class " << c;
  }
  EXPECT_EQ(split.shape.classes, 10);
  EXPECT_EQ(split.normalisation.scale, 16);
  EXPECT_EQ(split.hash, loadData("digits").hash);
}

TEST(Digits, theTrainingPartIsNormalisedToMeanZeroAndDeviationOne) {
  const DataSplit split = loadData("digits");
  const at::Tensor x = normalise(split.train.inputs, split.normalisation, at::kDouble);
  EXPECT_NEAR(x.mean().item<double>(), 0, 1e-12);
  EXPECT_NEAR(x.std(false).item<double>(), 1, 1e-12);
}

// Bytes are looked up, other numbers computed; the same operations in the same order make both.
TEST(Data, normalisedBytesHaveTheBitsOfTheFormula) {
  const at::Tensor bytes = at::arange(4 * 3 * 16 * 16, at::kLong).mul_(7).remainder_(256).to(at::kByte).view({4, 3, 16, 16});
  const Normalisation n{.scale = 255, .mean = {0.49, 0.48, 0.44}, .deviation = {0.2, 0.21, 0.3}};
  for (const at::ScalarType dtype : {at::kFloat, at::kDouble}) {
    const auto row = [&](const std::vector<double>& v) { return at::tensor(v, at::kDouble).to(dtype).view({1, 3, 1, 1}); };
    EXPECT_TRUE(at::equal(normalise(bytes, n, dtype), (bytes.to(dtype) / n.scale - row(n.mean)) / row(n.deviation)));
    EXPECT_TRUE(at::equal(normalise(bytes.narrow(0, 1, 2), n, dtype), normalise(bytes, n, dtype).narrow(0, 1, 2)));
    EXPECT_TRUE(at::equal(normalise(bytes.to(at::kDouble), n, at::kDouble), normalise(bytes, n, at::kDouble)));
  }
}

TEST(Data, unknownKindsAreRefused) {
  for (const char* data : {"", "mnist", "idx:", "idx", "digits:here", "cifar10", "cifar100:", "arrays:", "text:", "spirals:3"})
    EXPECT_NE(messageOf<std::invalid_argument>([&] { loadData(std::string(data)); }).find("unknown --data"), std::string::npos) << data;
}

TEST_F(IdxData, isRead) {
  const DataSplit split = load();
  EXPECT_EQ(split.train.inputs.sizes(), (at::IntArrayRef{4, 1, 3, 5}));
  EXPECT_EQ(split.train.inputs[1][0][0][2].item<int>(), 17);  // image 1, row 0, column 2 of 15 pixels an image
  EXPECT_EQ(split.test.labels[0].item<int>(), 2);
  EXPECT_EQ(split.shape.classes, 3);
  EXPECT_EQ(split.shape.features(), 15);
  EXPECT_EQ(split.normalisation.scale, 255);
}

TEST_F(IdxData, theHashSeesEachByte) {
  const std::string before = load().hash;
  std::string images = idxImages(4, 3, 5);
  images.back() ^= 1;
  put("train-images-idx3-ubyte", images);
  EXPECT_NE(load().hash, before);
}

TEST_F(IdxData, imagesOfOneColourDoNotDivideByZero) {
  std::string images = idxImages(4, 3, 5);
  std::fill(images.begin() + 16, images.end(), '\7');
  put("train-images-idx3-ubyte", images);
  const DataSplit split = load();
  EXPECT_EQ(split.normalisation.deviation, std::vector<double>{1.0});
  EXPECT_TRUE(normalise(split.train.inputs, split.normalisation, at::kFloat).isfinite().all().item<bool>());
}

TEST_F(IdxData, missingFoldersAndFilesAreNamed) {
  EXPECT_NE(messageOf<IoError>([] { loadData("idx:/no/such/folder"); }).find("/no/such/folder"), std::string::npos);
  fs::remove(folder_ / "t10k-labels-idx1-ubyte.gz");
  EXPECT_NE(messageOf<IoError>([&] { load(); }).find("t10k-labels-idx1-ubyte"), std::string::npos);
}

TEST_F(IdxData, wrongMagicSaysFoundAndExpected) {
  put("train-images-idx3-ubyte", idxLabels("\1\2\3\4\5\6\7\10\11\12\13\14"));
  expectDataError("starts with 0x00000801, expected 0x00000803");
}

TEST_F(IdxData, truncatedFilesAreNoticed) {
  const std::string images = idxImages(4, 3, 5);
  for (const std::size_t length : {std::size_t{0}, std::size_t{3}, std::size_t{15}, std::size_t{16}, images.size() - 1}) {
    put("train-images-idx3-ubyte", images.substr(0, length));
    EXPECT_THROW(load(), DataError) << length;
  }
  put("train-images-idx3-ubyte", images + "x");
  expectDataError("holds 61 bytes of data, its header promises 60");
}

TEST_F(IdxData, truncatedAndDamagedGzipIsNoticed) {
  const std::string packed = gzip(idxImages(2, 3, 5));
  put("t10k-images-idx3-ubyte.gz", packed.substr(0, packed.size() - 9));
  expectDataError("is cut short");
  std::string damaged = packed;
  damaged[damaged.size() / 2] ^= 0x55;
  put("t10k-images-idx3-ubyte.gz", damaged);
  EXPECT_THROW(load(), DataError);
}

TEST_F(IdxData, numbersOfImagesAndLabelsMustAgree) {
  put("train-labels-idx1-ubyte", idxLabels("\1\2\1"));
  expectDataError("4 images");
}

TEST_F(IdxData, bothPartsMustHaveOneSize) {
  fs::remove(folder_ / "t10k-images-idx3-ubyte.gz");
  put("t10k-images-idx3-ubyte", idxImages(2, 5, 3));
  expectDataError("3x5 but the test images are 5x3");
}

TEST_F(IdxData, aHeaderThatPromisesTooMuchAllocatesNothing) {
  put("train-images-idx3-ubyte", bigEndian(0x803) + bigEndian(0xffffffff) + bigEndian(0xffffffff) + bigEndian(0xffffffff) + "x");
  EXPECT_THROW(load(), DataError);
}

}  // namespace
}  // namespace trainer
