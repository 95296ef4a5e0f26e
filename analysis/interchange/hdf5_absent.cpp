// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <stdexcept>

#include "analysis/interchange/hdf5_file.h"
#include "trainer/base/error.h"

namespace analysis {

bool hasHdf5() { return false; }

std::string withoutHdf5() { return "this program was built without HDF5: install libhdf5-dev and configure it again, or use .npz"; }

std::string hdf5Bytes(const NamedArrays&, const Provenance&) { throw std::invalid_argument(withoutHdf5()); }

Hdf5Content hdf5Content(const std::string&, const std::string& name) { throw trainer::DataError(fmt::format("'{}' cannot be read: {}", name, withoutHdf5())); }

}  // namespace analysis
