// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/progress_printer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace app {
namespace {

constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr auto kLineInterval = std::chrono::seconds(10);
constexpr int kBarWidth = 24;

}  // namespace

std::string formatDuration(double seconds) {
  const auto s = static_cast<long long>(std::llround(std::max(0.0, seconds)));
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

ProgressPrinter::ProgressPrinter(std::string title, const OutputOptions& options)
    : title_(std::move(title)), quiet_(options.quiet), terminal_(isatty(STDERR_FILENO) == 1), started_(Clock::now()), last_(started_) {}

ProgressPrinter::~ProgressPrinter() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressPrinter::update(const trainer::Progress& p) {
  if (quiet_) return;
  const auto now = Clock::now();
  if (now - last_ < (terminal_ ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval))) return;
  last_ = now;
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  const double rate = elapsed > 0 ? static_cast<double>(p.done) / elapsed : 0;
  const double left = rate > 0 && p.total > 0 ? static_cast<double>(p.total - p.done) / rate : 0;
  std::string bar, count = fmt::format("{}", p.done);
  if (p.total > 0) {
    const auto filled = static_cast<int>(kBarWidth * std::min<double>(1, static_cast<double>(p.done) / static_cast<double>(p.total)));
    if (terminal_) bar = fmt::format(" [{}{}]", std::string(static_cast<std::size_t>(filled), '#'), std::string(static_cast<std::size_t>(kBarWidth - filled), '.'));
    count = fmt::format("{} of {}", p.done, p.total);
  }
  const std::string line = fmt::format("{}{} {} {}, {}, {:.3g} a second{}", title_, bar, count, p.unit, p.stage, rate,
                                       p.total > 0 ? fmt::format(", {} left", formatDuration(left)) : "");
  if (terminal_)
    std::fputs(fmt::format("\r\033[K{}", line).c_str(), stderr);
  else
    std::fputs(fmt::format("{}\n", line).c_str(), stderr);
  std::fflush(stderr);
  drawn_ = terminal_;
}

trainer::Context ProgressPrinter::context(std::stop_token stop) {
  return {.stop = std::move(stop), .progress = [this](const trainer::Progress& p) { update(p); }, .waitWhilePaused = {}};
}

}  // namespace app
