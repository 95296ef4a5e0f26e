// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/base/context.h"

#include "trainer/base/error.h"

namespace trainer {

void Context::checkpoint() const {
  if (waitWhilePaused) waitWhilePaused();
  if (stop.stop_requested()) throw Cancelled();
}

}  // namespace trainer
