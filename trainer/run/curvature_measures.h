// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trainer {

/// What can be tracked while a network trains (--curvature-measures), in the order of the columns of curvature.csv. L is the training objective in evaluation mode
/// on the samples of --curvature-samples, H its Hessian, g its gradient; `error` is said behind each. N is --curvature-products.
///
///   lambda-max                 the largest eigenvalue; residual. At most N products
///   lambda-min                 the smallest (most negative) one; residual. At most N products
///   trace                      Hutchinson, 20 to N Rademacher probes, the same ones each time; standard error. Ends at a standard error of 5 %. A product a probe
///   batch-sharpness            E_b[g_b' H_b g_b / ||g_b||^2] over independent batches of the run's size, of the loss that is stepped on (training mode, augmented,
///                              with its dropout); standard error over at most min(N, 20) batches, 0 where the batch is the whole set. A gradient and a product of a
///                              batch each. Source: Andreyev, Beneventano, arXiv 2412.20553
///   critical-sharpness         2/eta_c, eta_c the smallest step along the optimizer's next update that raises L, bracketed by doubling and bisected; half the
///                              bracket. Forward passes, at most 40. inf: every step raises it, 0: none does. Source: Kalra et al., arXiv 2601.16979
///   directional-sharpness      u'Hu/||u||^2, u the optimizer's next update; 0, exact but for rounding. One product
///   gradient-share             ||V'g||^2/||g||^2, V the eigenvectors of the --curvature-top K largest eigenvalues; sine of the angle between computed and true
///                              eigenspace, an estimate: ||residuals||_F/gap. At most N products (once for both), one gradient. Source: Gur-Ari et al., 1812.04754
///   eigenspace-overlap         ||V_last'V||_F^2/K with the eigenspace of the measurement before; the same sine. None the first time
///   preconditioned-lambda-max  of D^-1/2 H D^-1/2, D = (1 - beta1^t)(sqrt(v/(1 - beta2^t)) + 1e-8) Adam's own; residual. None before the first step. At most N
///                              products. Source: Cohen et al., arXiv 2207.14484
///
/// The next update is the step the optimizer would make from here on the batch that comes next, per unit of the rate: it costs a step's gradients.
inline constexpr std::array<std::string_view, 9> kCurvatureMeasures = {
    "lambda-max",         "lambda-min",     "trace",              "batch-sharpness",           "critical-sharpness", "directional-sharpness",
    "gradient-share",     "eigenspace-overlap", "preconditioned-lambda-max"};

constexpr std::int64_t kLeastProbes = 20;  ///< where a standard error is reported

/// The measures of a comma list, in the order above. @throws std::invalid_argument for an unknown or repeated one, or none.
std::vector<std::string> curvatureMeasures(const std::string& list);

bool tracks(const std::string& list, std::string_view measure);

/// "lambda_min": the column of curvature.csv.
std::string columnOf(std::string_view measure);

}  // namespace trainer
