// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <stdexcept>

#include "analysis/kernels/plane_point.h"
#include "app/commands/commands.h"
#include "app/signals.h"
#include "trainer/base/error.h"
#include "trainer/device.h"

namespace app {
namespace {

constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2, kStopped = 130;
constexpr std::size_t kLongestMessage = 600;

/// One line, at most 600 characters, no usage text behind it.
int fail(std::string message, int code) {
  for (char& c : message)
    if (c == '\n' || c == '\r') c = ' ';
  message = "sharpscape: " + message;
  if (message.size() > kLongestMessage) message = message.substr(0, kLongestMessage - 3) + "...";
  std::fputs((message + "\n").c_str(), stderr);  // where it cannot be written there is nobody to tell
  return code;
}

std::string versionText(bool hasWindow) {
  return fmt::format("sharpscape {}\nLibTorch {}\nCUDA kernels: {}\nwindow: {}", SHARPSCAPE_VERSION, trainer::torchVersion(),
                     analysis::kernels::builtWithCuda() ? "compiled" : "not compiled", hasWindow ? "yes" : "no");
}

bool hasDisplay() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return true;
  return false;
}

int openTheWindow(int argc, char** argv, const std::vector<std::string>& files, const OpenWindow& openWindow) {
  for (const std::string& file : files)
    if (std::error_code ignored; !std::filesystem::exists(file, ignored))
      return fail(fmt::format("'{}' is neither a command nor a file to open; 'sharpscape --help' lists what there is", file), kWrongUsage);
  if (!openWindow) return fail("this program was built without a window; 'sharpscape --help' lists what it can do", kWrongUsage);
  if (!hasDisplay()) return fail("there is no display to open the window on; 'sharpscape demo' makes the same comparison as a report", kFailed);
  return openWindow(argc, argv, files);
}

int runGuarded(const Command& command) {
  try {
    const int code = command(handleSignals());
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return fail("the result could not be written to standard output", kFailed);
    return code;
  } catch (const trainer::Cancelled&) {
    return fail("stopped; what was done is kept", kStopped);
  } catch (const std::invalid_argument& e) {
    return fail(e.what(), kWrongUsage);
  } catch (const std::bad_alloc&) {
    return fail("out of memory; a smaller --memory, --samples or --batch-size needs less", kFailed);
  } catch (const std::exception& e) {
    return fail(e.what(), kFailed);
  }
}

}  // namespace

int runCommandLine(int argc, char** argv, const OpenWindow& openWindow) {
  CLI::App program("Trains networks, measures how sharp the minimum is and draws the loss around it.\n"
                   "Without a command it opens the window.", "sharpscape");
  std::vector<std::string> files;
  program.add_option("FILE", files, "without a command: sessions, run folders, results or surfaces to open in the window");
  program.set_version_flag("--version", [&] { return versionText(static_cast<bool>(openWindow)); });
  program.footer("Example: sharpscape demo --out comparison\nEvery command has an example in its own --help.");
  program.require_subcommand(0, 1);
  Command command;
  addDemo(program, command);
  addTrain(program, command);
  addSweep(program, command);
  addAdjust(program, command);
  addImport(program, command);
  addSpectrum(program, command);
  addSlice(program, command);
  addSurface(program, command);
  addSharpness(program, command);
  addKappa(program, command);
  addMatched(program, command);
  addCompare(program, command);
  addStudy(program, command);
  addInvariance(program, command);
  addPath(program, command);
  addCheck(program, command);
  addBench(program, command);
  addExport(program, command);
  addInfo(program, command);
  addFetch(program, command);
  addCompletion(program, command);
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForHelp& e) {
    return program.exit(e);
  } catch (const CLI::CallForVersion& e) {
    return program.exit(e);
  } catch (const CLI::ParseError& e) {
    const auto chosen = program.get_subcommands();
    return fail(fmt::format("{}; 'sharpscape{} --help' lists what is accepted", e.what(), chosen.empty() ? "" : " " + chosen.front()->get_name()),
                kWrongUsage);
  } catch (const std::invalid_argument& e) {
    return fail(e.what(), kWrongUsage);
  }
  if (!command) return openTheWindow(argc, argv, files, openWindow);
  return runGuarded(command);
}

}  // namespace app
