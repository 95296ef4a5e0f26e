// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/figure/provenance.h"
#include "analysis/interchange/named_array.h"

/// HDF5, where the program was built with it (SHARPSCAPE_HDF5).
namespace analysis {

bool hasHdf5();

/// What a file holds, as far as it is numbers and texts. Names of what lies in groups are "group/name".
struct Hdf5Content {
  NamedArrays arrays;
  Provenance attributes;             ///< texts that the root carries
  std::vector<std::string> skipped;  ///< names of what is neither number nor text
};

/// The bytes of a file: float64 (or unsigned bytes), texts in UTF-8, no time inside. @throws std::invalid_argument where there is no HDF5
std::string hdf5Bytes(const NamedArrays& arrays, const Provenance& attributes);

/// Back from a file's bytes; `name` for messages. @throws DataError for what is no HDF5, is cut short or damaged, and where there is no HDF5
Hdf5Content hdf5Content(const std::string& bytes, const std::string& name);

/// "this program was built without HDF5; ...": what to do.
std::string withoutHdf5();

}  // namespace analysis
