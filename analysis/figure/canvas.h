// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include <string>
#include <vector>

#include "analysis/figure/box.h"
#include "analysis/figure/figure.h"

namespace analysis {

enum class Font { plain, bold, mono };
enum class Align { left, centre, right };

/// What the drawing needs of Cairo, in points, y down.
class Canvas {
 public:
  explicit Canvas(cairo_t* context) : c_(context) {}
  cairo_t* context() const { return c_; }

  void colour(const Colour& colour) const { cairo_set_source_rgba(c_, colour.r, colour.g, colour.b, colour.a); }
  void font(Font font, double size) const;
  double textWidth(const std::string& text) const;
  /// The baseline starts, is centred or ends at (x, y).
  void text(double x, double y, const std::string& text, Align align = Align::left) const;
  /// Turned by 90 degrees, centred on (x, y).
  void textUpwards(double x, double y, const std::string& text) const;
  void line(double x1, double y1, double x2, double y2) const;
  void fill(const Box& box, const Colour& colour) const;
  /// Words broken into lines no wider than `width` in the present font; a longer word is cut.
  std::vector<std::string> wrap(const std::string& text, double width) const;
  /// Dashes in points, scaled for the line's width.
  void stroke(const SeriesStyle& style) const;
  void marker(double x, double y, const SeriesStyle& style) const;

 private:
  cairo_t* c_;
};

/// "0.001", "1e-05", "1.5", with a real minus sign.
std::string tickText(double value);

}  // namespace analysis
