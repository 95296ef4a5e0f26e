// SPDX-License-Identifier: GPL-3.0-or-later
// Downloads against a server of the test's own: what is asked for, what lies in the folder afterwards, and what is said.
#include "trainer/fetch/fetch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stop_token>

#include "tests/trainer/local_server.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/base/random.h"
#include "trainer/fetch/md5.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;
using test::LocalServer;
using Requests = std::vector<LocalServer::Request>;

std::string noise(std::size_t size) {
  RandomStream random(size);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random.next());
  return bytes;
}

TEST(Md5, isThatOfRfc1321) {
  EXPECT_EQ(md5Of(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5Of("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
}

/// One file of 3 MB, more than any buffer on the way.
class FetchTest : public testing::Test {
 protected:
  FetchTest() { server_.put("data.bin", {.content = content_}); }

  FetchSpec spec() const { return {"noise", "idx", folder_.path().string(), {{server_.url() + "data.bin", md5Of(content_), 0, {}}}}; }
  FetchResult fetch() const { return fetchDataSet(spec(), context_); }
  template <class E>
  std::string failure() const {
    return messageOf<E>([&] { fetch(); });
  }
  void write(const std::string& name, const std::string& bytes) const { writeFileAtomically(folder_ / name, bytes); }
  std::string read(const std::string& name) const { return readFile(folder_ / name); }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) found.insert(entry.path().filename().string());
    return found;
  }
  void expectOnlyTheFile() const {
    EXPECT_EQ(names(), std::set<std::string>{"data.bin"});
    EXPECT_TRUE(read("data.bin") == content_);
  }

  const TemporaryFolder folder_;
  const std::string content_ = noise(3'000'000);
  LocalServer server_;
  Context context_;
};

TEST_F(FetchTest, aFileComesWhole) {
  const FetchResult result = fetch();
  expectOnlyTheFile();
  EXPECT_EQ(server_.takeRequests(), (Requests{{"/data.bin", ""}}));
  EXPECT_EQ(result.received, 3'000'000);
  EXPECT_FALSE(result.nothingToDo);
  ASSERT_EQ(result.files.size(), 1u);
  EXPECT_EQ(result.files[0].name, "data.bin");
  EXPECT_EQ(result.files[0].bytes, 3'000'000);
  EXPECT_FALSE(result.files[0].wasThere);
}

TEST_F(FetchTest, theFolderIsMade) {
  FetchSpec deep = spec();
  deep.folder = folder_ / "a/b";
  fetchDataSet(deep, context_);
  EXPECT_TRUE(fs::exists(folder_ / "a/b/data.bin"));
}

TEST_F(FetchTest, whatIsThereIsNotFetched) {
  write("data.bin", content_);
  const FetchResult result = fetch();
  EXPECT_TRUE(result.nothingToDo);
  EXPECT_TRUE(result.files.at(0).wasThere);
  EXPECT_EQ(result.received, 0);
  EXPECT_TRUE(server_.takeRequests().empty());
}

TEST_F(FetchTest, anotherFileOfThatNameIsReplaced) {
  write("data.bin", "something else");
  fetch();
  expectOnlyTheFile();
}

TEST_F(FetchTest, aCutDownloadContinuesWhereItWas) {
  server_.put("data.bin", {.content = content_, .cutAfter = 1'000'000});
  const std::string message = failure<IoError>();
  EXPECT_NE(message.find("was cut; 1 MB are kept in '"), std::string::npos) << message;
  EXPECT_EQ(names(), std::set<std::string>{"data.bin.part"});
  EXPECT_TRUE(read("data.bin.part") == content_.substr(0, 1'000'000));

  server_.takeRequests();
  server_.put("data.bin", {.content = content_});
  const FetchResult result = fetch();
  EXPECT_EQ(server_.takeRequests(), (Requests{{"/data.bin", "bytes=1000000-"}}));
  EXPECT_EQ(result.received, 2'000'000);
  expectOnlyTheFile();
}

TEST_F(FetchTest, aCompletePartNeedsNoRequest) {
  write("data.bin.part", content_);
  EXPECT_EQ(fetch().received, 0);
  EXPECT_TRUE(server_.takeRequests().empty());
  expectOnlyTheFile();
}

TEST_F(FetchTest, aServerWithoutRangesStartsOver) {
  server_.put("data.bin", {.content = content_, .ranges = false});
  write("data.bin.part", content_.substr(0, 1000));
  EXPECT_EQ(fetch().received, 3'000'000);
  EXPECT_EQ(server_.takeRequests(), (Requests{{"/data.bin", "bytes=1000-"}}));
  expectOnlyTheFile();
}

TEST_F(FetchTest, aServerThatSendsAnotherRangeIsAskedForAll) {
  server_.put("data.bin", {.content = content_, .shift = 7});
  write("data.bin.part", content_.substr(0, 1000));
  fetch();
  EXPECT_EQ(server_.takeRequests(), (Requests{{"/data.bin", "bytes=1000-"}, {"/data.bin", ""}}));
  expectOnlyTheFile();
}

TEST_F(FetchTest, aPartThatIsTooLongStartsOver) {
  write("data.bin.part", content_ + "and more");
  fetch();
  EXPECT_EQ(server_.takeRequests(), (Requests{{"/data.bin", "bytes=3000008-"}, {"/data.bin", ""}}));
  expectOnlyTheFile();
}

TEST_F(FetchTest, aRedirectIsFollowedWithItsRange) {
  server_.put("moved.bin", {.content = content_});
  server_.put("data.bin", {.redirect = "/moved.bin"});
  write("data.bin.part", content_.substr(0, 1000));
  fetch();
  EXPECT_EQ(server_.takeRequests(), (Requests{{"/data.bin", "bytes=1000-"}, {"/moved.bin", "bytes=1000-"}}));
  expectOnlyTheFile();
}

TEST_F(FetchTest, wrongBytesAreRemovedAndReplaceNothing) {
  write("data.bin", "an older file");
  std::string wrong = content_;
  wrong[2'000'000] ^= 1;
  server_.put("data.bin", {.content = wrong});
  const std::string message = failure<DataError>();
  EXPECT_NE(message.find(md5Of(wrong)), std::string::npos) << message;
  EXPECT_NE(message.find(md5Of(content_)), std::string::npos) << message;
  EXPECT_EQ(names(), std::set<std::string>{"data.bin"});
  EXPECT_EQ(read("data.bin"), "an older file");
}

TEST_F(FetchTest, aLongerFileIsNotTaken) {
  FetchSpec shorter = spec();
  shorter.files[0].bytes = 2'999'999;
  const std::string message = messageOf<IoError>([&] { fetchDataSet(shorter, context_); });
  EXPECT_NE(message.find("is longer than the 2999999 bytes"), std::string::npos) << message;
  EXPECT_TRUE(names().empty());
}

TEST_F(FetchTest, notFoundLeavesNothing) {
  FetchSpec other = spec();
  other.files[0].url = server_.url() + "nowhere.bin";
  const std::string message = messageOf<IoError>([&] { fetchDataSet(other, context_); });
  EXPECT_NE(message.find("nowhere.bin' answers 404"), std::string::npos) << message;
  EXPECT_TRUE(names().empty());
}

TEST_F(FetchTest, notFoundKeepsWhatWasThere) {
  FetchSpec other = spec();
  other.files[0].url = server_.url() + "nowhere.bin";
  write("nowhere.bin.part", "0123");
  const std::string message = messageOf<IoError>([&] { fetchDataSet(other, context_); });
  EXPECT_NE(message.find("are kept in '"), std::string::npos) << message;
  EXPECT_EQ(read("nowhere.bin.part"), "0123");
}

TEST_F(FetchTest, aPortWhereNobodyListens) {
  const test::ClosedPort closed;
  FetchSpec other = spec();
  other.files[0].url = closed.url() + "data.bin";
  const std::string message = messageOf<IoError>([&] { fetchDataSet(other, context_); });
  EXPECT_NE(message.find("takes no connection"), std::string::npos) << message;
  EXPECT_TRUE(names().empty());
}

TEST_F(FetchTest, aHostThatDoesNotExist) {
  const std::string host = "http://" + std::string(64, 'x') + ".invalid";  // no label is longer than 63 (RFC 1035), so no name server is asked
  FetchSpec other = spec();
  other.files[0].url = host + "/data.bin";
  const std::string message = messageOf<IoError>([&] { fetchDataSet(other, context_); });
  EXPECT_NE(message.find("'" + host + "' is not known here"), std::string::npos) << message;
  EXPECT_TRUE(names().empty());
}

TEST_F(FetchTest, aStopKeepsWhatCame) {
  server_.put("data.bin", {.content = content_, .cutAfter = 1'000'000, .hold = true});
  std::stop_source stop;
  const Context context{.stop = stop.get_token(),
                        .progress = [&](const Progress&) {
                          if (fs::file_size(folder_ / "data.bin.part") == 1'000'000) stop.request_stop();
                        },
                        .waitWhilePaused = {}};
  EXPECT_THROW(fetchDataSet(spec(), context), Cancelled);
  EXPECT_TRUE(read("data.bin.part") == content_.substr(0, 1'000'000));
  server_.put("data.bin", {.content = content_});
  EXPECT_EQ(fetch().received, 2'000'000);
  expectOnlyTheFile();
}

TEST_F(FetchTest, progressCountsWhatIsStillToCome) {
  write("data.bin.part", content_.substr(0, 1'000'000));
  FetchSpec known = spec();
  known.files[0].bytes = 3'000'000;
  std::vector<Progress> seen;
  fetchDataSet(known, {.stop = {}, .progress = [&](const Progress& p) { seen.push_back(p); }, .waitWhilePaused = {}});
  ASSERT_FALSE(seen.empty());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].unit, "MB");
    EXPECT_EQ(seen[i].stage, "data.bin");
    EXPECT_EQ(seen[i].total, 2);
    EXPECT_GE(seen[i].done, i == 0 ? 0 : seen[i - 1].done);
  }
  EXPECT_EQ(seen.back().done, 2);
}

