# SPDX-License-Identifier: GPL-3.0-or-later
"""The base steps: torch.optim's own where it has them, else the papers' formulas."""
import math

import torch


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2: theta -= eta (sign(b1 m + (1 - b1) g) + wd theta); m = b2 m + (1 - b2) g."""

    def __init__(self, parameters, betas, weight_decay):
        super().__init__(parameters, {"lr": 0.0, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("momentum", torch.zeros_like(p))
                update = torch.sign(b1 * m + (1 - b1) * p.grad) + group["weight_decay"] * p
                p -= group["lr"] * update
                m.copy_(b2 * m + (1 - b2) * p.grad)


def orthogonalised(g):
    """Jordan 2024: five Newton-Schulz steps X = a X + b (X X') X + c (X X')^2 X from X = g/||g||."""
    x = g / g.norm()
    if g.shape[0] > g.shape[1]:
        x = x.T
    for _ in range(5):
        xx = x @ x.T
        x = 3.4445 * x - 4.7750 * xx @ x + 2.0315 * xx @ xx @ x
    return x.T if g.shape[0] > g.shape[1] else x


class Muon(torch.optim.Optimizer):
    """Jordan 2024 with Nesterov's momentum; scale and decay as in Liu et al. 2025, eq. 4: theta -= eta (0.2 sqrt(max(rows, columns)) O + wd theta)."""

    def __init__(self, parameters, momentum, weight_decay):
        super().__init__(parameters, {"lr": 0.0, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = group["momentum"]
            for p in group["params"]:
                b = self.state[p].setdefault("momentum", torch.zeros_like(p))
                b.copy_(mu * b + p.grad)
                o = orthogonalised((p.grad + mu * b).flatten(1))
                update = 0.2 * math.sqrt(max(o.shape)) * o.view_as(p) + group["weight_decay"] * p
                p -= group["lr"] * update


class Base:
    """The base step that a spec asks for."""

    def __init__(self, net, spec):
        self.parameters = list(net.parameters())
        decay = spec["weight_decay"] if spec.get("weight_decay_mode") == "decoupled" else 0.0
        self.factor = decay if spec["optimizer"] == "sgd" else 0.0  # torch's SGD has no decoupled decay
        adamw = {"lr": 0.0, "betas": (spec.get("beta1"), spec.get("beta2")), "weight_decay": decay}
        if spec["optimizer"] == "sgd":
            momentum = {"momentum": spec["momentum"], "nesterov": spec.get("nesterov", False)}
            self.optimizers = [torch.optim.SGD(self.parameters, lr=0.0, **momentum)]
        elif spec["optimizer"] == "lion":
            self.optimizers = [Lion(self.parameters, adamw["betas"], decay)]
        elif spec["optimizer"] == "muon":
            matrices = [p for p in self.parameters if p.dim() >= 2][:-1]  # the last one is the classifier
            others = [p for p in self.parameters if not any(p is m for m in matrices)]
            self.optimizers = [Muon(matrices, spec["momentum"], decay), torch.optim.AdamW(others, **adamw)]
        elif decay == 0:
            self.optimizers = [torch.optim.Adam(self.parameters, **adamw)]
        else:
            self.optimizers = [torch.optim.AdamW(self.parameters, **adamw)]

    def apply(self, g, rate):
        with torch.no_grad():
            for p, t in zip(self.parameters, g):
                p *= 1 - rate * self.factor
                p.grad = t.clone()
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
