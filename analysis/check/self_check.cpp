// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/check/self_check.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>

#include "analysis/operators/finite_difference.h"
#include "analysis/spectrum/krylov_space.h"

namespace analysis {
namespace {

constexpr double kFloatTolerance = 1e-4, kDoubleTolerance = 1e-10, kDifferenceTolerance = 1e-5;

double lengthOf(const at::Tensor& t) { return t.to(at::kDouble).norm().item<double>(); }
double relative(const at::Tensor& a, const at::Tensor& b) {
  const double length = lengthOf(a);
  return length > 0 ? lengthOf(a.to(at::kDouble) - b.to(at::kDouble)) / length : lengthOf(b);
}

/// A product of an operator made for it alone: nothing kept from the last one hides what changes.
at::Tensor product(Objective& objective, const at::Tensor& v, const Context& context) { return objective.hessian(objective.theta0(), 1, context)->apply(v); }

struct Properties {
  double repeatability = 0, symmetry = 0, linearity = 0, split = 0;
};

class Checker {
 public:
  Checker(const CheckSubject& subject, const Context& context) : subject_(subject), context_(context), whole_(subject.make(subject.conditions, false)) {
    const at::Tensor& theta = whole_->theta0();
    v_ = randomUnitVector(theta.numel(), theta.options().requires_grad(false), subject.seed);
    tolerance_ = theta.scalar_type() == at::kDouble ? kDoubleTolerance : kFloatTolerance;
    hash_ = whole_->stateHash();
  }

  std::vector<Check> run() {
    const Properties p = propertiesUnder(subject_.conditions);
    std::vector<Check> checks;
    checks.push_back(judged("repeatability", p.repeatability, &Properties::repeatability));
    checks.push_back(judged("symmetry", p.symmetry, &Properties::symmetry));
    checks.push_back(judged("linearity", p.linearity, &Properties::linearity));
    checks.push_back(judged("batch-split", p.split, &Properties::split));
    checks.push_back(gradient());
    checks.push_back(difference());
    checks.push_back(state());
    return checks;
  }

 private:
  Properties propertiesUnder(const Conditions& conditions) {
    const auto objective = subject_.make(conditions, false);
    const at::Tensor first = product(*objective, v_, context_), again = product(*objective, v_, context_);
    Properties p;
    p.repeatability = at::equal(first, again) ? 0 : relative(first, again);
    const double length = lengthOf(first);
    const at::Tensor u = length > 0 ? first / length : v_;
    const at::Tensor second = product(*objective, u, context_);
    p.symmetry = std::abs(dotInDouble(u, first) - dotInDouble(v_, second)) / (length > 0 ? length : 1);
    p.linearity = relative(first + second, product(*objective, v_ + u, context_));
    p.split = relative(first, product(*subject_.make(conditions, true), v_, context_));
    return p;
  }

  /// Measured once a condition, when the first check fails.
  const Properties& under(const std::string& condition) {
    const auto found = alone_.find(condition);
    return found != alone_.end() ? found->second : alone_.emplace(condition, propertiesUnder({condition})).first->second;
  }

  Check judged(const char* name, double value, double Properties::*property) {
    Check c{.name = name, .verdict = value <= tolerance_ ? Verdict::passed : Verdict::failed, .value = value, .tolerance = tolerance_, .culprit = {}, .advice = {}};
    if (c.verdict == Verdict::passed) {
      if (value > 0 && property == &Properties::repeatability) c.verdict = Verdict::informative, c.advice = "two products differ by rounding: sums are taken in another order each time";
      return c;
    }
    std::vector<std::string> culprits;
    for (const std::string& condition : subject_.conditions)
      if (under(condition).*property > tolerance_) culprits.push_back(condition);
    if (culprits.empty() && propertiesUnder({}).*property > tolerance_) {
      c.culprit = "unknown";
      c.advice = "it fails without any of the known conditions too: report it with this run";
      return c;
    }
    c.culprit = culprits.empty() ? fmt::format("{} together", fmt::join(subject_.conditions, " and ")) : fmt::format("{}", fmt::join(culprits, ", "));
    c.advice = adviceFor(culprits.empty() ? *subject_.conditions.begin() : culprits.front());
    return c;
  }

