// SPDX-License-Identifier: GPL-3.0-or-later
// Files that leave the program and files that come from others.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "program.h"

using test::expectOneSentence;
using test::run;
using test::TemporaryFolder;

namespace {

const std::string kSurfaces = std::string(SHARPSCAPE_TEST_DATA) + "/surfaces/";

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Words of a command whose words need no quotes, without the program's name.
std::vector<std::string> wordsOf(const std::string& command) {
  std::istringstream in(command);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  EXPECT_EQ(words.at(0), "sharpscape");
  words.erase(words.begin());
  return words;
}

/// A run and a surface of it, once for all tests here.
class Exported : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared = std::make_unique<TemporaryFolder>();
    ASSERT_EQ(run({"train", "--data", "digits", "--model", "mlp:64-8-10", "--epochs", "1", "--out", *shared / "run"}).exitCode, 0);
    const auto outcome = run({"surface", *shared / "run", "--size", "5x3", "--range-x", "-1:1", "--range-y", "-0.5:0.5", "--samples", "200", "--y", "gradient", "--trajectory", "--out",
                              *shared / "first.json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  }
  static void TearDownTestSuite() { shared.reset(); }
  static inline std::unique_ptr<TemporaryFolder> shared;
};

bool hasHdf5() { return run({"export", "x", "--to", "x.h5"}).err.find("without HDF5") == std::string::npos; }

std::vector<std::string> endings() {
  std::vector<std::string> all = {"csv", "npy", "npz", "vts", "vtp", "glb", "png", "svg", "pdf"};
  if (hasHdf5()) all.push_back("h5");
  return all;
}

}  // namespace

TEST_F(Exported, theCommandInAFileMakesTheSameFile) {
  std::string command;
  for (const std::string& ending : endings()) {
    const auto outcome = run({"export", *shared / "first.json", "--to", *shared / ("first." + ending)});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto info = run({"info", *shared / ("first." + ending), "--json"});
    ASSERT_EQ(info.exitCode, 0) << ending << info.err;
    const auto provenance = info.json()["provenance"];
    if (command.empty()) command = provenance["command"];
    EXPECT_EQ(provenance["command"], command) << ending;
    for (const char* key : {"checkpoint_hash", "data_hash", "train_command", "program_version", "torch_version", "seed", "description"}) EXPECT_TRUE(provenance.contains(key)) << ending << " " << key;
    EXPECT_NE(run({"info", *shared / ("first." + ending)}).out.find("command: " + command), std::string::npos) << ending;
  }
  std::vector<std::string> words = wordsOf(command);
  words.insert(words.end(), {"--out", *shared / "second.json"});
  const auto again = run(words);
  ASSERT_EQ(again.exitCode, 0) << again.err;
  for (const std::string& ending : endings()) {
    ASSERT_EQ(run({"export", *shared / "second.json", "--to", *shared / ("second." + ending)}).exitCode, 0);
    EXPECT_TRUE(read(*shared / ("first." + ending)) == read(*shared / ("second." + ending))) << ending << " differs";
  }
}

TEST_F(Exported, theHashIsThatOfTheCheckpoint) {
  ASSERT_EQ(run({"export", *shared / "first.json", "--to", *shared / "x.csv"}).exitCode, 0);
  const auto provenance = run({"info", *shared / "x.csv", "--json"}).json()["provenance"];
  const auto checkpoint = run({"info", *shared / "run/checkpoints/step_00000023.safetensors", "--json"}).json();
  EXPECT_EQ(provenance["checkpoint_hash"], checkpoint["metadata"]["data_hash"]);
  EXPECT_EQ(provenance["step"], "23");
}

TEST_F(Exported, anEndingThatDoesNotFitIsRefusedBeforeAnythingIsComputed) {
  const auto before = std::distance(std::filesystem::directory_iterator(*shared / "run/analyses"), {});
  for (const std::vector<std::string>& words : {std::vector<std::string>{"spectrum", *shared / "run", "--out", *shared / "x.glb"}, {"surface", *shared / "run", "--out", *shared / "x.tex"},
                                                {"slice", *shared / "run", "--out", *shared / "x.vtp"}, {"export", *shared / "first.json", "--to", *shared / "x.tex"}}) {
    const auto outcome = run(words);
    expectOneSentence(outcome, 2);
    EXPECT_NE(outcome.err.find(".csv .json"), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(*shared / "run/analyses"), {}), before);
}

TEST_F(Exported, aFolderThatIsNotThereOrMayNotBeWritten) {
  expectOneSentence(run({"export", *shared / "first.json", "--to", *shared / "nowhere/x.npz"}), 1);
  std::filesystem::create_directory(*shared / "x.npz");
  expectOneSentence(run({"export", *shared / "first.json", "--to", *shared / "x.npz"}), 1);
  EXPECT_TRUE(std::filesystem::is_directory(*shared / "x.npz"));
  if (::geteuid() == 0) {
    expectOneSentence(run({"export", *shared / "first.json", "--to", "/proc/x.npz"}), 1);
    return;
  }
  std::filesystem::create_directory(*shared / "locked");
  std::filesystem::permissions(*shared / "locked", std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  expectOneSentence(run({"export", *shared / "first.json", "--to", *shared / "locked/x.npz"}), 1);
}

TEST_F(Exported, aFullDiskKeepsTheOldFileAndLeavesNoOther) {
  const std::string mounted = *shared / "small";
  std::filesystem::create_directories(mounted);
  if (std::system(("unshare -m mount -t tmpfs -o size=12k none " + mounted + " 2>/dev/null").c_str()) != 0) GTEST_SKIP() << "no right to mount a small disk here";
  for (const char* ending : {"png", "pdf", "svg"}) {  // each larger than what is free there
    const std::string file = mounted + "/x." + ending;
    const std::vector<std::string> launcher{"unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=12k none " + mounted + " && echo old >" + file + " && \"$0\" \"$@\"; code=$?; ls " + mounted +
                                            "; cat " + file + "; exit $code"};
    const auto outcome = run({"export", *shared / "first.json", "--to", file}, launcher);
    expectOneSentence(outcome, 1);
    EXPECT_EQ(outcome.out, std::string("x.") + ending + "\nold\n");
  }
}

TEST_F(Exported, directionsAreThoseOfLi) {
  if (!hasHdf5()) GTEST_SKIP() << "built without HDF5";
  ASSERT_EQ(run({"slice", *shared / "run", "--size", "3", "--samples", "50", "--save-directions", *shared / "d.safetensors"}).exitCode, 0);
  ASSERT_EQ(run({"export", *shared / "d.safetensors", "--to", *shared / "d.h5"}).exitCode, 0);
  const auto outcome = run({"info", *shared / "d.h5"});
  EXPECT_NE(outcome.out.find("kind: directions\n"), std::string::npos) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("direction_x: random"), std::string::npos) << outcome.out;
  expectOneSentence(run({"export", *shared / "d.safetensors", "--to", *shared / "d.npz"}), 2);
  expectOneSentence(run({"export", *shared / "run/checkpoints/step_00000023.safetensors", "--to", *shared / "d.h5"}), 1);
}

TEST(Foreign, aSurfaceOfLiBecomesAPictureThatSaysSo) {
  TemporaryFolder folder;
  if (!hasHdf5()) GTEST_SKIP() << "built without HDF5";
  const auto outcome = run({"export", kSurfaces + "li_7x5.h5", "--to", folder / "x.png"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("does not say on how many samples"), std::string::npos) << outcome.err;
  const auto provenance = run({"info", folder / "x.png", "--json"}).json()["provenance"];
  EXPECT_EQ(provenance["format"], "surface .h5 of Li et al. (loss-landscape)");
  EXPECT_NE(provenance["command"].get<std::string>().find("li_7x5.h5"), std::string::npos);
  const auto info = run({"info", kSurfaces + "li_7x5.h5", "--json"}).json();
  EXPECT_EQ(info["columns"], 7);
  EXPECT_EQ(info["rows"], 5);
  EXPECT_FALSE(info["unknown"].empty());
  expectOneSentence(run({"info", kSurfaces + "li_directions.h5"}), 1);
}

TEST(Foreign, rowsOfLossLandscapesAreStraightenedOnRequest) {
  TemporaryFolder folder;
  EXPECT_EQ(run({"info", kSurfaces + "loss_landscapes.npy", "--json"}).json()["rows_shifted"], true);
  ASSERT_EQ(run({"export", kSurfaces + "loss_landscapes.npy", "--to", folder / "raw.csv"}).exitCode, 0);
  ASSERT_EQ(run({"export", kSurfaces + "loss_landscapes.npy", "--straighten-rows", "--to", folder / "straight.npz"}).exitCode, 0);
  EXPECT_EQ(run({"info", folder / "straight.npz", "--json"}).json()["columns"], 11);
  expectOneSentence(run({"export", kSurfaces + "table.csv", "--straighten-rows", "--to", folder / "x.csv"}), 2);
}

TEST(Foreign, whatAnyOtherFileIs) {
  TemporaryFolder folder;
  std::ofstream(folder / "x.png", std::ios::binary) << "\x89PNG\r\n\x1a\n";
  const auto outcome = run({"info", folder / "x.png"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "PNG picture, which does not say where it comes from\n");
  std::ofstream(folder / "x.bin") << "nothing of the kind";
  expectOneSentence(run({"info", folder / "x.bin"}), 1);
  std::ofstream(folder / "x.npz") << "PK";
  expectOneSentence(run({"info", folder / "x.npz"}), 1);
  std::ofstream(folder / "x.csv") << "x,y,loss\n0,0,one\n";
  expectOneSentence(run({"info", folder / "x.csv"}), 1);
  expectOneSentence(run({"export", folder / "x.csv", "--to", folder / "y.png"}), 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "y.png"));
}
