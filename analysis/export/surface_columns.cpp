// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/surface_columns.h"

#include <algorithm>
#include <cmath>

namespace analysis {

std::vector<SurfaceColumn> surfaceColumns(const SurfaceGrid& g) {
  const std::string split = g.split == "test" ? "measured" : g.split;
  std::vector<SurfaceColumn> columns{{split + "_loss", &g.train.loss}};
  const auto add = [&](const std::string& name, const std::vector<double>& values) {
    if (std::ranges::any_of(values, [](double v) { return !std::isnan(v); })) columns.push_back({name, &values});
  };
  add(split + "_accuracy", g.train.accuracy);
  add("test_loss", g.test.loss);
  add("test_accuracy", g.test.accuracy);
  if (g.seeds.size() > 1) add("loss_deviation", g.trainDeviation.loss), add("test_loss_deviation", g.testDeviation.loss);
  for (const SurfaceField& f : g.fields) add(f.name, f.values), add(f.name + "_residual", f.residual);
  return columns;
}

namespace {

void addTrajectory(NamedArrays& arrays, const std::vector<TrajectoryPoint>& points) {
  NamedArray runs{.name = "trajectory_run", .shape = {static_cast<std::int64_t>(points.size())}}, steps = listArray("trajectory_step", {});
  steps.shape = runs.shape;
  for (const TrajectoryPoint& p : points) runs.texts.push_back(p.run), steps.values.push_back(static_cast<double>(p.step));
  arrays.push_back(std::move(runs));
  arrays.push_back(std::move(steps));
  const std::pair<const char*, double TrajectoryPoint::*> numbers[] = {{"x", &TrajectoryPoint::x},        {"y", &TrajectoryPoint::y},
                                                                       {"loss", &TrajectoryPoint::loss},  {"test_loss", &TrajectoryPoint::testLoss},
                                                                       {"plane_loss", &TrajectoryPoint::planeLoss}, {"distance", &TrajectoryPoint::distance}};
  for (const auto& [name, member] : numbers) {
    std::vector<double> values;
    for (const TrajectoryPoint& p : points) values.push_back(p.*member);
    arrays.push_back(listArray(std::string("trajectory_") + name, std::move(values)));
  }
}

}  // namespace

NamedArrays surfaceArrays(const SurfaceGrid& g) {
  NamedArrays arrays{listArray("x", g.x)};
  if (!g.slice) arrays.push_back(listArray("y", g.y));
  const std::vector<std::int64_t> shape = g.slice ? std::vector{g.columns()} : std::vector{g.rows(), g.columns()};
  for (const SurfaceColumn& c : surfaceColumns(g)) {
    arrays.push_back({.name = c.name, .shape = shape, .values = *c.values});
    for (std::size_t i = 0; i < g.computed.size(); ++i)
      if (!g.hasValue(i)) arrays.back().values[i] = kUnknown;
  }
  arrays.push_back({.name = "computed", .shape = shape, .values = {g.computed.begin(), g.computed.end()}, .texts = {}, .bytes = true});
  if (!g.interpolated.empty()) arrays.push_back({.name = "interpolated", .shape = shape, .values = {g.interpolated.begin(), g.interpolated.end()}, .texts = {}, .bytes = true});
  if (!g.trajectory.empty()) addTrajectory(arrays, g.trajectory);
  return arrays;
}

}  // namespace analysis
