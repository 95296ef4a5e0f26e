// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/result_file.h"
#include "analysis/spectrum/spectrum.h"
#include "analysis/surface/surface_grid.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

/// What a person reads on stdout without --json.
namespace app {

std::string summarise(const trainer::RunSpec& spec, const trainer::RunRecord& record);
std::string summarise(const analysis::Spectrum& spectrum);
std::string summarise(const analysis::SurfaceGrid& grid);
std::string summarise(const analysis::Sharpness& sharpness);
std::string summarise(const analysis::Invariance& invariance);
std::string summarise(const analysis::Matched& matched);
std::string summarise(const analysis::Kappa& kappa);
std::string summarise(const analysis::Result& result);
std::string summarise(const analysis::Path& path);

}  // namespace app
