// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "trainer/optim/base_step.h"

/// The makers behind makeBaseStep(), a file each. None of them knows of decay: it comes before, in base_step.cpp.
namespace trainer {

std::unique_ptr<BaseStep> makeSgd(const BaseOptions& options, const at::Tensor& theta);
std::unique_ptr<BaseStep> makeAdam(const BaseOptions& options, const at::Tensor& theta);
std::unique_ptr<BaseStep> makeLion(const BaseOptions& options, const at::Tensor& theta);
std::unique_ptr<BaseStep> makeMuon(const BaseOptions& options, const ParameterLayout& layout, const at::Tensor& theta);

}  // namespace trainer
