// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/curvature_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/curvature_measures.h"
#include "trainer/run/run_files.h"
#include "trainer/run/table_lines.h"

namespace trainer {
namespace {

constexpr std::size_t kFirst = 6, kEach = 7;  ///< columns of lambda_max, of each further measure
constexpr double kProductCost = 2, kForwardCost = 1.0 / 3;  ///< in gradients

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

std::string columnsOf(std::string_view measure) {
  std::string columns;
  for (const char* ending : {"", "_error", "_products", "_gradients", "_forward_passes", "_items", "_seconds"})
    columns += fmt::format(",{}{}", columnOf(measure), ending);
  return columns;
}

/// The measures that a header names behind lambda_max.
std::vector<std::string> measuresIn(std::string_view header, const std::filesystem::path& file) {
  std::vector<std::string> measures;
  std::string known = kCurvatureHeader;
  for (const std::string_view measure : kCurvatureMeasures) {
    if (!header.starts_with(known + columnsOf(measure))) continue;
    known += columnsOf(measure);
    measures.emplace_back(measure);
  }
  if (header != known)
    throw DataError(fmt::format("'{}' starts with '{}', expected '{}' and known measures behind", file.string(), header.substr(0, 100), kCurvatureHeader));
  return measures;
}

CurvatureRecord recordOf(const std::vector<double>& v, const std::vector<std::string>& measures, const std::filesystem::path& file) {
  CurvatureRecord r{.step = whole(v[0], file), .lambdaMax = v[1], .residual = v[2], .products = whole(v[3], file), .samples = whole(v[4], file), .seconds = v[5]};
  for (std::size_t i = 0; i < measures.size(); ++i) {
    const double* c = &v[kFirst + kEach * i];
    r.more.push_back({.name = measures[i], .value = c[0], .error = c[1], .products = whole(c[2], file), .gradients = whole(c[3], file),
                      .forwardPasses = whole(c[4], file), .items = whole(c[5], file), .seconds = c[6]});
  }
  return r;
}

double gradientsOf(std::int64_t products, std::int64_t gradients, std::int64_t forwardPasses, std::int64_t items) {
  const double each = kProductCost * static_cast<double>(products) + static_cast<double>(gradients) + kForwardCost * static_cast<double>(forwardPasses);
  return each * static_cast<double>(items);
}

}  // namespace

bool TrackedValue::operator==(const TrackedValue& o) const {
  return name == o.name && same(value, o.value) && same(error, o.error) && products == o.products && gradients == o.gradients && forwardPasses == o.forwardPasses &&
         items == o.items && seconds == o.seconds;
}

bool CurvatureRecord::operator==(const CurvatureRecord& o) const {
  return step == o.step && same(lambdaMax, o.lambdaMax) && same(residual, o.residual) && products == o.products && samples == o.samples && seconds == o.seconds &&
         more == o.more;
}

std::optional<TrackedValue> trackedValue(const CurvatureRecord& r, std::string_view measure) {
  if (measure == kCurvatureMeasures.front()) {
    if (std::isnan(r.lambdaMax)) return std::nullopt;
    TrackedValue v{.name = std::string(measure), .value = r.lambdaMax, .error = r.residual};
    v.products = r.products, v.items = r.samples, v.seconds = r.seconds;
    return v;
  }
  const auto found = std::find_if(r.more.begin(), r.more.end(), [&](const TrackedValue& v) { return v.name == measure; });
  return found == r.more.end() ? std::nullopt : std::optional(*found);
}

std::vector<std::string> trackedNames(const CurvatureRecord& r) {
  std::vector<std::string> names;
  if (!std::isnan(r.lambdaMax)) names.emplace_back(kCurvatureMeasures.front());
  for (const TrackedValue& v : r.more) names.push_back(v.name);
  return names;
}

double itemGradients(const CurvatureRecord& r) {
  double sum = gradientsOf(r.products, 0, 0, r.samples);
  for (const TrackedValue& v : r.more) sum += gradientsOf(v.products, v.gradients, v.forwardPasses, v.items);
  return sum;
}

std::string curvatureHeader(const CurvatureRecord& r) {
  std::string header = kCurvatureHeader;
  for (const TrackedValue& v : r.more) header += columnsOf(v.name);
  return header;
}

std::string curvatureLine(const CurvatureRecord& r) {
  std::string line = fmt::format("{},{},{},{},{},{:.6f}", r.step, r.lambdaMax, r.residual, r.products, r.samples, r.seconds);
  for (const TrackedValue& v : r.more)
    line += fmt::format(",{},{},{},{},{},{},{:.6f}", v.value, v.error, v.products, v.gradients, v.forwardPasses, v.items, v.seconds);
  return line;
}

std::vector<CurvatureRecord> readCurvature(const std::filesystem::path& file) {
  std::vector<CurvatureRecord> records;
  std::vector<std::string> measures;
  forEachLine(file, [&](std::string_view line, std::size_t number) {
    if (number == 1) measures = measuresIn(line, file);
    else records.push_back(recordOf(parseNumbers(line, kFirst + kEach * measures.size(), file, number), measures, file));
  });
  return records;
}

}  // namespace trainer
