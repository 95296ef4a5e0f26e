// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/surface_extras.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/export/result_json.h"
#include "trainer/base/error.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json axesJson(const std::vector<AxisReport>& axes) {
  ordered_json list = ordered_json::array();
  for (const AxisReport& a : axes) {
    ordered_json j;
    const auto add = [&](const char* key, double v) {
      if (!std::isnan(v)) j[key] = jsonNumber(v);
    };
    add("explained_variance", a.explainedVariance);
    add("random_walk_variance", a.randomWalkVariance);
    add("eigenvalue", a.eigenvalue);
    add("residual", a.residual);
    j["products"] = a.products, j["gradients"] = a.gradients, j["checkpoints"] = a.checkpoints, j["seconds"] = a.seconds;
    list.push_back(std::move(j));
  }
  return list;
}

std::vector<AxisReport> axesOf(const json& list, const SurfaceGrid& g) {
  std::vector<AxisReport> axes;
  for (const json& j : list) {
    AxisReport a;
    const auto read = [&](const char* key) { return j.contains(key) ? numberOf(j.at(key)) : kUnknown; };
    const std::size_t i = axes.size();
    a.description = i < g.directions.size() ? g.directions[i] : "";
    a.norm = i < g.directionNorms.size() ? g.directionNorms[i] : kUnknown;
    a.explainedVariance = read("explained_variance"), a.randomWalkVariance = read("random_walk_variance");
    a.eigenvalue = read("eigenvalue"), a.residual = read("residual");
    a.products = j.at("products"), a.gradients = j.at("gradients"), a.checkpoints = j.at("checkpoints"), a.seconds = j.at("seconds");
    axes.push_back(std::move(a));
  }
  return axes;
}

ordered_json trajectoryJson(const std::vector<TrajectoryPoint>& points) {
  ordered_json list = ordered_json::array();
  for (const TrajectoryPoint& p : points)
    list.push_back({{"run", p.run}, {"step", p.step}, {"x", p.x}, {"y", p.y}, {"loss", jsonNumber(p.loss)}, {"test_loss", jsonNumber(p.testLoss)},
                    {"plane_loss", jsonNumber(p.planeLoss)}, {"distance", p.distance}});
  return list;
}

std::vector<TrajectoryPoint> trajectoryOf(const json& list) {
  std::vector<TrajectoryPoint> points;
  for (const json& j : list)
    points.push_back({j.at("run"), j.at("step"), j.at("x"), j.at("y"), numberOf(j.at("loss")), numberOf(j.at("test_loss")), numberOf(j.at("plane_loss")), j.at("distance")});
  return points;
}

ordered_json samStepJson(const SamStep& s) {
  ordered_json j{{"rho", s.rho}, {"alpha", s.alpha}, {"loss", jsonNumber(s.loss)}, {"perturbed_loss", jsonNumber(s.perturbedLoss)}, {"plane_loss", jsonNumber(s.planeLoss)},
                 {"predicted", jsonNumber(s.predicted)}, {"out_of_plane", jsonNumber(s.outOfPlane)}, {"cosine", jsonNumber(s.cosine)}};
  j["vectors"] = ordered_json::array();
  for (const PlaneVector& v : s.vectors)
    j["vectors"].push_back({{"name", v.name}, {"norm", jsonNumber(v.norm)}, {"x", jsonNumber(v.x)}, {"y", jsonNumber(v.y)}, {"length", v.length}, {"in_plane", jsonNumber(v.inPlane)}});
  return j;
}

SamStep samStepOf(const json& j) {
  SamStep s{.rho = j.at("rho"), .alpha = j.at("alpha"), .loss = numberOf(j.at("loss")), .perturbedLoss = numberOf(j.at("perturbed_loss")), .planeLoss = numberOf(j.at("plane_loss")),
            .predicted = numberOf(j.at("predicted")), .outOfPlane = numberOf(j.at("out_of_plane")), .cosine = numberOf(j.at("cosine")), .vectors = {}};
  for (const json& v : j.at("vectors"))
    s.vectors.push_back({v.at("name"), numberOf(v.at("norm")), numberOf(v.at("x")), numberOf(v.at("y")), v.at("length"), numberOf(v.at("in_plane"))});
  return s;
}

