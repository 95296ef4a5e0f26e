// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>

namespace app {

/// From now on SIGINT and SIGTERM request a stop; a second one ends the program at once with exit code 130.
/// To be called before any other thread is started: the signals are blocked everywhere and taken by a thread of their own.
std::stop_token handleSignals();

}  // namespace app
