// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace app {

/// How a command speaks.
struct OutputOptions {
  bool json = false;   ///< one object on stdout and nothing else there
  bool quiet = false;  ///< neither progress nor notes on stderr
};

/// Flags of the machine, the same everywhere.
struct MachineOptions {
  std::string device;
  std::int64_t threads = 0;
};

/// Accepts whole numbers from `least` on, and says so in a short sentence.
CLI::Validator atLeast(std::int64_t least);

void addOutputOptions(CLI::App& command, OutputOptions& options);
void addMachineOptions(CLI::App& command, std::string& device, std::int64_t& threads);

/// RUN, --step, --samples, --split, --bn, --loss, --seed, --device, --threads, --precision, --memory.
void addMeasureOptions(CLI::App& command, analysis::MeasureSpec& spec);

/// RUN and the RUNS behind it.
std::vector<std::string> runFolders(const std::string& run, const std::vector<std::string>& more);

/// A note on stderr, unless quiet.
void note(const OutputOptions& options, const std::string& sentence);

}  // namespace app
