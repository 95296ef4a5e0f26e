// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/kinks.h"

#include <variant>

#include "trainer/model/model_names.h"

namespace analysis {

bool isKinked(const trainer::RunSpec& run) {
  const trainer::ModelName name = trainer::parseModelName(run.model);
  if (std::holds_alternative<trainer::VitName>(name) || std::holds_alternative<trainer::GptName>(name)) return false;
  const bool pools = std::holds_alternative<trainer::CnnName>(name) || std::holds_alternative<trainer::LenetName>(name) || std::holds_alternative<trainer::VggName>(name);
  return pools || run.activation == "relu";
}

}  // namespace analysis
