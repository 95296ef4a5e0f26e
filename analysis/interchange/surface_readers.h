// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "analysis/figure/provenance.h"
#include "analysis/interchange/named_array.h"
#include "analysis/interchange/read_surface.h"

/// The parts of readSurfaceFile(), a layout each. `name`: the file's, for messages.
namespace analysis {

/// What this program wrote: surfaceArrays() under their names (a .npz, the group of a .h5, the columns of a .csv) and its provenance. Also arrays of others that go
/// by the same names (x, y and loss, train_loss ...). Names that are not known become fields.
/// @throws DataError when they do not fit together
ImportedSurface surfaceOfArrays(const NamedArrays& arrays, const Provenance& provenance, const std::string& format, const std::string& name);

/// The columns that hold a loss, in the order in which they are looked for; nullptr where there is none.
const NamedArray* lossArray(const NamedArrays& arrays);

ImportedSurface liSurface(const NamedArrays& arrays, const std::string& name);                 ///< xcoordinates, train_loss ...
ImportedSurface losscapeSurface(const NamedArrays& arrays, const std::string& name);           ///< X, Y, losses
ImportedSurface garipovPlane(const NamedArrays& arrays, const std::string& name);              ///< grid, tr_loss ...
ImportedSurface garipovCurve(const NamedArrays& arrays, const std::string& name);              ///< ts, tr_loss ...
ImportedSurface landscaperSurface(const NamedArrays& arrays, const std::string& name);         ///< loss, coordinates
ImportedSurface bareArray(const NamedArray& array, bool straightenRows, const std::string& name);  ///< a .npy of one array
ImportedSurface csvSurface(const std::string& text, const std::string& name);

/// Fills what a grid that was put together from a file still lacks: computed (where the loss is a number), values that are not there (NaN), the loss at (0, 0), how
/// many points there are; turns axes that descend; says which points are missing or not finite.
/// @throws DataError when an axis is not finite or has a value twice, or sizes do not fit
void finishGrid(ImportedSurface& surface, const std::string& name);

[[noreturn]] void refuseSurface(const std::string& name, const std::string& what);  ///< DataError "'name' cannot be read as a surface: what"

}  // namespace analysis
