// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/export/result_file.h"

namespace ui {

/// The newest result with each part of a spectrum: they need not come from one measure.
struct SpectrumParts {
  std::shared_ptr<const analysis::SpectrumResult> pairs, density, trace, layers, extrapolation, verification;
  std::shared_ptr<const analysis::SpectrumResult> newest;  ///< of whichever parts
  bool operator==(const SpectrumParts&) const = default;

  /// Takes over every part that `result` has.
  void add(const std::shared_ptr<const analysis::SpectrumResult>& result) {
    const analysis::Spectrum& s = result->spectrum;
    if (!s.top.empty() || !s.bottom.empty()) pairs = result;
    if (s.density) density = result;
    if (s.trace) trace = result;
    if (!s.layers.empty()) layers = result;
    if (s.extrapolation) extrapolation = result;
    if (s.verification) verification = result;
    newest = result;
  }
  bool empty() const { return newest == nullptr; }
};

}  // namespace ui
