// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace trainer {

/// How far a verb has come. `total` is 0 while unknown.
struct Progress {
  std::string stage;  ///< for example "epoch 3 of 40", "33 x 33"
  std::string unit;   ///< what is counted: "steps", "products", "points"
  std::int64_t done = 0;
  std::int64_t total = 0;
};

/// What every verb takes beside its spec: a stop, a pause and a place to report to. Copyable; callbacks run on the verb's own thread.
struct Context {
  std::stop_token stop;
  std::function<void(const Progress&)> progress;  ///< may be empty
  /// Blocks while paused, returns at once otherwise and when a stop is requested; may be empty.
  std::function<void()> waitWhilePaused;

  /// Called once in each loop whose body may take over 50 ms. @throws Cancelled when a stop was requested.
  void checkpoint() const;
  void report(const Progress& p) const {
    if (progress) progress(p);
  }
};

}  // namespace trainer
