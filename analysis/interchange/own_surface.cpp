// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "analysis/interchange/surface_readers.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

const std::vector<std::string> kLosses = {"train_loss", "validation_loss", "measured_loss", "loss", "losses", "train_nll", "z", "zvalue", "value", "values", "test_loss"};

/// A whole number of a line; 0 where there is none.
std::int64_t whole(const Provenance& p, std::string_view key) {
  const std::string text = p.get(key);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double number(const Provenance& p, std::string_view key) {
  const std::string text = p.get(key);
  double value = kUnknown;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : kUnknown;
}

/// What the lines say of a measure of ours.
void takeProvenance(SurfaceResult& r, const Provenance& p) {
  SurfaceGrid& g = r.grid;
  MeasureSpec& m = r.spec.measure;
  const auto word = [&](std::string& to, std::string_view key) {
    if (const std::string text = p.get(key); !text.empty()) to = text;
  };
  word(m.run, "run"), word(m.split, "split"), word(m.loss, "loss"), word(m.weights, "weights"), word(m.precision, "precision"), word(m.batchNorm, "bn_policy");
  m.seed = static_cast<std::uint64_t>(whole(p, "seed")), r.spec.directionSeed = static_cast<std::uint64_t>(whole(p, "direction_seed"));
  m.step = std::to_string(whole(p, "step"));
  g.step = whole(p, "step"), g.samples = whole(p, "samples"), g.testSamples = whole(p, "test_samples"), g.parameters = whole(p, "parameters");
  word(g.split, "split"), word(g.batchNorm, "bn_policy"), word(g.precision, "precision"), word(g.device, "device");
  g.evaluations = whole(p, "evaluations"), g.stopped = p.get("stopped") == "true", g.cosine = number(p, "cosine"), g.centre = number(p, "centre");
  for (const char* axis : {"x", "y"})
    if (const std::string text = p.get(std::string("direction_") + axis); !text.empty()) {
      g.directions.push_back(text);
      if (const double norm = number(p, std::string("norm_") + axis); !std::isnan(norm)) g.directionNorms.push_back(norm);
    }
  r.origin = {.checkpointHash = p.get("checkpoint_hash"), .dataHash = p.get("data_hash"), .trainCommand = p.get("train_command"), .programVersion = p.get("program_version"), .torchVersion = p.get("torch_version"),
              .format = p.get("format"), .command = p.get("command")};
  if (const std::string unknown = p.get("unknown"); !unknown.empty()) r.origin.unknown.push_back(unknown);
}

std::vector<TrajectoryPoint> trajectoryOfArrays(const NamedArrays& arrays, const std::string& name) {
  const NamedArray* const runs = findArray(arrays, "trajectory_run");
  if (!runs) return {};
  std::vector<TrajectoryPoint> points(runs->texts.size());
  for (std::size_t i = 0; i < points.size(); ++i) points[i].run = runs->texts[i];
  const auto read = [&](const char* key, auto member) {
    const NamedArray* const a = findArray(arrays, std::string("trajectory_") + key);
    if (!a || a->values.size() != points.size()) refuseSurface(name, fmt::format("its trajectory has {} points, but no {} of each", points.size(), key));
    for (std::size_t i = 0; i < points.size(); ++i) points[i].*member = static_cast<std::decay_t<decltype(points[i].*member)>>(a->values[i]);
  };
  read("step", &TrajectoryPoint::step), read("x", &TrajectoryPoint::x), read("y", &TrajectoryPoint::y), read("loss", &TrajectoryPoint::loss);
  read("test_loss", &TrajectoryPoint::testLoss), read("plane_loss", &TrajectoryPoint::planeLoss), read("distance", &TrajectoryPoint::distance);
  return points;
}

bool isTaken(const std::string& name) {
  static const std::set<std::string> names = {"x", "y", "computed", "interpolated", "metadata"};
  return names.contains(name) || name.starts_with("trajectory_");
}

/// The rest of the columns: accuracies, test values, fields with their residuals.
void takeColumn(SurfaceGrid& g, const NamedArray& a, const std::string& loss) {
  static const std::string kResidual = "_residual";
  const std::string first = loss.substr(0, loss.find('_') == std::string::npos ? 0 : loss.find('_'));
  if (a.name == loss) g.train.loss = a.values;
  else if (a.name == (first.empty() ? "accuracy" : first + "_accuracy")) g.train.accuracy = a.values;
  else if (a.name == "test_loss") g.test.loss = a.values;
  else if (a.name == "test_accuracy") g.test.accuracy = a.values;
  else if (!g.fields.empty() && a.name == g.fields.back().name + kResidual) g.fields.back().residual = a.values;
  else g.fields.push_back({.name = a.name, .values = a.values});
}

}  // namespace

const NamedArray* lossArray(const NamedArrays& arrays) {
  for (const std::string& name : kLosses)
    if (const NamedArray* a = findArray(arrays, name); a && a->texts.empty()) return a;
  return nullptr;
}

