// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/result_file.h"
#include "analysis/figure/provenance.h"

namespace analysis {

/// A surface in the HDF5 layout of Li et al. (github.com/tomgoldstein/loss-landscape), as their scripts read it: dir_file, xcoordinates, ycoordinates, train_loss,
/// train_acc, test_loss, test_acc (percent) declared (nx, ny) but enumerated y outer, x inner; -1 where not computed; max_eig where lambda-max was computed;
/// proj_xcoord and proj_ycoord of the first trajectory, so that the file serves as their projection file too. Where the samples are the validation set they stand
/// under train_..., which is what their scripts draw.
///
/// The group `sharpscape` holds surfaceArrays() besides, [rows of y, columns of x], accuracies as shares: what comes back bit for bit. Provenance: the root's attributes.
std::string liFile(const SurfaceResult& result, const Provenance& provenance);

}  // namespace analysis
