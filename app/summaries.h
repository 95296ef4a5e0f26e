// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/result_file.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

/// What a person reads on stdout without --json.
namespace app {

std::string summarise(const trainer::RunSpec& spec, const trainer::RunRecord& record);
std::string summarise(const analysis::SpectrumResult& result);
std::string summarise(const analysis::SurfaceResult& result);
std::string summarise(const analysis::CheckResult& result);
std::string summarise(const analysis::OdditiesResult& result);
std::string summarise(const analysis::Sharpness& sharpness);
std::string summarise(const analysis::Invariance& invariance);
std::string summarise(const analysis::Matched& matched);
std::string summarise(const analysis::Kappa& kappa);
std::string summarise(const analysis::Path& path);
std::string summarise(const analysis::Comparison& comparison);
std::string summarise(const analysis::Study& study);
std::string summarise(const analysis::BenchResult& result);
std::string summarise(const analysis::Result& result);

}  // namespace app
