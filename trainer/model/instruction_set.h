// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// What the loops that are written for wide registers are compiled for beside the plain build; chosen once, on this machine.
namespace trainer {

enum class InstructionSet { plain, avx2, avx512 };

#if defined(__x86_64__)
#define SHARPSCAPE_AVX512 [[gnu::target("avx512f,avx512vl,avx512dq,avx2,fma")]]
#define SHARPSCAPE_AVX2 [[gnu::target("avx2,fma")]]

inline InstructionSet instructionSet() {
  static const InstructionSet set = [] {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) return InstructionSet::avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? InstructionSet::avx2 : InstructionSet::plain;
  }();
  return set;
}
#else
#define SHARPSCAPE_AVX512
#define SHARPSCAPE_AVX2
inline InstructionSet instructionSet() { return InstructionSet::plain; }
#endif

}  // namespace trainer
