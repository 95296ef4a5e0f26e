// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/version.h>

#include <algorithm>
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
  at::set_num_threads(chosen);
  return chosen;
}

std::string torchVersion() { return TORCH_VERSION; }

std::string deviceDescription(const std::string& device) {
  if (device == "cpu") return fmt::format("CPU, {} threads", at::get_num_threads());
  return fmt::format("GPU {}", device);
}

}  // namespace trainer