namespace {

constexpr const char* kRule =
    "error: |interpolated - exact| / max(|exact|, range/100) of train and test loss, range over the computed points; held-back points are drawn one from each equal part of those not "
    "computed, none may exceed the tolerance, at most 8 draws: a point picked at random is within it with probability >= coverage, whatever the surface; share_at_least: "
    "Clopper-Pearson, 95 %; accuracies: seen, not promised";

const std::pair<const char*, double ErrorPromise::*> kShares[] = {
    {"tolerance", &ErrorPromise::tolerance}, {"coverage", &ErrorPromise::coverage}, {"worst_seen", &ErrorPromise::worstSeen}, {"test_worst_seen", &ErrorPromise::testWorstSeen},
    {"accuracy_worst_seen", &ErrorPromise::accuracyWorstSeen}, {"test_accuracy_worst_seen", &ErrorPromise::testAccuracyWorstSeen}, {"share_at_least", &ErrorPromise::shareAtLeast}};
const std::pair<const char*, std::int64_t ErrorPromise::*> kCounts[] = {
    {"held_back", &ErrorPromise::heldBack}, {"exceeded", &ErrorPromise::exceeded}, {"draws", &ErrorPromise::draws}, {"interpolated", &ErrorPromise::interpolated}};

}  // namespace

void addComputed(ordered_json& document, const SurfaceGrid& g) {
  ordered_json rows = ordered_json::array();
  for (std::int64_t r = 0; r < g.rows(); ++r) {
    ordered_json row = ordered_json::array();
    for (std::int64_t c = 0; c < g.columns(); ++c) row.push_back(g.computed[static_cast<std::size_t>(r * g.columns() + c)] != 0);
    if (g.slice) rows = std::move(row);
    else rows.push_back(std::move(row));
  }
  document["computed"] = std::move(rows);
  if (!g.promise) return;
  ordered_json& p = document["promised_error"];
  for (const auto& [name, member] : kShares) p[name] = (*g.promise).*member;
  for (const auto& [name, member] : kCounts) p[name] = (*g.promise).*member;
  p["rule"] = kRule;
}

void readComputed(const json& document, SurfaceGrid& g) {
  std::vector<std::uint8_t> evaluated;
  const auto add = [&](const json& row) {
    for (const json& v : row) evaluated.push_back(v.get<bool>() ? 1 : 0);
  };
  if (g.slice) add(document.at("computed"));
  else
    for (const json& row : document.at("computed")) add(row);
  if (evaluated.size() != g.computed.size()) throw trainer::DataError(fmt::format("'computed' has {} values, its axes ask for {} x {}", evaluated.size(), g.columns(), g.rows()));
  for (std::size_t i = 0; i < evaluated.size(); ++i) g.interpolated.push_back(g.computed[i] != 0 && evaluated[i] == 0 ? 1 : 0);
  g.computed = std::move(evaluated);
  if (std::ranges::count(g.interpolated, 1) == 0) g.interpolated.clear();
  if (!document.contains("promised_error")) return;
  const json& j = document.at("promised_error");
  ErrorPromise& p = g.promise.emplace();
  for (const auto& [name, member] : kShares) p.*member = j.at(name).get<double>();
  for (const auto& [name, member] : kCounts) p.*member = j.at(name).get<std::int64_t>();
}

namespace {

ordered_json valuesJson(const SurfaceValues& v) { return {{"loss", jsonNumbers(v.loss)}, {"accuracy", jsonNumbers(v.accuracy)}}; }
SurfaceValues valuesOf(const json& j) { return {numbersOf(j.at("loss")), numbersOf(j.at("accuracy"))}; }

}  // namespace

void addSeeds(ordered_json& document, const SurfaceGrid& g) {
  document["seeds"] = ordered_json::array();
  for (const SeedSlice& s : g.seeds)
    document["seeds"].push_back({{"seed", s.seed}, {"norm", s.norm}, {g.split, valuesJson(s.train)}, {"test", valuesJson(s.test)}});
  document["deviation"] = {{g.split, valuesJson(g.trainDeviation)}, {"test", valuesJson(g.testDeviation)}};
}

void readSeeds(const json& document, SurfaceGrid& g) {
  for (const json& s : document.at("seeds")) g.seeds.push_back({s.at("seed"), s.at("norm"), valuesOf(s.at(g.split)), valuesOf(s.at("test"))});
  g.trainDeviation = valuesOf(document.at("deviation").at(g.split)), g.testDeviation = valuesOf(document.at("deviation").at("test"));
}

}  // namespace analysis
