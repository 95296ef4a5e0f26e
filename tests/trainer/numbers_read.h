// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>
#include <ATen/record_function.h>

#include <memory>
#include <string_view>

namespace trainer {

/// How often `work` has read a number out of a tensor, for which the host would have to wait for a device.
template <class Work>
int numbersRead(Work&& work) {
  static int count;
  count = 0;
  const auto seen = [](const at::RecordFunction& f) -> std::unique_ptr<at::ObserverContext> {
    for (const std::string_view name : {"aten::_local_scalar_dense", "aten::equal", "aten::is_nonzero", "aten::nonzero"})
      if (f.name() == name) ++count;
    return nullptr;
  };
  const at::CallbackHandle handle = at::addThreadLocalCallback(at::RecordFunctionCallback(seen).scopes({at::RecordScope::FUNCTION}));
  work();
  at::removeCallback(handle);
  return count;
}

}  // namespace trainer
