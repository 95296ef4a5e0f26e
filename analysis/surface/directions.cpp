// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/directions.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <string_view>

#include "analysis/spectrum/eigenvector.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"
#include "trainer/model/safetensors.h"

namespace analysis {
namespace {

// Sums in this file are plain loops over doubles on the CPU: a direction's bits may not depend on devices or threads.
double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
double norm(std::span<const double> a) { return std::sqrt(dot(a, a)); }

at::Tensor onCpu(const at::Tensor& t) { return t.detach().to(at::kCPU, at::kDouble).contiguous(); }

std::span<double> mutableNumbers(at::Tensor& t) { return {t.data_ptr<double>(), static_cast<std::size_t>(t.numel())}; }
std::span<const double> numbers(const at::Tensor& t) { return {t.const_data_ptr<double>(), static_cast<std::size_t>(t.numel())}; }

/// g <- g ||w|| / ||g||, zero where either is zero.
void takeNorm(std::span<double> g, std::span<const double> w) {
  const double length = norm(g);
  const double factor = length > 0 ? norm(w) / length : 0;
  for (double& v : g) v *= factor;
}

void scaleOneD(std::span<double> g, std::span<const double> w, const std::string& rule) {
  if (rule == "norm") return takeNorm(g, w);
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = rule == "elementwise" ? g[i] * std::abs(w[i]) : 0.0;
}

void scaleTensor(std::span<double> g, std::span<const double> w, std::int64_t filters, const std::string& rule) {
  if (rule == "none") return;
  const std::size_t parts = rule == "filter" ? static_cast<std::size_t>(filters) : 1, width = g.size() / parts;
  for (std::size_t f = 0; f < parts; ++f) takeNorm(g.subspan(f * width, width), w.subspan(f * width, width));
}

/// Rows of an embedding, output channels of any other weight.
std::int64_t filtersOf(const trainer::ParameterSlice& slice) {
  return slice.kind == trainer::ParameterKind::embedding ? slice.count() / slice.shape.back() : slice.shape.front();
}

std::string randomDescription(const SurfaceSpec& spec) {
  const std::string rule = spec.normalise == "none" ? "not normalised" : spec.normalise + "-normalised";
  return fmt::format("random, {}, 1-D {}, seed {}", rule, spec.oneD, spec.directionSeed);
}

struct Described {
  at::Tensor vector;
  std::string text;
};

Described makeDirection(Objective& objective, const SurfaceSpec& spec, const std::string& axis, const Context& context) {
  if (!spec.directions.empty())
    return {loadDirection(spec.directions, objective.layout(), axis), fmt::format("file {}", std::filesystem::path(spec.directions).filename().string())};
  const auto index = eigenIndex(axis == "x" ? spec.x.kind : spec.y->kind, "--" + axis);
  if (index) {
    const HessianDirection found = hessianEigenvector(objective, *index, spec.measure.memoryBytes, spec.measure.seed, context);
    return {found.vector, fmt::format("eigenvector {}, lambda {:.6g}, unit", *index, found.eigenvalue)};
  }
  const RandomDirectionOptions options{.seed = spec.directionSeed, .axis = axis, .normalise = spec.normalise, .oneD = spec.oneD};
  return {randomDirection(objective.layout(), objective.theta0(), options), randomDescription(spec)};
}

double cosineOf(const at::Tensor& a, const at::Tensor& b) {
  const double lengths = norm(numbers(a)) * norm(numbers(b));
  return lengths > 0 ? dot(numbers(a), numbers(b)) / lengths : 0;
}

/// y - (<x,y>/<x,x>) x, twice: what rounding left of the first is removed by the second.
void orthogonalise(const at::Tensor& x, Described& y) {
  at::Tensor v = onCpu(y.vector).clone();
  const std::span<const double> along = numbers(x);
  const std::span<double> out = mutableNumbers(v);
  const double before = norm(out), square = dot(along, along);
  if (square == 0) return;
  for (int pass = 0; pass < 2; ++pass) {
    const double share = dot(along, out) / square;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] -= share * along[i];
  }
  if (!(norm(out) > 1e-6 * before)) throw std::invalid_argument("--orthogonalise leaves nothing of y, which is parallel to x; choose another y");
  y = {v, y.text + ", made orthogonal to x (lengths no longer those of the normalisation)"};
}

}  // namespace

