// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/base/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

std::ptrdiff_t entries(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), fs::directory_iterator()); }

/// Writes beyond `bytes` fail, as on a full disk, while this lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    previousHandler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &previous_);
    const rlimit limit{bytes, previous_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &previous_);
    std::signal(SIGXFSZ, previousHandler_);
  }

 private:
  rlimit previous_{};
  void (*previousHandler_)(int) = nullptr;
};

TEST(Files, whatIsWrittenIsRead) {
  const TemporaryFolder folder;
  const std::string content("a\0b\n\xff", 5);
  writeFileAtomically(folder / "x", content);
  EXPECT_EQ(readFile(folder / "x"), content);
  writeFileAtomically(folder / "x", "");
  EXPECT_EQ(readFile(folder / "x"), "");
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(Files, aFailedWriteLeavesTheOldFileAndNoTemporaryOne) {
  const TemporaryFolder folder;
  writeFileAtomically(folder / "x", "old");
  {
    const FileSizeLimit limit(1000);
    EXPECT_THROW(writeFileAtomically(folder / "x", std::string(10'000, 'n')), IoError);
  }
  EXPECT_EQ(readFile(folder / "x"), "old");
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(Files, aRenameThatFailsLeavesNoTemporaryFile) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "target/inside");
  EXPECT_THROW(writeFileAtomically(folder / "target", "x"), IoError);
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(Files, messagesNameThePathAndTheReason) {
  const TemporaryFolder folder;
  const std::string missing = messageOf<IoError>([&] { readFile(folder / "none"); });
  EXPECT_NE(missing.find((folder / "none").string()), std::string::npos) << missing;
  EXPECT_NE(missing.find("No such file"), std::string::npos) << missing;
  EXPECT_THROW(readFile(folder.path()), IoError);
  EXPECT_THROW(writeFileAtomically(folder / "no/such/folder", "x"), IoError);
  if (fs::exists("/dev/full")) {
    const std::string full = messageOf<IoError>([] { appendLine("/dev/full", "x"); });
    EXPECT_NE(full.find("the disk is full"), std::string::npos) << full;
  }
}

TEST(Files, linesAreAppended) {
  const TemporaryFolder folder;
  appendLine(folder / "lines", "one");
  appendLine(folder / "lines", "two");
  EXPECT_EQ(readFile(folder / "lines"), "one\ntwo\n");
}

TEST(Files, jsonKeepsItsOrderAndNumbers) {
  const TemporaryFolder folder;
  writeJson(folder / "j", {{"z", 0.1}, {"a", 1}});
  EXPECT_EQ(readFile(folder / "j"), "{\n  \"z\": 0.1,\n  \"a\": 1\n}\n");
  EXPECT_EQ(readJson(folder / "j")["z"].get<double>(), 0.1);
}

TEST(Files, damagedJsonNamesTheByte) {
  const TemporaryFolder folder;
  writeFileAtomically(folder / "j", "{\"a\": }");
  const std::string message = messageOf<DataError>([&] { readJson(folder / "j"); });
  EXPECT_NE(message.find("byte 7"), std::string::npos) << message;
}

TEST(Files, contentHashIsXxh3WithItsPublishedValueForNothing) {
  EXPECT_EQ(contentHash(""), "99aa06d3014798d86001c324468d497f");  // XXH3_128bits of no bytes, seed 0
  EXPECT_NE(contentHash("a"), contentHash("b"));
}

}  // namespace
}  // namespace trainer
