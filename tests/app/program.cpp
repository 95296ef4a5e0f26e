// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace test {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string temporaryFile() {
  std::string name = (std::filesystem::temp_directory_path() / "sharpscape-test-XXXXXX").string();
  close(mkstemp(name.data()));
  return name;
}

}  // namespace

Running::Running(const std::vector<std::string>& words, const std::vector<std::string>& launcher) : outFile_(temporaryFile()), errFile_(temporaryFile()) {
  std::vector<std::string> all = launcher;
  all.push_back(SHARPSCAPE_PROGRAM);
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(open(outFile_.c_str(), O_WRONLY | O_TRUNC), STDOUT_FILENO);
    dup2(open(errFile_.c_str(), O_WRONLY | O_TRUNC), STDERR_FILENO);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
}

Running::~Running() {
  if (pid_ <= 0) return;  // a test that failed before it waited leaves nothing behind
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  unlink(outFile_.c_str());
  unlink(errFile_.c_str());
}

void Running::signal(int number) const { kill(pid_, number); }

bool Running::alive() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

Outcome Running::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), slurp(outFile_), slurp(errFile_)};
  unlink(outFile_.c_str());
  unlink(errFile_.c_str());
  return outcome;
}

Outcome run(const std::vector<std::string>& words, const std::vector<std::string>& launcher) { return Running(words, launcher).wait(); }

bool waitFor(const std::string& path, const Running& program) {
  while (!std::filesystem::exists(path)) {
    if (!program.alive()) return std::filesystem::exists(path);
    usleep(2000);  // polling another process; not a wait for a race to be over
  }
  return true;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "sharpscape-test-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void expectOneSentence(const Outcome& outcome, int exitCode) {
  EXPECT_EQ(outcome.exitCode, exitCode) << outcome.err;
  const std::string& err = outcome.err;
  const auto last = err.rfind("sharpscape: ");
  ASSERT_NE(last, std::string::npos) << err;
  const std::string sentence = err.substr(last);
  EXPECT_TRUE(last == 0 || err[last - 1] == '\n') << err;
  EXPECT_LE(sentence.size(), 601u);
  EXPECT_EQ(std::count(sentence.begin(), sentence.end(), '\n'), 1) << sentence;
  for (const char* word : {"Usage", "Exception raised", "frame #", "terminate", "what()"}) EXPECT_EQ(err.find(word), std::string::npos) << err;
}

}  // namespace test
