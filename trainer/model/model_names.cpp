// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/model_names.h"

#include <fmt/format.h>

#include <stdexcept>

namespace trainer {

void requireKnownModel(const std::string& model) {
  if (model.empty() || model == "cnn" || model == "lenet" || model.starts_with("mlp:")) return;
  throw std::invalid_argument(fmt::format("unknown --model '{}'; this version has: mlp:WIDTHS (like mlp:64-32-10), cnn, lenet", model));
}

}  // namespace trainer
