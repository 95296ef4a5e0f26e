// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "trainer/data/dataset.h"

/// One reader a format, behind loadData(). Each fills train, test, shape, normalisation.scale and hash; loadData() does the rest.
/// Those that take a path @throw IoError for what is missing and DataError for what is damaged.
namespace trainer {

/// UCI optical digits, built into the program: 1,442 training and 355 test images of 8 x 8, values 0 to 16.
DataSplit readDigits();

/// Three arms in the plane, 1,500 training and 600 test points as doubles [N,1,1,2], scale 1. Item i lies on arm c = i mod 3, its label: with
/// u = uniform(), z = normal(), in this order, of RandomStream(deriveSeed(0, "spirals/train")) or "spirals/test", r = 0.1 + 0.9 u and
/// a = 2 pi (c/3 + u) + 0.4 z, the point is (r cos a, r sin a), rounded to multiples of 2^-20 so that it is the same with every libm.
DataSplit readSpirals();

/// MNIST's format: {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte, each plain or with .gz.
DataSplit readIdx(const std::filesystem::path& folder);

/// Krizhevsky's binary version, uint8 [N,3,32,32]: data_batch_1.bin ... data_batch_5.bin and test_batch.bin, a record being a label and 3,072
/// pixels (cifar10); train.bin and test.bin, a coarse label, a fine label (the one used) and 3,072 pixels (cifar100). The folder, or the one that
/// holds cifar-10-batches-bin or cifar-100-binary. Any number of records.
DataSplit readCifar10(const std::filesystem::path& folder);
DataSplit readCifar100(const std::filesystem::path& folder);

/// x_train.npy, x_test.npy [N,D] (features), [N,H,W] or [N,C,H,W], all uint8 (scale 255), float or double (scale 1), and y_train.npy, y_test.npy [N]
/// of any integer type: classes 0..C-1, C one above the largest label. Numbers that are not finite are refused.
DataSplit readArrays(const std::filesystem::path& folder);

/// Characters as tokens: the vocabulary are the sorted distinct bytes of the whole text (gzipped or not), at most 256. Window w holds the T = 64
/// characters from 64 w as inputs int64 [1,1,T] and those one further as labels [T]; the last tenth of the windows (floor, at least one) is test.
DataSplit readText(const std::filesystem::path& file);

/// Shakespeare's As You Like It, built into the program: 1,760 training and 195 test windows, 68 distinct characters.
DataSplit readBuiltInText();

/// Decompresses gzip data; bytes that are not gzip come back as they are. `name` is for messages. @throws DataError when cut short or damaged.
std::string decompress(const std::string& bytes, const std::string& name);

}  // namespace trainer
