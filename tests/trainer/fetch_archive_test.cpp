// SPDX-License-Identifier: GPL-3.0-or-later
// Archives: what is taken out of them, what is not, and that damage leaves nothing behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>

#include "tests/trainer/gzip.h"
#include "tests/trainer/local_server.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/fetch/fetch.h"
#include "trainer/fetch/md5.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

void putField(std::string& header, std::size_t at, const std::string& text) { header.replace(at, text.size(), text); }

std::string octal(std::size_t value, std::size_t digits) {
  std::string text(digits, '0');
  for (std::size_t i = digits; i-- > 0; value /= 8) text[i] = static_cast<char>('0' + value % 8);
  return text;
}

/// POSIX.1-1988: a header of 512 bytes and the content, padded to as many.
std::string tarEntry(const std::string& path, const std::string& content, char type = '0') {
  std::string header(512, '\0');
  putField(header, 0, path);
  putField(header, 100, "0000644");
  putField(header, 124, octal(content.size(), 11));
  putField(header, 136, octal(0, 11));
  putField(header, 148, std::string(8, ' '));
  header[156] = type;
  putField(header, 257, std::string("ustar\0" "00", 8));
  std::size_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  putField(header, 148, octal(sum, 6) + std::string("\0 ", 2));
  return header + content + std::string((512 - content.size() % 512) % 512, '\0');
}

const std::string kEnd(1024, '\0');
const std::string kTrain(70'000, 't'), kTest(512, 'e'), kNames = "apple\nbaby\n";

std::string soundTar() {
  return tarEntry("set/", "", '5') + tarEntry("set/train.bin", kTrain) + tarEntry("set/readme.html", "<html>") + tarEntry("set/test.bin", kTest) +
         tarEntry("set/names.txt", kNames) + kEnd;
}

class ArchiveTest : public testing::Test {
 protected:
  void serve(const std::string& bytes) {
    archive_ = bytes;
    server_.put("set.tar.gz", {.content = bytes});
  }
  FetchResult fetch() const {
    const FetchFile file{server_.url() + "set.tar.gz", md5Of(archive_), 0, {"train.bin", "test.bin", "names.txt"}};
    return fetchDataSet({"set", "cifar100", target().string(), {file}}, {});
  }
  fs::path target() const { return folder_ / "target"; }
  std::string read(const std::string& name) const { return readFile(target() / name); }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(target())) found.insert(entry.path().filename().string());
    return found;
  }
  void expectUnpacked() const {
    EXPECT_EQ(names(), (std::set<std::string>{"train.bin", "test.bin", "names.txt", "set.tar.gz.md5"}));
    EXPECT_TRUE(read("train.bin") == kTrain);
    EXPECT_EQ(read("test.bin"), kTest);
    EXPECT_EQ(read("names.txt"), kNames);
  }
  /// A published archive that is itself not sound: its checksum is right.
  void expectDamage(const std::string& bytes, const std::string& part) {
    serve(bytes);
    const std::string message = messageOf<DataError>([&] { fetch(); });
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_EQ(names(), std::set<std::string>{"set.tar.gz"}) << "no part of a damaged archive";
  }

  const TemporaryFolder folder_;
  test::LocalServer server_;
  std::string archive_;
};

