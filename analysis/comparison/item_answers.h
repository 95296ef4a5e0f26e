// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/tabulate.h"
#include "trainer/base/context.h"

namespace analysis {

/// How many items the sets of a run have, and what its network answers on the test set. One forward pass over it.
struct RunItems {
  std::int64_t train = 0, validation = 0, test = 0;
  std::shared_ptr<const ItemAnswers> answers;  ///< null for tokens, which follow each other and are no independent items
};

/// At the checkpoint, weights and batch-norm policy of `measure`; its samples and split are not used. The mean loss is that of evaluations.
/// @throws as loadRun() does, Cancelled
RunItems answerItems(const MeasureSpec& measure, const trainer::Context& context);

}  // namespace analysis
