// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/perturbation.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <functional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "trainer/base/random.h"
#include "trainer/optim/norms.h"

namespace trainer {
namespace {

/// 1 on the slices that are chosen, 0 elsewhere: [P] like theta.
at::Tensor mask(const Perturbing& p, const std::string& name, const std::function<bool(const ParameterSlice&)>& chosen) {
  at::Tensor& kept = p.masks[name];
  if (kept.defined()) return kept;
  std::vector<at::Tensor> pieces;
  for (const ParameterSlice& slice : p.layout.slices()) pieces.push_back(at::full({slice.count()}, chosen(slice) ? 1.0 : 0.0, p.theta.options()));
  return kept = at::cat(pieces);
}

at::Tensor restricted(const Perturbing& p, const at::Tensor& v) {
  const std::string& only = p.options.perturbOnly;
  if (only == "all") return v;
  return v * mask(p, "only", [&](const ParameterSlice& slice) {
    if (only == "bias") return slice.kind == ParameterKind::bias;
    if (only == "norm") return slice.kind == ParameterKind::norm;
    return slice.kind != ParameterKind::bias && slice.kind != ParameterKind::norm;
  });
}

/// rho d/||d||; 0 where d = 0 or g = 0.
at::Tensor along(const Perturbing& p, const at::Tensor& direction) {
  const at::Tensor d = restricted(p, direction);
  return d * (perLength(p.options.rho, lengthOf(d)) * (lengthOf(p.gradient) > 0));
}

at::Tensor alongGradient(const Perturbing& p) {
  const at::Tensor d = restricted(p, p.gradient);
  return d * perLength(p.options.rho, lengthOf(d));
}

at::Tensor unnormalised(const Perturbing& p) { return restricted(p, p.gradient) * p.options.rho; }

at::Tensor adaptive(const Perturbing& p) {
  const at::Tensor scaled = mask(p, "scaled", [](const ParameterSlice& slice) { return slice.name.ends_with("weight"); });
  const at::Tensor t = (p.theta.abs() + p.options.asamEta).masked_fill(scaled == 0, 1.0);
  const at::Tensor tg = t * restricted(p, p.gradient);
  return t * tg * perLength(p.options.rho, lengthOf(tg));
}

at::Tensor random(const Perturbing& p) {
  const bool pinned = p.theta.is_cuda();  // so that the copy does not wait for the device
  const at::Tensor z = at::empty({p.theta.numel()}, at::kDouble);
  fillNormal(std::span(z.mutable_data_ptr<double>(), static_cast<std::size_t>(z.numel())), deriveSeed(p.options.seed, p.noiseName));
  const at::Tensor rounded = z.to(p.theta.scalar_type());
  return along(p, (pinned ? rounded.pin_memory() : rounded).to(p.theta.device(), /*non_blocking=*/pinned));
}

at::Tensor friendly(const Perturbing& p) {
  const auto kept = p.memory.find("friendly_m");
  const at::Tensor m = friendlyMean(p.options, kept == p.memory.end() ? at::Tensor() : kept->second, p.gradient);
  return along(p, p.gradient - m * p.options.friendlySigma);
}

struct Kind {
  std::string_view name;
  at::Tensor (*make)(const Perturbing&);
};

/// A new perturbation is a line here, a word in run_spec.cpp and a function above.
constexpr std::array kKinds = {Kind{"gradient", alongGradient}, Kind{"unnormalised", unnormalised}, Kind{"adaptive", adaptive},
                               Kind{"random", random}, Kind{"friendly", friendly}};

const Kind& kindOf(const SharpnessOptions& options) {
  const std::string& name = options.method == "asam" ? "adaptive" : options.method == "friendly-sam" ? "friendly" : options.perturbation;
  for (const Kind& kind : kKinds)
    if (kind.name == name) return kind;
  throw std::invalid_argument(fmt::format("unknown perturbation '{}'; this version has: gradient, unnormalised, adaptive, random", name));
}

}  // namespace

at::Tensor perturbation(const Perturbing& p) { return kindOf(p.options).make(p); }

void requireKnownPerturbation(const SharpnessOptions& options) {
  kindOf(options);
  const std::string& only = options.perturbOnly;
  if (only != "all" && only != "weight" && only != "bias" && only != "norm")
    throw std::invalid_argument(fmt::format("unknown group of parameters to perturb '{}'; this version has: all, weight, bias, norm", only));
}

at::Tensor friendlyMean(const SharpnessOptions& options, const at::Tensor& m, const at::Tensor& g) {
  const at::Tensor added = g * (1 - options.friendlyLambda);
  return m.defined() ? m * options.friendlyLambda + added : added;
}

}  // namespace trainer