TEST_F(ArchiveTest, isUnpackedAndRemoved) {
  serve(gzip(soundTar()));
  const FetchResult result = fetch();
  expectUnpacked();
  ASSERT_EQ(result.files.size(), 3u);
  EXPECT_EQ(result.files[0].name, "train.bin");
  EXPECT_EQ(result.files[0].bytes, 70'000);
  EXPECT_EQ(result.files[0].md5, md5Of(kTrain));
}

TEST_F(ArchiveTest, theRecordIsThatOfMd5sum) {
  serve(gzip(soundTar()));
  fetch();
  const std::string files = md5Of(kTrain) + "  train.bin\n" + md5Of(kTest) + "  test.bin\n" + md5Of(kNames) + "  names.txt\n";
  EXPECT_EQ(read("set.tar.gz.md5"), "# taken out of set.tar.gz, whose MD5 is " + md5Of(archive_) + "\n" + files);
}

TEST_F(ArchiveTest, whatIsUnpackedIsNotFetchedAgain) {
  serve(gzip(soundTar()));
  fetch();
  server_.takeRequests();
  const FetchResult result = fetch();
  EXPECT_TRUE(result.nothingToDo);
  EXPECT_EQ(result.files.size(), 3u);
  EXPECT_TRUE(server_.takeRequests().empty());
}

TEST_F(ArchiveTest, aFileThatChangedIsFetchedAgain) {
  serve(gzip(soundTar()));
  fetch();
  writeFileAtomically(target() / "test.bin", "changed");
  EXPECT_FALSE(fetch().nothingToDo);
  expectUnpacked();
}

TEST_F(ArchiveTest, anArchiveThatIsThereIsOnlyUnpacked) {
  serve(gzip(soundTar()));
  fs::create_directory(target());
  writeFileAtomically(target() / "set.tar.gz", archive_);
  EXPECT_EQ(fetch().received, 0);
  EXPECT_TRUE(server_.takeRequests().empty());
  expectUnpacked();
}

TEST_F(ArchiveTest, noPathOfItLeavesTheFolder) {
  const std::string absolute = (folder_ / "absolute.bin").string();
  serve(gzip(tarEntry("../outside.bin", "x") + tarEntry(absolute, "x") + tarEntry("../../train.bin", kTrain) + tarEntry("/test.bin", kTest) +
             tarEntry("set/../../names.txt", kNames) + kEnd));
  fetch();
  expectUnpacked();
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1) << "only the target lies beside it";
}

TEST_F(ArchiveTest, aLinkIsNotAFile) {
  for (const char type : {'1', '2'})
    expectDamage(gzip(tarEntry("train.bin", "", type) + tarEntry("test.bin", kTest) + tarEntry("names.txt", kNames) + kEnd), "holds no train.bin");
}

TEST_F(ArchiveTest, aMissingOrDoubleMemberIsDamage) {
  expectDamage(gzip(tarEntry("train.bin", kTrain) + tarEntry("test.bin", kTest) + kEnd), "holds no names.txt");
  expectDamage(gzip(tarEntry("train.bin", kTrain) + soundTar()), "holds train.bin twice");
}

TEST_F(ArchiveTest, aTarThatEndsEarlyIsDamage) {
  const std::string tar = soundTar();
  for (const std::size_t size : {std::size_t{100}, std::size_t{512 + 512 + 1000}, tar.size() - kEnd.size()})
    expectDamage(gzip(tar.substr(0, size)), "ends in the middle");
}

TEST_F(ArchiveTest, aGzipThatEndsEarlyIsDamage) {
  const std::string whole = gzip(soundTar());
  for (const std::size_t size : {whole.size() / 2, whole.size() - 1}) expectDamage(whole.substr(0, size), "ends in the middle");
}

TEST_F(ArchiveTest, aFlippedBitIsDamage) {
  std::string checksum = gzip(soundTar());
  checksum[checksum.size() - 8] ^= 1;  // of gzip's CRC-32
  expectDamage(checksum, "does not unpack");
  std::string header = soundTar();
  header[512] ^= 1;  // of the name of train.bin
  expectDamage(gzip(header), "not one of tar's");
}

TEST_F(ArchiveTest, sizesThatAreNoneAreDamage) {
  for (const std::string& size : {std::string("7777777777x"), std::string("77777777777"), std::string(11, '\xff'), std::string(11, ' ')}) {
    std::string header = tarEntry("train.bin", "").substr(0, 512);
    putField(header, 124, size);
    putField(header, 148, std::string(8, ' '));
    std::size_t sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    putField(header, 148, octal(sum, 6) + std::string("\0 ", 2));
    expectDamage(gzip(header + kEnd), "not one of tar's");
  }
}

TEST_F(ArchiveTest, somethingElseIsDamage) { expectDamage(std::string(2000, '<'), "not one of tar's"); }

}  // namespace
}  // namespace trainer
