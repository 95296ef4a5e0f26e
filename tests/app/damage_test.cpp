// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong and damaged input: one clear sentence, exit code 1, nothing lost.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "program.h"

using test::expectOneSentence;
using test::run;
using test::TemporaryFolder;

namespace {

std::string bigEndian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

void write(const std::string& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A tiny IDX set: `count` images of 4 x 4 and as many labels of 2 classes.
void writeIdx(const std::string& folder, std::uint32_t count, std::uint32_t labels, std::uint32_t magic = 0x00000803) {
  for (const char* part : {"train", "t10k"}) {
    std::string images = bigEndian(magic) + bigEndian(count) + bigEndian(4) + bigEndian(4);
    for (std::uint32_t i = 0; i < count * 16; ++i) images += static_cast<char>((i * 37) % 251);
    std::string classes = bigEndian(0x00000801) + bigEndian(labels);
    for (std::uint32_t i = 0; i < labels; ++i) classes += static_cast<char>(i % 2);
    write(folder + "/" + part + "-images-idx3-ubyte", images);
    write(folder + "/" + part + "-labels-idx1-ubyte", classes);
  }
}

test::Outcome train(const TemporaryFolder& folder, const std::string& data) {
  const auto outcome = run({"train", "--data", data, "--epochs", "1", "--out", folder / "run"});
  EXPECT_EQ(outcome.exitCode == 0, std::filesystem::exists(folder / "run")) << "checks come before anything is written";
  return outcome;
}

}  // namespace

TEST(Idx, aSmallSetTrains) {
  TemporaryFolder folder;
  writeIdx(folder.path().string(), 20, 20);
  EXPECT_EQ(train(folder, "idx:" + folder.path().string()).exitCode, 0);
}

TEST(Idx, missingFolder) {
  TemporaryFolder folder;
  const auto outcome = train(folder, "idx:" + folder / "nowhere");
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("nowhere"), std::string::npos);
}

TEST(Idx, wrongMagic) {
  TemporaryFolder folder;
  writeIdx(folder.path().string(), 20, 20, 0x00000d03);
  expectOneSentence(train(folder, "idx:" + folder.path().string()), 1);
}

TEST(Idx, labelsThatDoNotMatchImages) {
  TemporaryFolder folder;
  writeIdx(folder.path().string(), 20, 19);
  const auto outcome = train(folder, "idx:" + folder.path().string());
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("19"), std::string::npos) << outcome.err;
}

TEST(Idx, cutShort) {
  TemporaryFolder folder;
  writeIdx(folder.path().string(), 20, 20);
  const std::string file = folder / "train-images-idx3-ubyte";
  write(file, read(file).substr(0, 200));
  expectOneSentence(train(folder, "idx:" + folder.path().string()), 1);
}

TEST(Idx, aTruncatedGzipFile) {
  TemporaryFolder folder;
  writeIdx(folder.path().string(), 20, 20);
  const std::string file = folder / "train-images-idx3-ubyte";
  ASSERT_EQ(std::system(("gzip " + file).c_str()), 0);
  EXPECT_EQ(run({"train", "--data", "idx:" + folder.path().string(), "--epochs", "1", "--out", folder / "whole"}).exitCode, 0);
  write(file + ".gz", read(file + ".gz").substr(0, 150));
  expectOneSentence(train(folder, "idx:" + folder.path().string()), 1);
}

class DamagedRun : public testing::Test {
 protected:
  void SetUp() override {
    path = folder / "run";
    ASSERT_EQ(run({"train", "--data", "digits", "--model", "mlp:64-8-10", "--epochs", "1", "--out", path}).exitCode, 0);
    file = path + "/checkpoints/step_00000023.safetensors";
    whole = read(file);
    ASSERT_GT(whole.size(), 1000u);
  }
  TemporaryFolder folder;
  std::string path, file, whole;
};

TEST_F(DamagedRun, aCheckpointCutShort) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    write(file, whole.substr(0, size));
    const auto outcome = run({"spectrum", path, "--samples", "32"});
    expectOneSentence(outcome, 1);
    EXPECT_NE(outcome.err.find("step_00000023.safetensors"), std::string::npos) << outcome.err;
  }
}

TEST_F(DamagedRun, aFlippedByteAtEitherEndOrInTheMiddle) {
  for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{60}, whole.size() / 2, whole.size() - 1}) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    write(file, damaged);
    expectOneSentence(run({"surface", path, "--size", "3", "--samples", "32"}), 1);
  }
  EXPECT_FALSE(std::filesystem::exists(path + "/analyses")) << "a refused measure writes nothing";
}

TEST_F(DamagedRun, aSpecOfANewerVersion) {
  auto spec = nlohmann::json::parse(read(path + "/spec.json"));
  spec["format_version"] = 99;
  write(path + "/spec.json", spec.dump());
  const auto outcome = run({"info", path});
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.err.find("newer"), std::string::npos) << outcome.err;
}

TEST_F(DamagedRun, aSpecThatIsNotJson) {
  write(path + "/spec.json", "{\"data\": ");
  expectOneSentence(run({"spectrum", path}), 1);
}

TEST_F(DamagedRun, notARunAndNotThere) {
  expectOneSentence(run({"spectrum", folder / "nowhere"}), 1);
  expectOneSentence(run({"info", folder / "nowhere"}), 1);
  expectOneSentence(run({"spectrum", folder.path().string()}), 1);
  write(folder / "x.json", "{}");
  expectOneSentence(run({"export", folder / "x.json", "--to", folder / "x.png"}), 1);
}

TEST(Disk, anOutputFolderThatCannotBeWritten) {
  if (geteuid() == 0) {
    // root may write anywhere but below a file and in /proc
    TemporaryFolder folder;
    write(folder / "file", "x");
    expectOneSentence(run({"train", "--data", "digits", "--epochs", "1", "--out", folder / "file/run"}), 1);
    expectOneSentence(run({"train", "--data", "digits", "--epochs", "1", "--out", "/proc/run"}), 1);
    return;
  }
  TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  expectOneSentence(run({"train", "--data", "digits", "--epochs", "1", "--out", folder / "run"}), 1);
}

TEST(Disk, fullDiskIsOneSentenceAndKeepsWhatWasWritten) {
  TemporaryFolder folder;
  const std::string mounted = folder / "small";
  std::filesystem::create_directory(mounted);
  // A private mount namespace, so that nothing is left behind.
  const std::vector<std::string> launcher{"unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=160k none " + mounted + " && \"$0\" \"$@\"; code=$?; ls " + mounted +
                                          "/run/checkpoints >&1; exit $code"};
  if (std::system(("unshare -m mount -t tmpfs -o size=160k none " + mounted + " 2>/dev/null").c_str()) != 0)
    GTEST_SKIP() << "no right to mount a small disk here";
  const auto outcome = run({"train", "--data", "digits", "--model", "mlp:64-64-10", "--epochs", "4", "--checkpoint-every", "1", "--out", mounted + "/run"}, launcher);
  expectOneSentence(outcome, 1);
  EXPECT_NE(outcome.out.find("step_00000000.safetensors"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("tmp"), std::string::npos) << "no half-written file stays: " << outcome.out;
}
