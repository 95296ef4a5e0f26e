// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/structure/structure_rules.h"

namespace structure {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SHARPSCAPE_SOURCE_DIR;
const std::string kLicence = "// SPDX-License-Identifier: GPL-3.0-or-later\n";

void expectNone(const Offenders& offenders) { EXPECT_TRUE(offenders.empty()) << fmt::format("{}", fmt::join(offenders, "\n")); }

TEST(Tree, HasTheFoldersTheRulesSpeakOf) {
  for (const char* folder : {"trainer/base", "analysis", "ui", "app", "tests"}) EXPECT_TRUE(fs::is_directory(kRoot / folder)) << folder;
  EXPECT_GT(sourceFiles(kRoot).size(), 50u);
}

TEST(Tree, IncludesFollowTheLayers) { expectNone(layerOffenders(kRoot)); }
TEST(Tree, NoTorchHeaderIsReachedFromUi) { expectNone(torchReachedFromUi(kRoot)); }
TEST(Tree, NoHeaderIncludesAllOfTorch) { expectNone(wholeTorchInHeaders(kRoot)); }
TEST(Tree, NoFileIsLong) { expectNone(longFiles(kRoot)); }
TEST(Tree, EveryFileNamesItsLicence) { expectNone(filesWithoutLicence(kRoot)); }
TEST(Tree, NoFileNamesAMachine) { expectNone(machinePaths(kRoot)); }

/// A small tree of its own with a planted offender: each rule must see it.
class PlantedTree : public testing::Test {
 protected:
  PlantedTree() {
    std::string name = (fs::temp_directory_path() / "structure-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    root_ = name;
  }
  ~PlantedTree() override { fs::remove_all(root_); }
  void write(const fs::path& file, const std::string& text) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  fs::path root_;
};

TEST_F(PlantedTree, CleanFilesPassEveryRule) {
  write("trainer/base/good.h", kLicence + "#include <vector>\n#include \"trainer/base/other.h\"\n");
  write("analysis/good.cpp", kLicence + "#include \"trainer/base/good.h\"\n#include <ATen/core/Tensor.h>\n");
  write("ui/good.cpp", kLicence + "#include <QWidget>\n#include <vtkActor.h>\n#include \"trainer/base/good.h\"\n");
  write("run", "#!/usr/bin/env bash\n# SPDX-License-Identifier: GPL-3.0-or-later\n");
  for (const auto& rule : {layerOffenders, torchReachedFromUi, wholeTorchInHeaders, longFiles, filesWithoutLicence, machinePaths})
    expectNone(rule(root_));
}

struct ForbiddenInclude {
  const char *file, *include;
};
class PlantedInclude : public PlantedTree, public testing::WithParamInterface<ForbiddenInclude> {};

TEST_P(PlantedInclude, IsListedWithItsPlace) {
  write(GetParam().file, kLicence + "#include <string>\n# include " + GetParam().include + "\n");
  const Offenders offenders = layerOffenders(root_);
  ASSERT_EQ(offenders.size(), 1u);
  EXPECT_TRUE(offenders[0].starts_with(std::string(GetParam().file) + ":3: ")) << offenders[0];
}

INSTANTIATE_TEST_SUITE_P(
    EveryLayer, PlantedInclude,
    testing::Values(ForbiddenInclude{"trainer/base/a.h", "<c10/util/Exception.h>"},
                    ForbiddenInclude{"trainer/base/a.cpp", "\"trainer/model/model.h\""}, ForbiddenInclude{"trainer/a.cpp", "<QString>"},
                    ForbiddenInclude{"trainer/fetch/a.cpp", "\"trainer/data/dataset.h\""}, ForbiddenInclude{"trainer/fetch/a.h", "<ATen/ATen.h>"},
                    ForbiddenInclude{"trainer/run/a.h", "\"analysis/objective.h\""}, ForbiddenInclude{"analysis/a.cpp", "<vtkActor.h>"},
                    ForbiddenInclude{"analysis/a.h", "\"ui/main_window.h\""}, ForbiddenInclude{"ui/a.cpp", "<torch/torch.h>"},
                    ForbiddenInclude{"ui/a.h", "\"app/command_line.h\""}, ForbiddenInclude{"analysis/kernels/a.cu", "<ATen/ATen.h>"}));

TEST_F(PlantedTree, TorchBehindAHeaderOfOursIsFollowed) {
  write("ui/page.cpp", kLicence + "#include \"analysis/verb.h\"\n");
  write("analysis/verb.h", kLicence + "#include \"trainer/model.h\"\n");
  write("trainer/model.h", kLicence + "#include <ATen/core/Tensor.h>\n");
  const Offenders offenders = torchReachedFromUi(root_);
  ASSERT_EQ(offenders.size(), 1u);
  EXPECT_NE(offenders[0].find("ui/page.cpp > analysis/verb.h > trainer/model.h"), std::string::npos) << offenders[0];
}

TEST_F(PlantedTree, AllOfTorchInAHeader) {
  write("trainer/model.h", kLicence + "#include <torch/torch.h>\n");
  write("trainer/torch_pch.h", kLicence + "#include <torch/torch.h>\n");
  write("trainer/model.cpp", kLicence + "#include <torch/torch.h>\n");
  EXPECT_EQ(wholeTorchInHeaders(root_), Offenders{"trainer/model.h:2: a header includes torch/torch.h"});
}

TEST_F(PlantedTree, OneLineTooMany) {
  std::string text = kLicence;
  for (int i = 1; i < kMostLines; ++i) text += "\n";
  write("app/just_right.cpp", text);
  write("app/too_long.cpp", text + "\n");
  EXPECT_EQ(longFiles(root_), Offenders{"app/too_long.cpp:401: longer than 400 lines"});
}

TEST_F(PlantedTree, NoLicenceLine) {
  write("app/CMakeLists.txt", "add_library(a)\n");
  write("run", "#!/bin/sh\nexit 0\n");
  write("app/empty.cpp", "");
  EXPECT_EQ(filesWithoutLicence(root_).size(), 3u);
}

TEST_F(PlantedTree, PathsOfOneMachine) {
  write("app/a.cpp", kLicence + "const char* a = \"/ho" + "me/someone/data\";\n");
  write("app/b.cpp", kLicence + "const char* b = \"" + root_.string() + "/data\";\n");
  write("app/c.cpp", kLicence + "const char* c = \"/usr/share/fonts and https://host/ho" + "me/page\";\n");
  EXPECT_EQ(machinePaths(root_), (Offenders{"app/a.cpp:2: names a home folder", "app/b.cpp:2: names the folder this tree lies in"}));
}

}  // namespace
}  // namespace structure
