// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/version.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "trainer/base/error.h"

namespace trainer {
namespace {

std::int64_t countGpus() {
  if (dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL) == nullptr) return 0;
  // Before the first question about CUDA: LibTorch remembers the answer.
  if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) return 0;
  try {
    if (!at::hasCUDA()) return 0;
    // The same bits every time, and float that is float: no TF32, no choice of kernels by timing.
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setBenchmarkCuDNN(false);
    at::globalContext().setAllowTF32CuDNN(false);
    at::globalContext().setAllowTF32CuBLAS(false);
    return at::detail::getCUDAHooks().deviceCount();
  } catch (const c10::Error&) {
    return 0;
  }
}

/// The first number of a file that holds nothing else, or -1 ("max" or no such file).
std::int64_t numberIn(const char* path) {
  std::int64_t value = -1;
  std::ifstream(path) >> value;
  return value > 0 ? value : -1;
}

bool isDeviceWord(const std::string& word) {
  if (word == "cpu" || word == "cuda") return true;
  if (!word.starts_with("cuda:") || word.size() == 5) return false;
  return std::all_of(word.begin() + 5, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const std::vector<std::string>& availableDevices() {
  static const std::vector<std::string> devices = [] {
    std::vector<std::string> found{"cpu"};
    const std::int64_t gpus = countGpus();
    for (std::int64_t i = 0; i < gpus; ++i) found.push_back(fmt::format("cuda:{}", i));
    return found;
  }();
  return devices;
}

std::string chooseDevice(const std::string& request) {
  if (!request.empty() && !isDeviceWord(request))
    throw std::invalid_argument(fmt::format("--device must be cpu, cuda or cuda:N, got '{}'", request));
  const std::vector<std::string>& devices = availableDevices();
  if (request.empty()) return devices.size() > 1 ? devices[1] : devices[0];
  const std::string wanted = request == "cuda" ? "cuda:0" : request;
  if (std::find(devices.begin(), devices.end(), wanted) == devices.end())
    throw DeviceError(fmt::format("the device '{}' is not there; this machine has: {}", request, fmt::join(devices, ", ")));
  return wanted;
}

int useThreads(std::int64_t threads) {
  const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  const int chosen = static_cast<int>(threads > 0 ? std::min<std::int64_t>(threads, 1024) : cores);
  at::get_num_threads();  // the first question on a thread takes over what was set last on any: asked before, not after
  at::set_num_threads(chosen);
  return chosen;
}

std::int64_t freeMemory(const std::string& device) {
  if (device != "cpu") {
    c10::DeviceIndex index = 0;
    const std::size_t colon = device.find(':');
    if (colon != std::string::npos) index = static_cast<c10::DeviceIndex>(std::stoi(device.substr(colon + 1)));
    return static_cast<std::int64_t>(c10::getDeviceAllocator(c10::DeviceType::CUDA)->getMemoryInfo(index).first);
  }
  std::int64_t available = std::int64_t{2} << 30;
  std::ifstream info("/proc/meminfo");
  std::string key;
  for (std::int64_t kib = 0; info >> key >> kib; info.ignore(256, '\n'))
    if (key == "MemAvailable:") available = kib * 1024;
  const std::int64_t limit = numberIn("/sys/fs/cgroup/memory.max"), used = numberIn("/sys/fs/cgroup/memory.current");
  if (limit > 0 && used > 0) available = std::min(available, std::max<std::int64_t>(0, limit - used));
  return available;
}

std::string torchVersion() { return TORCH_VERSION; }

std::string deviceDescription(const std::string& device) {
  if (device == "cpu") return fmt::format("CPU, {} threads", at::get_num_threads());
  return fmt::format("GPU {}", device);
}

}  // namespace trainer
