// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>

/// The kinds of failure. A caller's mistake is std::invalid_argument (exit code 2); everything here but Cancelled is exit code 1.
/// A message is one sentence: what, where, expected, what to do. Libraries never print, log or exit.
namespace trainer {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A file's or a data set's content is not what it should be (truncated, damaged, of a newer version, inconsistent).
struct DataError : Error {
  using Error::Error;
};

/// The operating system refused: missing, not writable, disk full.
struct IoError : Error {
  using Error::Error;
};

/// A number is not finite, or an operator broke its promise.
struct NumericalError : Error {
  using Error::Error;
};

/// A device that was asked for is not there.
struct DeviceError : Error {
  using Error::Error;
};

/// A stop was requested. Not an error: what was done is kept (exit code 130).
struct Cancelled : std::runtime_error {
  Cancelled() : std::runtime_error("stopped on request") {}
};

}  // namespace trainer
