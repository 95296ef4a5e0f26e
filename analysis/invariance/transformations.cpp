// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/invariance/transformations.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "trainer/base/random.h"
#include "trainer/model/batch_norm.h"

namespace analysis {
namespace {

/// Writes into copies of the weights, in double on the CPU.
class Writer {
 public:
  Writer(const trainer::Model& model, const Weights& w, const InvarianceSpec& spec)
      : model_(model), spec_(spec), theta_(w.theta.detach().to(at::kCPU, at::kDouble).clone()) {
    if (w.buffers.defined()) buffers_ = w.buffers.detach().to(at::kCPU, at::kDouble).clone();
  }
  const at::Tensor& theta() const { return theta_; }
  const at::Tensor& buffers() const { return buffers_; }

  void scale(const Junction& j, const at::Tensor& factors) const {
    if (j.gamma) rows(*j.gamma).mul_(factors), rows(*j.beta).mul_(factors);
    else {
      rows(j.weight).mul_(factors.unsqueeze(1));
      if (j.bias) rows(*j.bias).mul_(factors);
    }
    columns(j).div_(factors.view({1, -1, 1}));
  }

  void permute(const Junction& j) const {
    const at::Tensor order = cycle(j);
    for (const auto& slice : {std::optional(j.weight), j.bias, j.gamma, j.beta})
      if (slice) rows(*slice).copy_(rows(*slice).index_select(0, order));
    for (const auto& slice : {j.mean, j.variance})
      if (slice && buffers_.defined()) statistics(*slice).copy_(statistics(*slice).index_select(0, order));
    columns(j).copy_(columns(j).index_select(1, order));
  }

  void scaleBeforeNorm(const NormedConvolution& c) const {
    const double s = spec_.strength;
    rows(c.weight).mul_(s);
    if (c.bias) rows(*c.bias).mul_(s);
    statistics(c.mean).mul_(s);
    statistics(c.variance).add_(trainer::kBatchNormEps).mul_(s * s).sub_(trainer::kBatchNormEps);
  }

  void mixQueriesAndKeys(const AttentionHeads& a) const { eachHead(a, "query-key", [&](std::int64_t h, const at::Tensor& m, const at::Tensor& inverse) {
    mixRows(a, 0, h, m);
    mixRows(a, 1, h, inverse.t());
  }); }

  void mixValues(const AttentionHeads& a) const { eachHead(a, "value", [&](std::int64_t h, const at::Tensor& m, const at::Tensor& inverse) {
    mixRows(a, 2, h, m);
    const std::int64_t d = a.width / a.heads;
    const at::Tensor readers = rows(a.projection).narrow(1, h * d, d);
    readers.copy_(at::matmul(readers, inverse));
  }); }

  void scaleLast(const Symmetries& s) const {
    rows(s.lastWeight).mul_(spec_.strength);
    if (s.lastBias) rows(*s.lastBias).mul_(spec_.strength);
  }

  /// s^u, u uniform in -1..1, a number each.
  at::Tensor factors(const std::string& name, std::int64_t count) const {
    trainer::RandomStream stream(trainer::deriveSeed(spec_.transformSeed, name));
    std::vector<double> f(static_cast<std::size_t>(count));
    for (double& v : f) v = std::pow(spec_.strength, 2 * stream.uniform() - 1);
    return at::tensor(f, at::kDouble);
  }

 private:
  /// [n] or [n, rest]: a view.
  at::Tensor rows(std::size_t i) const {
    const auto& slice = model_.layout().slices()[i];
    const at::Tensor flat = theta_.narrow(0, slice.offset, slice.count());
    return slice.shape.size() < 2 ? flat : flat.view({slice.shape[0], -1});
  }
  at::Tensor statistics(std::size_t i) const {
    const auto& slice = model_.bufferLayout().slices()[i];
    return buffers_.narrow(0, slice.offset, slice.count());
  }
  /// What reads the units: [out, units, rest], a view. A layer behind a flattened image reads rest = its pixels of each channel.
  at::Tensor columns(const Junction& j) const {
    const auto& slice = model_.layout().slices()[j.consumer];
    return theta_.narrow(0, slice.offset, slice.count()).view({slice.shape[0], j.units, -1});
  }
  at::Tensor cycle(const Junction& j) const {
    std::vector<std::int64_t> order(static_cast<std::size_t>(j.units));
    std::iota(order.begin(), order.end(), 0);
    const std::vector<std::int64_t> chosen = trainer::permutation(j.units, trainer::deriveSeed(spec_.transformSeed, "permute/" + j.name));
    const auto moved = static_cast<std::size_t>(std::llround(spec_.share * static_cast<double>(j.units)));
    for (std::size_t i = 0; i < moved; ++i) order[static_cast<std::size_t>(chosen[i])] = chosen[(i + 1) % moved];
    return at::tensor(order, at::kLong);
  }
  /// Rows of part 0 (q), 1 (k) or 2 (v) of head h, with their biases.
  void mixRows(const AttentionHeads& a, std::int64_t part, std::int64_t h, const at::Tensor& m) const {
    const std::int64_t d = a.width / a.heads, from = part * a.width + h * d;
    const at::Tensor w = rows(a.weight).narrow(0, from, d), b = rows(a.bias).narrow(0, from, d);
    w.copy_(at::matmul(m, w));
    b.copy_(at::mv(m, b));
  }
  template <class Use>
  void eachHead(const AttentionHeads& a, const std::string& what, const Use& use) const {
    const std::int64_t d = a.width / a.heads;
    for (std::int64_t h = 0; h < a.heads; ++h) {
      const std::string name = fmt::format("{}/{}/{}", what, a.name, h);
      const at::Tensor u = orthogonal(name + "/left", d), v = orthogonal(name + "/right", d), s = factors(name, d);
      use(h, at::matmul(u * s, v.t()), at::matmul(v / s, u.t()));
    }
  }
  at::Tensor orthogonal(const std::string& name, std::int64_t size) const {
    const at::Tensor g = at::empty({size, size}, at::kDouble);
    trainer::fillNormal({g.mutable_data_ptr<double>(), static_cast<std::size_t>(size * size)}, trainer::deriveSeed(spec_.transformSeed, name));
    return std::get<0>(at::linalg_qr(g));
  }

