// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/trainer/temporary_folder.h"
#include "trainer/data/dataset.h"
#include "trainer/data/preparation.h"

namespace trainer {
namespace {

/// Items 0..N-1 as their own bytes [N,1,1,2], with these labels.
DataSplit numbered(const std::vector<std::int64_t>& labels, std::int64_t classes) {
  const auto n = static_cast<std::int64_t>(labels.size());
  DataSplit split;
  split.train = {at::arange(n, at::kByte).view({n, 1, 1, 1}).expand({n, 1, 1, 2}).contiguous(), at::tensor(labels, at::kLong)};
  split.test = split.train;
  split.shape = {.channels = 1, .height = 1, .width = 2, .classes = classes};
  return split;
}

std::vector<int> itemsOf(const Dataset& data) {
  std::vector<int> items;
  for (std::int64_t i = 0; i < data.count(); ++i) items.push_back(data.inputs[i][0][0][0].item<int>());
  return items;
}

const std::vector<std::int64_t> kLabels = {0, 1, 2, 0, 1, 2, 0, 1, 0, 1, 0, 0};  // 6, 4 and 2 of a class

TEST(DataOptions, comeFromTheSpec) {
  RunSpec spec;
  spec.data = "digits";
  spec.dataLimit = 100;
  spec.validation = 0.2;
  spec.labelNoise = 0.1;
  spec.seed = 5;
  const DataOptions o = dataOptions(spec);
  EXPECT_EQ(o.data, "digits");
  EXPECT_EQ(o.limit, 100);
  EXPECT_EQ(o.validation, 0.2);
  EXPECT_EQ(o.labelNoise, 0.1);
  EXPECT_EQ(o.seed, 5u);
}

TEST(DataLimit, keepsTheFirstTrainingItems) {
  DataSplit split = numbered(kLabels, 3);
  limitTraining(split, 5);
  EXPECT_EQ(itemsOf(split.train), (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(split.test.count(), 12);
  for (const std::int64_t n : {-1, 0, 6}) {
    const std::string message = messageOf<std::invalid_argument>([&] { limitTraining(split, n); });
    EXPECT_NE(message.find("from 1 to the 5 training items there are, got " + std::to_string(n)), std::string::npos) << message;
  }
}

// The expected items are computed by a few lines of Python from the description in preparation.h.
TEST(Validation, isTheShareAnOutsiderComputes) {
  DataSplit split = numbered(kLabels, 3);
  splitValidation(split, 0.25, 7);
  EXPECT_EQ(itemsOf(split.validation), (std::vector<int>{1, 2, 3, 8}));  // 2 of 6 (1.5 rounded up), 1 of 4, 1 of 2 (0.5 rounded up)
  EXPECT_EQ(itemsOf(split.train), (std::vector<int>{0, 4, 5, 6, 7, 9, 10, 11}));
  EXPECT_TRUE(split.validation.labels.equal(at::tensor({1, 2, 0, 0}, at::kLong)));
}

TEST(Validation, leavesEachClassAnItem) {
  DataSplit split = numbered(kLabels, 3);
  splitValidation(split, 0.99, 0);
  EXPECT_TRUE(split.train.labels.bincount({}, 3).equal(at::ones({3}, at::kLong)));
}

TEST(Validation, sharesAreChecked) {
  DataSplit split = numbered(kLabels, 3);
  for (const double share : {-0.1, 1.0, std::nan("")}) EXPECT_THROW(splitValidation(split, share, 0), std::invalid_argument) << share;
  EXPECT_NE(messageOf<std::invalid_argument>([&] { splitValidation(split, 0.01, 0); }).find("of 12 training items sets none aside"), std::string::npos);
  splitValidation(split, 0, 0);
  EXPECT_EQ(split.train.count(), 12);
  EXPECT_FALSE(split.validation.labels.defined());
}

TEST(Validation, ofTheDigitsIsStratified) {
  const DataSplit all = loadData("digits");
  const DataSplit split = loadData(DataOptions{.data = "digits", .validation = 0.1, .seed = 3});
  const at::Tensor before = all.train.labels.bincount({}, 10), aside = split.validation.labels.bincount({}, 10);
  EXPECT_TRUE(aside.equal((before.to(at::kDouble) * 0.1 + 0.5).floor().to(at::kLong)));
  EXPECT_EQ(split.train.count() + split.validation.count(), 1442);
  EXPECT_TRUE(split.test.inputs.equal(all.test.inputs));
  EXPECT_EQ(split.hash, all.hash);
  // The normalisation is that of what is left.
  const at::Tensor x = normalise(split.train.inputs, split.normalisation, at::kDouble);
  EXPECT_NEAR(x.mean().item<double>(), 0, 1e-12);
  EXPECT_NEAR(x.std(false).item<double>(), 1, 1e-12);
  EXPECT_NE(split.normalisation, all.normalisation);
}

TEST(LabelNoise, isTheOneAnOutsiderComputes) {
  DataSplit split = numbered(kLabels, 3);
  const at::Tensor before = split.train.labels;
  addLabelNoise(split, 0.5, 7);
  EXPECT_TRUE(split.train.labels.equal(at::tensor({0, 0, 1, 1, 1, 0, 0, 1, 2, 2, 0, 0}, at::kLong)));
  EXPECT_EQ(split.train.labels.ne(before).sum().item<int>(), 6);
  EXPECT_TRUE(split.test.labels.equal(at::tensor(kLabels, at::kLong)));  // what test holds is the same tensor as before
}

TEST(LabelNoise, drawsTheOtherClassesEvenly) {
  DataSplit split;
  constexpr std::int64_t kCount = 9000;
  split.shape.classes = 10;
  split.train.labels = at::full({kCount}, 4, at::kLong);
  addLabelNoise(split, 1, 1);
  const at::Tensor counts = split.train.labels.bincount({}, 10);
  EXPECT_EQ(counts[4].item<int>(), 0);
  // 1,000 expected in each of the nine others, standard deviation 30; five of those.
  for (const std::int64_t c : {0, 1, 2, 3, 5, 6, 7, 8, 9}) EXPECT_NEAR(counts[c].item<int>(), 1000, 150) << c;
}

TEST(LabelNoise, sharesAndClassesAreChecked) {
  DataSplit split = numbered(kLabels, 3);
  for (const double share : {-0.1, 1.1, std::nan("")}) EXPECT_THROW(addLabelNoise(split, share, 0), std::invalid_argument) << share;
  split.shape.classes = 1;
  EXPECT_THROW(addLabelNoise(split, 0.5, 0), std::invalid_argument);
}

TEST(LabelNoise, comesLastAndOnlyInTraining) {
  const DataOptions options{.data = "digits", .limit = 1000, .validation = 0.2, .seed = 9};
  DataOptions noisy = options;
  noisy.labelNoise = 0.3;
  const DataSplit plain = loadData(options), split = loadData(noisy);
  EXPECT_TRUE(split.train.inputs.equal(plain.train.inputs));
  EXPECT_TRUE(split.validation.labels.equal(plain.validation.labels));
  EXPECT_TRUE(split.test.labels.equal(plain.test.labels));
  EXPECT_EQ(split.normalisation, plain.normalisation);
  EXPECT_EQ(split.train.labels.ne(plain.train.labels).sum().item<std::int64_t>(),
            static_cast<std::int64_t>(std::floor(0.3 * static_cast<double>(plain.train.count()) + 0.5)));
}

TEST(Normalisation, ofRealsAndBytesAgree) {
  DataSplit bytes;
  bytes.train.inputs = at::randint(0, 256, {50, 3, 8, 8}, at::kByte);
  bytes.normalisation.scale = 255;
  computeNormalisation(bytes);
  for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
    DataSplit reals = bytes;
    reals.train.inputs = bytes.train.inputs.to(type);
    computeNormalisation(reals);
    for (std::size_t c = 0; c < 3; ++c) {  // a few roundings of 2^-53 apart
      EXPECT_NEAR(reals.normalisation.mean.at(c), bytes.normalisation.mean.at(c), 1e-14);
      EXPECT_NEAR(reals.normalisation.deviation.at(c), bytes.normalisation.deviation.at(c), 1e-14);
    }
  }
}

TEST(ToDevice, undefinedPartsStayUndefined) {
  EXPECT_FALSE(toDevice(Dataset{}, at::kCPU).inputs.defined());
  const DataSplit split = numbered(kLabels, 3);
  EXPECT_TRUE(toDevice(split.train, at::kCPU).inputs.equal(split.train.inputs));
}

}  // namespace
}  // namespace trainer
