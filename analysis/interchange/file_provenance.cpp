// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/interchange/file_provenance.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

#include "analysis/export/encode_movie.h"
#include "analysis/figure/file_metadata.h"
#include "analysis/interchange/hdf5_file.h"
#include "analysis/interchange/npy.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

/// Strings of the field data: character codes, a 0 behind.
Provenance provenanceOfVtk(std::string_view xml) {
  constexpr std::string_view kArray = "<Array type=\"String\" Name=\"";
  Provenance p;
  for (std::size_t at = xml.find(kArray); at != std::string_view::npos; at = xml.find(kArray, at + 1)) {
    const std::size_t name = at + kArray.size(), nameEnd = xml.find('"', name), from = xml.find('>', name), to = xml.find("</Array>", name);
    if (to == std::string_view::npos) break;
    std::string text;
    const char* c = xml.data() + from + 1;
    const char* const end = xml.data() + to;
    while (c < end) {
      c = std::find_if(c, end, [](char digit) { return digit >= '0' && digit <= '9'; });
      int code = 0;
      c = std::from_chars(c, end, code).ptr;
      if (code != 0) text += static_cast<char>(code);
    }
    p.set(std::string(xml.substr(name, nameEnd - name)), text);
  }
  return p;
}

Provenance provenanceOfGlb(std::string_view bytes, const std::string& name) {
  constexpr std::size_t kJsonAt = 20;  // header 12, length and type of the chunk 8
  std::uint32_t length = 0;
  if (bytes.size() > kJsonAt) std::memcpy(&length, bytes.data() + 12, sizeof(length));
  if (bytes.size() <= kJsonAt || length > bytes.size() - kJsonAt) throw trainer::DataError(fmt::format("'{}' is a binary glTF that was cut short; export it again", name));
  const auto j = nlohmann::ordered_json::parse(bytes.substr(kJsonAt, length), nullptr, false);
  Provenance p;
  if (!j.is_object() || !j.contains("asset") || !j["asset"].contains("extras")) return p;
  for (const auto& [key, value] : j["asset"]["extras"].items())
    if (value.is_string()) p.set(key, value.get<std::string>());
  return p;
}

Provenance provenanceOfArrays(const NamedArrays& arrays) {
  const NamedArray* const metadata = findArray(arrays, "metadata");
  return metadata && !metadata->texts.empty() ? provenanceOfText(metadata->texts.front()) : Provenance();
}

/// Behind the first array of a .npy stand others; the last holds the text.
Provenance provenanceOfNpy(std::string_view bytes, const std::string& name) {
  NamedArray last;
  while (!bytes.empty()) {
    std::size_t end = 0;
    last = npyArray(bytes, name, &end);
    bytes.remove_prefix(end);
  }
  return last.texts.size() == 1 ? provenanceOfText(last.texts.front()) : Provenance();
}

bool isText(std::string_view bytes) { return bytes.substr(0, 4096).find('\0') == std::string_view::npos; }

}  // namespace

FileProvenance fileProvenance(const std::filesystem::path& file) {
  const std::string bytes = trainer::readFile(file), name = file.string();
  std::vector<std::string> skipped;
  const std::string_view head = std::string_view(bytes).substr(0, 1024);
  if (bytes.starts_with("\x89PNG")) return {"PNG picture", provenanceOfPng(bytes)};
  if (bytes.starts_with("%PDF-")) return {"PDF document", provenanceOfPdf(bytes)};
  if (bytes.starts_with("glTF")) return {"binary glTF", provenanceOfGlb(bytes, name)};
  if (bytes.starts_with("\x89HDF")) return {"HDF5 file", hdf5Content(bytes, name).attributes};
  if (bytes.starts_with("GIF89a")) return {"GIF movie", provenanceOfGif(bytes)};
  if (head.size() > 8 && head.substr(4, 4) == "ftyp") return {"MP4 movie", provenanceOfMp4(bytes)};
  if (bytes.starts_with("PK")) return {"NumPy arrays (.npz)", provenanceOfArrays(npzArrays(bytes, name, skipped))};
  if (bytes.starts_with("\x93NUMPY")) return {"NumPy array (.npy)", provenanceOfNpy(bytes, name)};
  if (head.find("<svg") != std::string_view::npos) return {"SVG picture", provenanceOfSvg(bytes)};
  if (head.find("<VTKFile") != std::string_view::npos) return {"VTK file", provenanceOfVtk(bytes)};
  if (!isText(bytes)) return {};
  for (const char* prefix : {"# ", "% "})
    if (const Provenance p = provenanceOfText(bytes, prefix); !p.get("command").empty()) return {bytes.starts_with("% ") ? "LaTeX text" : "text", p};
  return {};
}

}  // namespace analysis
