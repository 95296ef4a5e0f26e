// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/draw_figure.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "analysis/figure/draw_panel.h"
#include "analysis/figure/file_metadata.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Context = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

constexpr double kMargin = 12, kBarWidth = 66;

cairo_status_t append(void* out, const unsigned char* bytes, unsigned length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

/// Where everything goes. Texts are wrapped with a scratch surface, so that the page's size is known before it is made.
struct Layout {
  double width = 0, height = 0, panelsTop = 0, textTop = 0;
  std::int64_t columns = 1, rows = 1;
  std::vector<std::string> title, caption, command;
};

Layout layoutOf(const Figure& f) {
  const Surface scratch(cairo_recording_surface_create(CAIRO_CONTENT_COLOR, nullptr), cairo_surface_destroy);
  const Context context(cairo_create(scratch.get()), cairo_destroy);
  const Canvas canvas(context.get());
  Layout l;
  l.columns = std::max<std::int64_t>(1, std::min<std::int64_t>(f.columns, static_cast<std::int64_t>(f.panels.size())));
  l.rows = (static_cast<std::int64_t>(f.panels.size()) + l.columns - 1) / l.columns;
  l.width = 2 * kMargin + static_cast<double>(l.columns) * f.panelWidth + (f.colourBarLabel.empty() ? 0 : kBarWidth);
  const double text = l.width - 2 * kMargin;
  canvas.font(Font::bold, 11);
  l.title = canvas.wrap(f.title, text);
  canvas.font(Font::plain, 8);
  l.caption = canvas.wrap(f.caption, text);
  canvas.font(Font::mono, 7);
  l.command = canvas.wrap(f.command, text);
  l.panelsTop = kMargin + 15 * static_cast<double>(l.title.size());
  l.textTop = l.panelsTop + static_cast<double>(l.rows) * f.panelHeight + 4;
  l.height = l.textTop + 11 * static_cast<double>(l.caption.size()) + 10 * static_cast<double>(l.command.size()) + 4 + kMargin;
  return l;
}

void draw(cairo_t* context, const Figure& f, const Layout& l) {
  const Canvas c(context);
  c.fill({0, 0, l.width, l.height}, {1, 1, 1, 1});
  double y = kMargin;
  c.colour(kInk);
  c.font(Font::bold, 11);
  for (const std::string& line : l.title) c.text(kMargin, y + 10, line), y += 15;
  for (std::size_t i = 0; i < f.panels.size(); ++i) {
    const auto column = static_cast<double>(static_cast<std::int64_t>(i) % l.columns), row = static_cast<double>(static_cast<std::int64_t>(i) / l.columns);
    drawPanel(c, f.panels[i], {kMargin + column * f.panelWidth, l.panelsTop + row * f.panelHeight, f.panelWidth, f.panelHeight});
  }
  if (!f.colourBarLabel.empty())
    for (const Panel& p : f.panels)
      if (!p.fields.empty()) {
        const double height = std::min(220.0, f.panelHeight - 60);
        drawColourBar(c, p.fields.front(), f.colourBarLabel, {l.width - kMargin - kBarWidth + 10, l.panelsTop + 20, kBarWidth - 10, height});
        break;
      }
  y = l.textTop;
  c.font(Font::plain, 8);
  c.colour(kInk);
  for (const std::string& line : l.caption) c.text(kMargin, y + 8, line), y += 11;
  y += 4;
  c.font(Font::mono, 7);
  c.colour(kSecondInk);
  for (const std::string& line : l.command) c.text(kMargin, y + 7, line), y += 10;
}

void finish(cairo_surface_t* surface, cairo_t* context) {
  cairo_show_page(context);
  cairo_surface_finish(surface);
  const cairo_status_t status = cairo_status(context) != CAIRO_STATUS_SUCCESS ? cairo_status(context) : cairo_surface_status(surface);
  if (status != CAIRO_STATUS_SUCCESS) throw trainer::Error(fmt::format("the figure could not be drawn: {}", cairo_status_to_string(status)));
}

/// Command and caption first, then what else is known.
Provenance provenanceOf(const Figure& f) {
  Provenance p;
  p.set("command", f.command);
  p.set("description", f.caption);
  for (const auto& [name, value] : f.provenance.lines) p.set(name, value);
  return p;
}

std::string drawPng(const Figure& f, const Layout& l, double scale) {
  if (!(scale > 0 && scale * std::max(l.width, l.height) < 32000))
    throw std::invalid_argument(fmt::format("a figure of {:.0f} x {:.0f} points cannot be drawn at {} pixels a point", l.width, l.height, scale));
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(l.width * scale)), static_cast<int>(std::lround(l.height * scale))),
                        cairo_surface_destroy);
  const Context context(cairo_create(surface.get()), cairo_destroy);
  cairo_scale(context.get(), scale, scale);
  draw(context.get(), f, l);
  std::string bytes;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
  if (status != CAIRO_STATUS_SUCCESS) throw trainer::Error(fmt::format("the figure could not be drawn: {}", cairo_status_to_string(status)));
  return withPngText(bytes, provenanceOf(f));
}

std::string drawSvg(const Figure& f, const Layout& l) {
  std::string bytes;
  const Surface surface(cairo_svg_surface_create_for_stream(append, &bytes, l.width, l.height), cairo_surface_destroy);
  const Context context(cairo_create(surface.get()), cairo_destroy);
  draw(context.get(), f, l);
  finish(surface.get(), context.get());
  return withSvgText(bytes, f.title, provenanceOf(f));
}

std::string drawPdf(const Figure& f, const Layout& l) {
  std::string bytes;
  const Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, l.width, l.height), cairo_surface_destroy);
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, f.title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_SUBJECT, f.caption.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_KEYWORDS, provenanceOf(f).text().c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Sharpscape");
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");  // else now: the same figure, the same bytes
  const Context context(cairo_create(surface.get()), cairo_destroy);
  draw(context.get(), f, l);
  finish(surface.get(), context.get());
  return bytes;
}

}  // namespace

std::string drawFigure(const Figure& figure, FigureFormat format, double scale) {
  if (figure.panels.empty()) throw std::invalid_argument("a figure needs at least one panel, got none");
  const Layout layout = layoutOf(figure);
  switch (format) {
    case FigureFormat::png: return drawPng(figure, layout, scale);
    case FigureFormat::svg: return drawSvg(figure, layout);
    case FigureFormat::pdf: return drawPdf(figure, layout);
  }
  throw std::invalid_argument("unknown figure format");
}

}  // namespace analysis
