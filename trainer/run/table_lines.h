// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

/// What reading a run's tables has in common.
namespace trainer {

/// The fields of one line into `count` numbers; NaN and inf are read too. @throws DataError
std::vector<double> parseNumbers(std::string_view line, std::size_t count, const std::filesystem::path& file, std::size_t lineNumber);

/// Calls `use` with each whole line, the header too, and its number (1 for the header). A last line without its newline was being written when the program ended: left
/// out. Nothing where there is no such file.
void forEachLine(const std::filesystem::path& file, const std::function<void(std::string_view line, std::size_t number)>& use);

/// @throws DataError
void requireHeader(std::string_view line, std::string_view expected, const std::filesystem::path& file);

/// A number that counts. @throws DataError
std::int64_t whole(double value, const std::filesystem::path& file);

}  // namespace trainer
