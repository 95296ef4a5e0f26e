// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/readers.h"

namespace trainer {
namespace {

constexpr std::uint32_t kImagesMagic = 0x00000803;  // unsigned bytes, three dimensions
constexpr std::uint32_t kLabelsMagic = 0x00000801;  // unsigned bytes, one dimension

struct IdxFile {
  std::string name;
  std::vector<std::int64_t> sizes;
  std::string content;
  std::size_t start = 0;
};

std::uint32_t bigEndian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::filesystem::path findFile(const std::filesystem::path& folder, const std::string& name) {
  std::error_code ignored;
  for (const char* ending : {"", ".gz"}) {
    const std::filesystem::path file = folder / (name + ending);
    if (std::filesystem::exists(file, ignored)) return file;
  }
  throw IoError(fmt::format("'{}' has no file {} (nor {}.gz), which idx data consists of", folder.string(), name, name));
}

IdxFile readIdxFile(const std::filesystem::path& folder, const std::string& name, std::uint32_t magic) {
  const std::filesystem::path path = findFile(folder, name);
  IdxFile file{.name = path.string(), .sizes = {}, .content = decompress(readFile(path), path.string())};
  const std::size_t dimensions = magic & 0xff;
  file.start = 4 + 4 * dimensions;
  if (file.content.size() >= 4 && bigEndian(file.content, 0) != magic)
    throw DataError(fmt::format("'{}' is not an idx file of {}: it starts with 0x{:08x}, expected 0x{:08x}", file.name,
                                magic == kImagesMagic ? "images" : "labels", bigEndian(file.content, 0), magic));
  if (file.content.size() < file.start)
    throw DataError(fmt::format("'{}' ends within its header, after {} of {} bytes", file.name, file.content.size(), file.start));
  double expected = 1;  // in double: four sizes of 32 bits can overflow 64
  for (std::size_t i = 0; i < dimensions; ++i) {
    file.sizes.push_back(bigEndian(file.content, 4 + 4 * i));
    expected *= static_cast<double>(file.sizes.back());
  }
  const auto found = static_cast<double>(file.content.size() - file.start);
  if (found != expected)
    throw DataError(fmt::format("'{}' holds {:.0f} bytes of data, its header promises {:.0f}: copy it again", file.name, found, expected));
  if (expected == 0) throw DataError(fmt::format("'{}' is empty: it holds no items", file.name));
  return file;
}

at::Tensor bytesOf(const IdxFile& file) {
  const at::Tensor tensor = at::empty(file.sizes, at::kByte);
  std::memcpy(tensor.data_ptr(), file.content.data() + file.start, file.content.size() - file.start);
  return tensor;
}

/// Images and labels of one part; their bytes are appended to `all`, for the hash.
Dataset readPart(const std::filesystem::path& folder, const std::string& part, std::string& all) {
  const IdxFile images = readIdxFile(folder, part + "-images-idx3-ubyte", kImagesMagic);
  const IdxFile labels = readIdxFile(folder, part + "-labels-idx1-ubyte", kLabelsMagic);
  if (images.sizes[0] != labels.sizes[0])
    throw DataError(fmt::format("'{}' has {} images but '{}' has {} labels", images.name, images.sizes[0], labels.name, labels.sizes[0]));
  all += contentHash(images.content) + contentHash(labels.content);
  return {bytesOf(images).unsqueeze(1), bytesOf(labels).to(at::kLong)};
}

}  // namespace

DataSplit readIdx(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) throw IoError(fmt::format("there is no folder '{}' to read idx data from", folder.string()));
  DataSplit split;
  std::string all;
  split.train = readPart(folder, "train", all);
  split.test = readPart(folder, "t10k", all);
  const auto& images = split.train.inputs;
  if (images.sizes().slice(1) != split.test.inputs.sizes().slice(1))
    throw DataError(fmt::format("in '{}' the training images are {}x{} but the test images are {}x{}", folder.string(), images.size(2),
                                images.size(3), split.test.inputs.size(2), split.test.inputs.size(3)));
  const std::int64_t largest = std::max(split.train.labels.max().item<std::int64_t>(), split.test.labels.max().item<std::int64_t>());
  split.shape = {.channels = 1, .height = images.size(2), .width = images.size(3), .classes = largest + 1};
  split.normalisation.scale = 255;
  split.hash = contentHash(all);
  return split;
}

}  // namespace trainer
