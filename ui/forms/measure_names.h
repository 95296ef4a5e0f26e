// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <array>
#include <string>
#include <utility>

namespace ui {

/// What can be tracked while a network trains (trainer/run/curvature_measures.h): its word and what the window calls it.
inline constexpr std::array<std::pair<const char*, const char*>, 9> kMeasureNames = {{{"lambda-max", "\u03BBmax"},
                                                                                      {"lambda-min", "\u03BBmin"},
                                                                                      {"trace", "trace"},
                                                                                      {"batch-sharpness", "batch sharpness"},
                                                                                      {"critical-sharpness", "critical sharpness"},
                                                                                      {"directional-sharpness", "directional sharpness"},
                                                                                      {"gradient-share", "gradient in top space"},
                                                                                      {"eigenspace-overlap", "overlap of top space"},
                                                                                      {"preconditioned-lambda-max", "preconditioned \u03BBmax"}}};

/// The word itself where it has no name.
inline QString measureName(const std::string& measure) {
  for (const auto& [word, name] : kMeasureNames)
    if (measure == word) return QString::fromUtf8(name);
  return QString::fromStdString(measure);
}

}  // namespace ui