TEST_F(FetchTest, twoAtOnceInOneFolderAreRefused) {
  const int other = ::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  EXPECT_NE(failure<IoError>().find("another fetch is at work"), std::string::npos);
  ::close(other);
  fetch();
  expectOnlyTheFile();
}

TEST_F(FetchTest, aFileInPlaceOfTheFolder) {
  write("file", "");
  FetchSpec other = spec();
  other.folder = folder_ / "file";
  EXPECT_NE(messageOf<IoError>([&] { fetchDataSet(other, context_); }).find("cannot be made"), std::string::npos);
}

TEST_F(FetchTest, filesWithoutNameOrChecksumAreRefused) {
  FetchSpec other = spec();
  other.files[0].url = server_.url();
  EXPECT_THROW(fetchDataSet(other, context_), std::invalid_argument);
  other = spec();
  other.files[0].md5.pop_back();
  EXPECT_THROW(fetchDataSet(other, context_), std::invalid_argument);
}

TEST(PublicDataSets, areNamedAndHaveMirrors) {
  const std::map<std::string, std::size_t> filesOf{{"mnist", 4}, {"fashion-mnist", 4}, {"cifar10", 1}, {"cifar100", 1}};
  std::set<std::string> md5s;
  for (const auto& [name, count] : filesOf) {
    const FetchSpec own = publicDataSet(name, "data");
    EXPECT_EQ(own.name, name);
    EXPECT_EQ(own.files.size(), count);
    for (const FetchFile& file : own.files) md5s.insert(file.md5);
    const FetchSpec mirror = publicDataSet(name, "data", "http://localhost:1/m");
    EXPECT_EQ(mirror.files[0].url, "http://localhost:1/m" + own.files[0].url.substr(own.files[0].url.rfind('/')));
    EXPECT_EQ(publicDataSet(name, "data", "http://localhost:1/m/").files[0].url, mirror.files[0].url);
  }
  EXPECT_EQ(md5s.size(), 10u) << "each file has a checksum of its own";
}

TEST(PublicDataSets, wrongNamesAreRefused) {
  EXPECT_NE(messageOf<std::invalid_argument>([] { publicDataSet("imagenet", "data"); }).find("imagenet"), std::string::npos);
  EXPECT_THROW(publicDataSet("mnist", ""), std::invalid_argument);
  EXPECT_THROW(publicDataSet("mnist", "data", "ftp://host"), std::invalid_argument);
}

}  // namespace
}  // namespace trainer
