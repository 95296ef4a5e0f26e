// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/export/result_table.h"
#include "analysis/figure/provenance.h"
#include "analysis/surface/surface_grid.h"

/// Results as NumPy reads them, all numbers as float64.
namespace analysis {

/// surfaceArrays() and `metadata`: Provenance::text as bytes (numpy.load(f)["metadata"].item().decode()).
std::string npzFile(const SurfaceGrid& grid, const Provenance& provenance);

/// An array a column, named by it (<table>_<column> where there are several tables); empty cells are NaN. And `metadata`.
std::string npzFile(const std::vector<ResultTable>& tables, const Provenance& provenance);

/// What numpy.load(f) gives is the loss [rows of y, columns of x]. A .npy has no place for more, so behind it, as numpy.save writes several arrays into one open
/// file, follow x, y (none of a slice), computed and the metadata.
std::string npyFile(const SurfaceGrid& grid, const Provenance& provenance);

}  // namespace analysis
