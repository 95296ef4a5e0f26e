// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/embedded.h"
#include "trainer/data/readers.h"

SHARPSCAPE_EMBED(sharpscapeText, SHARPSCAPE_TEXT);

namespace trainer {
namespace {

constexpr std::int64_t kWindow = 64;

struct Tokens {
  at::Tensor tokens;  ///< int64 [characters]
  std::int64_t vocabulary = 0;
};

Tokens tokensOf(const std::string& text) {
  std::array<std::int64_t, 256> number{};
  for (const char c : text) number[static_cast<unsigned char>(c)] = 1;
  Tokens result;
  for (std::int64_t& n : number) n = n > 0 ? result.vocabulary++ : -1;
  result.tokens = at::empty({static_cast<std::int64_t>(text.size())}, at::kLong);
  std::transform(text.begin(), text.end(), result.tokens.mutable_data_ptr<std::int64_t>(), [&](char c) { return number[static_cast<unsigned char>(c)]; });
  return result;
}

/// Inputs and labels are views of the same tokens.
DataSplit windows(const std::string& text, const std::string& name) {
  const std::int64_t count = (static_cast<std::int64_t>(text.size()) - 1) / kWindow;
  if (count < 2) throw DataError(fmt::format("{} is too short: it has {} characters, at least {} are needed", name, text.size(), 2 * kWindow + 1));
  const Tokens t = tokensOf(text);
  const at::Tensor inputs = t.tokens.narrow(0, 0, count * kWindow).view({count, 1, 1, kWindow});
  const at::Tensor labels = t.tokens.narrow(0, 1, count * kWindow).view({count, kWindow});
  const std::int64_t test = std::max<std::int64_t>(1, count / 10);
  DataSplit split;
  split.train = {inputs.narrow(0, 0, count - test), labels.narrow(0, 0, count - test)};
  split.test = {inputs.narrow(0, count - test, test), labels.narrow(0, count - test, test)};
  split.shape = {.channels = 1, .height = 1, .width = kWindow, .classes = t.vocabulary, .tokens = true};
  split.normalisation.scale = 1;
  split.hash = contentHash(text);
  return split;
}

}  // namespace

DataSplit readText(const std::filesystem::path& file) {
  const std::string name = fmt::format("the text '{}'", file.string());
  return windows(decompress(readFile(file), file.string()), name);
}

DataSplit readBuiltInText() {
  return windows(decompress(std::string(sharpscapeTextBegin, sharpscapeTextEnd), "the built-in text"), "the built-in text");
}

}  // namespace trainer
