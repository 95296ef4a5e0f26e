// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_folder.h"

#include <fmt/format.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "trainer/base/files.h"

namespace trainer {
namespace {

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &local);
  return text;
}

/// What stands before the colon: "idx" of "idx:DIR".
std::string kindOf(const std::string& word) { return word.substr(0, word.find(':')); }

}  // namespace

std::filesystem::path freeFolder(const std::filesystem::path& wanted) {
  std::filesystem::path path = wanted;
  std::error_code ignored;
  for (int i = 2; std::filesystem::exists(path, ignored) && !std::filesystem::is_empty(path, ignored); ++i)
    path = fmt::format("{}-{}", wanted.string(), i);
  return path;
}

std::filesystem::path newRunFolder(const std::filesystem::path& parent, const RunSpec& spec) {
  const std::string model = spec.model.empty() ? "net" : kindOf(spec.model);
  const std::string method = spec.sharpness == "none" ? spec.optimizer : spec.sharpness;
  const std::string hash = contentHash(toJson(spec).dump()).substr(0, 4);
  const std::string name = fmt::format("{}_{}-{}-{}_{}", today(), model, kindOf(spec.data), method, hash);
  return freeFolder(parent / name);
}

}  // namespace trainer
