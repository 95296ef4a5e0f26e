// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "analysis/export/result_file.h"

/// Pieces of json that the results share, and each result's own two functions, a file each: what --json prints, and back.
namespace analysis {

constexpr int kResultFormatVersion = 1;

/// JSON has no infinity: "inf", "-inf" and "nan" are computed values, null is one that was not computed.
nlohmann::ordered_json jsonNumber(double v);
/// Back again; null is NaN. @throws DataError for another word.
double numberOf(const nlohmann::json& j);
nlohmann::ordered_json jsonNumbers(const std::vector<double>& values);
std::vector<double> numbersOf(const nlohmann::json& list);

nlohmann::ordered_json specJson(const MeasureSpec& m);
MeasureSpec measureSpecOf(const nlohmann::json& spec, const std::string& run);

/// kind, format_version, run, step and command: what each document starts with.
nlohmann::ordered_json resultHead(const std::string& kind, const MeasureSpec& m, std::int64_t step, const Result& result);

/// origin: {checkpoint_hash, data_hash, train_command, program_version, torch_version, format, command, unknown}, what is known of it; nothing where nothing is.
void addOrigin(nlohmann::ordered_json& document, const Origin& origin);
/// Back again. @throws DataError naming `where` when it is no object of texts.
Origin originOf(const nlohmann::json& document, const std::string& where);

nlohmann::ordered_json document(const SpectrumResult& r);
SpectrumResult spectrumOf(const nlohmann::json& j);
nlohmann::ordered_json document(const SurfaceResult& r);
SurfaceResult surfaceOf(const nlohmann::json& j);
nlohmann::ordered_json document(const SharpnessResult& r);
SharpnessResult sharpnessOf(const nlohmann::json& j);
nlohmann::ordered_json document(const InvarianceResult& r);
InvarianceResult invarianceOf(const nlohmann::json& j);
nlohmann::ordered_json document(const MatchedResult& r);
MatchedResult matchedOf(const nlohmann::json& j);
nlohmann::ordered_json document(const KappaResult& r);
KappaResult kappaOf(const nlohmann::json& j);
nlohmann::ordered_json document(const PathResult& r);
PathResult pathOf(const nlohmann::json& j);
nlohmann::ordered_json document(const CheckResult& r);
CheckResult checkOf(const nlohmann::json& j);
nlohmann::ordered_json document(const OdditiesResult& r);
OdditiesResult odditiesOf(const nlohmann::json& j);
nlohmann::ordered_json document(const BenchResult& r);
BenchResult benchOf(const nlohmann::json& j);
nlohmann::ordered_json document(const ComparisonResult& r);
ComparisonResult comparisonOf(const nlohmann::json& j);
nlohmann::ordered_json document(const StudyResult& r);
StudyResult studyOf(const nlohmann::json& j);

}  // namespace analysis
