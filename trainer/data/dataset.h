// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

#include "trainer/model/model.h"
#include "trainer/run/run_spec.h"

namespace trainer {

/// Images kept as bytes, normalised on the fly.
struct Dataset {
  at::Tensor images;  ///< uint8 [N,C,H,W]
  at::Tensor labels;  ///< int64 [N]
  std::int64_t count() const { return labels.size(0); }
};

struct DataSplit {
  Dataset train, test;
  InputShape shape;
  Normalisation normalisation;
  std::string hash;  ///< of all bytes, for provenance
};

/// "digits" or "idx:DIR". @throws std::invalid_argument for an unknown kind, IoError, DataError.
DataSplit loadData(const std::string& data);

/// (images / scale - mean) / deviation in `dtype`, on the images' device.
at::Tensor normalise(const at::Tensor& images, const Normalisation& normalisation, at::ScalarType dtype);

/// Indices of batch order in `epoch` (0-based): permutation(count, deriveSeed(seed, "order/" + epoch)).
std::vector<std::int64_t> epochOrder(std::int64_t count, std::uint64_t seed, std::int64_t epoch);

}  // namespace trainer
