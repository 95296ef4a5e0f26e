// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/load_objective.h"
#include "analysis/operators/operator_spec.h"
#include "analysis/operators/transforms.h"

namespace analysis {

/// The ranges of the flat vector that `word` (OperatorSpec::restrictTo) means; everything for an empty one, neighbours joined.
/// @throws std::invalid_argument naming the layers there are.
std::vector<IndexRange> rangesOf(const trainer::ParameterLayout& layout, const std::string& word);

/// The layers of a network: the state-dict prefixes of its tensors ("layer1.0.conv1"), in their order.
std::vector<std::string> layerNames(const trainer::ParameterLayout& layout);

/// The operator at `theta` that `spec` describes, before restriction and preconditioning: of `kind` alone.
OwnedOperator makeOperator(Objective& objective, const std::string& kind, const at::Tensor& theta, std::int64_t memoryBytes, const Context& context);

/// The whole of it for a loaded run at theta0. The run must outlive it.
/// @throws std::invalid_argument (unknown word; a run without Adam's second moments), DataError, IoError
OwnedOperator makeOperator(LoadedRun& run, const MeasureSpec& measure, const OperatorSpec& spec, const Context& context);

/// D [P] of the checkpoint's Adam: sqrt(v / (1 - beta2^t)) + 1e-8, in theta's dtype; at step 0, where v is 0, there is none.
/// @throws std::invalid_argument where the run's optimizer keeps no second moments, or none at that step
at::Tensor adamDiagonal(const LoadedRun& run, const MeasureSpec& measure);

}  // namespace analysis
