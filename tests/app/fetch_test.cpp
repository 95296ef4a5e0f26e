// SPDX-License-Identifier: GPL-3.0-or-later
// `sharpscape fetch` from a server of the test's own. What the published files hold is not at hand here: tests/trainer/fetch_test.cpp fetches others.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "program.h"
#include "tests/trainer/local_server.h"

using test::expectOneSentence;
using test::LocalServer;
using test::run;
using test::Running;
using test::TemporaryFolder;

namespace {

const std::string kFirst = "train-images-idx3-ubyte.gz";

void write(const std::string& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

std::uintmax_t sizeOf(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

/// A folder as it is after CIFAR-10 was taken out of its archive, with other contents: the MD5 of "" and of "a" (RFC 1321).
void writeUnpacked(const TemporaryFolder& folder) {
  std::string record = "# taken out of cifar-10-binary.tar.gz, whose MD5 is c32a1d4ab5d03f1284b67883e8d87530\n";
  for (const char* name : {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"}) {
    write(folder / name, "");
    record += std::string("d41d8cd98f00b204e9800998ecf8427e  ") + name + "\n";
  }
  write(folder / "batches.meta.txt", "a");
  write(folder / "cifar-10-binary.tar.gz.md5", record + "0cc175b9c0f1b6a831c399e269772661  batches.meta.txt\n");
}

}  // namespace

TEST(Fetch, nothingToDoSaysWhatIsWhereAndHowToTrain) {
  const TemporaryFolder folder;
  writeUnpacked(folder);
  const auto outcome = run({"fetch", "cifar10", folder.path().string()});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_EQ(outcome.out.find("nothing to do: cifar10 is in " + folder.path().string()), 0u) << outcome.out;
  EXPECT_NE(outcome.out.find("data_batch_5.bin"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("sharpscape train --data cifar10:" + folder.path().string() + "\n"), std::string::npos) << outcome.out;

  const auto json = run({"fetch", "cifar10", folder.path().string(), "--json", "--quiet"}).json();
  EXPECT_EQ(json["set"], "cifar10");
  EXPECT_EQ(json["nothing_to_do"], true);
  EXPECT_EQ(json["received_bytes"], 0);
  EXPECT_EQ(json["files"].size(), 7u);
  EXPECT_EQ(json["files"][6]["name"], "batches.meta.txt");
  EXPECT_EQ(json["files"][6]["bytes"], 1);
  EXPECT_EQ(json["files"][6]["md5"], "0cc175b9c0f1b6a831c399e269772661");
  EXPECT_EQ(json["command"], "sharpscape train --data cifar10:" + folder.path().string());
}

TEST(Fetch, wrongBytesAreOneSentence) {
  const TemporaryFolder folder;
  LocalServer server;
  server.put(kFirst, {.content = "<html>log in first</html>"});
  const auto outcome = run({"fetch", "mnist", folder / "mnist", "--base-url", server.url()});
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("f68b3c2dcbeaaa9fbdd348bbdeb94873"), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(std::filesystem::is_empty(folder / "mnist"));
}

TEST(Fetch, aFileThatIsNotThereIsOneSentence) {
  const TemporaryFolder folder;
  const LocalServer server;
  const auto outcome = run({"fetch", "fashion-mnist", folder / "data", "--base-url", server.url() + "sets"});
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("/sets/" + kFirst + "' answers 404"), std::string::npos) << outcome.err;
}

TEST(Fetch, noNetworkIsOneSentence) {
  const TemporaryFolder folder;
  const test::ClosedPort closed;
  const auto outcome = run({"fetch", "cifar100", folder / "data", "--base-url", closed.url()});
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("takes no connection"), std::string::npos) << outcome.err;
}

TEST(Fetch, ctrlCKeepsThePart) {
  const TemporaryFolder folder;
  LocalServer server;
  server.put(kFirst, {.content = std::string(200'000, 'x'), .cutAfter = 100'000, .hold = true});
  Running program({"fetch", "mnist", folder / "mnist", "--base-url", server.url()});
  const std::string part = folder / ("mnist/" + kFirst + ".part");
  while (sizeOf(part) < 100'000 && program.alive()) usleep(2000);  // polling another process; not a wait for a race to be over
  program.signal(SIGINT);
  expectOneSentence(program.wait(), 130);
  EXPECT_EQ(sizeOf(part), 100'000u);
}

TEST(Fetch, aFullDiskKeepsThePart) {
  const TemporaryFolder folder;
  const std::string mounted = folder / "small";
  std::filesystem::create_directory(mounted);
  LocalServer server;
  server.put(kFirst, {.content = std::string(1'000'000, 'x')});
  if (std::system(("unshare -m mount -t tmpfs -o size=160k none " + mounted + " 2>/dev/null").c_str()) != 0)
    GTEST_SKIP() << "no right to mount a small disk here";
  // A private mount namespace, so that nothing is left behind.
  const std::string script = "mount -t tmpfs -o size=160k none " + mounted + " && \"$0\" \"$@\"; code=$?; ls " + mounted + "; exit $code";
  const std::vector<std::string> launcher{"unshare", "-m", "sh", "-c", script};
  const auto outcome = run({"fetch", "mnist", mounted, "--base-url", server.url()}, launcher);
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("the disk is full; 0.164 MB are kept"), std::string::npos) << outcome.err;  // 160 KiB
  EXPECT_EQ(outcome.out, kFirst + ".part\n");
}
