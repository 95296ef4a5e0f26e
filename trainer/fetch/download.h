// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "trainer/base/context.h"
#include "trainer/fetch/fetch.h"

namespace trainer {

/// Fetches `file` into `part`, from where it ends where it is there already: HTTP 206 continues it, 200 (a server that ignores ranges) and 416
/// (it is longer than what the server has) start it over. `received` is told the bytes of this call so far. Follows redirects; proxies as
/// libcurl reads them from the environment, certificates from SSL_CERT_FILE where that is set.
/// Returns the bytes that came. The content is not checked.
/// @throws IoError for network, server and disk, in one sentence that says what is kept; Cancelled. An empty part is removed.
std::int64_t download(const FetchFile& file, const std::filesystem::path& part, const Context& context,
                      const std::function<void(std::int64_t)>& received);

}  // namespace trainer