  const trainer::Model& model_;
  const InvarianceSpec& spec_;
  at::Tensor theta_, buffers_;
};

template <class Items>
std::string namesOf(const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(item.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

bool isHomogeneous(const Symmetries& s) { return std::ranges::any_of(s.junctions, &Junction::homogeneous); }

void apply(const std::string& name, const Symmetries& s, const Writer& w, double strength) {
  std::size_t k = 0;
  if (name == "scale-layers")
    for (const Junction& j : s.junctions) w.scale(j, at::full({j.units}, k++ % 2 == 0 ? strength : 1 / strength, at::kDouble));
  if (name == "scale-units")
    for (const Junction& j : s.junctions) w.scale(j, w.factors("units/" + j.name, j.units));
  if (name == "permute")
    for (const Junction& j : s.junctions) w.permute(j);
  if (name == "norm-scale")
    for (const NormedConvolution& c : s.normed) w.scaleBeforeNorm(c);
  if (name == "attention-query-key")
    for (const AttentionHeads& a : s.attention) w.mixQueriesAndKeys(a);
  if (name == "attention-value")
    for (const AttentionHeads& a : s.attention) w.mixValues(a);
  if (name == "last-layer") w.scaleLast(s);
}

std::string layersOf(const std::string& name, const Symmetries& s) {
  if (name == "norm-scale") return namesOf(s.normed);
  if (name.starts_with("attention")) return namesOf(s.attention);
  return name == "last-layer" ? s.lastName : namesOf(s.junctions);
}

}  // namespace

const std::vector<std::string>& transformationNames() {
  static const std::vector<std::string> names = {"scale-layers", "scale-units", "permute", "norm-scale", "attention-query-key", "attention-value", "last-layer"};
  return names;
}

std::vector<std::string> transformationsOf(const Symmetries& s) {
  std::vector<std::string> names;
  if (isHomogeneous(s)) names.insert(names.end(), {"scale-layers", "scale-units"});
  if (!s.junctions.empty()) names.push_back("permute");
  if (!s.normed.empty()) names.push_back("norm-scale");
  if (!s.attention.empty()) names.insert(names.end(), {"attention-query-key", "attention-value"});
  names.push_back("last-layer");
  return names;
}

Transformed transform(const std::string& name, const trainer::Model& model, const Symmetries& symmetries, const Weights& weights, const InvarianceSpec& spec) {
  const std::vector<std::string> there = transformationsOf(symmetries);
  if (std::ranges::find(there, name) == there.end())
    throw std::invalid_argument(fmt::format("--transform '{}': {} with these activations has: {}", name, model.name(), fmt::join(there, ", ")));
  const Writer writer(model, weights, spec);
  apply(name, symmetries, writer, spec.strength);
  Transformed t{.weights = {writer.theta().to(weights.theta.options())}, .layers = layersOf(name, symmetries), .keeps = name == "last-layer" ? "predictions" : "outputs"};
  if (weights.buffers.defined()) t.weights.buffers = writer.buffers().to(weights.buffers.options());
  return t;
}

bool isClaimed(const std::string& transform, const std::string& measure) {
  const bool adaptive = measure.ends_with("_adaptive");
  if (transform == "permute") return true;
  if (transform == "scale-layers" || transform == "norm-scale") return adaptive || measure == "relative_flatness" || measure == "filter_curvature";
  if (transform == "scale-units") return adaptive;
  return transform.starts_with("attention") && measure == "relative_flatness";
}

}  // namespace analysis
