// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/finish_measure.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "trainer/base/error.h"

namespace app {

int finishMeasure(const analysis::Result& result, const std::string& summary, bool stopped, const std::string& out, const OutputOptions& output) {
  if (output.json)
    fmt::print("{}\n", analysis::toJson(result).dump(2));
  else
    fmt::print("{}", summary);
  std::fflush(stdout);
  const std::filesystem::path kept = analysis::saveResult(result);
  if (!output.json) fmt::print("result {}\n", kept.string());
  if (!out.empty()) analysis::exportResult(result, out);
  if (stopped) throw trainer::Cancelled();
  return 0;
}

}  // namespace app
