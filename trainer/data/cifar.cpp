// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/readers.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kChannels = 3;
constexpr std::int64_t kSide = 32;
constexpr std::int64_t kPixels = kChannels * kSide * kSide;

struct Format {
  const char* name;
  const char* archive;                ///< the folder that the published archive unpacks to
  std::vector<const char*> train;
  const char* test;
  std::int64_t labelBytes;            ///< the last one is the label
  std::int64_t classes;
};

const Format& cifar10() {
  static const Format format{"cifar10", "cifar-10-batches-bin",
                             {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"}, "test_batch.bin", 1, 10};
  return format;
}

const Format& cifar100() {
  static const Format format{"cifar100", "cifar-100-binary", {"train.bin"}, "test.bin", 2, 100};
  return format;
}

fs::path folderOf(const Format& format, const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) throw IoError(fmt::format("there is no folder '{}' to read {} data from", folder.string(), format.name));
  if (fs::exists(folder / format.test, ignored)) return folder;
  return fs::is_directory(folder / format.archive, ignored) ? folder / format.archive : folder;
}

/// One file of records; its hash is appended to `hashes`.
Dataset readRecords(const Format& format, const fs::path& file, std::string& hashes) {
  std::error_code ignored;
  if (!fs::exists(file, ignored))
    throw IoError(fmt::format("'{}' has no file {}, which the binary version of {} ({}) consists of", file.parent_path().string(), file.filename().string(),
                              format.name, format.archive));
  std::string bytes = readFile(file);
  const std::int64_t record = format.labelBytes + kPixels;
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (size == 0 || size % record != 0)
    throw DataError(fmt::format("'{}' is not whole: {} bytes are not a multiple of the {} of a {} record; copy it again", file.string(), size, record, format.name));
  const at::Tensor records = at::from_blob(bytes.data(), {size / record, record}, at::kByte);
  const at::Tensor labels = records.select(1, format.labelBytes - 1).to(at::kLong);
  const std::int64_t largest = labels.max().item<std::int64_t>();
  if (largest >= format.classes)
    throw DataError(fmt::format("'{}' is damaged: record {} has the label {}, {} has 0 to {}", file.string(), labels.argmax().item<std::int64_t>(), largest,
                                format.name, format.classes - 1));
  hashes += contentHash(bytes);
  return {records.narrow(1, format.labelBytes, kPixels).clone(at::MemoryFormat::Contiguous).view({-1, kChannels, kSide, kSide}), labels};
}

DataSplit readCifar(const Format& format, const fs::path& given) {
  const fs::path folder = folderOf(format, given);
  std::string hashes;
  std::vector<at::Tensor> inputs;
  std::vector<at::Tensor> labels;
  for (const char* name : format.train) {
    const Dataset part = readRecords(format, folder / name, hashes);
    inputs.push_back(part.inputs);
    labels.push_back(part.labels);
  }
  DataSplit split;
  split.train = {at::cat(inputs), at::cat(labels)};
  split.test = readRecords(format, folder / format.test, hashes);
  split.shape = {.channels = kChannels, .height = kSide, .width = kSide, .classes = format.classes};
  split.normalisation.scale = 255;
  split.hash = contentHash(hashes);
  return split;
}

}  // namespace

DataSplit readCifar10(const fs::path& folder) { return readCifar(cifar10(), folder); }

DataSplit readCifar100(const fs::path& folder) { return readCifar(cifar100(), folder); }

}  // namespace trainer
