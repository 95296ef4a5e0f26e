// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/surface/plane.h"

namespace analysis {

/// A slice along spec.seeds random directions, seeds directionSeed, directionSeed + 1, ...: each one's curves, in grid.train and grid.test their mean, in
/// grid.trainDeviation and grid.testDeviation the deviation between them (n - 1). What spreads is the direction: samples and checkpoint are the same.
/// A stop leaves the mean of the whole slices there are (`stopped`); before the first is whole, that part of it.
/// Cost: spec.seeds slices. The observer sees the mean behind each slice.
SurfaceGrid sampleSeeds(Plane& plane, const SurfaceSpec& spec, const SurfaceObserver& observer, const Context& context);

}  // namespace analysis
