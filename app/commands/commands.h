// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <stop_token>

/// One file a command: each adds itself to the program and, when chosen, leaves what to do in `chosen`.
namespace app {

using Command = std::function<int(std::stop_token)>;  ///< returns the exit code

void addDemo(CLI::App& program, Command& chosen);
void addTrain(CLI::App& program, Command& chosen);
void addSweep(CLI::App& program, Command& chosen);
void addAdjust(CLI::App& program, Command& chosen);
void addImport(CLI::App& program, Command& chosen);
void addSpectrum(CLI::App& program, Command& chosen);
void addSlice(CLI::App& program, Command& chosen);
void addSurface(CLI::App& program, Command& chosen);
void addSharpness(CLI::App& program, Command& chosen);
void addKappa(CLI::App& program, Command& chosen);
void addMatched(CLI::App& program, Command& chosen);
void addCompare(CLI::App& program, Command& chosen);
void addStudy(CLI::App& program, Command& chosen);
void addInvariance(CLI::App& program, Command& chosen);
void addPath(CLI::App& program, Command& chosen);
void addCheck(CLI::App& program, Command& chosen);
void addBench(CLI::App& program, Command& chosen);
void addExport(CLI::App& program, Command& chosen);
void addInfo(CLI::App& program, Command& chosen);
void addFetch(CLI::App& program, Command& chosen);
void addCompletion(CLI::App& program, Command& chosen);  ///< after all others: it lists them

}  // namespace app
