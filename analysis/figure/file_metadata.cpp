// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/file_metadata.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>
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

constexpr std::size_t kHeaderEnd = 8 + 25;  // signature, IHDR

}  // namespace

std::string withPngText(const std::string& png, const Provenance& provenance) {
  std::string chunks = textChunk("Software", "Sharpscape");
  for (const auto& [name, value] : provenance.lines) {
    std::string keyword = name;
    keyword[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(keyword[0])));
    chunks += textChunk(keyword, value);
  }
  return png.substr(0, kHeaderEnd) + chunks + png.substr(kHeaderEnd);
}

Provenance provenanceOfPng(std::string_view png) {
  Provenance p;
  const auto number = [&](std::size_t at) {
    std::uint32_t v = 0;
    for (std::size_t i = 0; i < 4; ++i) v = (v << 8) | static_cast<unsigned char>(png[at + i]);
    return static_cast<std::size_t>(v);
  };
  for (std::size_t at = kHeaderEnd; at + 12 <= png.size();) {
    const std::size_t length = number(at);
    if (length > png.size() - at - 12) break;
    const std::string_view body = png.substr(at + 8, length);
    if (png.substr(at + 4, 4) == "iTXt") {
      const std::size_t end = std::min(body.find('\0'), body.size());
      std::string name(body.substr(0, end));
      if (!name.empty()) name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
      if (name != "software" && end + 5 <= body.size()) p.set(name, std::string(body.substr(end + 5)));
    }
    at += 12 + length;
  }
  return p;
}

std::string withSvgText(const std::string& svg, const std::string& title, const Provenance& provenance) {
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
  return out.insert(end, fmt::format("\n<title>{}</title>\n<desc>{}</desc>\n<metadata>{}</metadata>", xmlEscaped(title), xmlEscaped(provenance.get("description")),
                                     xmlEscaped(provenance.text())));
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

std::string xmlUnescaped(const std::string& text) {
  static const std::vector<std::pair<std::string_view, char>> entities = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto entity = std::ranges::find_if(entities, [&](const auto& e) { return text.compare(at, e.first.size(), e.first) == 0; });
    out += entity == entities.end() ? text[at] : entity->second;
    at += entity == entities.end() ? 1 : entity->first.size();
  }
  return out;
}

Provenance provenanceOfSvg(std::string_view svg) {
  constexpr std::string_view kOpen = "<metadata>", kClose = "</metadata>";
  const std::size_t from = svg.find(kOpen), to = svg.find(kClose, std::min(from, svg.size()));
  if (to == std::string_view::npos) return {};
  return provenanceOfText(xmlUnescaped(std::string(svg.substr(from + kOpen.size(), to - from - kOpen.size()))));
}

namespace {

/// UTF-16, big end first, as UTF-8. Halves of pairs that stand alone are left out.
std::string utf8(const std::vector<std::uint32_t>& units) {
  std::string out;
  const auto add = [&](std::uint32_t c) {
    if (c < 0x80) out += static_cast<char>(c);
    else if (c < 0x800) out += {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
    else if (c < 0x10000) out += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    else
      out += {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  };
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool pair = units[i] >= 0xD800 && units[i] < 0xDC00 && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000;
    if (pair) add(0x10000 + ((units[i] - 0xD800) << 10) + (units[i + 1] - 0xDC00)), ++i;
    else if (units[i] < 0xD800 || units[i] >= 0xE000) add(units[i]);
  }
  return out;
}

/// A PDF string object at `text`: (literal with \\ escapes) or <hexadecimal UTF-16>.
std::string pdfString(std::string_view text) {
  std::string out;
  if (text.starts_with("(")) {
    for (std::size_t i = 1; i < text.size() && text[i] != ')'; ++i) out += text[i] == '\\' && i + 1 < text.size() ? text[++i] : text[i];
    return out;
  }
  std::vector<std::uint32_t> units;
  const auto digits = [&](std::size_t at) { return std::stoul(std::string(text.substr(at, 4)), nullptr, 16); };
  for (std::size_t i = 1; i + 4 <= text.size() && text[i] != '>'; i += 4) units.push_back(static_cast<std::uint32_t>(digits(i)));
  if (!units.empty() && units[0] == 0xFEFF) units.erase(units.begin());
  return utf8(units);
}

}  // namespace

Provenance provenanceOfPdf(std::string_view pdf) {
  constexpr std::string_view kKey = "/Keywords ";
  const std::size_t at = pdf.find(kKey);
  if (at == std::string_view::npos) return {};
  const std::string_view text = pdf.substr(at + kKey.size());
  if (text.starts_with("<") && text.find_first_not_of("0123456789abcdefABCDEF", 1) != text.find('>')) return {};
  return provenanceOfText(pdfString(text));
}

}  // namespace analysis
