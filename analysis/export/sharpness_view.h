// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

/// Pictures of the sharpness of a checkpoint, and of what compares it.
namespace analysis {

/// A panel a kind: the rise over rho, a curve a norm and scale with its standard errors; and the error of the penalty's difference over its radius.
Figure sharpnessFigure(const SharpnessResult& r);

/// A panel a transformation with each measure over its value before.
Figure invarianceFigure(const InvarianceResult& r);

/// A panel a quantity, a point a run.
Figure matchedFigure(const MatchedResult& r);

/// kappa(h) from losses and from gradients with u'Hu.
Figure kappaFigure(const KappaResult& r);

}  // namespace analysis
