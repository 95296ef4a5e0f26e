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
  at::Tensor inputs;  ///< uint8 or float [N,C,H,W] (features: [N,1,1,D]); int64 tokens [N,1,1,T]
  at::Tensor labels;  ///< int64 [N]; [N,T] for tokens
  std::int64_t count() const { return labels.defined() ? labels.size(0) : 0; }
};

struct DataSplit {
  Dataset train, test;
  Dataset validation;  ///< undefined tensors where none is set aside
  InputShape shape;
  Normalisation normalisation;
  std::string hash;  ///< of all bytes, for provenance
};

/// "digits" or "idx:DIR". @throws std::invalid_argument for an unknown kind, IoError, DataError.
DataSplit loadData(const std::string& data);

/// (inputs / scale - mean) / deviation in `dtype`, on the inputs' device; tokens (int64) come back as they are.
at::Tensor normalise(const at::Tensor& inputs, const Normalisation& normalisation, at::ScalarType dtype);

/// Indices of batch order in `epoch` (0-based): permutation(count, deriveSeed(seed, "order/" + epoch)).
std::vector<std::int64_t> epochOrder(std::int64_t count, std::uint64_t seed, std::int64_t epoch);

}  // namespace trainer
