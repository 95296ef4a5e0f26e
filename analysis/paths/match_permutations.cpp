// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/paths/match_permutations.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "analysis/paths/assignment.h"
#include "analysis/surface/plain_sums.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr std::int64_t kMostRounds = 200;  ///< each one brings the two nearer, so that it ends by itself; far above what was seen (3 to 12)
constexpr double kGain = 1e-12;            ///< of the squared norms: what rounding of the sums can feign

/// S_ij = sum over the group's tensors of <unit i of a, unit j of b>, [n,n].
at::Tensor similarities(const PermutationGroup& group, const at::Tensor& a, const at::Tensor& b) {
  at::Tensor sum = at::zeros({group.size, group.size}, at::kDouble);
  for (const PermutedAxis& axis : group.axes)
    if (!axis.buffer) sum += unitRows(axis, a).matmul(unitRows(axis, b).t());
  return sum.contiguous();
}

/// first then second: unit i is what unit first[second[i]] was.
std::vector<std::int64_t> after(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second) {
  std::vector<std::int64_t> both;
  for (const std::int64_t i : second) both.push_back(first[static_cast<std::size_t>(i)]);
  return both;
}

class Matcher {
 public:
  Matcher(const std::vector<PermutationGroup>& groups, const at::Tensor& a, const at::Tensor& b)
      : groups_(groups), a_(doublesOnCpu(a)), b_(doublesOnCpu(b).clone()), least_(kGain * (dot(numbers(a_), numbers(a_)) + dot(numbers(b_), numbers(b_)))) {
    match_.permutations = identityPermutations(groups);
    match_.distanceBefore = (a_ - b_).norm().item<double>();
  }

  Match run(std::uint64_t seed, const trainer::Context& context) {
    const auto count = static_cast<std::int64_t>(groups_.size());
    for (bool changed = true; changed && match_.rounds < kMostRounds; ++match_.rounds) {
      changed = false;
      for (const std::int64_t g : trainer::permutation(count, trainer::deriveSeed(seed, fmt::format("match/{}", match_.rounds)))) {
        context.checkpoint();
        changed = improve(static_cast<std::size_t>(g)) || changed;
      }
      context.report({.stage = "matching units", .unit = "rounds", .done = match_.rounds + 1});
    }
    match_.distanceAfter = (a_ - b_).norm().item<double>();
    for (const auto& permutation : match_.permutations)
      for (std::size_t i = 0; i < permutation.size(); ++i) match_.moved += permutation[i] != static_cast<std::int64_t>(i) ? 1 : 0;
    return match_;
  }

 private:
  bool improve(std::size_t g) {
    const at::Tensor s = similarities(groups_[g], a_, b_);
    const std::vector<std::int64_t> best = largestAssignment(numbers(s), groups_[g].size);
    double gain = 0;
    for (std::size_t i = 0; i < best.size(); ++i)
      gain += s[static_cast<std::int64_t>(i)][best[i]].item<double>() - s[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(i)].item<double>();
    if (!(gain > least_)) return false;
    match_.permutations[g] = after(match_.permutations[g], best);
    permute(groups_[g], best, {b_, {}});
    return true;
  }

  const std::vector<PermutationGroup>& groups_;
  at::Tensor a_, b_;
  double least_;
  Match match_;
};

}  // namespace

Match matchPermutations(const std::vector<PermutationGroup>& groups, const at::Tensor& a, const at::Tensor& b, std::uint64_t seed, const trainer::Context& context) {
  return Matcher(groups, a, b).run(seed, context);
}

}  // namespace analysis
