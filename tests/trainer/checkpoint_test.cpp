// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/checkpoint.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/model/safetensors.h"

namespace trainer {
namespace {

ParameterLayout smallLayout() {
  ParameterLayout layout;
  layout.append("fc.weight", {3, 4}, ParameterKind::weight);
  layout.append("fc.bias", {3}, ParameterKind::bias);
  return layout;
}

class CheckpointFile : public testing::Test {
 protected:
  CheckpointFile() { writeCheckpoint(file_, layout_, {.step = 12, .epoch = 0.1, .theta = theta_}); }
  std::string messageFor(const std::string& bytes) const {
    writeFileAtomically(file_, bytes);
    return messageOf<DataError>([&] { readCheckpoint(file_, layout_); });
  }
  /// A file as other programs write it: no hashes.
  static std::string foreign(const std::string& header, std::size_t dataBytes) {
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
    return bytes + header + std::string(dataBytes, '\0');
  }
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "step_00000012.safetensors";
  ParameterLayout layout_ = smallLayout();
  at::Tensor theta_ = at::arange(15, at::kFloat) / 7;
};

TEST_F(CheckpointFile, comesBackAsItWas) {
  const Checkpoint read = readCheckpoint(file_, layout_);
  EXPECT_EQ(read.step, 12);
  EXPECT_EQ(read.epoch, 0.1);
  EXPECT_TRUE(at::equal(read.theta, theta_));
  writeCheckpoint(file_, layout_, {.step = 1, .epoch = 2, .theta = theta_.to(at::kDouble)});
  EXPECT_EQ(readCheckpoint(file_, layout_).theta.scalar_type(), at::kDouble);
}

TEST_F(CheckpointFile, bytesDependOnTheContentAlone) {
  const std::string first = readFile(file_);
  writeCheckpoint(folder_ / "other", layout_, {.step = 12, .epoch = 0.1, .theta = theta_});
  EXPECT_EQ(readFile(folder_ / "other"), first);
}

TEST_F(CheckpointFile, theHeaderIsAlignedAndNamesTheTensors) {
  const std::string bytes = readFile(file_);
  const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) | static_cast<std::size_t>(static_cast<unsigned char>(bytes[1])) << 8;
  EXPECT_EQ(length % 8, 0U);
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  EXPECT_EQ(header["fc.weight"], (nlohmann::json{{"dtype", "F32"}, {"shape", {3, 4}}, {"data_offsets", {0, 48}}}));
  EXPECT_EQ(header["__metadata__"]["step"], "12");
  EXPECT_EQ(header["__metadata__"]["data_hash"], contentHash(bytes.substr(8 + length)));
}

TEST_F(CheckpointFile, everyTruncationIsNoticed) {
  const std::string bytes = readFile(file_);
  for (std::size_t length = 0; length < bytes.size(); ++length) EXPECT_NE(messageFor(bytes.substr(0, length)), "nothing was thrown") << length;
  const std::string half = messageFor(bytes.substr(0, bytes.size() - 5));
  EXPECT_NE(half.find("ends after " + std::to_string(bytes.size() - 5)), std::string::npos) << half;
  EXPECT_NE(half.find(std::to_string(bytes.size()) + " bytes"), std::string::npos) << half;
}

TEST_F(CheckpointFile, everyFlippedByteIsNoticed) {
  const std::string bytes = readFile(file_);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {0x01, 0x20, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      ASSERT_NE(messageFor(damaged), "nothing was thrown") << "byte " << i << " xor " << flip;
    }
  }
}

TEST_F(CheckpointFile, filesOfOtherProgramsAreRead) {
  const std::string header =
      R"({"fc.bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"fc.weight":{"dtype":"F32","shape":[3,4],"data_offsets":[12,60]}})";
  writeFileAtomically(file_, foreign(header, 60));
  const Checkpoint read = readCheckpoint(file_, layout_);
  EXPECT_EQ(read.step, 0);
  EXPECT_TRUE(at::equal(read.theta, at::zeros({15})));
}

