// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/objective.h"
#include "trainer/chunk_memory.h"
#include "trainer/data/dataset.h"
#include "trainer/model/loss.h"
#include "trainer/model/model.h"

namespace analysis {

/// Which statistics batch norm uses (NUMERICS.md section 3). Models without one are the same under all.
/// eval: the checkpoint's running statistics. train: those of each chunk, which then are batches: another, batch-coupled loss. recomputed: re-estimated at
/// each theta on the statistics' samples, and held while differentiating.
enum class BatchNormPolicy { eval, train, recomputed };

/// The in-process objective: the mean loss of a trainer::Model over a data set, plus (weightDecay/2) ||theta||^2, without dropout.
/// For tokens the mean is over all of them; samples are items all the same.
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
    std::int64_t chunk = 0; ///< samples a chunk; 0: by device and size of an item. Policy train: the batch size
    BatchNormPolicy policy = BatchNormPolicy::eval;
    trainer::Dataset statisticsData{};   ///< recomputed: where the statistics are taken from, in its order; undefined: data
    std::int64_t statisticsBatch = 128;  ///< recomputed: samples a batch
    bool normaliseLogits = false;        ///< z / sqrt(mean_c (z_c - mean z)^2), sample by sample; Andriushchenko et al. 2023, section 4
  };
  /// @throws std::invalid_argument for an empty data set, or theta or buffers of another size than the model's.
  explicit ModelObjective(Parts parts);

  const trainer::ParameterLayout& layout() const override { return parts_.model->layout(); }
  const at::Tensor& theta0() const override { return parts_.theta; }
  std::int64_t sampleCount() const override { return parts_.data.count(); }
  at::Tensor statistics(const at::Tensor& theta) override;
  Evaluation evaluate(const at::Tensor& theta) override;
  Evaluation evaluateWith(const at::Tensor& theta, const at::Tensor& statistics) override;
  at::Tensor gradient(const at::Tensor& theta) override;
  at::Tensor outputs(const at::Tensor& theta) override;
  std::unique_ptr<Objective> part(std::int64_t from, std::int64_t to) const override;
  std::unique_ptr<LinearOperator> hessian(const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) override;
  std::unique_ptr<LinearOperator> outputCurvature(OutputCurvature kind, const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) override;
  std::string stateHash() const override;

  /// Where a forward pass takes place: theta [P] and the statistics [B] used there.
  struct Point {
    at::Tensor theta, statistics;
  };
  const Parts& parts() const { return parts_; }
  std::int64_t chunkCount() const;
  std::int64_t chunkSize() const { return chunk_; }  ///< parts().chunk, or what memory had room for
  /// work(), which goes through the chunks, begun anew with smaller ones where memory runs out. @throws DeviceError where chunksAreBatches().
  template <class Work>
  auto withinMemory(const Work& work) const {
    return trainer::withinMemory(chunk_, sampleCount(), chunksAreBatches(), work);
  }
  double weightDecay() const { return parts_.weightDecay; }
  /// Outputs of chunk c, [n,C] (tokens: [n T,V]), differentiable.
  at::Tensor chunkOutputs(std::int64_t c, const Point& at) const { return run(c, at).outputs; }
  at::Tensor chunkLabels(std::int64_t c) const;  ///< [n] or [n,T]
  /// (n_c / N) times the mean loss of chunk c, a scalar that can be differentiated; the L2 term is not in it.
  at::Tensor chunkLoss(std::int64_t c, const Point& at) const;

 protected:
  struct Chunk {
    at::Tensor inputs, labels;  ///< as they are in the data: not normalised
  };
  /// What a subclass may change: the samples of a chunk, and how the network is run on them.
  virtual Chunk chunk(std::int64_t c) const;
  virtual trainer::Pass pass(std::int64_t c, const at::Tensor& statistics) const;
  /// Whether the samples of a chunk are tied together, so that other chunks are another loss.
  virtual bool chunksAreBatches() const { return parts_.policy == BatchNormPolicy::train && parts_.buffers.numel() > 0; }

 private:
  struct Run {
    at::Tensor outputs, labels;
  };
  Run run(std::int64_t c, const Point& at) const;
  Evaluation evaluateAt(const Point& at) const;
  Evaluation evaluateChunks(const Point& at) const;
  Parts parts_;
  mutable std::int64_t chunk_ = 0;        ///< how the sum is cut, which is no part of what it is
  std::unique_ptr<ModelObjective> held_;  ///< this one by the policy eval, for evaluateWith()
};

/// Half of the memory that is free on a device (CPU: MemAvailable, less where a control group allows less).
std::int64_t defaultMemoryBudget(const at::Device& device);

}  // namespace analysis