std::optional<std::int64_t> eigenIndex(const std::string& kind, const std::string& flag) {
  if (kind == "random") return std::nullopt;
  constexpr std::string_view prefix = "eigen:";
  std::int64_t index = 0;
  const char* end = kind.data() + kind.size();
  if (kind.starts_with(prefix)) {
    const auto [stop, error] = std::from_chars(kind.data() + prefix.size(), end, index);
    if (error == std::errc() && stop == end && index >= 1) return index;
  }
  throw std::invalid_argument(fmt::format("{} '{}' is unknown; this version has: random, eigen:K with K = 1, 2, ...", flag, kind));
}

at::Tensor randomDirection(const trainer::ParameterLayout& layout, const at::Tensor& theta, const RandomDirectionOptions& options) {
  const at::Tensor weights = onCpu(theta);
  at::Tensor direction = at::empty({layout.size()}, at::kDouble);
  for (const trainer::ParameterSlice& slice : layout.slices()) {
    const auto offset = static_cast<std::size_t>(slice.offset), count = static_cast<std::size_t>(slice.count());
    const std::span<double> g = mutableNumbers(direction).subspan(offset, count);
    const std::span<const double> w = numbers(weights).subspan(offset, count);
    trainer::fillNormal(g, trainer::deriveSeed(trainer::deriveSeed(options.seed, options.axis), slice.name));
    if (slice.shape.size() < 2)
      scaleOneD(g, w, options.oneD);
    else
      scaleTensor(g, w, filtersOf(slice), options.normalise);
  }
  return direction;
}

Directions makeDirections(Objective& objective, const SurfaceSpec& spec, const Context& context) {
  const at::TensorOptions options = objective.theta0().options();
  Directions made;
  const auto keep = [&](const Described& d) {
    const at::Tensor vector = d.vector.to(options).contiguous();
    made.descriptions.push_back(d.text);
    made.norms.push_back(norm(numbers(onCpu(vector))));
    return vector;
  };
  made.d1 = keep(makeDirection(objective, spec, "x", context));
  if (!spec.y) return made;
  Described y = makeDirection(objective, spec, "y", context);
  const at::Tensor x = onCpu(made.d1);
  if (spec.orthogonalise) orthogonalise(x, y);
  made.d2 = keep(y);
  made.cosine = cosineOf(x, onCpu(made.d2));
  return made;
}

void saveDirections(const std::filesystem::path& file, const trainer::ParameterLayout& layout, const Directions& directions) {
  trainer::NamedTensors content;
  const auto append = [&](const std::string& axis, const at::Tensor& direction) {
    const at::Tensor v = direction.cpu();
    for (const auto& slice : layout.slices())
      content.tensors.emplace_back(axis + "/" + slice.name, v.narrow(0, slice.offset, slice.count()).reshape(slice.shape).clone());
  };
  append("x", directions.d1);
  if (directions.d2.defined()) append("y", directions.d2);
  for (std::size_t i = 0; i < directions.descriptions.size(); ++i) content.metadata[i == 0 ? "x" : "y"] = directions.descriptions[i];
  trainer::writeSafetensors(file, content);
}

at::Tensor loadDirection(const std::filesystem::path& file, const trainer::ParameterLayout& layout, const std::string& axis) {
  const trainer::NamedTensors content = trainer::readSafetensors(file);
  std::vector<std::string> wrong;
  std::size_t used = 0, given = 0;
  for (const auto& named : content.tensors) given += named.first.starts_with(axis + "/") ? 1 : 0;
  at::Tensor direction = at::zeros({layout.size()}, at::kDouble);
  for (const auto& slice : layout.slices()) {
    const std::string name = axis + "/" + slice.name;
    const auto found = std::ranges::find(content.tensors, name, [](const auto& t) { return t.first; });
    if (found == content.tensors.end()) {
      wrong.push_back(name + " is missing");
      continue;
    }
    ++used;
    if (found->second.sizes() != at::IntArrayRef(slice.shape))
      wrong.push_back(fmt::format("{} is [{}], expected [{}]", name, fmt::join(found->second.sizes(), ", "), fmt::join(slice.shape, ", ")));
    else if (!found->second.isfinite().all().item<bool>())
      wrong.push_back(name + " is not finite");
    else
      direction.narrow(0, slice.offset, slice.count()).copy_(found->second.reshape({-1}));
  }
  if (given > used) wrong.push_back(fmt::format("{} more tensors of {}/ than the model has", given - used, axis));
  if (wrong.empty()) return direction;
  const std::size_t all = wrong.size();
  if (all > 5) wrong.resize(5);
  throw trainer::DataError(fmt::format("the directions in '{}' are not those of this model: {}{}", file.string(), fmt::join(wrong, "; "),
                                       all > 5 ? fmt::format("; and {} more", all - 5) : ""));
}

}  // namespace analysis
