// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "trainer/chunk_memory.h"

namespace analysis {

/// Calls make(0), make(1) ... below `count` and keeps what they return while the bytes that the tensor allocators hold for it fit `budget`; the next one is not
/// tried where the largest so far would not fit. Where memory runs out all the same, half of those that are there are kept.
template <class Graph>
std::vector<Graph> keepWhileItFits(std::int64_t count, std::int64_t budget, const std::function<Graph(std::int64_t)>& make);

/// Bytes that the tensor allocators hand out and do not take back while `work` runs, on this thread.
std::int64_t bytesHeldBy(const std::function<void()>& work);

template <class Graph>
std::vector<Graph> keepWhileItFits(std::int64_t count, std::int64_t budget, const std::function<Graph(std::int64_t)>& make) {
  std::vector<Graph> kept;
  std::int64_t held = 0, largest = 0;
  for (std::int64_t c = 0; c < count && held + largest <= budget; ++c) {
    std::int64_t bytes = -1;
    try {
      bytes = bytesHeldBy([&] { kept.push_back(make(c)); });
    } catch (...) {
      if (!trainer::memoryRanOut()) throw;
    }
    if (bytes < 0) {
      kept.resize(kept.size() / 2);
      trainer::releaseCachedMemory();
      break;
    }
    if (held + bytes > budget) {
      kept.pop_back();
      break;
    }
    held += bytes;
    largest = bytes > largest ? bytes : largest;
  }
  return kept;
}

}  // namespace analysis
