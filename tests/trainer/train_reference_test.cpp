// SPDX-License-Identifier: GPL-3.0-or-later
// A few steps of training against a second, plainer computation: a tensor a parameter, one formula a line, no flat vector, no optimizer class.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "tests/trainer/temporary_folder.h"
#include "trainer/data/dataset.h"
#include "trainer/model/checkpoint.h"
#include "trainer/run/run_store.h"
#include "trainer/run/train.h"

namespace trainer {
namespace {

using Tensors = std::vector<at::Tensor>;

double normOf(const Tensors& tensors) {
  double squares = 0;
  for (const at::Tensor& t : tensors) squares += t.square().sum().item<double>();
  return std::sqrt(squares);
}

/// x + factor y, tensor by tensor.
Tensors plus(const Tensors& x, double factor, const Tensors& y) {
  Tensors result;
  for (std::size_t i = 0; i < x.size(); ++i) result.push_back(x[i] + factor * y[i]);
  return result;
}

Tensors scaled(const Tensors& x, double factor) { return plus(x, factor - 1, x); }

class PlainTraining {
 public:
  explicit PlainTraining(const RunSpec& spec) : spec_(spec), data_(loadData(spec.data)) {
    const auto model = buildModel(spec.model, spec.activation, data_.shape);
    const at::Tensor theta = initialise(model->layout(), spec.seed, at::kDouble);
    for (const ParameterSlice& slice : model->layout().slices()) {
      parameters_.push_back(theta.narrow(0, slice.offset, slice.count()).view(slice.shape).clone());
      buffers_.push_back(at::zeros(slice.shape, at::kDouble));
    }
    images_ = (data_.train.inputs.to(at::kDouble) / 16 - data_.normalisation.mean[0]) / data_.normalisation.deviation[0];
  }

  void run() {
    const std::int64_t count = data_.train.count();
    const std::int64_t stepsPerEpoch = (count + spec_.batchSize - 1) / spec_.batchSize;
    const double total = static_cast<double>(stepsPerEpoch * spec_.epochs);
    std::int64_t step = 0;
    for (std::int64_t epoch = 0; epoch < spec_.epochs; ++epoch) {
      const at::Tensor order = at::tensor(epochOrder(count, spec_.seed, epoch), at::kLong);
      for (std::int64_t start = 0; start < count; start += spec_.batchSize, ++step) {
        batch_ = order.slice(0, start, std::min(start + spec_.batchSize, count));
        takeStep(0.5 * *spec_.learningRate * (1 + std::cos(M_PI * static_cast<double>(step) / total)));
      }
    }
  }

  at::Tensor flat() const {
    Tensors pieces;
    for (const at::Tensor& p : parameters_) pieces.push_back(p.reshape({-1}));
    return at::cat(pieces);
  }
  std::vector<double> losses, norms;

 private:
  /// Cross entropy + (wd/2) of all squares, by log-softmax written out; its gradient is taken through both terms.
  Tensors gradientAt(const Tensors& point, double* lossOut) {
    Tensors leaves;
    for (const at::Tensor& p : point) leaves.push_back(p.detach().clone().requires_grad_());
    at::Tensor h = images_.index_select(0, batch_).view({-1, 64});
    for (std::size_t i = 0; i < leaves.size(); i += 2) {
      if (i > 0) h = at::tanh(h);
      h = at::matmul(h, leaves[i].t()) + leaves[i + 1];
    }
    const at::Tensor labels = data_.train.labels.index_select(0, batch_);
    at::Tensor loss = (h.logsumexp(1) - h.gather(1, labels.unsqueeze(1)).squeeze(1)).mean();
    for (const at::Tensor& leaf : leaves) loss = loss + 0.5 * spec_.weightDecay * leaf.square().sum();
    if (lossOut) *lossOut = loss.item<double>();
    return torch::autograd::grad({loss}, leaves);
  }

  void takeStep(double rate) {
    double loss = 0;
    const Tensors g1 = gradientAt(parameters_, &loss);
    const double norm = normOf(g1);
    losses.push_back(loss);
    norms.push_back(norm);
    Tensors g = g1;
    if (spec_.sharpness != "none") {
      const Tensors g2 = gradientAt(plus(parameters_, *spec_.rho / norm, g1), nullptr);
      const double alpha = spec_.sharpness == "sam" ? 1.0 : *spec_.alpha;
      const double reference = spec_.referenceTerm == "unit" ? 1 / norm : 1;
      g = plus(scaled(g1, (1 - alpha) * reference), alpha, g2);
    }
    if (spec_.clipNorm) g = scaled(g, std::min(1.0, *spec_.clipNorm / normOf(g)));
    buffers_ = plus(scaled(buffers_, *spec_.momentum), 1, g);
    parameters_ = plus(parameters_, -rate, spec_.nesterov ? plus(g, *spec_.momentum, buffers_) : buffers_);
  }

  RunSpec spec_;
  DataSplit data_;
  at::Tensor images_, batch_;
  Tensors parameters_, buffers_;
};

RunSpec baseSpec() {
  RunSpec spec;
  spec.data = "digits";
  spec.model = "mlp:64-8-10";
  spec.activation = "tanh";
  spec.precision = "double";
  spec.batchSize = 500;
  spec.epochs = 2;  // six steps, two of them on short batches
  spec.device = "cpu";
  spec.threads = 1;
  spec.seed = 9;
  spec.learningRate = 0.3;
  spec.momentum = 0.9;
  return spec;
}

void expectAgreement(const RunSpec& spec) {
  const TemporaryFolder folder;
  const RunRecord record = train(spec, folder / "run", {}, {});
  PlainTraining plain(spec);
  plain.run();
  const auto model = buildModel(spec.model, spec.activation, {.channels = 1, .height = 8, .width = 8, .classes = 10});
  const at::Tensor theta = readCheckpoint(findCheckpoint(folder / "run", "last").file, model->layout()).theta;
  // Six steps of sums of about 500 numbers of order one in double, in another order: 1e-12 leaves two digits.
  EXPECT_LT((theta - plain.flat()).abs().max().item<double>(), 1e-12);
  ASSERT_EQ(record.stepRecords.size(), plain.losses.size());
  for (std::size_t i = 0; i < plain.losses.size(); ++i) {
    EXPECT_NEAR(record.stepRecords[i].loss, plain.losses[i], 1e-12) << i;
    EXPECT_NEAR(record.stepRecords[i].gradientNorm, plain.norms[i], 1e-12) << i;
  }
}

TEST(TrainReference, momentum) { expectAgreement(baseSpec()); }

TEST(TrainReference, nesterovWithDecayAndClip) {
  RunSpec spec = baseSpec();
  spec.nesterov = true;
  spec.weightDecay = 0.01;
  spec.clipNorm = 0.3;
  expectAgreement(spec);
}

TEST(TrainReference, sam) {
  RunSpec spec = baseSpec();
  spec.sharpness = "sam";
  spec.rho = 0.2;
  spec.weightDecay = 0.01;
  expectAgreement(spec);
}

TEST(TrainReference, penalty) {
  RunSpec spec = baseSpec();
  spec.sharpness = "penalty";
  spec.rho = 0.2;
  spec.alpha = 0.7;
  spec.referenceTerm = "gradient";
  spec.weightDecay = 0.01;
  spec.clipNorm = 0.3;
  expectAgreement(spec);
  spec.referenceTerm = "unit";
  expectAgreement(spec);
}

}  // namespace
}  // namespace trainer