ImportedSurface surfaceOfArrays(const NamedArrays& arrays, const Provenance& provenance, const std::string& format, const std::string& name) {
  const NamedArray *const x = findArray(arrays, "x"), *const y = findArray(arrays, "y"), *const loss = lossArray(arrays), *const computed = findArray(arrays, "computed"),
                   *const interpolated = findArray(arrays, "interpolated");
  if (!x || !loss) refuseSurface(name, fmt::format("it has no {}; expected x, y and one of {}", x ? "loss" : "x", fmt::join(kLosses, ", ")));
  ImportedSurface s;
  s.format = format;
  SurfaceGrid& g = s.result.grid;
  g.cosine = g.centre = kUnknown;
  takeProvenance(s.result, provenance);
  g.x = x->values, g.slice = y == nullptr, g.y = y ? y->values : std::vector<double>{0};
  const std::vector<std::int64_t> shape = y ? std::vector{g.rows(), g.columns()} : std::vector{g.columns()};
  for (const NamedArray& a : arrays) {
    if (isTaken(a.name) && a.name != "computed" && a.name != "interpolated") continue;
    if (!a.texts.empty()) continue;
    if (a.shape != shape)
      refuseSurface(name, fmt::format("'{}' has the shape ({}), expected ({}): rows of y, columns of x", a.name, fmt::join(a.shape, ", "), fmt::join(shape, ", ")));
    if (&a != computed && &a != interpolated) takeColumn(g, a, loss->name);
  }
  for (const SurfaceField& f : g.fields) s.result.spec.fields.push_back(f.name);
  if (computed)
    for (const double v : computed->values) g.computed.push_back(v != 0);
  if (interpolated)
    for (const double v : interpolated->values) g.interpolated.push_back(v != 0);
  if (provenance.get("split").empty() && loss->name == "validation_loss") g.split = s.result.spec.measure.split = "validation";
  g.trajectory = trajectoryOfArrays(arrays, name);
  s.result.spec.trajectory = !g.trajectory.empty();
  finishGrid(s, name);
  return s;
}

void refuseSurface(const std::string& name, const std::string& what) { throw trainer::DataError(fmt::format("'{}' cannot be read as a surface: {}", name, what)); }

namespace {

/// Ascending, by turning the grid where it descends.
void turn(SurfaceGrid& g, bool columns) {
  std::vector<double>& axis = columns ? g.x : g.y;
  std::reverse(axis.begin(), axis.end());
  const auto turned = [&](auto& values) {
    const auto width = static_cast<std::ptrdiff_t>(g.columns());
    if (columns)
      for (auto row = values.begin(); row != values.end(); row += width) std::reverse(row, row + width);
    else {
      const auto before = values;
      for (std::ptrdiff_t r = 0; r < g.rows(); ++r) std::copy_n(before.begin() + (g.rows() - 1 - r) * width, width, values.begin() + r * width);
    }
  };
  for (std::vector<double>* v : {&g.train.loss, &g.train.accuracy, &g.test.loss, &g.test.accuracy}) turned(*v);
  for (SurfaceField& f : g.fields) {
    turned(f.values);
    if (!f.residual.empty()) turned(f.residual);
  }
  turned(g.computed);
  if (!g.interpolated.empty()) turned(g.interpolated);
}

void requireAxis(const std::vector<double>& axis, const char* which, const std::string& name) {
  if (axis.empty()) refuseSurface(name, fmt::format("its {} axis has no points", which));
  for (std::size_t i = 0; i < axis.size(); ++i) {
    if (!std::isfinite(axis[i])) refuseSurface(name, fmt::format("value {} of its {} axis is not a finite number", i + 1, which));
    if (i > 0 && !(axis[i] > axis[i - 1])) refuseSurface(name, fmt::format("its {} axis does not ascend: {} is followed by {}", which, axis[i - 1], axis[i]));
  }
}

}  // namespace

void finishGrid(ImportedSurface& s, const std::string& name) {
  SurfaceGrid& g = s.result.grid;
  const auto count = g.x.size() * g.y.size();
  const auto fit = [&](std::vector<double>& values, const char* what) {
    if (values.empty()) values.assign(count, kUnknown);
    if (values.size() != count) refuseSurface(name, fmt::format("{} has {} values, its axes ask for {} x {}", what, values.size(), g.columns(), g.rows()));
  };
  fit(g.train.loss, "the loss"), fit(g.train.accuracy, "the accuracy"), fit(g.test.loss, "the test loss"), fit(g.test.accuracy, "the test accuracy");
  for (SurfaceField& f : g.fields) fit(f.values, f.name.c_str());
  if (g.computed.empty())
    for (const double v : g.train.loss) g.computed.push_back(!std::isnan(v));
  if (g.computed.size() != count) refuseSurface(name, fmt::format("'computed' has {} values, its axes ask for {} x {}", g.computed.size(), g.columns(), g.rows()));
  if (g.x.size() > 1 && g.x.front() > g.x.back()) turn(g, true);
  if (g.y.size() > 1 && g.y.front() > g.y.back()) turn(g, false);
  requireAxis(g.x, "x", name), requireAxis(g.y, "y", name);
  std::int64_t missing = 0, diverged = 0;
  for (std::size_t i = 0; i < count; ++i) {
    missing += !g.hasValue(i);
    diverged += g.hasValue(i) && !std::isfinite(g.train.loss[i]);
    if (std::isnan(g.centre) && g.computed[i] != 0 && g.x[i % g.x.size()] == 0 && g.y[i / g.x.size()] == 0) g.centre = g.train.loss[i];
  }
  const auto total = static_cast<std::int64_t>(count);
  if (g.evaluations == 0) g.evaluations = std::ranges::count(g.computed, 1);
  s.result.spec.x = {"file", g.x.front(), g.x.back(), g.columns()};
  if (!g.slice) s.result.spec.y = AxisSpec{"file", g.y.front(), g.y.back(), g.rows()};
  if (std::ranges::all_of(g.train.loss, [](double v) { return std::isnan(v); })) refuseSurface(name, "not one of its losses is a number");
  if (missing > 0) s.warnings.push_back(fmt::format("{} of {} points are missing: they were not finished, or are not a number.", missing, total));
  if (diverged > 0) s.warnings.push_back(fmt::format("{} of {} points are not finite.", diverged, total));
}

}  // namespace analysis
