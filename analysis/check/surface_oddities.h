// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/check/oddities.h"
#include "analysis/export/result_file.h"
#include "trainer/base/context.h"

namespace analysis {

/// "Why does my surface look odd?": everything that is known to make one look so is looked for, and what can be measured on the run again is.
///
/// Of the numbers alone: gridOddities(). On the run, with its axes made again:
///
///   centre-value          the centre against L(theta) on the same samples; found above 1e-6 max(1, L) (double: 1e-10)
///   recorded-loss         and against what training recorded, where all samples and the plain loss were taken
///   cells-again           `probes` cells evaluated again; found above 1e-5 (double 1e-9; 1e-2 where an eigenvector had to be made again), and rows for columns
///   spikes                spikesOf(), evaluated again: another value, or a surface that changes faster than the grid
///   range                 against the curvature's scale 1/sqrt(d'Hd) along each axis, the loss that training started from, and the loss at the centre
///   curvature-over-step   the centre's second difference at the grid's step against d'Hd; found where they differ by more than half
///   rounding              the probes in double; found where it moves a value by more than one of 256 colours
///   batch-norm            the probes by the policies eval, train and recomputed; found where they differ by more than a tenth
///   samples               standard error of the loss at the centre against the span, and of the rise to the farthest probe (paired); found above a tenth
///   filter-normalisation  largest | ||d_f|| / ||w_f|| - 1 | over the filters of random axes and of axes from a file; found above 1e-3
///   one-d-tensors         share of ||d||^2 in biases and norms; found above a half
///   scale-invariance      the same function with its layers rescaled by 2 (ReLU): random axes drawn again, the rise to the farthest probe; found above 1e-2
///
/// Where the run is not there, or the surface is a mean over draws, only the first part is done and `without` says why.
/// Cost: up to 5 evaluations a probe, the axes again, two Hessian products.
/// @throws std::invalid_argument (probes < 2), NumericalError, Cancelled
Oddities findOddities(const SurfaceResult& surface, const std::vector<SurfaceResult>& beside, const OdditySpec& spec, const trainer::Context& context);

/// The same for files, and the spec with what the file said in it. Any file that readSurfaceFile() knows. @throws DataError, IoError
OdditiesResult checkSurface(OdditySpec spec, const trainer::Context& context);

/// The spec of a surface in memory. `file`: where it is kept, so that the command can name it.
OdditySpec odditySpecOf(const SurfaceResult& surface, std::string file = {});

}  // namespace analysis