TEST_F(CheckpointFile, hostileHeadersAreRefused) {
  for (const char* header : {
           R"([1,2])",
           R"({"fc.bias":3})",
           R"({"__metadata__":[]})",
           R"({"__metadata__":{"step":3}})",
           R"({"fc.bias":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}})",
           R"({"fc.bias":{"dtype":"F32","shape":[3],"data_offsets":[12,0]}})",
           R"({"fc.bias":{"dtype":"F32","shape":[3],"data_offsets":[0]}})",
           R"({"fc.bias":{"dtype":"BF16","shape":[6],"data_offsets":[0,12]}})",
           R"({"fc.bias":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})",
           R"({"fc.bias":{"dtype":"F32","shape":[3],"data_offsets":[18446744073709551604,18446744073709551615]}})",
       })
    EXPECT_NE(messageFor(foreign(header, 12)), "nothing was thrown") << header;
}

TEST_F(CheckpointFile, buffersComeBackAndCountersAreWrittenForPyTorch) {
  ParameterLayout buffers;
  buffers.append("bn.running_mean", {2}, ParameterKind::norm);
  buffers.append("bn.running_var", {2}, ParameterKind::norm);
  const at::Tensor values = at::tensor({1.5F, -2.0F, 0.25F, 4.0F});
  writeCheckpoint(file_, layout_, {.step = 12, .epoch = 0.1, .theta = theta_, .buffers = values}, buffers);
  const Checkpoint read = readCheckpoint(file_, layout_, buffers);
  EXPECT_TRUE(at::equal(read.theta, theta_));
  EXPECT_TRUE(at::equal(read.buffers, values));
  for (const auto& [name, tensor] : readSafetensors(file_).tensors) {
    if (name != "bn.num_batches_tracked") continue;
    EXPECT_EQ(tensor.scalar_type(), at::kLong);
    EXPECT_EQ(tensor.dim(), 0);
    EXPECT_EQ(tensor.item<std::int64_t>(), 12);
  }
  EXPECT_EQ(readSafetensors(file_).tensors.back().first, "bn.num_batches_tracked");
  EXPECT_NE(messageOf<DataError>([&] { readCheckpoint(file_, layout_); }).find("bn.running_mean is not part of the model"), std::string::npos);
  writeCheckpoint(file_, layout_, {.theta = theta_});
  EXPECT_FALSE(readCheckpoint(file_, layout_).buffers.defined());
  EXPECT_NE(messageOf<DataError>([&] { readCheckpoint(file_, layout_, buffers); }).find("bn.running_var is missing"), std::string::npos);
}

TEST_F(CheckpointFile, halfPrecisionBecomesFloatAndWrappersPrefixesGo) {
  const std::string header =
      R"({"module._orig_mod.fc.bias":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"module._orig_mod.fc.weight":{"dtype":"BF16","shape":[3,4],"data_offsets":[6,30]}})";
  std::string bytes = foreign(header, 30);
  const std::size_t data = bytes.size() - 30;
  bytes[data + 1] = 0x3c;  // 1 in half precision is 0x3c00
  bytes[data + 6 + 1] = 0x40;  // 2 in bfloat16 is 0x4000
  writeFileAtomically(file_, bytes);
  const Checkpoint read = readCheckpoint(file_, layout_);
  EXPECT_EQ(read.theta.scalar_type(), at::kFloat);
  EXPECT_EQ(read.theta[0].item<float>(), 2);
  EXPECT_EQ(read.theta[12].item<float>(), 1);
}

TEST_F(CheckpointFile, wholeNumbersAreReadAndAreNoParameters) {
  const std::string header =
      R"({"fc.bias":{"dtype":"I32","shape":[3],"data_offsets":[0,12]},"fc.weight":{"dtype":"F32","shape":[3,4],"data_offsets":[12,60]}})";
  EXPECT_NE(messageFor(foreign(header, 60)).find("fc.bias holds whole numbers, expected float"), std::string::npos);
  EXPECT_EQ(readSafetensors(file_).tensors.front().second.scalar_type(), at::kInt);
}

TEST_F(CheckpointFile, namesAndShapesThatDoNotFitAreListed) {
  ParameterLayout other;
  other.append("fc.weight", {4, 3}, ParameterKind::weight);
  other.append("fc2.bias", {3}, ParameterKind::bias);
  const std::string message = messageOf<DataError>([&] { readCheckpoint(file_, other); });
  EXPECT_NE(message.find("fc.weight is [3, 4], expected [4, 3]"), std::string::npos) << message;
  EXPECT_NE(message.find("fc2.bias is missing"), std::string::npos) << message;
  EXPECT_NE(message.find("fc.bias is not part of the model"), std::string::npos) << message;
}

}  // namespace
}  // namespace trainer
