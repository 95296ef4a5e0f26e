// SPDX-License-Identifier: GPL-3.0-or-later
// What the tree may look like: who may include whom, how long a file may be, what each file must and must not hold.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace structure {

using Offenders = std::vector<std::string>;  // "path:line: what is wrong"; empty when the rule holds

constexpr int kMostLines = 400;

/// Files of ours below `root`, relative and sorted: sources, headers, CMake files and scripts. Build folders are left out.
std::vector<std::filesystem::path> sourceFiles(const std::filesystem::path& root);

/// Include lines that the layer table forbids (trainer/base < trainer < analysis < ui, app; torch and Qt never in one layer).
Offenders layerOffenders(const std::filesystem::path& root);

/// Headers that reach a LibTorch header and that `ui` includes, directly or through other headers of ours.
Offenders torchReachedFromUi(const std::filesystem::path& root);

/// Headers that include all of torch/torch.h (20 s of compiling each time); the precompiled one may.
Offenders wholeTorchInHeaders(const std::filesystem::path& root);

Offenders longFiles(const std::filesystem::path& root);
Offenders filesWithoutLicence(const std::filesystem::path& root);

/// Lines that name a home folder or the folder this tree lies in.
Offenders machinePaths(const std::filesystem::path& root);

}  // namespace structure
