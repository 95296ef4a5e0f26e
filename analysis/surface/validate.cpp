// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "analysis/surface/axis_kind.h"
#include "analysis/surface/grid_order.h"
#include "analysis/surface/refine_surface.h"
#include "analysis/surface/sample_fields.h"
#include "analysis/surface/sample_surface.h"

namespace analysis {
namespace {

constexpr std::int64_t kMaxPlaneSide = 1025, kMaxLine = 4097;  ///< a million points of four numbers are a result of about 100 MB
constexpr std::int64_t kMostSeeds = 1000;
constexpr double kLargestTolerance = 0.5;
constexpr double kOnGrid = 1e-6;  ///< of a cell: what typing a range with about seven digits costs

bool zeroIsOnGrid(const AxisSpec& axis) {
  const double k = zeroPosition(axis);
  return std::abs(k - std::round(k)) <= kOnGrid && std::round(k) >= 1 && std::round(k) <= static_cast<double>(axis.size - 2);
}

/// `from:to` with as few digits as are accepted again.
std::string shortRange(double from, double to, std::int64_t size) {
  for (int digits = 3; digits < 17; ++digits) {
    const std::string a = fmt::format("{:.{}g}", from, digits), b = fmt::format("{:.{}g}", to, digits);
    if (zeroIsOnGrid({.from = std::stod(a), .to = std::stod(b), .size = size})) return a + ":" + b;
  }
  return fmt::format("{:.17g}:{:.17g}", from, to);
}

/// The range with 0 on the grid that moves one end of this one the least.
std::string nearestRange(const AxisSpec& axis) {
  const auto cells = static_cast<double>(axis.size - 1);
  const double at = zeroPosition(axis);
  double best = INFINITY, from = axis.from, to = axis.to;
  for (const double wanted : {std::floor(at), std::ceil(at)}) {
    const double k = std::clamp(wanted, 1.0, cells - 1);
    const double otherTo = -axis.from * (cells - k) / k, otherFrom = -axis.to * k / (cells - k);
    if (std::abs(otherTo - axis.to) < best) best = std::abs(otherTo - axis.to), from = axis.from, to = otherTo;
    if (std::abs(otherFrom - axis.from) < best) best = std::abs(otherFrom - axis.from), from = otherFrom, to = axis.to;
  }
  return shortRange(from, to, axis.size);
}

void requireOneOf(std::string_view flag, const std::string& word, std::initializer_list<std::string_view> known) {
  if (std::find(known.begin(), known.end(), word) == known.end())
    throw std::invalid_argument(fmt::format("{} '{}' is unknown; this version has: {}", flag, word, fmt::join(known, ", ")));
}

void validate(const AxisSpec& axis, std::int64_t most, const std::string& kindFlag, const std::string& rangeFlag, bool fitted) {
  parseAxisKind(axis.kind, kindFlag);
  if (!axis.normalise.empty()) requireOneOf(kindFlag == "--x" ? "--normalise-x" : "--normalise-y", axis.normalise, {"filter", "layer", "none"});
  if (axis.size < 3 || axis.size % 2 == 0 || axis.size > most)
    throw std::invalid_argument(fmt::format("--size {} for {} does not work: an odd number from 3 to {} is needed, so that the centre is a grid point",
                                            axis.size, kindFlag, most));
  if (fitted) return;
  if (!std::isfinite(axis.from) || !std::isfinite(axis.to) || !(axis.from < 0) || !(axis.to > 0))
    throw std::invalid_argument(fmt::format("{} {:g}:{:g} does not work: A:B with A < 0 < B is needed, so that the checkpoint is on the grid", rangeFlag,
                                            axis.from, axis.to));
  if (!zeroIsOnGrid(axis))
    throw std::invalid_argument(fmt::format("{} {:g}:{:g} with {} points puts 0 between grid points; the nearest that works is {}", rangeFlag, axis.from,
                                            axis.to, axis.size, nearestRange(axis)));
}

void validateTolerance(const SurfaceSpec& spec) {
  if (!(*spec.tolerance > 0 && *spec.tolerance <= kLargestTolerance))
    throw std::invalid_argument(fmt::format("--tolerance must be above 0 and at most {:g} (1 % is 0.01), got {:g}", kLargestTolerance, *spec.tolerance));
  if (const std::string why = whyNotNested(spec.x.size, spec.y ? spec.y->size : 1); !why.empty())
    throw std::invalid_argument(fmt::format("--tolerance does not work with --size {}", why));
  if (!spec.fields.empty()) throw std::invalid_argument("--fields does not work with --tolerance: what it adds has no promised error; leave --tolerance out, so that every point is evaluated");
  if (spec.seeds > 1) throw std::invalid_argument("--seeds does not work with --tolerance: each seed's line would have an error of its own; leave --tolerance out");
}

}  // namespace

void validate(const SurfaceSpec& spec) {
  requireOneOf("--normalise", spec.normalise, {"filter", "layer", "none"});
  requireOneOf("--one-d", spec.oneD, {"zero", "norm", "elementwise"});
  for (const std::string& field : spec.fields)
    if (!std::ranges::count(knownFields(), field))
      throw std::invalid_argument(fmt::format("--fields '{}' is unknown; this version has: {}", field, fmt::join(knownFields(), ", ")));
  if (spec.rho && !(*spec.rho > 0 && std::isfinite(*spec.rho))) throw std::invalid_argument(fmt::format("--field-rho must be a number > 0, got {:g}", *spec.rho));
  if (spec.samRho && !(*spec.samRho > 0 && std::isfinite(*spec.samRho))) throw std::invalid_argument(fmt::format("--sam-rho must be a number > 0, got {:g}", *spec.samRho));
  if (spec.seeds < 1 || spec.seeds > kMostSeeds) throw std::invalid_argument(fmt::format("--seeds must be between 1 and {}, got {}", kMostSeeds, spec.seeds));
  if (spec.seeds > 1 && (spec.y || !spec.directions.empty() || parseAxisKind(spec.x.kind, "--x").word != AxisKind::Word::random || !spec.fields.empty() || spec.trajectory || spec.samStep ||
                         !spec.trajectoriesOf.empty()))
    throw std::invalid_argument("--seeds is for a slice along a random direction, without trajectories and fields: each seed has a line of its own");
  const bool oneRange = !spec.y || (spec.y->from == spec.x.from && spec.y->to == spec.x.to);
  validate(spec.x, spec.y ? kMaxPlaneSide : kMaxLine, "--x", oneRange ? "--range" : "--range-x", spec.fitRange);
  if (!spec.y) {
    if (spec.tolerance) validateTolerance(spec);
    return;
  }
  validate(*spec.y, kMaxPlaneSide, "--y", oneRange ? "--range" : "--range-y", spec.fitRange);
  const AxisKind::Word word = parseAxisKind(spec.x.kind, "--x").word;
  const bool drawn = word == AxisKind::Word::random || word == AxisKind::Word::file;  // x and y are two draws, or two entries of the file
  if (spec.directions.empty() && spec.x.kind == spec.y->kind && !drawn)
    throw std::invalid_argument(fmt::format("--x and --y are both {}, which is a line; choose another for one of them", spec.x.kind));
  if (spec.tolerance) validateTolerance(spec);
}

}  // namespace analysis
