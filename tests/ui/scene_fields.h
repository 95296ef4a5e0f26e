// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <functional>
#include <memory>

#include "ui/scenes/surface_snapshot.h"

namespace ui {

/// A function of the plane on an n x n grid over [-1, 1]^2; accuracy is exp(-loss), the test split is twice the training split.
inline SurfaceSnapshot sampled(int n, const std::function<double(double, double)>& loss,
                               const std::function<void(analysis::SurfaceGrid&)>& change = {}) {
  auto grid = std::make_shared<analysis::SurfaceGrid>();
  for (int i = 0; i < n; ++i) grid->x.push_back(-1 + 2.0 * i / (n - 1));
  grid->y = grid->x;
  for (const double y : grid->y) {
    for (const double x : grid->x) {
      grid->train.loss.push_back(loss(x, y));
      grid->train.accuracy.push_back(std::exp(-loss(x, y)));
      grid->test.loss.push_back(2 * loss(x, y));
      grid->test.accuracy.push_back(std::exp(-2 * loss(x, y)));
      grid->computed.push_back(1);
    }
  }
  grid->centre = loss(0, 0);
  if (change) change(*grid);
  return {.grid = grid, .stride = 1, .test = false};
}

/// loss = x^2 + y^2.
inline SurfaceSnapshot bowl(int n, const std::function<void(analysis::SurfaceGrid&)>& change = {}) {
  return sampled(n, [](double x, double y) { return x * x + y * y; }, change);
}

}  // namespace ui
