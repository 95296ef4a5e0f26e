// SPDX-License-Identifier: GPL-3.0-or-later
// The completion scripts: every command and flag that --help lists is in them, and bash completes with them.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "program.h"

using test::run;

namespace {

/// The commands that `sharpscape --help` lists.
std::set<std::string> commands() {
  const std::string text = run({"--help"}).out;
  std::set<std::string> names;
  static const std::regex line(R"(\n  ([a-z]+)  )");
  const std::size_t from = text.find("ubcommands:");
  EXPECT_NE(from, std::string::npos) << text;
  const std::string list = text.substr(std::min(from, text.size()));
  for (auto it = std::sregex_iterator(list.begin(), list.end(), line); it != std::sregex_iterator(); ++it) names.insert((*it)[1]);
  return names;
}

/// The long flags of a command's own help; the prose behind its options is left out.
std::set<std::string> flags(const std::string& command) {
  const std::string text = run({command, "--help"}).out;
  static const std::regex flag(R"(\n  (?:-[a-zA-Z],\s?)?(--[a-z0-9-]+))");
  std::set<std::string> all;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), flag); it != std::sregex_iterator(); ++it) all.insert((*it)[1]);
  return all;
}

/// Whether `word` stands in `text` by itself.
bool holds(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; };
    if ((at == 0 || !part(text[at - 1])) && !part(text[at + word.size()])) return true;
  }
  return false;
}

/// What bash offers after these words.
std::set<std::string> offered(const std::string& script, const std::vector<std::string>& words) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "s") << script;
  std::string list;
  for (const std::string& w : words) list += " '" + w + "'";
  std::ofstream(folder / "go") << "source '" << (folder / "s") << "'\nCOMP_WORDS=(" << list << ")\nCOMP_CWORD=" << words.size() - 1 << "\n_sharpscape\nprintf '%s\\n' \"${COMPREPLY[@]}\" > '" << (folder / "out") << "'\n";
  EXPECT_EQ(std::system(("bash '" + (folder / "go") + "'").c_str()), 0);
  std::ifstream in(folder / "out");
  std::set<std::string> all;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) all.insert(line);
  return all;
}

}  // namespace

TEST(Completion, EveryCommandAndFlagIsInEveryScript) {
  const std::set<std::string> names = commands();
  EXPECT_GE(names.size(), 20U);
  std::map<std::string, std::set<std::string>> own;
  for (const std::string& command : names) {
    own[command] = flags(command);
    EXPECT_GE(own[command].size(), 1U) << command;
  }
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const auto outcome = run({"completion", shell});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    for (const auto& [command, list] : own) {
      EXPECT_TRUE(holds(outcome.out, command)) << shell << ' ' << command;
      for (const std::string& flag : list) EXPECT_TRUE(holds(outcome.out, shell == "fish" ? "-l " + flag.substr(2) : flag)) << shell << ' ' << command << ' ' << flag;
    }
  }
}

TEST(Completion, BashOffersCommandsFlagsAndValues) {
  const std::string script = run({"completion", "bash"}).out;
  EXPECT_EQ(offered(script, {"sharpscape", "surf"}), std::set<std::string>{"surface"});
  EXPECT_EQ(offered(script, {"sharpscape", "surface", "--orthon"}), std::set<std::string>{"--orthonormal"});
  EXPECT_EQ(offered(script, {"sharpscape", "slice", "--orthog"}), std::set<std::string>{});  // a slice has no second axis
  EXPECT_EQ(offered(script, {"sharpscape", "spectrum", "run", "--split", ""}), (std::set<std::string>{"test", "train", "validation"}));
  EXPECT_EQ(offered(script, {"sharpscape", "spectrum", "run", "--bn", ""}), (std::set<std::string>{"eval", "interpolated", "recomputed", "train"}));
  EXPECT_EQ(offered(script, {"sharpscape", "completion", ""}), (std::set<std::string>{"bash", "fish", "zsh"}));
}

TEST(Completion, AnotherShellIsRefusedInOneSentence) { test::expectOneSentence(run({"completion", "tcsh"}), 2); }
