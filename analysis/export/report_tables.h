// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/report.h"

/// The tables of the report page, as html; every text of a user's is escaped.
namespace analysis {

/// Where each run ended: losses, accuracies, extreme eigenvalues with residuals, norm, cost. A column a run: that many fit on a phone.
std::string endTable(const std::vector<ReportRun>& runs);

/// Every eigenvalue with its residual and error estimate; empty where none was measured.
std::string eigenvalueTable(const std::vector<ReportRun>& runs);

std::string tableHtml(const ReportTable& table);

/// The same numbers as endTable() in full precision.
std::string tableCsv(const std::vector<ReportRun>& runs, const std::string& command);

}  // namespace analysis
