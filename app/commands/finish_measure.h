// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "analysis/export/result_file.h"
#include "app/common_options.h"

namespace app {

/// What --out says of itself: the endings that a kind of result can be written with.
std::string outHelp(std::string_view kind);

/// What every measure does in the end: keeps the result in RUN/analyses, writes `out` where one was asked for, prints json or `summary`.
/// @throws trainer::Cancelled behind it when the measure was stopped.
int finishMeasure(const analysis::Result& result, const std::string& summary, bool stopped, const std::string& out, const OutputOptions& output);

}  // namespace app
