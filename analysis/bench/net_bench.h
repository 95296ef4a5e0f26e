// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "analysis/bench/in_turn.h"
#include "analysis/bench/workload.h"
#include "analysis/spectrum/lanczos.h"

namespace analysis {

/// Measures one network: what bench_targets.h lists, in an order in which what is always measured comes first.
///
/// Before anything is timed the network is trained for 20 plain steps, so that its curvature is that of a network which has begun to learn; running statistics of
/// batch norm are those of these steps. Products are of the plain loss in evaluation mode. What is timed is what the verbs do: the operators, extremeEigenpairs, Plane,
/// the parts of a training step, TrackedCurvature.
///   forward      chunk by chunk as the objective, of inputs that are normalised already, in inference mode, losses summed
///   Lanczos      50 steps on a diagonal matrix of the same size, whose own pass over P numbers stays in the time
///   tracking     one warm measurement 10 steps behind the last; an epoch is that of the data set of this shape (Workload)
///   walk         points on walkSamples images, without a test set
class NetBench {
 public:
  using Clock = std::chrono::steady_clock;
  /// `out` is filled as it goes. All must outlive it.
  NetBench(const Workload& workload, BenchNet& out, const MeasureSpec& measure, const trainer::Context& context);

  /// Seconds of a gradient, once, before the training: what its share of a budget goes by.
  double firstSeconds();
  /// Trains; products, steps and grid points at least three times each; what is left by `end` is left out, with the reason.
  /// @throws Cancelled, NumericalError
  void run(Clock::time_point end);

 private:
  struct Item {
    const char* name;
    void (NetBench::*measure)(double seconds);
    double share;
    bool always;
  };
  void train();
  void products(double seconds);
  void steps(double seconds);
  void gridPoints(double seconds);
  void walk(double seconds);
  void lambdaMax(double seconds);
  void bothEnds(double seconds);
  void fiveLargest(double seconds);
  void vectorWork(double seconds);
  void doubleProducts(double seconds);
  void tracking(double seconds);

  Eigenpairs pairs(std::int64_t top, std::int64_t bottom, const char* name);
  std::unique_ptr<LinearOperator> keptHessian();
  at::Tensor direction() const;
  void add(BenchQuantity q) { out_.quantities.push_back(std::move(q)); }
  void leaveOut(const std::string& name, const std::string& why) { out_.leftOut.push_back(name + ": " + why); }

  const Workload& workload_;
  BenchNet& out_;
  const MeasureSpec& measure_;
  const trainer::Context& context_;
  at::Tensor theta_, buffers_;            ///< behind the training, once it is done
  std::unique_ptr<ModelObjective> objective_;
  double plainStep_ = 0;                  ///< median seconds
};

}  // namespace analysis
