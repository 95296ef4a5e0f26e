// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <string>
#include <variant>

#include "analysis/export/result_file.h"

namespace ui {

/// A measure of a run as the session lists it: what it is, where it is kept, and the numbers where they have been read.
struct SessionResult {
  using Value = std::variant<std::monostate, std::shared_ptr<const analysis::SpectrumResult>, std::shared_ptr<const analysis::SurfaceResult>, std::shared_ptr<const analysis::SharpnessResult>,
                             std::shared_ptr<const analysis::InvarianceResult>, std::shared_ptr<const analysis::CheckResult>>;
  QString kind;      ///< "spectrum", "sharpness", "invariance", "check", "surface", "slice"; another verb's name where no page shows it
  QString name;      ///< "surface random × random"
  QString figure;    ///< "65 × 65", "step 1,380"
  std::string file;  ///< of the result; empty: nowhere but here
  Value value{};     ///< nothing where no page shows it, or where only its name is known
};

/// `result` as it is listed.
SessionResult sessionResult(const analysis::Result& result, const std::string& file);
SessionResult sessionResult(std::shared_ptr<const analysis::SpectrumResult> result, const std::string& file);
SessionResult sessionResult(std::shared_ptr<const analysis::SurfaceResult> result, const std::string& file);
SessionResult sessionResult(std::shared_ptr<const analysis::SharpnessResult> result, const std::string& file);
SessionResult sessionResult(std::shared_ptr<const analysis::InvarianceResult> result, const std::string& file);
SessionResult sessionResult(std::shared_ptr<const analysis::CheckResult> result, const std::string& file);

/// "eigen:1", "toward mlp-sgd": a folder or file without its path.
QString axisWord(const std::string& kind);

}  // namespace ui
