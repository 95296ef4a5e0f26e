// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/axis_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>

namespace analysis {
namespace {

using Word = AxisKind::Word;

constexpr const char* kKnown =
    "random, eigen:K, eigen:-K, gradient, sam, sam:RHO, pca:K, pca-centred:K, toward:RUN[@STEP], file:PATH, layer:NAME, layer:NAME:KIND";

[[noreturn]] void refuse(const std::string& text, const std::string& flag) {
  throw std::invalid_argument(fmt::format("{} '{}' is unknown; this version has: {}, with K = 1, 2, ...", flag, text, kKnown));
}

template <class Number>
bool readAll(std::string_view word, Number& value) {
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  return error == std::errc() && stop == end && !word.empty();
}

bool isStep(std::string_view word) {
  return word == "last" || word == "best" || (!word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

/// RUN@STEP; an @ in front of anything else is part of the folder's name.
void splitRun(std::string_view rest, AxisKind& kind) {
  const auto at = rest.rfind('@');
  const bool named = at != std::string_view::npos && isStep(rest.substr(at + 1));
  kind.path = rest.substr(0, named ? at : rest.size());
  if (named) kind.step = rest.substr(at + 1);
}

/// False where the words are none of those there are.
bool parse(std::string_view text, AxisKind& kind) {
  const auto colon = text.find(':');
  const std::string_view word = text.substr(0, colon), rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const bool bare = colon == std::string_view::npos;
  if (word == "random") return bare;
  if (word == "gradient") return kind.word = Word::gradient, bare;
  if (word == "eigen") return kind.word = Word::eigen, readAll(rest, kind.index) && kind.index != 0;
  if (word == "pca" || word == "pca-centred") {
    kind.word = Word::pca, kind.centred = word != "pca";
    return readAll(rest, kind.index) && kind.index >= 1;
  }
  if (word == "sam") {
    kind.word = Word::sam;
    if (bare) return true;
    kind.rho = 0;
    return readAll(rest, *kind.rho) && std::isfinite(*kind.rho) && *kind.rho > 0;
  }
  if (word == "file") return kind.word = Word::file, kind.path = rest, !rest.empty();
  if (word != "toward") return false;
  kind.word = Word::toward;
  splitRun(rest, kind);
  return !kind.path.empty();
}

}  // namespace

AxisKind parseAxisKind(const std::string& text, const std::string& flag) {
  AxisKind kind;
  std::string_view rest = text;
  if (constexpr std::string_view prefix = "layer:"; rest.starts_with(prefix)) {
    rest.remove_prefix(prefix.size());
    const auto colon = rest.find(':');
    kind.layer = rest.substr(0, colon);
    rest = colon == std::string_view::npos ? "random" : rest.substr(colon + 1);
    if (kind.layer.empty()) refuse(text, flag);
  }
  if (!parse(rest, kind)) refuse(text, flag);
  return kind;
}

}  // namespace analysis
