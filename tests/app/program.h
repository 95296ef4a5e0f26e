// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace test {

struct Outcome {
  int exitCode = -1;  ///< 128 + signal where a signal ended it
  std::string out, err;
  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

/// Runs the headless program and waits. A second process, started with `launcher` in front where that is not empty.
Outcome run(const std::vector<std::string>& words, const std::vector<std::string>& launcher = {});

/// A running program.
class Running {
 public:
  explicit Running(const std::vector<std::string>& words, const std::vector<std::string>& launcher = {});
  ~Running();  ///< ends the program where nobody has waited for it
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  void signal(int number) const;
  bool alive() const;
  Outcome wait();

 private:
  int pid_ = -1;
  std::string outFile_, errFile_;
};

/// Waits for a file that the program writes by itself; false when it has ended without it.
bool waitFor(const std::string& path, const Running& program);

/// A folder of the test's own, removed with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// One sentence: starts "sharpscape: ", one line, at most 600 characters, nothing else that looks like usage or a backtrace.
void expectOneSentence(const Outcome& outcome, int exitCode);

}  // namespace test
