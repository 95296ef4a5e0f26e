// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/operators/linear_operator.h"
#include "analysis/spectrum/lanczos.h"
#include "trainer/model/parameter_layout.h"

namespace analysis {

struct LayersOptions {
  LanczosOptions lanczos;          ///< of each layer's lambda_max; top and bottom are not used
  double traceTarget = 0.02;       ///< relative standard error at which the traces stop, all of them
  std::int64_t traceProducts = 200;
};

/// lambda_max and trace of each layer's diagonal block A_ll.
///
/// lambda_max by Lanczos on the block (each product is one of A). The traces of all layers come from the same probes: v Rademacher over all parameters,
/// v_l . (A v)_l is unbiased for tr A_ll, so that they cost one product a probe for all layers together; the standard error includes what the other layers add.
/// @throws NumericalError, Cancelled
std::vector<LayerSpectrum> measureLayers(LinearOperator& a, const trainer::ParameterLayout& layout, const LayersOptions& options, const trainer::Context& context);

}  // namespace analysis
