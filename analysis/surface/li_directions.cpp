// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/li_directions.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "analysis/interchange/hdf5_file.h"
#include "trainer/base/error.h"
#include "trainer/model/safetensors.h"

namespace analysis {

std::string liDirections(const std::filesystem::path& file) {
  const trainer::NamedTensors content = trainer::readSafetensors(file);
  NamedArrays arrays;
  std::int64_t counts[2] = {0, 0};
  for (const auto& [name, tensor] : content.tensors) {
    const bool x = name.starts_with("x/");
    if (!x && !name.starts_with("y/"))
      throw trainer::DataError(fmt::format("'{}' holds '{}', which is no direction: expected x/<name> and y/<name>, as --save-directions writes", file.string(), name));
    const at::Tensor values = tensor.to(at::kDouble).contiguous();
    const double* const from = values.const_data_ptr<double>();
    arrays.push_back({.name = fmt::format("{}direction/{}", x ? "x" : "y", counts[x ? 0 : 1]++), .shape = values.sizes().vec(), .values = {from, from + values.numel()}});
  }
  if (arrays.empty()) throw trainer::DataError(fmt::format("'{}' holds no tensors", file.string()));
  Provenance attributes;
  attributes.set("kind", "directions");
  for (const auto& [name, text] : content.metadata) attributes.set(name == "x" || name == "y" ? "direction_" + name : name, text);
  return hdf5Bytes(arrays, attributes);
}

}  // namespace analysis
