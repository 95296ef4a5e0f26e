// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/canvas.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <sstream>

namespace analysis {

void Canvas::font(Font font, double size) const {
  cairo_select_font_face(c_, font == Font::mono ? "DejaVu Sans Mono" : "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         font == Font::bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(c_, size);
}

double Canvas::textWidth(const std::string& text) const {
  cairo_text_extents_t e;
  cairo_text_extents(c_, text.c_str(), &e);
  return e.x_advance;
}

void Canvas::text(double x, double y, const std::string& text, Align align) const {
  const double shift = align == Align::left ? 0 : align == Align::centre ? 0.5 : 1;
  cairo_move_to(c_, x - shift * textWidth(text), y);
  cairo_show_text(c_, text.c_str());
}

void Canvas::textUpwards(double x, double y, const std::string& text) const {
  cairo_save(c_);
  cairo_translate(c_, x, y);
  cairo_rotate(c_, -std::numbers::pi / 2);
  this->text(0, 0, text, Align::centre);
  cairo_restore(c_);
}

void Canvas::line(double x1, double y1, double x2, double y2) const {
  cairo_move_to(c_, x1, y1);
  cairo_line_to(c_, x2, y2);
  cairo_stroke(c_);
}

void Canvas::fill(const Box& box, const Colour& colour) const {
  this->colour(colour);
  cairo_rectangle(c_, box.x, box.y, box.width, box.height);
  cairo_fill(c_);
}

std::vector<std::string> Canvas::wrap(const std::string& text, double width) const {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!lines.empty() && textWidth(lines.back() + " " + word) <= width) {
      lines.back() += " " + word;
      continue;
    }
    while (textWidth(word) > width && word.size() > 1) {
      std::size_t cut = word.size();
      while (cut > 1 && (textWidth(word.substr(0, cut)) > width || (word[cut] & 0xC0) == 0x80)) --cut;  // not inside a UTF-8 character
      lines.push_back(word.substr(0, cut));
      word.erase(0, cut);
    }
    lines.push_back(word);
  }
  return lines;
}

void Canvas::stroke(const SeriesStyle& style) const {
  static const std::vector<double> dashes[] = {{}, {5, 2.2}, {6.5, 2.2, 1.5, 2.2}, {1.5, 2.2}, {}};
  const auto& dash = dashes[static_cast<int>(style.line)];
  cairo_save(c_);
  cairo_set_dash(c_, dash.data(), static_cast<int>(dash.size()), 0);
  cairo_set_line_width(c_, style.width);
  cairo_set_line_join(c_, CAIRO_LINE_JOIN_ROUND);
  colour(style.colour);
  cairo_stroke(c_);
  cairo_restore(c_);
}

void Canvas::marker(double x, double y, const SeriesStyle& style) const {
  constexpr double r = 2.6;
  cairo_new_path(c_);
  switch (style.marker) {
    case Marker::none: return;
    case Marker::circle: cairo_arc(c_, x, y, r, 0, 2 * std::numbers::pi); break;
    case Marker::square: cairo_rectangle(c_, x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r); break;
    case Marker::triangle:
      cairo_move_to(c_, x, y - 1.25 * r);
      cairo_line_to(c_, x + 1.15 * r, y + 0.85 * r);
      cairo_line_to(c_, x - 1.15 * r, y + 0.85 * r);
      break;
    case Marker::diamond:
      cairo_move_to(c_, x, y - 1.3 * r);
      cairo_line_to(c_, x + 1.3 * r, y);
      cairo_line_to(c_, x, y + 1.3 * r);
      cairo_line_to(c_, x - 1.3 * r, y);
      break;
  }
  cairo_close_path(c_);
  colour(style.hollow ? Colour{1, 1, 1, 1} : style.colour);
  cairo_fill_preserve(c_);
  colour(style.colour);
  cairo_set_line_width(c_, style.hollow ? 1.2 : 0.4);
  cairo_stroke(c_);
}

std::string tickText(double value) {
  if (value == 0) return "0";
  const std::string plain = fmt::format("{:.6g}", std::abs(value));
  return value < 0 ? "\u2212" + plain : plain;
}

}  // namespace analysis
