// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

/// What a shell offers after "sharpscape", read from the program's own options.
namespace app {

struct CompletedOption {
  std::string flag;                 ///< "--split"
  std::string description;          ///< first sentence
  std::vector<std::string> values;  ///< the words its description lists ("train | validation | test"); empty: a file name
  bool takesValue = false;
};

struct CompletedCommand {
  std::string name;                 ///< empty: the program itself
  std::string description;
  std::vector<CompletedOption> options;
  std::vector<std::string> words;   ///< that its positional argument lists
};

/// The program's own options first, then each command's.
std::vector<CompletedCommand> completionsOf(const CLI::App& program);

/// Words of "a | b | c" in a description, what stands in brackets left out; empty where it lists none.
std::vector<std::string> wordsOf(std::string description);

/// A script for bash, zsh or fish. @throws std::invalid_argument for another shell
std::string completionScript(const std::vector<CompletedCommand>& commands, const std::string& shell);

}  // namespace app
