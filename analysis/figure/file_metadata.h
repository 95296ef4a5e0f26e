// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

/// The command and the caption inside a picture's bytes.
namespace analysis {

/// Adds iTXt chunks behind the header of a PNG.
std::string withPngText(const std::string& png, const std::string& command, const std::string& description);

/// Adds <title>, <desc> and <metadata> to an SVG of Cairo's, and numbers its ids from 1, so that the same drawing is the same file.
std::string withSvgText(const std::string& svg, const std::string& title, const std::string& command, const std::string& description);

/// &, <, >, " and ' as entities.
std::string xmlEscaped(const std::string& text);

}  // namespace analysis
