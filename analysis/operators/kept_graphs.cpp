// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/operators/kept_graphs.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <atomic>
#include <memory>

namespace analysis {
namespace {

/// Adds up what the tensor allocators hand out and take back while it is installed: at the end, the bytes that are still held.
class AllocationCounter : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device) override { bytes += size; }
  bool memoryProfilingEnabled() const override { return true; }
  std::atomic<std::int64_t> bytes = 0;
};

}  // namespace

std::int64_t bytesHeldBy(const std::function<void()>& work) {
  const auto counter = std::make_shared<AllocationCounter>();
  const c10::DebugInfoGuard installed(c10::DebugInfoKind::PROFILER_STATE, counter);
  work();
  return counter->bytes;
}

}  // namespace analysis
