// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace analysis {

/// |predicted - exact| / max(|exact|, floor); 0 where both are not finite, infinite where one is.
double relativeError(double predicted, double exact, double floor);

/// One number a point of a grid with sides 2^k + 1 (a slice: one row), from level to level.
///
/// A level holds every column and row that is a multiple of its stride; the next one has half of it. A new point is predicted by the polynomial through the nearest 4 or 6
/// points of the level along x, y, or both (Deslauriers and Dubuc 1989; with computed points in between, Donoho's and Harten's interpolating multiresolution), one-sided at the
/// edges. Losses are interpolated as they are or as log(L + floor), which is what a relative error with that floor measures; shares (accuracies) as they are. Which of these is
/// chosen level by level as what was best at its computed points (least 90 % quantile of the error), and kept where there are fewer than eight.
/// A value that is not finite is in no stencil: between two (four) of them the prediction is NaN, as it is between such a one and a finite one (undecided()).
/// Cost: about 20 operations a point of an edge, 100 within a cell.
class DyadicInterpolant {
 public:
  enum class Kind { loss, share };
  DyadicInterpolant(std::int64_t columns, std::int64_t rows, Kind kind) : columns_(columns), rows_(rows), kind_(kind), choice_{false, kind == Kind::loss ? 4 : 2} {}

  /// Starts from a level whose points are all computed.
  void begin(const std::vector<double>& exact, std::int64_t stride);
  /// Half the stride: what is computed there is taken over, the rest is predicted.
  void descend(const std::vector<double>& exact, const std::vector<std::uint8_t>& computed, double floor);
  /// Whether a point of the next level lies between neighbours of which some are finite and some are not.
  bool undecided(std::int64_t column, std::int64_t row) const;

  const std::vector<double>& values() const { return values_; }   ///< [rows, columns], of this level's points
  const std::vector<double>& surplus() const { return surplus_; } ///< relativeError() of what was predicted at points that are computed; NaN elsewhere

 private:
  struct Choice {
    bool logarithmic;
    int points;
  };
  double predicted(const std::vector<double>& source, std::int64_t column, std::int64_t row, int points) const;
  std::vector<double> scaled(bool logarithmic) const;
  double back(double value, bool logarithmic) const;
  double score(const Choice& choice, const std::vector<double>& source, const std::vector<double>& exact, const std::vector<std::size_t>& at) const;
  void choose(const std::vector<double>& exact, const std::vector<std::uint8_t>& computed);
  template <class Visit>
  void visitNew(const Visit& visit) const;
  std::size_t index(std::int64_t column, std::int64_t row) const { return static_cast<std::size_t>(row * columns_ + column); }

  std::int64_t columns_, rows_, stride_ = 1;
  Kind kind_;
  Choice choice_;
  double floor_ = 0, shift_ = 0;  ///< logarithmic: log(L + shift)
  std::vector<double> values_, surplus_;
};

}  // namespace analysis
