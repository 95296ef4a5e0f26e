// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analysis/figure/provenance.h"
#include "ui/scenes/scene_still.h"

namespace ui {

/// ".png", ".svg", ".pdf": what stillFile() can make.
inline constexpr const char* kStillEndings[] = {".png", ".svg", ".pdf"};

/// The bytes of a still with its labels: in a PNG they are pixels, in SVG and PDF text over the picture. The provenance is where the format keeps such things (PNG text
/// chunks, SVG metadata, PDF keywords). Needs no window: for any thread. @throws std::invalid_argument for another ending, std::runtime_error where Qt cannot encode it
std::string stillFile(const SceneStill& still, const std::string& ending, const analysis::Provenance& provenance);

/// The PDF with a title and the provenance as its keywords, as an incremental update (PDF 32000-1, 7.5.6).
std::string withPdfText(const std::string& pdf, const std::string& title, const analysis::Provenance& provenance);

}  // namespace ui
