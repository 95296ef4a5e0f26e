// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "trainer/data/dataset.h"

/// One reader a format, behind loadData(). Each fills train, test, shape, normalisation.scale and hash; loadData() does the rest.
namespace trainer {

/// UCI optical digits, built into the program: 1,442 training and 355 test images of 8 x 8, values 0 to 16.
DataSplit readDigits();

/// MNIST's format: {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte, each plain or with .gz. @throws IoError, DataError.
DataSplit readIdx(const std::filesystem::path& folder);

/// Decompresses gzip data; bytes that are not gzip come back as they are. `name` is for messages. @throws DataError when cut short or damaged.
std::string decompress(const std::string& bytes, const std::string& name);

}  // namespace trainer
