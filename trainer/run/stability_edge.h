// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

/// Edges of stability: the curvature a above which an optimizer's own steps grow on the quadratic a x^2/2. eta > 0 is the rate, beta in [0, 1) a momentum.
///
/// All of them come from one condition: at the edge the iterates flip sign and keep their length, theta_t = (-1)^t x. A momentum buffer b_t = beta b_{t-1} + g_t
/// is then g_t/(1 + beta), so that a method with momentum is gradient descent with a smaller rate e, and e g = 2 x where g is the step's gradient.
namespace trainer {

/// e = eta: 2/eta. Source: Cohen et al., ICLR 2021 (arXiv 2103.00065).
double gradientDescentEdge(double eta);
/// e = eta/(1 + beta): 2 (1 + beta)/eta.
double heavyBallEdge(double eta, double beta);
/// The step is g + beta b, e = eta (1 + 2 beta)/(1 + beta): 2 (1 + beta)/(eta (1 + 2 beta)).
double nesterovEdge(double eta, double beta);
/// Of the preconditioned Hessian; m_t = beta1 m_{t-1} + (1 - beta1) g, e = eta (1 - beta1)/(1 + beta1): 2 (1 + beta1)/(eta (1 - beta1)). Source: arXiv 2207.14484.
double adamEdge(double eta, double beta1);
/// Gradient g + c H g/||g|| or its difference, c = rho for SAM, alpha rho for the penalty: a x (1 + c a/||g||) e = 2 x, whose root is
/// (||g||/2c)(sqrt(1 + 8 c/(e ||g||)) - 1), here 4/(e (sqrt(1 + 8 c/(e ||g||)) + 1)); 2/e where c = 0. Source: Long, Bartlett, arXiv 2309.12488.
double penaltyEdge(double e, double c, double gradientNorm);

/// Which tracked quantity a run's edge belongs to, where there is one.
struct StabilityEdge {
  std::string measure;  ///< lambda-max | preconditioned-lambda-max | batch-sharpness; empty where none is known
  std::string formula;  ///< "2/\u03B7" with its letters, UTF-8
  std::string reason;   ///< why there is none, a clause; empty where there is one
  bool operator==(const StabilityEdge&) const = default;
};

/// Known for full-batch steps of sgd, adam and adamw on the very loss whose Hessian is measured: no batch norm, dropout, augmentation, clipping or decoupled decay,
/// curvature on all items; with sgd also SAM and the penalty along the gradient at every step. With mini-batches: for plain sgd without momentum, and it is that of
/// the batch sharpness. `items` in the training set where known, `samples` that the curvature was measured on (0: not yet).
StabilityEdge stabilityEdge(const RunSpec& resolved, std::optional<std::int64_t> items, std::int64_t samples);

/// The edge at each step taken, with the rate, the gradient norm, and rho and alpha as they were then; empty where there is none.
struct EdgePoint {
  std::int64_t step = 0;
  double value = 0;
  bool operator==(const EdgePoint&) const = default;
};
std::vector<EdgePoint> edgeAlong(const RunSpec& resolved, const RunRecord& record, const StabilityEdge& edge);

}  // namespace trainer
