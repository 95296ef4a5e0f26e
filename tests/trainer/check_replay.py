#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The yardstick of compare_steps_with_pytorch.py against itself: methods that must agree where their formulas meet, and torch's own where it has them.

Needs torch, numpy and safetensors, no program. Prints a line a check; exits 1 when one fails.
"""
import json
import pathlib
import sys
import tempfile

import torch
from safetensors.torch import save_file
from torch.optim import swa_utils

from replay_data import check, conclude, normals, read_digits, uniforms
from replay_networks import build, tensors
from replay_optimizers import Muon
from replay_run import Replay
from replay_steps import SharpnessStep, combine, dot, gradient, hessian_product, norm, scaled

PLAIN = {
    "data": "digits", "data_limit": 200, "model": "mlp:64-24-16-10", "activation": "tanh", "loss": "cross-entropy", "optimizer": "sgd", "learning_rate": 0.1,
    "momentum": 0.9, "weight_decay": 0.001, "weight_decay_mode": "loss", "sharpness": "none", "schedule": "cosine", "clip_norm": 0.3, "batch_size": 64,
    "epochs": 2, "seed": 3, "precision": "double", "normalisation": {"scale": 16, "mean": [0.3], "std": [0.4]},
}
METHOD = {"rho": 0.2, "perturbation": "gradient", "asam_eta": 0.01, "friendly_sigma": 1.0, "friendly_lambda": 0.9}
FOLDERS = iter(range(1000))


def trained(folder, **changes):
    spec = {**PLAIN, **METHOD, **changes}
    out = folder / str(next(FOLDERS))
    (out / "checkpoints").mkdir(parents=True)
    (out / "spec.json").write_text(json.dumps(spec))
    torch.manual_seed(0)
    save_file(build(spec, 1, 10).state_dict(), out / "checkpoints" / "step_00000000.safetensors")
    return Replay(out)


def apart(a, b):
    return norm([p - q for p, q in zip(a.net.parameters(), b.net.parameters())])


def check_methods(folder):
    plain, sam = trained(folder), trained(folder, sharpness="sam")
    check("sam is not plain (1 where the same)", int(apart(plain, sam) < 1e-3), 0)
    same_as_sam = {
        "penalty, alpha 1": {"sharpness": "penalty", "alpha": 1.0},
        "penalty unit, alpha 1": {"sharpness": "penalty", "alpha": 1.0, "reference_term": "unit"},
        "gsam, alpha 0": {"sharpness": "gsam", "alpha": 0.0},
        "looksam on every step": {"sharpness": "looksam", "alpha": 0.7, "perturb_every": 1},
        "friendly-sam, sigma 0": {"sharpness": "friendly-sam", "friendly_sigma": 0.0},
        "sam in groups of the batch": {"sharpness": "sam", "perturbation_group": 64},
    }
    for name, flags in same_as_sam.items():
        check(f"{name} is sam", apart(sam, trained(folder, **flags)), 1e-13)
    same_as_plain = {
        "penalty, alpha 0": {"sharpness": "penalty", "alpha": 0.0},
        "sam, rho 0": {"sharpness": "sam", "rho": 0.0},
        "sam behind its zero warm-up": {"sharpness": "sam", "penalty_warmup": "zero", "penalty_warmup_steps": 1000},
        "plain in groups": {"perturbation_group": 10},
    }
    for name, flags in same_as_plain.items():
        check(f"{name} is plain", apart(plain, trained(folder, **flags)), 1e-13)
    adaptive = {"sharpness": "sam", "perturbation": "adaptive"}
    check("sam with the adaptive perturbation is asam", apart(trained(folder, sharpness="asam"), trained(folder, **adaptive)), 0)
    # (g2 - g1)/r against H g/||g||: off by some r.
    near, exact = (trained(folder, sharpness="penalty", rho=1e-5, alpha=0.5, penalty_product=product) for product in ("difference", "exact"))
    check("the penalty's difference at a small rho is its exact product, of its effect", apart(near, exact) / apart(plain, exact), 1e-4)


def check_products(folder):
    """H v by double backward against a central difference of gradients, in training mode."""
    for model in ("mlp:64-24-16-10", "resnet20"):
        run = trained(folder, model=model, data_limit=32, batch_size=32, epochs=1, sharpness="penalty", alpha=0.5, penalty_product="exact")
        run.net.train()
        torch.manual_seed(1)
        v = [torch.randn_like(p) for p in run.net.parameters()]
        u = [torch.randn_like(p) for p in run.net.parameters()]
        hv, hu = (hessian_product(run.net, run.x, run.y, run.spec, t) for t in (v, u))
        check(f"{model}: u.Hv = v.Hu", abs(dot(u, hv) - dot(v, hu)) / (norm(u) * norm(hv)), 1e-12)
        if model == "resnet20":
            continue  # ReLU: a difference crosses kinks
        h = 1e-6
        sides = []
        for sign in (1, -1):
            with torch.no_grad():
                for p, t in zip(run.net.parameters(), v):
                    p += sign * h * t
            sides.append(gradient(run.net, run.x, run.y, run.spec)[1])
            with torch.no_grad():
                for p, t in zip(run.net.parameters(), v):
                    p -= sign * h * t
        difference = scaled(1 / (2 * h), combine(1.0, sides[0], -1.0, sides[1]))
        check(f"{model}: Hv is the difference of gradients", norm(combine(1.0, hv, -1.0, difference)) / norm(hv), 1e-6)


def check_lengths(folder):
    """||e|| is what the papers say, on the parameters that are chosen alone."""
    run = trained(folder, model="resnet20", data_limit=32, epochs=1)
    g = gradient(run.net, run.x, run.y, run.spec)[1]
    for only in ("all", "weight", "bias", "norm"):
        for kind in ("gradient", "random"):
            step = SharpnessStep(run.net, {**run.spec, **METHOD, "sharpness": "sam", "perturbation": kind, "perturb_only": only})
            check(f"||e|| of {kind} on {only}", abs(norm(step.perturbation(g, 0.2, "noise/0")) - 0.2), 1e-14)
    step = SharpnessStep(run.net, {**run.spec, **METHOD, "sharpness": "asam"})
    e = step.perturbation(g, 0.2, "")
    t = [p.detach().abs() + 0.01 if "weight" in name else torch.ones_like(p) for name, p in run.net.named_parameters()]
    check("||e/T|| of asam", abs(norm([a / b for a, b in zip(e, t)]) - 0.2), 1e-14)


def check_torch(folder):
    torch.manual_seed(2)
    for shape in ((20, 30), (30, 20)):
        start = torch.randn(shape)
        ours, theirs = torch.nn.Parameter(start.clone()), torch.nn.Parameter(start.clone())
        muon = Muon([ours], 0.9, 0.1)
        muon.param_groups[0]["lr"] = 0.02
        official = torch.optim.Muon([theirs], lr=0.02, momentum=0.9, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
        for _ in range(6):
            g = torch.randn(shape)
            ours.grad, theirs.grad = g.clone(), g.clone()
            muon.step()
            official.step()
        # torch iterates in bfloat16: 2^-8 in each of some products.
        check(f"muon on {shape} is torch.optim.Muon, of the way moved", ((ours - theirs).norm() / (ours - start).norm()).item(), 3e-2)
    run = trained(folder, ema=0.6, swa_from=1, batch_size=100, model="resnet20", data_limit=200, clip_norm=None)
    net = build(run.spec, 1, 10)
    net.load_state_dict({**net.state_dict(), **run.averages["swa"]})
    swa_utils.update_bn([run.x[k:k + 100] for k in (0, 100)], net)
    difference = max((value - run.swa[name]).abs().max().item() for name, value in tensors(net).items())
    check("statistics of the average are torch's update_bn, for batches of one size", difference, 1e-13)


def main():
    torch.set_num_threads(1)
    train_rows, test_rows = read_digits()
    check("digits: images in train and test", abs(len(train_rows) - 1442) + abs(len(test_rows) - 355), 0)
    u, z = uniforms(5, 100000), normals(5, 100000)
    check("uniforms: mean", abs(u.mean() - 0.5), 5 * 12**-0.5 / 1e5**0.5)
    check("normals: deviation", abs(z.std() - 1), 5 * 0.5**0.5 / 1e5**0.5)
    with tempfile.TemporaryDirectory(prefix="sharpscape-replay-") as temporary:
        folder = pathlib.Path(temporary)
        check_methods(folder)
        check_products(folder)
        check_lengths(folder)
        check_torch(folder)
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
