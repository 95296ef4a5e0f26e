// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/interchange/surface_readers.h"

/// Layouts of other programs, as their sources write them.
namespace analysis {
namespace {

constexpr double kUnfinished = -1, kPercent = 100;

const NamedArray& require(const NamedArrays& arrays, const char* key, const std::string& name) {
  const NamedArray* const a = findArray(arrays, key);
  if (!a || a->values.empty()) refuseSurface(name, fmt::format("its '{}' {}", key, a ? "holds no numbers" : "is missing"));
  return *a;
}

void requireShape(const NamedArray& a, const std::vector<std::int64_t>& shape, const std::string& name) {
  if (a.shape != shape) refuseSurface(name, fmt::format("'{}' has the shape ({}), expected ({})", a.name, fmt::join(a.shape, ", "), fmt::join(shape, ", ")));
}

ImportedSurface start(const char* format, bool slice) {
  ImportedSurface s;
  s.format = format;
  s.result.grid.cosine = s.result.grid.centre = kUnknown;
  s.result.grid.slice = slice;
  if (slice) s.result.grid.y = {0};
  s.result.origin.format = format;
  return s;
}

void finish(ImportedSurface& s, const std::string& name) {
  finishGrid(s, name);
  s.result.origin.unknown = s.unknown;
}

/// values[i][j] of x_i, y_j as rows of y.
std::vector<double> transposed(const NamedArray& a) {
  std::vector<double> out;
  const auto rows = static_cast<std::size_t>(a.shape[0]), columns = static_cast<std::size_t>(a.shape[1]);
  for (std::size_t j = 0; j < columns; ++j)
    for (std::size_t i = 0; i < rows; ++i) out.push_back(a.values[i * columns + j]);
  return out;
}

std::vector<double> divided(std::vector<double> values, double by) {
  for (double& v : values) v /= by;
  return values;
}

// ---- Li et al., github.com/tomgoldstein/loss-landscape -----------------------------------------------------------------

/// "_xnorm=filter_..." -> "filter"; empty where the word is not in the name.
std::string wordBehind(const std::string& text, const std::string& key) {
  const std::size_t at = text.find(key);
  if (at == std::string::npos) return {};
  const std::size_t from = at + key.size();
  return text.substr(from, text.find_first_of("_./[", from) - from);
}

/// The name of their direction file says how the directions were made.
void addDirections(ImportedSurface& s, const std::string& file) {
  SurfaceGrid& g = s.result.grid;
  for (const char* axis : {"x", "y"}) {
    if (g.slice && *axis == 'y') continue;
    const std::string norm = wordBehind(file, fmt::format("_{}norm=", axis)), ignored = wordBehind(file, fmt::format("_{}ignore=", axis));
    const std::string kind = norm.empty() ? (file.empty() ? "normalisation not known" : "not normalised") : norm + "-normalised";
    g.directions.push_back(fmt::format("direction of Li et al., {}, 1-D {}", kind, ignored == "biasbn" ? "zero" : "copied from the weights"));
    if (ignored != "biasbn")
      s.warnings.push_back(fmt::format("Along {} the weights' own values stand in 1-D tensors (biases, batch norm), which is their default where biasbn is not ignored.", axis));
    if (norm.empty()) s.warnings.push_back(fmt::format("Along {} nothing says that the direction was normalised, which is their default.", axis));
  }
}

std::vector<double> finished(const NamedArray& a, std::size_t count, const std::string& name) {
  if (a.values.size() != count) refuseSurface(name, fmt::format("'{}' has {} values, its coordinates ask for {}", a.name, a.values.size(), count));
  std::vector<double> values = a.values;
  for (double& v : values)
    if (v == kUnfinished) v = kUnknown;
  return values;
}

}  // namespace

ImportedSurface liSurface(const NamedArrays& arrays, const std::string& name) {
  const NamedArray* const y = findArray(arrays, "ycoordinates");
  ImportedSurface s = start("surface .h5 of Li et al. (loss-landscape)", y == nullptr);
  SurfaceGrid& g = s.result.grid;
  g.x = require(arrays, "xcoordinates", name).values;
  if (y) g.y = require(arrays, "ycoordinates", name).values;
  const std::size_t count = g.x.size() * g.y.size();
  // Declared (nx, ny), but numbered y outer, x inner: as it lies it is rows of y already.
  const bool onlyTest = !findArray(arrays, "train_loss");
  g.train.loss = finished(require(arrays, onlyTest ? "test_loss" : "train_loss", name), count, name);
  if (onlyTest) g.split = s.result.spec.measure.split = "test";
  const auto take = [&](const char* key, double by, std::vector<double>& to) {
    if (const NamedArray* a = findArray(arrays, key)) to = divided(finished(*a, count, name), by);
  };
  take(onlyTest ? "test_acc" : "train_acc", kPercent, g.train.accuracy), take("test_loss", 1, g.test.loss), take("test_acc", kPercent, g.test.accuracy);
  for (const char* key : {"min_eig", "max_eig"})
    if (findArray(arrays, key)) g.fields.push_back({.name = key, .values = {}}), take(key, 1, g.fields.back().values), s.result.spec.fields.emplace_back(key);
  const NamedArray* const directions = findArray(arrays, "dir_file");
  addDirections(s, directions && !directions->texts.empty() ? directions->texts.front() : std::string());
  if (!g.fields.empty()) s.warnings.push_back("Their eigenvalues are too large by a factor of the number of batches: the Hessian products are added up over them, not averaged.");
  if (std::ranges::none_of(g.train.accuracy, [](double v) { return v > 1 / kPercent; }) && !g.train.accuracy.empty())
    s.warnings.push_back("No accuracy is above 1 although the format has percent: they were read as percent.");
  s.unknown = {"It does not say on how many samples, with which batch-norm statistics and in which precision it was computed."};
  finish(s, name);
  return s;
}

// ---- losscape, github.com/alxndrTL/losscape -----------------------------------------------------------------------------

ImportedSurface losscapeSurface(const NamedArrays& arrays, const std::string& name) {
  ImportedSurface s = start("data.h5 of losscape", false);
  SurfaceGrid& g = s.result.grid;
  const NamedArray &x = require(arrays, "X", name), &y = require(arrays, "Y", name), &losses = require(arrays, "losses", name);
  if (x.shape.size() != 2) refuseSurface(name, fmt::format("'X' has {} dimensions, expected the 2 of numpy.meshgrid", x.shape.size()));
  requireShape(y, x.shape, name), requireShape(losses, x.shape, name);
  const auto rows = static_cast<std::size_t>(x.shape[0]), columns = static_cast<std::size_t>(x.shape[1]);
  g.x.assign(x.values.begin(), x.values.begin() + x.shape[1]);
  for (std::size_t r = 0; r < rows; ++r) g.y.push_back(y.values[r * columns]);
  for (std::size_t i = 0; i < x.values.size(); ++i)
    if (x.values[i] != g.x[i % columns] || y.values[i] != g.y[i / columns]) refuseSurface(name, "its X and Y are not those of numpy.meshgrid(x, y)");
  g.train.loss = losses.values;
  s.unknown = {"It does not say on how many samples (eight batches are its default), with which batch-norm statistics, along which directions and in which precision it was "
               "computed."};
  finish(s, name);
  return s;
}

// ---- Garipov et al., github.com/timgaripov/dnn-mode-connectivity ----------------------------------------------------------

namespace {

/// nll is the plain loss; loss has L2 in it. Accuracies are percent.
void takeGaripov(ImportedSurface& s, const NamedArrays& arrays, const std::vector<std::int64_t>& shape, const std::string& name) {
  SurfaceGrid& g = s.result.grid;
  const bool plain = findArray(arrays, "tr_nll") != nullptr;
  const auto take = [&](const std::string& key, double by, std::vector<double>& to, bool needed) {
    if (!needed && !findArray(arrays, key)) return;
    const NamedArray& a = require(arrays, key.c_str(), name);
    requireShape(a, shape, name);
    to = divided(shape.size() == 2 ? transposed(a) : a.values, by);
  };
  take(plain ? "tr_nll" : "tr_loss", 1, g.train.loss, true), take("tr_acc", kPercent, g.train.accuracy, false);
  take(plain ? "te_nll" : "te_loss", 1, g.test.loss, false), take("te_acc", kPercent, g.test.accuracy, false);
  if (!plain) s.warnings.push_back("Its losses are tr_loss and te_loss, which have weight decay in them.");
  g.batchNorm = s.result.spec.measure.batchNorm = "recomputed";
  s.unknown = {"It does not say on how many samples and in which precision it was computed; te_... are of the validation set unless it was made with --use_test."};
}

}  // namespace

ImportedSurface garipovPlane(const NamedArrays& arrays, const std::string& name) {
  ImportedSurface s = start("plane.npz of Garipov et al. (dnn-mode-connectivity)", false);
  SurfaceGrid& g = s.result.grid;
  const NamedArray& grid = require(arrays, "grid", name);
  if (grid.shape.size() != 3 || grid.shape[2] != 2) refuseSurface(name, fmt::format("'grid' has the shape ({}), expected (G, G, 2)", fmt::join(grid.shape, ", ")));
  const std::int64_t nx = grid.shape[0], ny = grid.shape[1];
  for (std::int64_t i = 0; i < nx; ++i) g.x.push_back(grid.values[static_cast<std::size_t>(2 * i * ny)]);
  for (std::int64_t j = 0; j < ny; ++j) g.y.push_back(grid.values[static_cast<std::size_t>(2 * j + 1)]);
  takeGaripov(s, arrays, {nx, ny}, name);
  const auto points = [&](const char* key, const char* run) {
    std::vector<TrajectoryPoint> list;
    const NamedArray* const a = findArray(arrays, key);
    for (std::size_t i = 0; a && 2 * i + 1 < a->values.size(); ++i)
      list.push_back({.run = run, .step = static_cast<std::int64_t>(i), .x = a->values[2 * i], .y = a->values[2 * i + 1], .loss = kUnknown, .testLoss = kUnknown,
                      .planeLoss = kUnknown});
    return list;
  };
  g.marks = points("bend_coordinates", "bend"), g.trajectory = points("curve_coordinates", "curve");
  s.result.spec.trajectory = !g.trajectory.empty();
  g.directions = {"from the first end of the curve to the last, unit", "towards its bend, orthogonal to x, unit"};
  g.directionNorms = {1, 1};
  g.cosine = 0;
  finish(s, name);
  return s;
}

ImportedSurface garipovCurve(const NamedArrays& arrays, const std::string& name) {
  ImportedSurface s = start("curve.npz of Garipov et al. (dnn-mode-connectivity)", true);
  s.result.grid.x = require(arrays, "ts", name).values;
  takeGaripov(s, arrays, {s.result.grid.columns()}, name);
  s.result.grid.directions = {"along the curve, t from 0 to 1"};
  finish(s, name);
  return s;
}

// ---- Landscaper, github.com/Vis4SciML/Landscaper ----------------------------------------------------------------------------

ImportedSurface landscaperSurface(const NamedArrays& arrays, const std::string& name) {
  const NamedArray &loss = require(arrays, "loss", name), &axes = require(arrays, "coordinates", name);
  const std::size_t dimensions = loss.shape.size();
  if (dimensions < 1 || dimensions > 2) refuseSurface(name, fmt::format("its loss has {} dimensions; lines and planes can be shown", dimensions));
  if (axes.shape.size() != 2 || axes.shape[0] != static_cast<std::int64_t>(dimensions) || std::ranges::any_of(loss.shape, [&](auto n) { return n != axes.shape[1]; }))
    refuseSurface(name, fmt::format("its loss has the shape ({}) and its coordinates ({}), which do not fit", fmt::join(loss.shape, ", "), fmt::join(axes.shape, ", ")));
  ImportedSurface s = start(".npz of Landscaper", dimensions == 1);
  SurfaceGrid& g = s.result.grid;
  const std::ptrdiff_t n = axes.shape[1];
  g.x.assign(axes.values.begin(), axes.values.begin() + n);
  if (dimensions == 2) g.y.assign(axes.values.begin() + n, axes.values.end());
  g.train.loss = dimensions == 2 ? transposed(loss) : loss.values;
  s.unknown = {"It does not say on how many samples, with which batch-norm statistics, along which directions and in which precision it was computed."};
  finish(s, name);
  return s;
}

// ---- loss-landscapes, github.com/marcellodebernardi/loss-landscapes ---------------------------------------------------------

namespace {

/// Mean square of the second difference between rows. Rows that are off by a step in turn make it large.
double roughness(const std::vector<double>& values, std::size_t rows, std::size_t columns) {
  double sum = 0;
  for (std::size_t r = 1; r + 1 < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const double d = values[(r - 1) * columns + c] - 2 * values[r * columns + c] + values[(r + 1) * columns + c];
      if (std::isfinite(d)) sum += d * d;
    }
  return sum / static_cast<double>(columns);
}

/// Even rows are one step further on than odd ones: what both have.
std::vector<double> straightened(const std::vector<double>& values, std::size_t rows, std::size_t columns) {
  std::vector<double> out;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c + 1 < columns; ++c) out.push_back(values[r * columns + c + r % 2]);
  return out;
}

}  // namespace

