// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/figure/provenance.h"

/// A figure as plain data: panels with series, contours and labels. Drawing is in draw_figure.h; the window and the command line export the same.
namespace analysis {

struct Colour {
  double r = 0, g = 0, b = 0, a = 1;  ///< 0..1
};

enum class LineStyle { solid, dash, dashDot, dot, none };
enum class Marker { none, circle, square, triangle, diamond };

/// One run keeps one style in every picture (Okabe-Ito, distinguishable without colour by line and marker).
struct SeriesStyle {
  Colour colour;
  LineStyle line = LineStyle::solid;
  Marker marker = Marker::none;
  bool hollow = false;
  double width = 1.4;
};
SeriesStyle runStyle(std::size_t index);

struct Series {
  std::string label;
  std::vector<double> x, y;
  std::vector<double> error;  ///< half-length of error bars; empty: none
  SeriesStyle style;
};

enum class Scale { linear, log };

struct Axis {
  std::string label;
  Scale scale = Scale::linear;
  double from = 0, to = 0;  ///< from == to: fitted to the data
  bool integers = false;    ///< ticks at whole numbers only
};

/// A field over a regular grid, drawn as filled colour with contour lines. NaN is left blank, infinite is "diverged" (hatched grey).
struct Field {
  std::vector<double> x, y;      ///< coordinates
  std::vector<double> values;    ///< rows are y
  double from = 0, to = 1;       ///< colour range, shared between panels by the caller
  Scale scale = Scale::linear;
  std::vector<double> levels;    ///< contour levels
};

/// How a relief is looked at: turned about the middle of its box, up is +z; angles in degrees. The window's first view.
struct ReliefCamera {
  double azimuth = -125, elevation = 43, distance = 8.25, viewAngle = 24;
};

struct Panel {
  std::string title;
  Axis x, y;
  std::vector<Series> series;
  std::vector<Field> fields;     ///< none or one
  std::string note;              ///< small text under the panel
  bool legend = false;
  std::optional<ReliefCamera> relief{};  ///< the field as a relief in 3-D, instead of a map; series lie on it
};

struct Figure {
  std::string title;
  std::string caption;           ///< what it shows, samples, precision, policy
  std::string command;           ///< that makes it again; drawn small, and kept in the file's metadata
  Provenance provenance{};       ///< kept in the file's metadata behind command and caption
  std::vector<Panel> panels;
  std::int64_t columns = 1;
  double panelWidth = 360, panelHeight = 280;  ///< points (1/72 inch)
  std::string colourBarLabel;    ///< one bar for all fields; empty: none
};

/// About `count` round values inside [from, to] (1, 2, 5 times a power of ten); powers of ten on a log scale.
std::vector<double> niceTicks(double from, double to, std::int64_t count, Scale scale);

/// The colour of t in 0..1 on viridis.
Colour viridis(double t);

}  // namespace analysis