  static std::string adviceFor(const std::string& culprit) {
    static const std::map<std::string, std::string> kAdvice = {
        {condition::kDropout, "each product draws other masks: switch dropout off while measuring (evaluation mode)"},
        {condition::kAugmentation, "each product sees other pictures: measure without augmentation"},
        {condition::kShuffling, "each product sees other batches: fix the order of the samples"},
        {condition::kBatchNormTrain, "the loss of a sample depends on its batch: use --bn eval or recomputed, or name the batch size with the number"},
        {condition::kReducedPrecision, "matrix products are rounded to ten or fewer bits: switch TF32 (bfloat16) off, or use --precision double"},
        {condition::kKernels, "sums are taken in another order each time: ask for deterministic kernels, or use --precision double"}};
    return kAdvice.at(culprit);
  }

  Check gradient() {
    const at::Tensor& theta = whole_->theta0();
    const at::Tensor g = whole_->gradient(theta);
    const double length = lengthOf(g), h = stepFor(theta);
    if (length == 0) return {.name = "gradient", .verdict = Verdict::passed, .value = 0, .tolerance = kDifferenceTolerance, .culprit = {}, .advice = "the gradient is zero"};
    const at::Tensor e = g * (h / length);
    const double slope = (whole_->evaluate(theta + e).loss - whole_->evaluate(theta - e).loss) / (2 * h);
    return compared("gradient", std::abs(length - slope) / length);
  }

  Check difference() {
    const at::Tensor first = product(*whole_, v_, context_);
    const double length = lengthOf(first);
    const at::Tensor u = length > 0 ? first / length : v_;
    FiniteDifferenceOperator reference(*whole_, whole_->theta0());
    return compared("difference", relative(product(*whole_, u, context_), reference.apply(u)));
  }

  /// A finite step against a derivative: binding on smooth networks in double, in evaluation mode and without anything random.
  Check compared(const char* name, double value) const {
    const bool binding = subject_.smooth && whole_->theta0().scalar_type() == at::kDouble && subject_.conditions.empty();
    if (binding) return {.name = name, .verdict = value <= kDifferenceTolerance ? Verdict::passed : Verdict::failed, .value = value, .tolerance = kDifferenceTolerance,
                         .culprit = value <= kDifferenceTolerance ? "" : "unknown", .advice = {}};
    const char* why = whole_->theta0().scalar_type() != at::kDouble ? "rounding in float limits a finite step: --precision double says more"
                      : !subject_.smooth                            ? "the network has kinks: a finite step crosses them, so this is another quantity and not an error"
                                                                    : "under conditions of training a finite step says little";
    return {.name = name, .verdict = Verdict::informative, .value = value, .tolerance = 0, .culprit = {}, .advice = why};
  }

  Check state() const {
    const bool same = whole_->stateHash() == hash_;
    return {.name = "state", .verdict = same ? Verdict::passed : Verdict::failed, .value = same ? 0.0 : 1.0, .tolerance = 0, .culprit = same ? "" : "unknown",
            .advice = same ? "" : "the analysis changed the parameters, the statistics, the samples or the random state"};
  }

  static double stepFor(const at::Tensor& theta) { return std::cbrt(theta.scalar_type() == at::kDouble ? 2.2e-16 : 1.2e-7) * (1 + lengthOf(theta)); }

  const CheckSubject& subject_;
  const Context& context_;
  std::unique_ptr<Objective> whole_;
  at::Tensor v_;
  double tolerance_ = 0;
  std::string hash_;
  std::map<std::string, Properties> alone_;
};

}  // namespace

std::vector<Check> selfCheck(const CheckSubject& subject, const Context& context) { return Checker(subject, context).run(); }

}  // namespace analysis
