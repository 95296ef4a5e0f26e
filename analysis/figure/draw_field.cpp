// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/draw_field.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>

#include "analysis/figure/contour.h"

namespace analysis {
namespace {

using ImageSurface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;

std::uint32_t packed(const Colour& c) {
  const auto byte = [](double v) { return static_cast<std::uint32_t>(std::lround(255 * std::clamp(v, 0.0, 1.0))); };
  return 0xFF000000U | (byte(c.r) << 16) | (byte(c.g) << 8) | byte(c.b);
}

/// The colour of pixel (px, py), `perCell` pixels a cell, row 0 at the lowest y.
std::uint32_t pixel(const Field& f, int px, int py, int perCell) {
  const auto columns = f.x.size();
  const auto i = std::min<std::size_t>(static_cast<std::size_t>(px / perCell), columns - 2), r = std::min<std::size_t>(static_cast<std::size_t>(py / perCell), f.y.size() - 2);
  const double u = (px + 0.5) / perCell - static_cast<double>(i), v = (py + 0.5) / perCell - static_cast<double>(r);
  const double a = f.values[r * columns + i], b = f.values[r * columns + i + 1], c = f.values[(r + 1) * columns + i], d = f.values[(r + 1) * columns + i + 1];
  if (std::isnan(a) || std::isnan(b) || std::isnan(c) || std::isnan(d)) return 0;
  if (std::isinf(a) || std::isinf(b) || std::isinf(c) || std::isinf(d)) return (px + py) / 3 % 2 == 0 ? 0xFF8A8A8AU : 0xFFB4B4B4U;
  const double t = colourFraction(f, (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * c + u * d));
  return std::isnan(t) ? 0xFFDDDDDDU : packed(viridis(t));
}

void drawImage(const Canvas& canvas, const Field& f, const Box& box) {
  const int perCell = static_cast<int>(std::clamp<std::size_t>(256 / std::max(f.x.size(), f.y.size()), 1, 16));
  const int width = static_cast<int>(f.x.size() - 1) * perCell, height = static_cast<int>(f.y.size() - 1) * perCell;
  const ImageSurface image(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height), cairo_surface_destroy);
  unsigned char* bytes = cairo_image_surface_get_data(image.get());
  const int stride = cairo_image_surface_get_stride(image.get());
  for (int py = 0; py < height; ++py)
    for (int px = 0; px < width; ++px) {
      const std::uint32_t value = pixel(f, px, height - 1 - py, perCell);
      std::memcpy(bytes + py * stride + 4 * px, &value, 4);
    }
  cairo_surface_mark_dirty(image.get());
  cairo_t* c = canvas.context();
  cairo_save(c);
  cairo_translate(c, box.x, box.y);
  cairo_scale(c, box.width / width, box.height / height);
  cairo_set_source_surface(c, image.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend(cairo_get_source(c), CAIRO_EXTEND_PAD);
  cairo_rectangle(c, 0, 0, width, height);
  cairo_fill(c);
  cairo_restore(c);
}

}  // namespace

void drawField(const Canvas& canvas, const Field& f, const Box& box) {
  if (f.x.size() < 2 || f.y.size() < 2) return;
  drawImage(canvas, f, box);
  cairo_t* c = canvas.context();
  const auto px = [&](double x) { return box.x + (x - f.x.front()) / (f.x.back() - f.x.front()) * box.width; };
  const auto py = [&](double y) { return box.bottom() - (y - f.y.front()) / (f.y.back() - f.y.front()) * box.height; };
  cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
  for (std::size_t k = 0; k < f.levels.size(); ++k) {
    cairo_new_path(c);
    for (const Segment& s : contourSegments(f, f.levels[k])) {
      cairo_move_to(c, px(s[0].x), py(s[0].y));
      cairo_line_to(c, px(s[1].x), py(s[1].y));
    }
    const double decade = std::log10(f.levels[k]);
    const bool wider = f.scale == Scale::log ? std::abs(decade - std::round(decade)) < 1e-9 : k % 4 == 3;
    cairo_set_line_width(c, wider ? 0.8 : 0.45);
    canvas.colour({0, 0, 0, 0.45});
    cairo_stroke(c);
  }
  cairo_set_line_cap(c, CAIRO_LINE_CAP_BUTT);
}

}  // namespace analysis
