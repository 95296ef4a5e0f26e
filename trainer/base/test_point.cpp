// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/base/test_point.h"

#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string>

namespace trainer {
namespace {

std::string fromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

struct Settings {
  std::string list = fromEnvironment("SHARPSCAPE_TEST_POINTS");
  std::string kill = fromEnvironment("SHARPSCAPE_KILL_AT");
  std::string killName = kill.substr(0, kill.rfind('#'));
  long killCount = kill.empty() ? 0 : std::strtol(kill.c_str() + kill.rfind('#') + 1, nullptr, 10);
};

const Settings& settings() {
  static const Settings value;
  return value;
}

}  // namespace

bool testPointsActive() {
  static const bool active = !settings().list.empty() || !settings().kill.empty();
  return active;
}

void testPoint(std::string_view operation, const std::filesystem::path& file) {
  if (!testPointsActive()) return;
  const std::string name = std::string(operation) + " " + file.filename().string();
  if (!settings().list.empty()) std::ofstream(settings().list, std::ios::app) << name << '\n';
  static std::atomic<long> passed = 0;
  if (name == settings().killName && ++passed == settings().killCount) ::raise(SIGKILL);
}

}  // namespace trainer
