# SPDX-License-Identifier: GPL-3.0-or-later
"""One training step in plain PyTorch, from the formulas of the papers: gradients are lists of tensors in the order of net.parameters()."""
import math

import torch
from torch import nn
from torch.nn import functional

from replay_data import derive_seed, normals
from replay_networks import seed_dropout, set_statistics, statistics


def dot(a, b):
    return sum((s.double() * t.double()).sum().item() for s, t in zip(a, b))


def norm(a):
    return math.sqrt(dot(a, a))


def combine(a, x, b, y):
    """a x + b y."""
    return [a * s + b * t for s, t in zip(x, y)]


def scaled(a, x):
    return [a * t for t in x]


def plain_loss(logits, y, spec, smoothing=0.0):
    if spec["loss"] == "mse":
        return functional.mse_loss(logits, functional.one_hot(y, logits.shape[1]).to(logits.dtype))
    return functional.cross_entropy(logits, y, label_smoothing=smoothing)


def objective(net, x, y, spec):
    """The training loss, with (wd/2) ||theta||^2 where the decay belongs to it."""
    loss = plain_loss(net(x), y, spec, spec.get("label_smoothing") or 0.0)
    if spec.get("weight_decay_mode") == "loss":
        loss = loss + 0.5 * spec["weight_decay"] * sum(p.square().sum() for p in net.parameters())
    return loss


def gradient(net, x, y, spec):
    loss = objective(net, x, y, spec)
    return loss.item(), list(torch.autograd.grad(loss, list(net.parameters())))


class at_other_point:
    """Within it the parameters are theta + e."""

    def __init__(self, net, e):
        self.net, self.e = net, e

    @torch.no_grad()
    def __enter__(self):
        self.kept = [p.detach().clone() for p in self.net.parameters()]
        for p, t in zip(self.net.parameters(), self.e):
            p += t

    @torch.no_grad()
    def __exit__(self, *_):
        for p, t in zip(self.net.parameters(), self.kept):
            p.copy_(t)


def hessian_product(net, x, y, spec, v):
    parameters = list(net.parameters())
    g = torch.autograd.grad(objective(net, x, y, spec), parameters, create_graph=True)
    return list(torch.autograd.grad(g, parameters, v))


def kinds(net):
    """weight, bias or norm for each parameter: norm for all of a norm layer."""
    return ["norm" if isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)) else name
            for module in net.modules() for name, _ in module.named_parameters(recurse=False)]


