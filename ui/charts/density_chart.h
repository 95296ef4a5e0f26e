// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "ui/charts/axes_chart.h"

namespace ui {

/// A spectral density as stochastic Lanczos quadrature leaves it: nodes and weights that sum to 1. Smoothing is a matter of display.
struct DensityCurve {
  QString name;
  CurveLook look;
  std::vector<double> nodes, weights;
  std::optional<double> largest;  ///< lambda 1, marked by a thin line with its value
  bool operator==(const DensityCurve&) const = default;
};

/// sum_i w_i N(x; node_i, sigma^2) at `count` >= 2 evenly spaced x from `from` to `to`, in units of 1 / lambda. Its mass is the weights' sum.
std::vector<QPointF> smoothedDensity(const DensityCurve& curve, double sigma, double from, double to, int count);

/// Densities of several runs on a log axis over lambda. Any sigma is drawn from the same nodes: no new product.
class DensityChart : public AxesChart {
  Q_OBJECT
 public:
  using AxesChart::AxesChart;
  /// `sigma` in units of lambda, > 0.
  void show(std::vector<DensityCurve> curves, double sigma);
  double sigma() const { return sigma_; }

 protected:
  void redraw() override;

 private:
  std::vector<DensityCurve> curves_;
  double sigma_ = 1;
};

/// The range of the nodes, for a slider of sigma; 0 to 1 where there are none.
QPointF nodeRange(const std::vector<DensityCurve>& curves);

}  // namespace ui
