// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/step_log.h"

#include <ATen/ATen.h>

#include <cmath>
#include <utility>

namespace trainer {
namespace {

constexpr std::int64_t kGpuSteps = 32;

}  // namespace

StepLog::StepLog(const at::Device& device)
    : capacity_(device.is_cpu() ? 1 : kGpuSteps), good_(at::ones({}, at::TensorOptions(at::kBool).device(device))) {}

void StepLog::add(StepRecord record, const at::Tensor& loss, const at::Tensor& gradientNorm) {
  const at::Tensor measured = at::stack({loss.to(at::kDouble), gradientNorm.to(at::kDouble)});
  good_ = good_.logical_and(at::isfinite(measured).all());
  records_.push_back(record);
  measured_.push_back(measured);
}

StepLog::Fetched StepLog::fetch() {
  Fetched result;
  if (records_.empty()) return result;
  const at::Tensor all = at::stack(measured_).to(at::kCPU);
  const auto values = all.accessor<double, 2>();
  for (std::size_t i = 0; i < records_.size() && !result.notFinite; ++i) {
    StepRecord& r = records_[i];
    r.loss = values[static_cast<std::int64_t>(i)][0];
    r.gradientNorm = values[static_cast<std::int64_t>(i)][1];
    if (std::isfinite(r.loss) && std::isfinite(r.gradientNorm)) result.records.push_back(r);
    else result.notFinite = r;
  }
  records_.clear();
  measured_.clear();
  return result;
}

}  // namespace trainer
