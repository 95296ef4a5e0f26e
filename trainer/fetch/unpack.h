// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "trainer/base/context.h"

namespace trainer {

/// The content of each of `members` in a .tar.gz, by name. A member is the regular file whose path ends in that name; everything else is passed
/// over, and no name of the archive is ever used as a path. Our own reader of ustar headers over zlib, since that is all the CIFAR archives
/// need: libarchive would be one more package, with a dozen formats behind it.
/// @throws IoError when it cannot be opened; DataError when it is cut short, damaged, lacks a member or unpacks to more than 1 GiB; Cancelled.
std::map<std::string, std::string> unpack(const std::filesystem::path& archive, const std::vector<std::string>& members, const Context& context);

}  // namespace trainer
