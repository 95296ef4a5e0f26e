// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/npy.h"
#include "trainer/data/readers.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostClasses = 1 << 16;

std::string shapeText(const at::Tensor& array) { return fmt::format("[{}]", fmt::join(array.sizes().vec(), ", ")); }

/// One of the four files; its hash is appended to `hashes`.
NpyFile readArray(const fs::path& folder, const std::string& name, std::string& hashes) {
  std::error_code ignored;
  if (!fs::exists(folder / name, ignored))
    throw IoError(fmt::format("'{}' has no file {}; arrays are x_train.npy, y_train.npy, x_test.npy and y_test.npy", folder.string(), name));
  NpyFile file = readNpy(folder / name);
  if (file.array.dim() > 0 && file.array.size(0) == 0) throw DataError(fmt::format("'{}' is empty: it holds no items", (folder / name).string()));
  hashes += file.hash;
  return file;
}

/// [N,D], [N,H,W] or [N,C,H,W] -> [N,C,H,W].
at::Tensor inputsOf(const NpyFile& file, const std::string& name) {
  const at::Tensor& x = file.array;
  if (x.scalar_type() == at::kLong) throw DataError(fmt::format("'{}' holds numbers of type {}; inputs are uint8, float32 or float64", name, file.dtype));
  if (x.dim() < 2 || x.dim() > 4 || x.numel() == 0)
    throw DataError(fmt::format("'{}' has the shape {}; inputs are [N, D], [N, H, W] or [N, C, H, W]", name, shapeText(x)));
  if (at::isFloatingType(x.scalar_type()) && !x.isfinite().all().item<bool>())
    throw DataError(fmt::format("'{}' holds numbers that are not finite: item {} is the first", name,
                                x.flatten(1).isfinite().all(1).logical_not().to(at::kByte).argmax().item<std::int64_t>()));
  if (x.dim() == 4) return x;
  return x.dim() == 3 ? x.unsqueeze(1) : x.unsqueeze(1).unsqueeze(1);
}

at::Tensor labelsOf(const NpyFile& file, const std::string& name) {
  if (at::isFloatingType(file.array.scalar_type())) throw DataError(fmt::format("'{}' holds numbers of type {}; labels are integers", name, file.dtype));
  if (file.array.dim() != 1) throw DataError(fmt::format("'{}' has the shape {}; labels are [N]", name, shapeText(file.array)));
  const at::Tensor labels = file.array.to(at::kLong);
  const std::int64_t least = labels.min().item<std::int64_t>();
  const std::int64_t most = labels.max().item<std::int64_t>();
  if (least < 0 || most >= kMostClasses)
    throw DataError(fmt::format("'{}' holds the label {}; classes are numbered from 0, below {}", name, least < 0 ? least : most, kMostClasses));
  return labels;
}

struct Part {
  Dataset data;
  std::string dtype;
};

Part readPart(const fs::path& folder, const std::string& part, std::string& hashes) {
  const std::string x = fmt::format("x_{}.npy", part);
  const std::string y = fmt::format("y_{}.npy", part);
  const NpyFile inputs = readArray(folder, x, hashes);
  const NpyFile labels = readArray(folder, y, hashes);
  Part result{{inputsOf(inputs, (folder / x).string()), labelsOf(labels, (folder / y).string())}, inputs.dtype};
  if (result.data.inputs.size(0) != result.data.count())
    throw DataError(fmt::format("in '{}' {} has {} items but {} has {} labels", folder.string(), x, result.data.inputs.size(0), y, result.data.count()));
  return result;
}

}  // namespace

DataSplit readArrays(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) throw IoError(fmt::format("there is no folder '{}' to read arrays from", folder.string()));
  std::string hashes;
  const Part train = readPart(folder, "train", hashes);
  const Part test = readPart(folder, "test", hashes);
  const at::Tensor& x = train.data.inputs;
  if (x.sizes().slice(1) != test.data.inputs.sizes().slice(1) || train.dtype != test.dtype)
    throw DataError(fmt::format("in '{}' a training item is {} of type {} but a test item {} of type {}", folder.string(), shapeText(x[0]), train.dtype,
                                shapeText(test.data.inputs[0]), test.dtype));
  const std::int64_t largest = std::max(train.data.labels.max().item<std::int64_t>(), test.data.labels.max().item<std::int64_t>());
  DataSplit split;
  split.train = train.data;
  split.test = test.data;
  split.shape = {.channels = x.size(1), .height = x.size(2), .width = x.size(3), .classes = largest + 1};
  split.normalisation.scale = x.scalar_type() == at::kByte ? 255 : 1;
  split.hash = contentHash(hashes);
  return split;
}

}  // namespace trainer
