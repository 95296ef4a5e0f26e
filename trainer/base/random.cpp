// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/base/random.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace trainer {
namespace {

constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

std::uint64_t deriveSeed(std::uint64_t seed, std::string_view name) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(mix(seed + kStep) ^ h);
}

std::uint64_t RandomStream::next() {
  state_ += kStep;
  return mix(state_);
}

double RandomStream::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t RandomStream::below(std::uint64_t bound) {
  const std::uint64_t threshold = (0 - bound) % bound;  // 2^64 mod bound
  for (;;) {
    const std::uint64_t r = next();
    if (r >= threshold) return r % bound;
  }
}

double RandomStream::normal() {
  const double u = 1.0 - uniform();  // (0, 1]
  const double v = uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::uint64_t randomWord(std::uint64_t seed, std::uint64_t i) { return mix(seed + (i + 1) * kStep); }

void fillNormal(std::span<double> out, std::uint64_t seed) {
  RandomStream stream(seed);
  for (double& x : out) x = stream.normal();
}

std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  RandomStream stream(seed);
  for (std::int64_t i = count - 1; i >= 1; --i)
    std::swap(order[static_cast<std::size_t>(i)], order[stream.below(static_cast<std::uint64_t>(i) + 1)]);
  return order;
}

}  // namespace trainer
