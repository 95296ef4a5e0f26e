// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

/// What is computed chunk by chunk goes on with smaller chunks where memory runs out. std types only.
namespace trainer {

/// Whether the exception that is being handled says that memory ran out: std::bad_alloc, LibTorch's allocators (CPU and CUDA), cuDNN or cuBLAS.
/// To be called in a handler only.
bool memoryRanOut();

/// Hands the blocks that LibTorch's CUDA allocator holds in reserve back to the device; nothing where CUDA is not in use.
void releaseCachedMemory();

/// Raises the error of a sum whose chunks are batches, or are one sample already: `samples` at a time are too many, and fewer are not the same or not possible.
[[noreturn]] void failForMemory(std::int64_t samples, bool chunksAreBatches);

/// Remembers for takeMemoryNote() that `samples` at a time were too many.
void noteHalvedChunk(std::int64_t samples);

/// One sentence on the chunks that were halved in this process since the last call; "" where none were.
std::string takeMemoryNote();

/// work(), begun anew with half of `chunk` (at most `count`) each time that memory runs out, down to 1. What work() returns must not depend on `chunk` but by
/// rounding; where chunks are batches it does, and the first time is the last.
/// @throws DeviceError where chunks cannot be halved any more; whatever else work() throws.
template <class Work>
auto withinMemory(std::int64_t& chunk, std::int64_t count, bool chunksAreBatches, const Work& work) {
  for (;;) {
    try {
      return work();
    } catch (...) {
      if (!memoryRanOut()) throw;
    }
    // Behind the handler: what work() held is free by now.
    const std::int64_t used = std::min(chunk, count);
    releaseCachedMemory();
    if (chunksAreBatches || used <= 1) failForMemory(used, chunksAreBatches);
    noteHalvedChunk(used);
    chunk = (used + 1) / 2;
  }
}

}  // namespace trainer
