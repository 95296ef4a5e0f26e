// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/surface/directions.h"
#include "trainer/base/error.h"
#include "trainer/model/safetensors.h"

namespace analysis {

void saveDirections(const std::filesystem::path& file, const trainer::ParameterLayout& layout, const Directions& directions) {
  trainer::NamedTensors content;
  const auto append = [&](const std::string& axis, const at::Tensor& direction) {
    const at::Tensor v = direction.cpu();
    for (const auto& slice : layout.slices())
      content.tensors.emplace_back(axis + "/" + slice.name, v.narrow(0, slice.offset, slice.count()).reshape(slice.shape).clone());
  };
  append("x", directions.d1);
  if (directions.d2.defined()) append("y", directions.d2);
  for (std::size_t i = 0; i < directions.axes.size(); ++i) content.metadata[i == 0 ? "x" : "y"] = directions.axes[i].description;
  trainer::writeSafetensors(file, content);
}

at::Tensor loadDirection(const std::filesystem::path& file, const trainer::ParameterLayout& layout, const std::string& axis) {
  const trainer::NamedTensors content = trainer::readSafetensors(file);
  std::vector<std::string> wrong;
  std::size_t used = 0, given = 0;
  for (const auto& named : content.tensors) given += named.first.starts_with(axis + "/") ? 1 : 0;
  at::Tensor direction = at::zeros({layout.size()}, at::kDouble);
  for (const auto& slice : layout.slices()) {
    const std::string name = axis + "/" + slice.name;
    const auto found = std::ranges::find(content.tensors, name, [](const auto& t) { return t.first; });
    if (found == content.tensors.end()) {
      wrong.push_back(name + " is missing");
      continue;
    }
    ++used;
    if (found->second.sizes() != at::IntArrayRef(slice.shape))
      wrong.push_back(fmt::format("{} is [{}], expected [{}]", name, fmt::join(found->second.sizes(), ", "), fmt::join(slice.shape, ", ")));
    else if (!found->second.isfinite().all().item<bool>())
      wrong.push_back(name + " is not finite");
    else
      direction.narrow(0, slice.offset, slice.count()).copy_(found->second.reshape({-1}));
  }
  if (given > used) wrong.push_back(fmt::format("{} more tensors of {}/ than the model has", given - used, axis));
  if (wrong.empty()) return direction;
  const std::size_t all = wrong.size();
  if (all > 5) wrong.resize(5);
  throw trainer::DataError(fmt::format("the directions in '{}' are not those of this model: {}{}", file.string(), fmt::join(wrong, "; "),
                                       all > 5 ? fmt::format("; and {} more", all - 5) : ""));
}

}  // namespace analysis
