// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "trainer/optim/base_steps.h"
#include "trainer/optim/norms.h"

namespace trainer {
namespace {

constexpr int kIterations = 5;
constexpr double kA = 3.4445, kB = -4.7750, kC = 2.0315;

/// Five Newton-Schulz iterations X <- a X + (b A + c A A) X, A = X X^T, from X = m/||m|| (of the transpose where there are more rows than columns),
/// for matrices m [k, rows, columns] of one shape: near the orthogonal factor U V^T of each, with singular values of about 0.7 to 1.2. 0 for m = 0.
/// Cost: 15 products of matrices.
at::Tensor orthogonalised(const at::Tensor& m) {
  const bool tall = m.size(1) > m.size(2);
  const at::Tensor length = at::linalg_vector_norm(m, 2, at::IntArrayRef{1, 2}, /*keepdim=*/true, at::kDouble);
  at::Tensor x = (tall ? m.mT() : m) * perLength(1, length).to(m.scalar_type());
  for (int i = 0; i < kIterations; ++i) {
    const at::Tensor a = x.bmm(x.mT());
    x = at::baddbmm(x, at::baddbmm(a, a, a, kB, kC), x, kA);
  }
  return tall ? x.mT() : x;
}

/// Tables of vectors, whatever their kind says: rows are looked up, not multiplied with.
bool isEmbedding(const ParameterSlice& slice) {
  constexpr std::string_view kNames[] = {"wte.weight", "wpe.weight", "pos_embed", "cls_token"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view name) { return slice.name.ends_with(name); });
}

bool isMatrix(const ParameterSlice& slice) { return slice.kind == ParameterKind::weight && slice.shape.size() >= 2 && !isEmbedding(slice); }

/// A stretch of theta.
struct Part {
  std::int64_t offset = 0, count = 0;
};

/// The matrices of one shape, which are worked on together.
using Shape = std::pair<std::int64_t, std::int64_t>;  ///< rows, columns
using Matrices = std::map<Shape, std::vector<Part>>;

/// Muon on the matrices ([out, rest] of a convolution's weight), torch's Adam on one vector of everything else, at the same rate. The momenta of the
/// published codes (Jordan: b = mu b + (1 - mu) g, Liu et al.: b = mu b + g) differ by a factor, which the normalisation takes out; both are
/// Nesterov's. They iterate in bfloat16 and add 1e-7 to ||m||; here theta's dtype and a guard. Scale: 0.2 sqrt(max(rows, columns)) (Liu et al., arXiv
/// 2502.16982, eq. 4), so that an entry of the update is about as large as AdamW's; Jordan's is sqrt(max(1, rows/columns)).
/// Memory: one vector, and two of the others' size.
class Muon : public BaseStep {
 public:
  Muon(const BaseOptions& options, const ParameterLayout& layout, const at::Tensor& theta)
      : mu_(options.momentum), momentum_(at::zeros_like(theta.detach())) {
    split(layout);
    rest_ = gathered(theta.detach());
    adam_ = makeAdam(options, rest_);
  }

  void apply(at::Tensor theta, const at::Tensor& gradient, double rate) override {
    const at::Tensor values = theta.detach();
    momentum_.mul_(mu_).add_(gradient, 1 - mu_);
    const at::Tensor update = (momentum_ * mu_).add_(gradient, 1 - mu_);
    for (const auto& [shape, parts] : matrices_) {
      const double scale = 0.2 * std::sqrt(static_cast<double>(std::max(shape.first, shape.second)));
      at::_foreach_add_(views(values, shape, parts), orthogonalised(at::stack(views(update, shape, parts))).unbind(), -rate * scale);
    }
    if (others_.empty()) return;
    rest_.copy_(gathered(values));
    adam_->apply(rest_, gathered(gradient), rate);
    scatter(rest_, values);
  }

  OptimizerState state() const override {
    OptimizerState state = adam_->state();
    for (auto& [name, vector] : state.vectors) vector = spread(vector);
    state.vectors.emplace_back("muon_momentum", momentum_.clone());
    return state;
  }
  void restore(const OptimizerState& state) override {
    OptimizerState adam{.vectors = {}, .numbers = state.numbers};
    for (const char* name : {"exp_avg", "exp_avg_sq"})
      if (const at::Tensor kept = vectorOf(state, name); kept.defined()) adam.vectors.emplace_back(name, gathered(kept));
    adam_->restore(adam);
    const at::Tensor kept = vectorOf(state, "muon_momentum");
    if (kept.defined())
      momentum_.copy_(kept);
    else
      momentum_.zero_();
  }

 private:
  /// The last matrix is the classifier: to the others.
  void split(const ParameterLayout& layout) {
    const std::vector<ParameterSlice>& slices = layout.slices();
    const auto last = std::find_if(slices.rbegin(), slices.rend(), isMatrix);
    for (const ParameterSlice& slice : slices) {
      const Part part{slice.offset, slice.count()};
      if (isMatrix(slice) && &slice != &*last)
        matrices_[{slice.shape[0], slice.count() / slice.shape[0]}].push_back(part);
      else if (!others_.empty() && others_.back().offset + others_.back().count == part.offset)
        others_.back().count += part.count;
      else
        others_.push_back(part);
    }
  }

  static std::vector<at::Tensor> views(const at::Tensor& v, const Shape& shape, const std::vector<Part>& parts) {
    std::vector<at::Tensor> result;
    for (const Part& part : parts) result.push_back(v.narrow(0, part.offset, part.count).view({shape.first, shape.second}));
    return result;
  }
  std::vector<at::Tensor> pieces(const at::Tensor& v) const {
    std::vector<at::Tensor> result;
    for (const Part& part : others_) result.push_back(v.narrow(0, part.offset, part.count));
    return result;
  }
  at::Tensor gathered(const at::Tensor& v) const { return others_.empty() ? at::zeros({0}, v.options()) : at::cat(pieces(v)); }
  void scatter(const at::Tensor& from, const at::Tensor& to) const {
    std::vector<std::int64_t> counts;
    for (const Part& part : others_) counts.push_back(part.count);
    at::_foreach_copy_(pieces(to), from.split_with_sizes(counts));
  }
  /// The vector of the others as one [P], 0 at the matrices.
  at::Tensor spread(const at::Tensor& vector) const {
    at::Tensor result = at::zeros_like(momentum_);
    if (!others_.empty()) scatter(vector, result);
    return result;
  }

  double mu_;
  at::Tensor momentum_;  ///< [P], used at the matrices
  Matrices matrices_;
  std::vector<Part> others_;
  at::Tensor rest_;
  std::unique_ptr<BaseStep> adam_;
};

}  // namespace

std::unique_ptr<BaseStep> makeMuon(const BaseOptions& options, const ParameterLayout& layout, const at::Tensor& theta) {
  return std::make_unique<Muon>(options, layout, theta);
}

}  // namespace trainer
