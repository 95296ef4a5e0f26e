// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/dataset.h"
#include "trainer/data/npy.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

/// What numpy.save writes: magic, version, length, dictionary padded so that data starts at a multiple of 64.
std::string npy(const std::string& dtype, const std::string& shape, const std::string& data, const std::string& fortran = "False", char version = 1) {
  const std::size_t lengthBytes = version == 1 ? 2 : 4;
  std::string header = fmt::format("{{'descr': {}, 'fortran_order': {}, 'shape': {}, }}", dtype, fortran, shape);
  while ((8 + lengthBytes + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string out = std::string("\x93NUMPY", 6) + version + '\0';
  for (std::size_t i = 0; i < lengthBytes; ++i) out += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return out + header + data;
}

template <class T>
std::string bytesOf(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <class T>
std::string counting(int count) {
  std::vector<T> values(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) values[static_cast<std::size_t>(i)] = static_cast<T>(i);
  return bytesOf(values);
}

std::string labels(const std::vector<std::int64_t>& values) { return npy("'<i8'", fmt::format("({},)", values.size()), bytesOf(values)); }

/// Four training and two test items of 6 features, three classes.
class ArrayData : public testing::Test {
 protected:
  ArrayData() {
    put("x_train.npy", npy("'<f4'", "(4, 6)", counting<float>(24)));
    put("x_test.npy", npy("'<f4'", "(2, 6)", counting<float>(12)));
    put("y_train.npy", labels({0, 1, 0, 1}));
    put("y_test.npy", labels({2, 1}));
  }
  void put(const std::string& name, const std::string& bytes) { writeFileAtomically(folder_ / name, bytes); }
  DataSplit load() const { return loadData("arrays:" + folder_.path().string()); }
  void expectDataError(const std::string& part) const {
    const std::string message = messageOf<DataError>([&] { load(); });
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
  TemporaryFolder folder_;
};

TEST_F(ArrayData, featuresAreRead) {
  const DataSplit split = load();
  EXPECT_EQ(split.train.inputs.sizes(), (at::IntArrayRef{4, 1, 1, 6}));
  EXPECT_EQ(split.train.inputs.scalar_type(), at::kFloat);
  EXPECT_EQ(split.train.inputs[2][0][0][3].item<float>(), 15);
  EXPECT_TRUE(split.test.labels.equal(at::tensor({2, 1}, at::kLong)));
  EXPECT_EQ(split.shape.features(), 6);
  EXPECT_EQ(split.shape.classes, 3);
  EXPECT_EQ(split.normalisation.scale, 1);
  EXPECT_EQ(split.normalisation.mean, std::vector<double>{11.5});  // of 0..23
  EXPECT_DOUBLE_EQ(split.normalisation.deviation.at(0), std::sqrt((24 * 24 - 1) / 12.0));
}

TEST_F(ArrayData, imagesAndColourImagesAreRead) {
  put("x_train.npy", npy("'|u1'", "(4, 2, 3)", counting<std::uint8_t>(24)));
  put("x_test.npy", npy("'|u1'", "(2, 2, 3)", counting<std::uint8_t>(12)));
  DataSplit split = load();
  EXPECT_EQ(split.train.inputs.sizes(), (at::IntArrayRef{4, 1, 2, 3}));
  EXPECT_EQ(split.normalisation.scale, 255);
  put("x_train.npy", npy("'<f8'", "(4, 2, 1, 3)", counting<double>(24), "False", 2));
  put("x_test.npy", npy("'<f8'", "(2, 2, 1, 3)", counting<double>(12), "False", 3));
  split = load();
  EXPECT_EQ(split.train.inputs.scalar_type(), at::kDouble);
  EXPECT_EQ(split.train.inputs[1][1][0][2].item<double>(), 11);
  EXPECT_EQ(split.shape.channels, 2);
  EXPECT_EQ(split.normalisation.mean, (std::vector<double>{10, 13}));
}

TEST_F(ArrayData, fortranOrderIsTurned) {
  put("x_train.npy", npy("'<f4'", "(4, 6)", counting<float>(24), "True"));
  const at::Tensor x = load().train.inputs;
  EXPECT_EQ(x[2][0][0][3].item<float>(), 2 + 4 * 3);  // the first axis is the fastest
  EXPECT_TRUE(x.is_contiguous());
}

TEST_F(ArrayData, labelsMayHaveAnyIntegerType) {
  put("y_train.npy", npy("'|i1'", "(4,)", std::string("\0\1\0\1", 4)));
  put("y_test.npy", npy("'<u4'", "(2,)", bytesOf(std::vector<std::uint32_t>{2, 1})));
  EXPECT_TRUE(load().train.labels.equal(at::tensor({0, 1, 0, 1}, at::kLong)));
  put("y_train.npy", npy("'|u1'", "(4,)", std::string("\0\1\0\3", 4)));
  put("y_test.npy", npy("'<i2'", "(2,)", bytesOf(std::vector<std::int16_t>{2, 1})));
  const DataSplit split = load();
  EXPECT_EQ(split.train.labels.scalar_type(), at::kLong);
  EXPECT_EQ(split.shape.classes, 4);
}

TEST_F(ArrayData, labelsMustBeClasses) {
  put("y_train.npy", labels({0, 1, 0, -1}));
  expectDataError("y_train.npy' holds the label -1; classes are numbered from 0");
  put("y_train.npy", labels({0, 1, 0, 70'000}));
  expectDataError("holds the label 70000");
  put("y_train.npy", npy("'<u8'", "(4,)", bytesOf(std::vector<std::uint64_t>{0, 1, 0, ~std::uint64_t{0}})));
  EXPECT_THROW(load(), DataError);
  put("y_train.npy", npy("'<f4'", "(4,)", counting<float>(4)));
  expectDataError("labels are integers");
  put("y_train.npy", npy("'<i8'", "(4, 1)", counting<std::int64_t>(4)));
  expectDataError("has the shape [4, 1]; labels are [N]");
}

TEST_F(ArrayData, numbersOfItemsMustAgree) {
  put("y_train.npy", labels({0, 1, 0}));
  expectDataError("x_train.npy has 4 items but y_train.npy has 3 labels");
}

TEST_F(ArrayData, bothPartsMustHaveOneShapeAndType) {
  put("x_test.npy", npy("'<f4'", "(2, 5)", counting<float>(10)));
  expectDataError("a training item is [1, 1, 6] of type <f4 but a test item [1, 1, 5] of type <f4");
  put("x_test.npy", npy("'|u1'", "(2, 6)", counting<std::uint8_t>(12)));
  expectDataError("of type |u1");
}

TEST_F(ArrayData, numbersThatAreNotFiniteAreRefused) {
  std::vector<float> values(24, 1.0F);
  values[13] = std::numeric_limits<float>::quiet_NaN();
  values[20] = std::numeric_limits<float>::infinity();
  put("x_train.npy", npy("'<f4'", "(4, 6)", bytesOf(values)));
  expectDataError("x_train.npy' holds numbers that are not finite: item 2 is the first");
  put("x_train.npy", npy("'<f8'", "(4, 6)", bytesOf(std::vector<double>{1e200, -1e200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})));
  put("x_test.npy", npy("'<f8'", "(2, 6)", counting<double>(12)));
  expectDataError("their squares overflow");
}

TEST_F(ArrayData, constantChannelsDoNotDivideByTheirRounding) {
  put("x_train.npy", npy("'<f4'", "(4, 6)", bytesOf(std::vector<float>(24, 0.1F))));
  EXPECT_EQ(load().normalisation.deviation, std::vector<double>{1.0});
}

TEST_F(ArrayData, missingFoldersAndFilesAreNamed) {
  EXPECT_NE(messageOf<IoError>([] { loadData("arrays:/no/such/folder"); }).find("'/no/such/folder'"), std::string::npos);
  fs::remove(folder_ / "y_test.npy");
  EXPECT_NE(messageOf<IoError>([&] { load(); }).find("has no file y_test.npy"), std::string::npos);
}

TEST_F(ArrayData, otherTypesAndShapesAreRefused) {
  put("x_train.npy", npy("'<i8'", "(4, 6)", counting<std::int64_t>(24)));
  expectDataError("holds numbers of type <i8; inputs are uint8, float32 or float64");
  put("x_train.npy", npy("'>f4'", "(4, 6)", counting<float>(24)));
  expectDataError("type >f4; save it as uint8, float32 or float64");
  put("x_train.npy", npy("[('a', '<f4')]", "(4, 6)", counting<float>(24)));
  expectDataError("holds records");
  put("x_train.npy", npy("'<f4'", "(24,)", counting<float>(24)));
  expectDataError("has the shape [24]; inputs are [N, D], [N, H, W] or [N, C, H, W]");
  put("x_train.npy", npy("'<f4'", "()", counting<float>(1)));
  expectDataError("has the shape []");
  put("x_train.npy", npy("'<f4'", "(0, 6)", ""));
  expectDataError("is empty");
  put("x_train.npy", npy("'<f4'", "(4, 0)", ""));
  expectDataError("has the shape [4, 0]");
}

TEST_F(ArrayData, damagedHeadersAreNoticed) {
  const std::string sound = npy("'<f4'", "(4, 6)", counting<float>(24));
  for (std::size_t length = 0; length < sound.size(); ++length) {
    put("x_train.npy", sound.substr(0, length));
    EXPECT_THROW(load(), DataError) << length;
  }
  put("x_train.npy", sound + "x");
  expectDataError("it holds 97 bytes of data, its header promises 96");
  put("x_train.npy", npy("'<f4'", "(4, 6)", counting<float>(24), "False", 4));
  expectDataError("its version is 4");
  put("x_train.npy", "PK" + sound);
  expectDataError("does not start with");
  for (const char* shape : {"4, 6", "(4, 6", "(4, x)", "(-4, -6)", "(1,1,1,1,1,1,1,1,24)"}) {
    put("x_train.npy", npy("'<f4'", shape, counting<float>(24)));
    EXPECT_THROW(load(), DataError) << shape;
  }
  put("x_train.npy", npy("'<f4'", "(9000000000000000000, 9000000000000000000)", "x"));
  expectDataError("its header promises");
}

TEST_F(ArrayData, theHashSeesEachByte) {
  const std::string before = load().hash;
  put("y_test.npy", labels({2, 0}));
  EXPECT_NE(load().hash, before);
}

}  // namespace
}  // namespace trainer
