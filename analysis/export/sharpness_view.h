// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

/// Table and picture of the sharpness of a checkpoint.
namespace analysis {

/// A line a measure, with its quality.
std::string csv(const SharpnessResult& r);

/// A panel a kind: the rise over rho, a curve a norm and scale with its standard errors; and the error of the penalty's difference over its radius.
Figure sharpnessFigure(const SharpnessResult& r);

}  // namespace analysis
