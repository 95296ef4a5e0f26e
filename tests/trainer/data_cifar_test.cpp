// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/dataset.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPixels = 3072;

/// A record: the labels, then 3,072 pixels, pixel i being (first + i) mod 251.
std::string record(const std::string& labels, int first) {
  std::string bytes = labels;
  for (int i = 0; i < kPixels; ++i) bytes += static_cast<char>((first + i) % 251);
  return bytes;
}

/// Small, sound sets: two records in each of the five batches of CIFAR-10, one in its test batch; three and two in CIFAR-100's files.
class CifarData : public testing::Test {
 protected:
  CifarData() {
    fs::create_directories(folder_ / "ten");
    fs::create_directories(folder_ / "hundred");
    for (int b = 1; b <= 5; ++b) put(batch(b), record(std::string(1, static_cast<char>(b)), b) + record(std::string(1, '\0'), 10 * b));
    put("ten/test_batch.bin", record("\x09", 7));
    put("hundred/train.bin", record(std::string("\x13\x63", 2), 1) + record(std::string("\0\0", 2), 2) + record("\1\5", 3));
    put("hundred/test.bin", record("\1\4", 4) + record("\1\6", 5));
  }
  static std::string batch(int b) { return "ten/data_batch_" + std::to_string(b) + ".bin"; }
  void put(const std::string& name, const std::string& bytes) { writeFileAtomically(folder_ / name, bytes); }
  DataSplit load(const std::string& kind, const std::string& name) const { return loadData(kind + ":" + (folder_ / name).string()); }
  template <class E = DataError>
  void expectError(const std::string& kind, const std::string& name, const std::string& part) const {
    const std::string message = messageOf<E>([&] { load(kind, name); });
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
  TemporaryFolder folder_;
};

TEST_F(CifarData, tenClassesAreRead) {
  const DataSplit split = load("cifar10", "ten");
  EXPECT_EQ(split.train.inputs.sizes(), (at::IntArrayRef{10, 3, 32, 32}));
  EXPECT_EQ(split.test.inputs.sizes(), (at::IntArrayRef{1, 3, 32, 32}));
  EXPECT_EQ(split.train.inputs.scalar_type(), at::kByte);
  EXPECT_TRUE(split.train.inputs.is_contiguous());
  EXPECT_TRUE(split.train.labels.equal(at::tensor({1, 0, 2, 0, 3, 0, 4, 0, 5, 0}, at::kLong)));
  // Batch 2's first record starts with 2; green plane, row 3, column 4 is pixel 1024 + 3 * 32 + 4.
  EXPECT_EQ(split.train.inputs[2][1][3][4].item<int>(), (2 + 1024 + 100) % 251);
  EXPECT_EQ(split.shape.channels, 3);
  EXPECT_EQ(split.shape.classes, 10);
  EXPECT_EQ(split.normalisation.scale, 255);
  EXPECT_EQ(split.normalisation.mean.size(), 3u);
}

TEST_F(CifarData, aHundredClassesAreTheFineOnes) {
  const DataSplit split = load("cifar100", "hundred");
  EXPECT_TRUE(split.train.labels.equal(at::tensor({99, 0, 5}, at::kLong)));
  EXPECT_TRUE(split.test.labels.equal(at::tensor({4, 6}, at::kLong)));
  EXPECT_EQ(split.train.inputs[1][0][0][0].item<int>(), 2);
  EXPECT_EQ(split.shape.classes, 100);
}

TEST_F(CifarData, theFolderAboveWillDo) {
  const std::string hash = load("cifar10", "ten").hash;
  fs::create_directories(folder_ / "up");
  fs::rename(folder_ / "ten", folder_ / "up/cifar-10-batches-bin");
  fs::rename(folder_ / "hundred", folder_ / "up/cifar-100-binary");
  EXPECT_EQ(load("cifar10", "up").hash, hash);
  EXPECT_EQ(load("cifar100", "up").train.count(), 3);
}

TEST_F(CifarData, theHashSeesEachByte) {
  const std::string before = load("cifar10", "ten").hash;
  std::string bytes = readFile(folder_ / batch(4));
  bytes.back() ^= 1;
  put(batch(4), bytes);
  EXPECT_NE(load("cifar10", "ten").hash, before);
}

TEST_F(CifarData, missingFoldersAndFilesAreNamed) {
  expectError<IoError>("cifar10", "nowhere", "there is no folder");
  expectError<IoError>("cifar100", "ten", "has no file train.bin, which the binary version of cifar100 (cifar-100-binary) consists of");
  fs::remove(folder_ / batch(3));
  expectError<IoError>("cifar10", "ten", "has no file data_batch_3.bin");
}

TEST_F(CifarData, truncatedBatchesAreNoticed) {
  const std::string bytes = readFile(folder_ / batch(5));
  put(batch(5), bytes.substr(0, bytes.size() - 1));
  expectError("cifar10", "ten", "6145 bytes are not a multiple of the 3073");
  put(batch(5), "");
  expectError("cifar10", "ten", "data_batch_5.bin' is not whole");
  put("hundred/test.bin", record("\1", 1));
  expectError("cifar100", "hundred", "3073 bytes are not a multiple of the 3074");
}

TEST_F(CifarData, labelsOutOfRangeAreNoticed) {
  put(batch(2), record("\1", 1) + record("\x0a", 1));
  expectError("cifar10", "ten", "data_batch_2.bin' is damaged: record 1 has the label 10, cifar10 has 0 to 9");
  put("hundred/train.bin", record("\1\x64", 1));
  expectError("cifar100", "hundred", "record 0 has the label 100");
}

}  // namespace
}  // namespace trainer
