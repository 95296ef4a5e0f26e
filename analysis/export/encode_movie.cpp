// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/encode_movie.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> encoder() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const fs::path program = fs::path(folder) / "ffmpeg"; ::access(program.c_str(), X_OK) == 0) return program;
  return {};
}

bool isGif(const fs::path& file) { return file.extension().string().size() == 4 && (file.extension().string()[1] | 0x20) == 'g'; }

std::vector<std::string> argumentsOf(const MovieFiles& movie, const fs::path& out) {
  std::vector<std::string> words = {"ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y", "-framerate", std::to_string(movie.framesPerSecond), "-i", movie.frames.string()};
  if (isGif(movie.file)) words.insert(words.end(), {"-vf", "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=none", "-f", "gif"});
  // Players want even sides and halved colours.
  else words.insert(words.end(), {"-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white", "-pix_fmt", "yuv420p", "-metadata", "comment=" + movie.provenance.text(), "-metadata", "encoder=Sharpscape",
                                  "-movflags", "+faststart", "-fflags", "+bitexact", "-f", "mp4"});
  words.push_back(out.string());
  return words;
}

/// Starts ffmpeg with its messages in `log`. No shell is between.
pid_t start(const fs::path& program, std::vector<std::string> words, const fs::path& log) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t process = 0;
  const int error = posix_spawn(&process, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw trainer::IoError(fmt::format("'{}' could not be started: {}", program.string(), std::strerror(error)));
  return process;
}

/// Its exit status; a stop kills it first.
int waitFor(pid_t process, const trainer::Context& context) {
  int status = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (context.stop.stop_requested()) {
      ::kill(process, SIGKILL);
      ::waitpid(process, &status, 0);
      throw trainer::Cancelled();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return status;
}

std::string lastLine(const fs::path& log) {
  std::istringstream lines(trainer::readFile(log));
  std::string last;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) last = line;
  return last.substr(0, 200);
}

}  // namespace

void requireEncoder(const fs::path& file) {
  if (!encoder())
    throw trainer::IoError(fmt::format("'{}' needs the program ffmpeg, which was not found; install it (Debian, Ubuntu: the package ffmpeg), or write the frames alone: --to FOLDER/", file.string()));
}

void encodeMovie(const MovieFiles& movie, const trainer::Context& context) {
  requireEncoder(movie.file);
  const fs::path folder = movie.frames.parent_path(), out = folder / ("movie" + movie.file.extension().string()), log = folder / "ffmpeg.log";
  context.report({.stage = "encoding", .unit = "movies", .done = 0, .total = 1});
  const int status = waitFor(start(*encoder(), argumentsOf(movie, out), log), context);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw trainer::IoError(fmt::format("ffmpeg could not make '{}': {}", movie.file.string(), lastLine(log)));
  const std::string bytes = trainer::readFile(out);
  trainer::writeFileAtomically(movie.file, isGif(movie.file) ? withGifComment(bytes, movie.provenance.text()) : bytes);
  context.report({.stage = "encoding", .unit = "movies", .done = 1, .total = 1});
}

std::string withGifComment(const std::string& gif, const std::string& comment) {
  constexpr std::size_t kBlock = 255;
  std::string extension = "\x21\xFE";
  for (std::size_t from = 0; from < comment.size(); from += kBlock) {
    const std::string part = comment.substr(from, kBlock);
    extension += static_cast<char>(part.size());
    extension += part;
  }
  extension += '\0';
  if (gif.empty() || gif.back() != '\x3B') throw trainer::DataError("what ffmpeg wrote is no whole GIF");
  return gif.substr(0, gif.size() - 1) + extension + '\x3B';
}

Provenance provenanceOfGif(std::string_view gif) {
  const std::size_t start = gif.rfind("\x21\xFE");
  if (start == std::string_view::npos) return {};
  std::string comment;
  for (std::size_t at = start + 2; at < gif.size() && gif[at] != '\0';) {
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(gif[at]));
    comment += gif.substr(at + 1, length);
    at += 1 + length;
  }
  return provenanceOfText(comment);
}

Provenance provenanceOfMp4(std::string_view mp4) {
  constexpr std::size_t kHead = 16;  // of the atom "data": length, name, type, locale
  const std::size_t at = mp4.rfind("\xA9" "cmt");
  if (at == std::string_view::npos || mp4.size() < at + 4 + kHead || mp4.substr(at + 8, 4) != "data") return {};
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = (length << 8) | static_cast<unsigned char>(mp4[at + 4 + i]);
  return length < kHead ? Provenance() : provenanceOfText(mp4.substr(at + 4 + kHead, length - kHead));
}

}  // namespace analysis
