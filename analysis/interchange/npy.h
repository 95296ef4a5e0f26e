// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/interchange/named_array.h"

/// NumPy's .npy and .npz in memory.
namespace analysis {

/// The bytes of a .npy file, version 1: '<f8' or '|u1' for numbers, '|S<longest>' for texts.
std::string npyBytes(const NamedArray& array);

/// The first array in `bytes`; `end`, where given, becomes the place behind it (numpy.save may write several into one file). Numbers of any little-endian type, bool
/// and texts ('|S', '<U'). `name`: of the file, for messages. @throws DataError
NamedArray npyArray(std::string_view bytes, const std::string& name, std::size_t* end = nullptr);

/// The bytes of a .npz file as numpy.savez writes it: an uncompressed zip, a member a name. No time inside.
std::string npzBytes(const NamedArrays& arrays);

/// The arrays of a .npz file (numpy.savez or savez_compressed). Members that are no arrays of numbers or texts (pickled objects) are left out; their names are
/// added to `skipped`. @throws DataError
NamedArrays npzArrays(std::string_view bytes, const std::string& name, std::vector<std::string>& skipped);

}  // namespace analysis
