// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/chunk_memory.h"

#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <new>
#include <string_view>

#include "trainer/base/error.h"
#include "trainer/device.h"

namespace trainer {
namespace {

/// How LibTorch's CPU allocator and the libraries behind it say it: they have no type of their own for it.
constexpr std::array<std::string_view, 5> kSentences = {"DefaultCPUAllocator", "CUDNN_STATUS_ALLOC_FAILED", "CUBLAS_STATUS_ALLOC_FAILED", "CUDA error: out of memory",
                                                        "CUDA out of memory"};

struct Halved {
  std::mutex mutex;
  std::int64_t from = 0, to = 0;
};

Halved& halved() {
  static Halved all;
  return all;
}

}  // namespace

bool memoryRanOut() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return true;
  } catch (const c10::OutOfMemoryError&) {
    return true;
  } catch (const std::exception& e) {
    const std::string_view text = e.what();
    return std::any_of(kSentences.begin(), kSentences.end(), [&](std::string_view s) { return text.find(s) != std::string_view::npos; });
  } catch (...) {
    return false;
  }
}

void releaseCachedMemory() {
  if (availableDevices().size() < 2) return;
  if (auto* allocator = c10::getDeviceAllocator(c10::DeviceType::CUDA); allocator->initialized()) allocator->emptyCache();
}

void failForMemory(std::int64_t samples, bool chunksAreBatches) {
  if (chunksAreBatches)
    throw DeviceError(fmt::format("out of memory for a batch of {} samples, which batch norm's own statistics tie together; --bn eval or recomputed goes through them in parts", samples));
  throw DeviceError("out of memory for one sample at a time; another --device, or a smaller network");
}

void noteHalvedChunk(std::int64_t samples) {
  Halved& all = halved();
  const std::scoped_lock lock(all.mutex);
  all.from = std::max(all.from, samples);
  all.to = (samples + 1) / 2;
}

std::string takeMemoryNote() {
  Halved& all = halved();
  const std::scoped_lock lock(all.mutex);
  if (all.from == 0) return "";
  std::string text = fmt::format("memory ran out with {} samples at a time: {} at a time were taken, the same numbers up to rounding", all.from, all.to);
  all.from = all.to = 0;
  return text;
}

}  // namespace trainer
