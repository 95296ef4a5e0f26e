// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/li_file.h"

#include <algorithm>
#include <cmath>

#include "analysis/export/surface_columns.h"
#include "analysis/interchange/hdf5_file.h"

namespace analysis {
namespace {

constexpr double kUnfinished = -1, kPercent = 100;

std::string directionFile(const SurfaceSpec& s) { return s.directions.empty() ? s.saveDirections : s.directions; }

/// x and y of the first run's checkpoints.
void addProjection(NamedArrays& arrays, const std::vector<TrajectoryPoint>& trajectory) {
  std::vector<double> x, y;
  for (const TrajectoryPoint& p : trajectory)
    if (p.run == trajectory.front().run) x.push_back(p.x), y.push_back(p.y);
  arrays.push_back(listArray("proj_xcoord", std::move(x)));
  arrays.push_back(listArray("proj_ycoord", std::move(y)));
}

}  // namespace

std::string liFile(const SurfaceResult& r, const Provenance& provenance) {
  const SurfaceGrid& g = r.grid;
  NamedArrays arrays{textArray("dir_file", directionFile(r.spec)), listArray("xcoordinates", g.x)};
  if (!g.slice) arrays.push_back(listArray("ycoordinates", g.y));
  const std::vector<std::int64_t> declared = g.slice ? std::vector{g.columns()} : std::vector{g.columns(), g.rows()};
  const auto add = [&](const std::string& name, const std::vector<double>& values, double factor) {
    if (std::ranges::all_of(values, [](double v) { return std::isnan(v); })) return;
    NamedArray a{.name = name, .shape = declared};
    for (std::size_t i = 0; i < values.size(); ++i) a.values.push_back(g.hasValue(i) ? factor * values[i] : kUnfinished);
    arrays.push_back(std::move(a));
  };
  add("train_loss", g.train.loss, 1);
  add("train_acc", g.train.accuracy, kPercent);
  add("test_loss", g.test.loss, 1);
  add("test_acc", g.test.accuracy, kPercent);
  for (const SurfaceField& f : g.fields) {
    if (f.name == "lambda-max") add("max_eig", f.values, 1);
    if (f.name == "min_eig" || f.name == "max_eig") add(f.name, f.values, 1);  // of such a file that was opened
  }
  if (!g.trajectory.empty()) addProjection(arrays, g.trajectory);
  for (NamedArray& a : surfaceArrays(g)) {
    a.name = "sharpscape/" + a.name;
    arrays.push_back(std::move(a));
  }
  return hdf5Bytes(arrays, provenance);
}

}  // namespace analysis
