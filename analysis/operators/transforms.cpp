// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/operators/transforms.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <functional>
#include <stdexcept>
#include <utility>

namespace analysis {
namespace {

/// An operator that is a function of v and of what it holds.
class Composed : public LinearOperator {
 public:
  using Product = std::function<at::Tensor(const at::Tensor&)>;
  struct Shape {
    std::string name;
    std::int64_t size = 0;
    at::TensorOptions options;
  };
  Composed(Shape shape, Product product) : shape_(std::move(shape)), product_(std::move(product)) {}
  std::string name() const override { return shape_.name; }
  std::int64_t size() const override { return shape_.size; }
  at::TensorOptions options() const override { return shape_.options; }
  at::Tensor apply(const at::Tensor& v) override { return product_(v); }

 private:
  Shape shape_;
  Product product_;
};

Composed::Shape shapeOf(const LinearOperator& a, const std::string& name) { return {name, a.size(), a.options()}; }

OwnedOperator block(LinearOperator& a, std::shared_ptr<LinearOperator> owner, std::vector<IndexRange> ranges) {
  std::int64_t size = 0, last = 0;
  for (const IndexRange& r : ranges) {
    if (r.from < last || r.to <= r.from || r.to > a.size())
      throw std::invalid_argument(fmt::format("the range {} to {} is not an ascending part of {} parameters", r.from, r.to, a.size()));
    size += r.to - r.from, last = r.to;
  }
  if (size == 0) throw std::invalid_argument("an operator cannot be restricted to no parameters");
  return std::make_unique<Composed>(Composed::Shape{a.name(), size, a.options()}, [&a, owner = std::move(owner), ranges = std::move(ranges)](const at::Tensor& v) {
    return taken(a.apply(embedded(v, ranges, a.size())), ranges);
  });
}

}  // namespace

OwnedOperator shifted(OwnedOperator a, double s) {
  const std::shared_ptr<LinearOperator> held = std::move(a);
  return std::make_unique<Composed>(shapeOf(*held, held->name()), [held, s](const at::Tensor& v) { return held->apply(v) + s * v; });
}

OwnedOperator scaled(OwnedOperator a, double s) {
  const std::shared_ptr<LinearOperator> held = std::move(a);
  return std::make_unique<Composed>(shapeOf(*held, held->name()), [held, s](const at::Tensor& v) { return s * held->apply(v); });
}

OwnedOperator sumOf(OwnedOperator a, double s, OwnedOperator b) {
  if (a->size() != b->size()) throw std::invalid_argument(fmt::format("operators of size {} and {} cannot be added", a->size(), b->size()));
  const std::shared_ptr<LinearOperator> first = std::move(a), second = std::move(b);
  return std::make_unique<Composed>(shapeOf(*first, fmt::format("{} {:+g} {}", first->name(), s, second->name())),
                                    [first, second, s](const at::Tensor& v) { return first->apply(v) + s * second->apply(v); });
}

OwnedOperator deflated(OwnedOperator a, at::Tensor vectors, const std::vector<double>& values) {
  if (vectors.dim() != 2 || vectors.size(1) != a->size() || vectors.size(0) != static_cast<std::int64_t>(values.size()))
    throw std::invalid_argument(fmt::format("{} eigenvalues need as many rows of {} numbers to be taken out", values.size(), a->size()));
  const std::shared_ptr<LinearOperator> held = std::move(a);
  const at::Tensor lambda = at::tensor(values, at::kDouble).to(vectors.device(), vectors.scalar_type());
  return std::make_unique<Composed>(shapeOf(*held, held->name()), [held, vectors = std::move(vectors), lambda](const at::Tensor& v) {
    return held->apply(v) - at::mv(vectors.t(), lambda * at::mv(vectors, v));
  });
}

OwnedOperator preconditioned(OwnedOperator a, const at::Tensor& diagonal) {
  if (diagonal.numel() != a->size() || !diagonal.gt(0).all().item<bool>() || !at::isfinite(diagonal).all().item<bool>())
    throw std::invalid_argument(fmt::format("a preconditioner needs {} finite numbers > 0, a parameter each", a->size()));
  const std::shared_ptr<LinearOperator> held = std::move(a);
  const at::Tensor root = diagonal.to(at::kDouble).rsqrt().to(held->options().device(), held->options().dtype().toScalarType());
  return std::make_unique<Composed>(shapeOf(*held, "preconditioned " + held->name()), [held, root](const at::Tensor& v) { return root * held->apply(root * v); });
}

OwnedOperator restricted(OwnedOperator a, std::vector<IndexRange> ranges) {
  const std::shared_ptr<LinearOperator> held = std::move(a);
  return block(*held, held, std::move(ranges));
}

OwnedOperator restricted(LinearOperator& a, std::vector<IndexRange> ranges) { return block(a, nullptr, std::move(ranges)); }

at::Tensor embedded(const at::Tensor& part, const std::vector<IndexRange>& ranges, std::int64_t size) {
  at::Tensor whole = at::zeros({size}, part.options().requires_grad(false));
  std::int64_t at = 0;
  for (const IndexRange& r : ranges) {
    whole.slice(0, r.from, r.to).copy_(part.slice(0, at, at + r.to - r.from));
    at += r.to - r.from;
  }
  return whole;
}

at::Tensor taken(const at::Tensor& whole, const std::vector<IndexRange>& ranges) {
  std::vector<at::Tensor> parts;
  for (const IndexRange& r : ranges) parts.push_back(whole.slice(0, r.from, r.to));
  return parts.size() == 1 ? parts.front().clone() : at::cat(parts);
}

}  // namespace analysis
