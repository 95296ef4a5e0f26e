// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/export/result_file.h"
#include "analysis/figure/provenance.h"

/// The one place that says where a result comes from. Writers only format it.
namespace analysis {

/// The result with its origin: hashes read from its run (the checkpoint's header and summary; nothing where the run is not there) and the versions of this
/// program, where it has none yet.
Result withOrigin(Result result);

/// command, kind, run, step, every single number and word at the top of its json but the time it took, seed and direction_seed, for a surface its description and
/// direction_x, direction_y, norm_x, norm_y; checkpoint_hash, data_hash, train_command, program_version, torch_version; of a foreign file: format and unknown.
Provenance provenanceOf(const Result& result);

}  // namespace analysis
