// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace trainer {

/// Checks a model's name, not yet against the data: "" (chosen by the data) and what buildModel() knows.
/// @throws std::invalid_argument naming what there is.
void requireKnownModel(const std::string& model);

}  // namespace trainer
