// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/file_metadata.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cstdint>
#include <map>
#include <regex>

namespace analysis {
namespace {

std::string bigEndian(std::uint32_t v) {
  return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}

/// An uncompressed international text chunk (PNG specification, 11.3.4.5).
std::string textChunk(const std::string& keyword, const std::string& text) {
  const std::string body = "iTXt" + keyword + std::string(5, '\0') + text;
  const auto crc = static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
  return bigEndian(static_cast<std::uint32_t>(body.size() - 4)) + body + bigEndian(crc);
}

}  // namespace

std::string withPngText(const std::string& png, const std::string& command, const std::string& description) {
  constexpr std::size_t kHeaderEnd = 8 + 25;  // signature, IHDR
  return png.substr(0, kHeaderEnd) + textChunk("Software", "Sharpscape") + textChunk("Command", command) + textChunk("Description", description) +
         png.substr(kHeaderEnd);
}

std::string withSvgText(const std::string& svg, const std::string& title, const std::string& command, const std::string& description) {
  // Cairo counts surfaces over the whole process.
  static const std::regex id(R"((image|surface|source|mask|clip|radial|linear)-?(\d+))");
  std::string out;
  std::map<std::string, std::size_t> numbers;
  std::size_t from = 0;
  for (auto it = std::sregex_iterator(svg.begin(), svg.end(), id); it != std::sregex_iterator(); ++it) {
    const std::smatch& m = *it;
    const char before = m.position() > 0 ? svg[static_cast<std::size_t>(m.position()) - 1] : ' ';
    if (before != '"' && before != '#') continue;  // only ids and references to them
    const std::size_t number = numbers.emplace(m.str(), numbers.size() + 1).first->second;
    out += svg.substr(from, static_cast<std::size_t>(m.position()) - from) + m[1].str() + std::to_string(number);
    from = static_cast<std::size_t>(m.position() + m.length());
  }
  out += svg.substr(from);
  const std::size_t root = out.find("<svg"), end = out.find('>', root) + 1;
  return out.insert(end, fmt::format("\n<title>{}</title>\n<desc>{}</desc>\n<metadata>{}</metadata>", xmlEscaped(title), xmlEscaped(description), xmlEscaped(command)));
}

std::string xmlEscaped(const std::string& text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

}  // namespace analysis
