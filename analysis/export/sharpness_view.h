// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

/// Tables and pictures of the sharpness of a checkpoint, and of what compares it.
namespace analysis {

/// A line a measure, with its quality.
std::string csv(const SharpnessResult& r);

/// A panel a kind: the rise over rho, a curve a norm and scale with its standard errors; and the error of the penalty's difference over its radius.
Figure sharpnessFigure(const SharpnessResult& r);

/// A line a transformation and measure; a panel a transformation with each measure over its value before.
std::string csv(const InvarianceResult& r);
Figure invarianceFigure(const InvarianceResult& r);

/// A line a run and quantity; a panel a quantity, a point a run.
std::string csv(const MatchedResult& r);
Figure matchedFigure(const MatchedResult& r);

/// A line a step; kappa(h) from losses and from gradients with u'Hu.
std::string csv(const KappaResult& r);
Figure kappaFigure(const KappaResult& r);

}  // namespace analysis
