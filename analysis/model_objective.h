// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/objective.h"
#include "trainer/data/dataset.h"
#include "trainer/model/loss.h"
#include "trainer/model/model.h"

namespace analysis {

/// The in-process objective: the mean loss of a trainer::Model over a data set, plus (weightDecay/2) ||theta||^2, in evaluation mode (running statistics
/// as they are, no dropout). For tokens the mean is over all of them; samples are items all the same.
///
/// Images stay bytes and are normalised chunk by chunk; a chunk is what keeps a small network's activations in the CPU's cache.
class ModelObjective : public Objective {
 public:
  struct Parts {
    std::shared_ptr<const trainer::Model> model;
    at::Tensor theta;       ///< [P]; its dtype is the precision, its device the device (data and buffers are moved there)
    at::Tensor buffers{};   ///< [B] running statistics; undefined: the model's initial ones
    trainer::Dataset data;
    trainer::Normalisation normalisation;
    trainer::LossOptions loss{};
    double weightDecay = 0;
    std::int64_t chunk = 0; ///< samples a chunk; 0: by device and size of an item
  };
  /// @throws std::invalid_argument for an empty data set, or theta or buffers of another size than the model's.
  explicit ModelObjective(Parts parts);

  const trainer::ParameterLayout& layout() const override { return parts_.model->layout(); }
  const at::Tensor& theta0() const override { return parts_.theta; }
  std::int64_t sampleCount() const override { return parts_.data.count(); }
  Evaluation evaluate(const at::Tensor& theta) override;
  at::Tensor gradient(const at::Tensor& theta) override;
  std::unique_ptr<LinearOperator> hessian(const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) override;
  std::string stateHash() const override;

  std::int64_t chunkCount() const;
  double weightDecay() const { return parts_.weightDecay; }
  /// (n_c / N) times the mean loss of chunk c at `theta`, a scalar that can be differentiated; the L2 term is not in it.
  at::Tensor chunkLoss(std::int64_t c, const at::Tensor& theta) const;

 private:
  at::Tensor chunkLogits(std::int64_t c, const at::Tensor& theta) const;
  at::Tensor chunkLabels(std::int64_t c) const;
  Parts parts_;
};

/// Half of the memory that is free on a device ("cpu": MemAvailable, less where a control group allows less).
std::int64_t defaultMemoryBudget(const at::Device& device);

}  // namespace analysis
