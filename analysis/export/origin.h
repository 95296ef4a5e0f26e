// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace analysis {

/// What a result was measured on, and by what: kept with it, so that it stays known when the run is gone. Empty: not known.
struct Origin {
  std::string checkpointHash, dataHash;     ///< of the checkpoint's tensors as its file says (two of a path, in order), and of the data the run was trained on
  std::string trainCommand;                 ///< that trained the run, its seed in it
  std::string programVersion, torchVersion; ///< of the program that measured

  std::string format;                       ///< of a result that was read from a foreign file: what that was recognised as; empty: measured here
  std::string command;                      ///< of such a result: the command as its file says, or the one that reads it again
  std::vector<std::string> unknown{};       ///< of such a result: sentences, what its file does not say
  bool operator==(const Origin&) const = default;
};

}  // namespace analysis
