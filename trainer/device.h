// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// The one place that knows whether there is a GPU. std types only.
namespace trainer {

/// "cpu" and "cuda:0", ... where a driver and LibTorch's CUDA libraries are found (opened on the first call).
const std::vector<std::string>& availableDevices();

/// "" (the first GPU, else the CPU), "cpu", "cuda", "cuda:N" -> one of availableDevices().
/// @throws std::invalid_argument for another word, DeviceError for a device that is not there, naming those that are.
std::string chooseDevice(const std::string& request);

/// Threads for the calling thread's tensor work, whatever other threads choose; 0: one a core. Returns the number set.
int useThreads(std::int64_t threads);

/// Bytes that are free on "cpu" (MemAvailable, less where a control group allows less) or "cuda:N".
std::int64_t freeMemory(const std::string& device);

/// "2.11.0", and one line for --version and the status bar: "CPU, 2 threads" or the GPU's name.
std::string torchVersion();
std::string deviceDescription(const std::string& device);

}  // namespace trainer
