// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/run/run_record.h"

/// curvature.csv: the columns of lambda_max, as ever, then seven for each further measure M: M, M_error, M_products, M_gradients, M_forward_passes, M_items, M_seconds.
namespace trainer {

std::string curvatureHeader(const CurvatureRecord& record);
std::string curvatureLine(const CurvatureRecord& record);

/// None where there is no such file. @throws DataError
std::vector<CurvatureRecord> readCurvature(const std::filesystem::path& file);

}  // namespace trainer
