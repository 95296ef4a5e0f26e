// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace analysis {

using ZipMembers = std::vector<std::pair<std::string, std::string>>;  ///< name and content

/// A zip archive of stored (not compressed) members, all dated 1980-01-01. @throws std::invalid_argument above 4 GiB.
std::string zipBytes(const ZipMembers& members);

/// The members of an archive, stored or deflated, each checked against its CRC. `name`: of the file, for messages.
/// @throws DataError for what is cut short or damaged, is encrypted or compressed otherwise, or would unpack to more than 2 GiB.
ZipMembers zipMembers(std::string_view bytes, const std::string& name);

}  // namespace analysis
