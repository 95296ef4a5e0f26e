// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/paths/assignment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace analysis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Rows are assigned one after another; prices keep every reduced cost (price_row + price_column <= cost, with equality along the assignment) in order.
class Solver {
 public:
  Solver(std::span<const double> gains, std::size_t n) : gains_(gains), n_(n), rowPrice_(n, 0), columnPrice_(n, 0), rowOf_(n, kNone), columnOf_(n, kNone) {}

  std::vector<std::int64_t> solve() {
    for (std::size_t row = 0; row < n_; ++row) augment(row);
    return {columnOf_.begin(), columnOf_.end()};
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  double reduced(std::size_t row, std::size_t column) const { return -gains_[row * n_ + column] - rowPrice_[row] - columnPrice_[column]; }

  /// Dijkstra from `start` over reduced costs to the nearest free column; prices are moved by what the scanned columns lie nearer, and the path is turned over.
  void augment(std::size_t start) {
    std::vector<double> distance(n_, kInfinity);
    std::vector<std::size_t> from(n_, kNone);  // the row before a column
    std::vector<std::uint8_t> scanned(n_, 0);
    std::size_t row = start, column = kNone;
    double reached = 0;
    do {
      for (std::size_t c = 0; c < n_; ++c)
        if (!scanned[c])
          if (const double d = reached + reduced(row, c); d < distance[c]) distance[c] = d, from[c] = row;
      column = nearest(distance, scanned);
      reached = distance[column];
      scanned[column] = 1;
      row = rowOf_[column];
    } while (row != kNone);
    rowPrice_[start] += reached;
    for (std::size_t c = 0; c < n_; ++c)
      if (scanned[c]) {
        columnPrice_[c] += distance[c] - reached;
        if (rowOf_[c] != kNone) rowPrice_[rowOf_[c]] += reached - distance[c];
      }
    turn(column, from, start);
  }

  std::size_t nearest(const std::vector<double>& distance, const std::vector<std::uint8_t>& scanned) const {
    std::size_t best = kNone;
    for (std::size_t c = 0; c < n_; ++c)
      if (!scanned[c] && (best == kNone || distance[c] < distance[best])) best = c;
    return best;
  }

  /// Along the path back to `start`, each row takes the column it was reached to and gives up its own.
  void turn(std::size_t column, const std::vector<std::size_t>& from, std::size_t start) {
    for (std::size_t row = kNone; row != start;) {
      row = from[column];
      const std::size_t given = columnOf_[row];
      rowOf_[column] = row;
      columnOf_[row] = column;
      column = given;
    }
  }

  std::span<const double> gains_;
  std::size_t n_;
  std::vector<double> rowPrice_, columnPrice_;
  std::vector<std::size_t> rowOf_, columnOf_;  ///< by column, by row; kNone: free
};

}  // namespace

std::vector<std::int64_t> largestAssignment(std::span<const double> gains, std::int64_t n) {
  if (n < 0 || static_cast<std::size_t>(n * n) != gains.size())
    throw std::invalid_argument(fmt::format("an assignment of {} rows needs {} gains, got {}", n, n * n, gains.size()));
  for (const double gain : gains)
    if (!std::isfinite(gain)) throw std::invalid_argument("an assignment needs finite gains");
  return Solver(gains, static_cast<std::size_t>(n)).solve();
}

}  // namespace analysis
