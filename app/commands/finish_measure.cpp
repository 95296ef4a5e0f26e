// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/finish_measure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "analysis/export/export_result.h"
#include "analysis/export/provenance_of.h"
#include "trainer/base/error.h"
#include "trainer/chunk_memory.h"

namespace app {

std::string outHelp(std::string_view kind) { return fmt::format("also write the result here, in the format of the ending: {}", fmt::join(analysis::endingsOf(kind), " ")); }

int finishMeasure(const analysis::Result& measured, const std::string& summary, bool stopped, const std::string& out, const OutputOptions& output) {
  if (const std::string sentence = trainer::takeMemoryNote(); !sentence.empty()) note(output, sentence);
  const analysis::Result result = analysis::withOrigin(measured);
  const std::filesystem::path kept = analysis::saveResult(result);
  if (!out.empty()) analysis::exportResult(result, out);
  // Printed last: a reader that closes the pipe early costs no file.
  if (output.json)
    fmt::print("{}\n", analysis::toJson(result).dump(2));
  else
    fmt::print("{}result {}\n", summary, kept.string());
  if (stopped) throw trainer::Cancelled();
  return 0;
}

}  // namespace app
