// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "analysis/figure/provenance.h"

/// Where a picture comes from, inside its bytes.
namespace analysis {

/// Adds an iTXt chunk a line behind the header of a PNG, its name with a capital: Software, Command, Description, Checkpoint_hash ...
std::string withPngText(const std::string& png, const Provenance& provenance);

/// Adds <title>, <desc> and <metadata> (Provenance::text) to an SVG of Cairo's, and numbers its ids from 1, so that the same drawing is the same file.
std::string withSvgText(const std::string& svg, const std::string& title, const Provenance& provenance);

/// &, <, >, " and ' as entities, and back.
std::string xmlEscaped(const std::string& text);
std::string xmlUnescaped(const std::string& text);

/// Back from a picture of ours; empty where there is none. PDF: its keywords.
Provenance provenanceOfPng(std::string_view png);
Provenance provenanceOfSvg(std::string_view svg);
Provenance provenanceOfPdf(std::string_view pdf);

}  // namespace analysis