ImportedSurface bareArray(const NamedArray& a, bool straighten, const std::string& name) {
  if (!a.texts.empty() || a.shape.empty() || a.shape.size() > 2 || a.values.empty())
    refuseSurface(name, fmt::format("it holds {} of shape ({}), expected numbers in one or two dimensions", a.texts.empty() ? "an array" : "texts", fmt::join(a.shape, ", ")));
  ImportedSurface s = start("bare .npy, as loss-landscapes users save it", a.shape.size() == 1);
  SurfaceGrid& g = s.result.grid;
  const auto columns = static_cast<std::size_t>(a.shape.back()), rows = a.shape.size() == 2 ? static_cast<std::size_t>(a.shape[0]) : 1;
  constexpr double kClearly = 4;
  const std::vector<double> straight = straightened(a.values, rows, columns);
  s.rowsShifted = !straighten && rows > 2 && columns > 2 && roughness(a.values, rows, columns) > kClearly * roughness(straight, rows, columns - 1);
  if (straighten && (rows < 2 || columns < 3)) refuseSurface(name, "it has too few rows or columns to be straightened");
  g.train.loss = straighten ? straight : a.values;
  // Even rows stand one step further on than their column says, and so does what is left of them.
  const double middleX = std::floor(static_cast<double>(columns) / 2) - (straighten ? 1 : 0), middleY = std::floor(static_cast<double>(rows) / 2);
  for (std::size_t c = 0; c < columns - (straighten ? 1 : 0); ++c) g.x.push_back(static_cast<double>(c) - middleX);
  if (!g.slice)
    for (std::size_t r = 0; r < rows; ++r) g.y.push_back(static_cast<double>(r) - middleY);
  s.unknown = {"It holds the numbers alone: axes count steps from the middle; samples, batch-norm statistics, directions, precision and what the numbers are is not known."};
  if (s.rowsShifted)
    s.warnings.push_back("Every other row looks shifted by one step, as loss-landscapes writes planes; --straighten-rows (in the window: Straighten rows) puts it right.");
  if (straighten) s.warnings.push_back("Rows were straightened on request: every other one was shifted back by one step, and one column that not every row has is gone.");
  finish(s, name);
  g.centre = kUnknown;  // 0, 0 is the middle of the array, not known to be the network
  return s;
}

}  // namespace analysis
