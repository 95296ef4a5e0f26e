// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "analysis/figure/provenance.h"
#include "trainer/base/context.h"

namespace analysis {

struct MovieFiles {
  std::filesystem::path frames;  ///< a pattern: "folder/frame_%05d.png"
  std::filesystem::path file;    ///< .mp4 or .gif
  std::int64_t framesPerSecond = 12;
  Provenance provenance;         ///< its text becomes the file's comment
};

/// @throws IoError where PATH has no ffmpeg: one sentence, what to do
void requireEncoder(const std::filesystem::path& file);

/// Runs ffmpeg on the frames. The file appears when it is whole; a stop ends ffmpeg. @throws IoError where it fails, with its last words; Cancelled
void encodeMovie(const MovieFiles& movie, const trainer::Context& context);

/// A GIF with a comment in front of its end (GIF89a, section 24).
std::string withGifComment(const std::string& gif, const std::string& comment);

/// Back from the comment of a GIF, and of an MP4 (the atom ©cmt); empty where there is none.
Provenance provenanceOfGif(std::string_view gif);
Provenance provenanceOfMp4(std::string_view mp4);

}  // namespace analysis