class SharpnessStep:
    """Sources: Foret et al. 2021 eq. 2 (sam); Kwon et al. 2021 eq. 5 and its code for biases (asam); Zhao, Zhang, Hu 2022 eq. 13, its published code
    for the unit reference (penalty); Zhuang et al. 2022 alg. 1 (gsam); Liu et al. 2022 alg. 1 (looksam); Li et al. 2024 alg. 1 (friendly-sam);
    Andriushchenko, Flammarion 2022 (unnormalised); Mueller et al. 2023 (norm layers only); Zhao et al. 2024 (warm-ups)."""

    def __init__(self, net, spec):
        self.net, self.spec = net, spec
        self.method = spec["sharpness"]
        self.names = [name for name, _ in net.named_parameters()]
        self.kinds = kinds(net)
        self.exact = spec.get("penalty_product") == "exact"
        self.unit = spec.get("reference_term") == "unit"
        self.m = None  # friendly-sam's running gradient
        self.g_v = None  # looksam's correction

    def settings(self, step):
        """rho, alpha and whether the step is plain, perturbed or between two that are."""
        rho, alpha = self.spec.get("rho") or 0.0, self.spec.get("alpha", 1.0)
        warmup, steps = self.spec.get("penalty_warmup", "none"), self.spec.get("penalty_warmup_steps", 1)
        share = min(1.0, step / steps)
        if warmup == "r":
            rho *= share
        if warmup == "lambda":
            alpha *= share
        nothing = not self.unit and (rho == 0 or self.method == "penalty" and alpha == 0)
        if self.method == "none" or nothing or warmup == "zero" and step < steps:
            return rho, alpha, "plain"
        return rho, alpha, "perturbed" if step % self.spec.get("perturb_every", 1) == 0 else "between"

    def restricted(self, v):
        only = self.spec.get("perturb_only", "all")
        return [t if only in ("all", kind) else torch.zeros_like(t) for t, kind in zip(v, self.kinds)]

    def friendly_mean(self, g):
        decay = self.spec["friendly_lambda"]
        return scaled(1 - decay, g) if self.m is None else combine(decay, self.m, 1 - decay, g)

    def perturbation(self, g, rho, noise_name):
        kind = {"asam": "adaptive", "friendly-sam": "friendly"}.get(self.method, self.spec.get("perturbation"))
        theta = [p.detach() for p in self.net.parameters()]
        if kind == "unnormalised":
            return scaled(rho, self.restricted(g))
        if kind == "adaptive":
            t = [w.abs() + self.spec["asam_eta"] if "weight" in name else torch.ones_like(w) for w, name in zip(theta, self.names)]
            tg = self.restricted([a * b for a, b in zip(t, g)])
            return [rho / norm(tg) * a * b for a, b in zip(t, tg)]
        if kind == "random":
            z = torch.tensor(normals(derive_seed(self.spec["seed"], noise_name), sum(w.numel() for w in theta))).to(theta[0].dtype)
            g = [part.view(w.shape) for part, w in zip(z.split([w.numel() for w in theta]), theta)]
        if kind == "friendly":
            g = combine(1.0, g, -self.spec["friendly_sigma"], self.friendly_mean(g))
        g = self.restricted(g)
        return scaled(rho / norm(g), g)

    def second(self, x, y, g, rho, noise_name):
        """g2, or H g/||g|| of the exact penalty."""
        if self.exact:
            return hessian_product(self.net, x, y, self.spec, scaled(1 / norm(g), g))
        with at_other_point(self.net, self.perturbation(g, rho, noise_name)):
            return gradient(self.net, x, y, self.spec)[1]

    def combined(self, g1, g2, rho, alpha, phase):
        if self.method == "friendly-sam":
            self.m = self.friendly_mean(g1)
        if phase == "between" and self.g_v is not None:
            return combine(1.0, g1, alpha * norm(g1) / norm(self.g_v), self.g_v)
        if phase != "perturbed":
            return g1
        if self.exact:
            return combine(1.0, g1, alpha * rho, g2)
        if self.method == "penalty":
            return combine((1 - alpha) / (norm(g1) if self.unit else 1.0), g1, alpha, g2)
        if self.method == "gsam":
            orthogonal = combine(1.0, g1, -dot(g1, g2) / dot(g2, g2), g2)
            return combine(1.0, g2, -alpha, orthogonal)
        if self.method == "looksam":
            self.g_v = combine(1.0, g2, -dot(g1, g2) / dot(g1, g1), g1)
        return g2

    def gradient(self, x, y, step):
        """Loss, gradient norm and how many gradients it took, and the gradient for the base step. Batch norm, the perturbation and dropout are each
        group's own; losses, gradients and running statistics are the groups' means by their items, the statistics those of the first passes."""
        rho, alpha, phase = self.settings(step)
        size = min(self.spec.get("perturbation_group") or len(y), len(y))
        starts = range(0, len(y), size)
        before, after = statistics(self.net), {}
        loss, g1, g2 = 0.0, None, None
        self.net.train()
        for j, start in enumerate(starts):
            xj, yj = x[start:start + size], y[start:start + size]
            weight = len(yj) / len(y)
            set_statistics(self.net, before)
            seed_dropout(self.net, derive_seed(self.spec["seed"], f"dropout/{step}/{j}"))
            loss_j, g1_j = gradient(self.net, xj, yj, self.spec)
            for name, value in statistics(self.net).items():
                after[name] = after.get(name, 0.0) + weight * value
            loss += weight * loss_j
            g1 = scaled(weight, g1_j) if g1 is None else combine(1.0, g1, weight, g1_j)
            if phase == "perturbed":
                g2_j = self.second(xj, yj, g1_j, rho, f"noise/{step}" if len(starts) == 1 else f"noise/{step}/{j}")
                g2 = scaled(weight, g2_j) if g2 is None else combine(1.0, g2, weight, g2_j)
        set_statistics(self.net, after)
        taken = 1 if phase != "perturbed" or rho == 0 else 3 if self.exact else 2
        return loss, norm(g1), taken, self.combined(g1, g2, rho, alpha, phase)


def clipped(g, limit):
    return g if limit is None else scaled(min(1.0, limit / norm(g)), g)


def learning_rate(spec, step, total):
    """Linear warm-up to the base rate, then the schedule over what is left."""
    w = spec.get("warmup_steps", 0)
    if step < w:
        return spec["learning_rate"] * (step + 1) / w
    u = (step - w) / max(1, total - w)
    factor = {"constant": 1.0, "cosine": 0.5 * (1 + math.cos(math.pi * u)), "step": 1.0 if u < 0.5 else 0.1 if u < 0.75 else 0.01}
    return spec["learning_rate"] * factor[spec["schedule"]]
