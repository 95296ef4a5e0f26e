// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

namespace app {

std::stop_token handleSignals() {
  ::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is an error of the write, not the end of the program
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::stop_source source;
  std::thread([signals, source]() mutable {
    int signal = 0;
    sigwait(&signals, &signal);
    source.request_stop();
    sigwait(&signals, &signal);
    constexpr char kAgain[] = "sharpscape: stopped at once; what was being written is not kept\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, kAgain, sizeof kAgain - 1);
    _exit(130);
  }).detach();
  return source.get_token();
}

}  // namespace app
