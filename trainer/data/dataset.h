// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

#include "trainer/model/model.h"
#include "trainer/run/run_spec.h"

namespace trainer {

/// Items as they were read: bytes and real numbers are normalised on the fly, tokens are passed through.
struct Dataset {
  at::Tensor inputs;  ///< uint8, float or double [N,C,H,W] (features: [N,1,1,D]); int64 tokens [N,1,1,T]
  at::Tensor labels;  ///< int64 [N]; [N,T] for tokens
  std::int64_t count() const { return labels.defined() ? labels.size(0) : 0; }
};

struct DataSplit {
  Dataset train, test;
  Dataset validation;  ///< undefined tensors where none is set aside
  InputShape shape;
  Normalisation normalisation;
  std::string hash;  ///< of all bytes as they were read, for provenance
};

/// What is read, and what is done to its training part.
struct DataOptions {
  std::string data{};                   ///< as in RunSpec
  std::optional<std::int64_t> limit{};  ///< first N training items
  double validation = 0;                ///< [0, 1)
  double labelNoise = 0;                ///< [0, 1]
  std::uint64_t seed = 0;
};

DataOptions dataOptions(const RunSpec& spec);

/// Reads, keeps the first `limit` training items, sets the validation share aside (splitValidation), computes the normalisation on what is left for
/// training (computeNormalisation), and last replaces labels of that part (addLabelNoise): preparation.h says how, so that an outsider can replay it.
/// @throws std::invalid_argument for an unknown kind or numbers that do not fit the data, IoError, DataError.
DataSplit loadData(const DataOptions& options);
DataSplit loadData(const std::string& data);

Dataset toDevice(const Dataset& data, const at::Device& device);

/// (inputs / scale - mean) / deviation in `dtype`, on the inputs' device; tokens (int64) come back as they are.
at::Tensor normalise(const at::Tensor& inputs, const Normalisation& normalisation, at::ScalarType dtype);

/// Indices of batch order in `epoch` (0-based): permutation(count, deriveSeed(seed, "order/" + epoch)).
std::vector<std::int64_t> epochOrder(std::int64_t count, std::uint64_t seed, std::int64_t epoch);

}  // namespace trainer
