// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "trainer/run/run_spec.h"

namespace trainer {

/// A free path parent/<date>_<model>-<data>-<sharpness>_<four digits of the spec's hash>, for example
/// "runs/2026-05-01_cnn-digits-sam_3f2a"; "-2", "-3", ... behind it where that is taken. Makes nothing.
std::filesystem::path newRunFolder(const std::filesystem::path& parent, const RunSpec& spec);

/// `wanted`, or `wanted`-2, -3, ...: the first that does not exist or is an empty folder.
std::filesystem::path freeFolder(const std::filesystem::path& wanted);

}  // namespace trainer
