// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/base/context.h"

/// Public data sets, from their own addresses into a folder that `loadData` reads.
namespace trainer {

/// One file to fetch. Its name is the last part of its address.
struct FetchFile {
  std::string url;                   ///< http or https
  std::string md5;                   ///< as published, 32 hexadecimal digits; guards against damage, not against an attacker
  std::int64_t bytes = 0;            ///< its length, 0 while unknown; for the time left, and the most that is taken
  std::vector<std::string> members;  ///< of a .tar.gz: the files taken out of it, after which it is removed; empty: the file itself is kept
};

struct FetchSpec {
  std::string name;    ///< "mnist"
  std::string data;    ///< how `--data` names what the folder then holds: "idx", "cifar10", "cifar100"
  std::string folder;  ///< made where it is not there
  std::vector<FetchFile> files;
};

/// A file as it lies in the folder.
struct FetchedFile {
  std::string name, md5;
  std::int64_t bytes = 0;
  bool wasThere = false;
};

struct FetchResult {
  std::vector<FetchedFile> files;
  std::int64_t received = 0;  ///< bytes that came over the network
  bool nothingToDo = false;   ///< every file was there with its right checksum
};

/// mnist | fashion-mnist | cifar10 | cifar100. With `baseUrl` the same files come from a mirror: baseUrl/<file name>.
/// @throws std::invalid_argument for another name, no folder, or a base address that is not http or https.
FetchSpec publicDataSet(const std::string& name, const std::string& folder, const std::string& baseUrl = {});

/// Fetches what is missing. A download goes to FOLDER/<file>.part; interrupted, it continues there with a range request. Only once its
/// checksum is right does it get its name, in place of a file of that name with another checksum. An archive's members appear whole or not
/// at all, and <archive>.md5 (read by `md5sum -c`) records them, by which the next call knows that they are there.
/// Cost: the network, one hash of every file, and for an archive its unpacked size in memory.
/// @throws std::invalid_argument for a file without a name or a checksum; IoError when the network or the disk fails (the .part is kept);
/// DataError for a wrong checksum (the .part is removed) or a damaged archive; Cancelled (the .part is kept).
FetchResult fetchDataSet(const FetchSpec& spec, const Context& context);

}  // namespace trainer
