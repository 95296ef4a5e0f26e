// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// Random numbers that are the same on every machine, device and thread count: SplitMix64 (Steele, Lea, Flood 2014), one stream a name.
namespace trainer {

/// A sub-seed for `name`: FNV-1a of the name folded into the seed by SplitMix64's finaliser.
std::uint64_t deriveSeed(std::uint64_t seed, std::string_view name);

/// One stream of SplitMix64. Not thread-safe; cheap to make.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();                     ///< uniform over all 64-bit integers
  double uniform();                         ///< [0, 1), 53 bits
  std::uint64_t below(std::uint64_t bound); ///< [0, bound), unbiased by rejection; bound >= 1
  double normal();                          ///< N(0, 1), Box-Muller, one draw a call

 private:
  std::uint64_t state_;
};

/// Word i (from 0) of RandomStream(seed), what its next() returns the (i + 1)-th time, at once:
/// z = seed + (i + 1) 0x9e3779b97f4a7c15; z = (z ^ z >> 30) 0xbf58476d1ce4e5b9; z = (z ^ z >> 27) 0x94d049bb133111eb; z ^ z >> 31.
std::uint64_t randomWord(std::uint64_t seed, std::uint64_t i);

void fillNormal(std::span<double> out, std::uint64_t seed);

/// A permutation of 0..count-1 by Fisher-Yates from the top, using RandomStream(seed).below(i + 1) for i = count-1 .. 1.
std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed);

}  // namespace trainer
