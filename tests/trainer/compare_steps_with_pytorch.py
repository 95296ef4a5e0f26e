#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to make a training step, replayed with PyTorch from the run folder alone: losses, norms, rates, evaluations, parameters, statistics.

Needs torch, numpy and safetensors. Prints a line a check; exits 1 when one fails.
  compare_steps_with_pytorch.py --program build/release/sharpscape [--cifar10 DIR] [--only PART_OF_A_NAME]
"""
import argparse
import pathlib
import sys
import tempfile

import torch

from replay_data import MACHINE, check, conclude, run
from replay_run import compare

SGD = {"optimizer": "sgd", "learning-rate": 0.1}
MOMENTUM = {**SGD, "momentum": 0.9, "clip-norm": 0.3}
ADAMW = {"optimizer": "adamw", "learning-rate": 0.01, "clip-norm": 0.3}
SAM = {"sharpness": "sam", "rho": 0.2}
ASAM = {"sharpness": "asam", "rho": 1.0, "asam-eta": 0.02}
PENALTY = {"sharpness": "penalty", "rho": 0.2, "alpha": 0.7}
UNIT = {**PENALTY, "reference-term": "unit"}
EXACT = {**PENALTY, "penalty-product": "exact"}
GSAM = {"sharpness": "gsam", "rho": 0.2, "alpha": 0.5}
LOOKSAM = {"sharpness": "looksam", "rho": 0.2, "alpha": 0.6, "perturb-every": 2}
FRIENDLY = {"sharpness": "friendly-sam", "rho": 0.2, "friendly-sigma": 0.8, "friendly-lambda": 0.6}

BASES = {
    "sgd": {**SGD, "momentum": 0},
    "sgd momentum": MOMENTUM,
    "sgd nesterov": {**MOMENTUM, "nesterov": True},
    "sgd decoupled": {**MOMENTUM, "weight-decay-mode": "decoupled"},
    "adam": {**ADAMW, "optimizer": "adam", "beta1": 0.8, "beta2": 0.95},
    "adam decoupled": {**ADAMW, "optimizer": "adam", "weight-decay-mode": "decoupled"},
    "adamw": ADAMW,
    "adamw loss": {**ADAMW, "weight-decay-mode": "loss"},
    "lion": {**ADAMW, "optimizer": "lion", "beta1": 0.8, "beta2": 0.95},
    "lion loss": {**ADAMW, "optimizer": "lion", "weight-decay-mode": "loss"},
    "muon": {**ADAMW, "optimizer": "muon", "momentum": 0.8},
    "muon loss": {**ADAMW, "optimizer": "muon", "weight-decay-mode": "loss"},
}

METHODS = {
    "none": {},
    "sam": SAM, "asam": ASAM, "penalty": PENALTY, "penalty unit": UNIT, "penalty exact": EXACT,
    "gsam": GSAM, "looksam": LOOKSAM, "friendly-sam": FRIENDLY,
}

# On momentum SGD.
VARIANTS = {
    **{f"{name} {kind}": {**method, "perturbation": kind} for kind in ("unnormalised", "adaptive", "random")
       for name, method in (("sam", SAM), ("penalty", PENALTY), ("gsam", GSAM), ("looksam", LOOKSAM))},
    **{f"{name} on {only}": {**method, "perturb-only": only} for only in ("weight", "bias")
       for name, method in (("sam", SAM), ("asam", ASAM), ("penalty unit", UNIT), ("friendly-sam", FRIENDLY))},
    **{f"{name} every 2nd step": {**method, "perturb-every": 2}
       for name, method in (("sam", SAM), ("asam", ASAM), ("penalty unit", UNIT), ("penalty exact", EXACT), ("gsam", GSAM), ("friendly-sam", FRIENDLY))},
    "looksam every 3rd step": {**LOOKSAM, "perturb-every": 3},
    "sam random on bias": {**SAM, "perturbation": "random", "perturb-only": "bias"},
    **{f"{name} in groups of 500": {**method, "perturbation-group": 500} for name, method in METHODS.items() if name != "none"},
    "sam random in groups of 500": {**SAM, "perturbation": "random", "perturbation-group": 500},
    **{f"{name} warm-up {kind}": {**method, "penalty-warmup": kind, "penalty-warmup-steps": 3} for kind in ("r", "zero")
       for name, method in (("sam", SAM), ("penalty", PENALTY), ("penalty unit", UNIT), ("penalty exact", EXACT), ("gsam", GSAM), ("looksam", LOOKSAM),
                            ("friendly-sam", FRIENDLY))},
    **{f"{name} warm-up lambda": {**method, "penalty-warmup": "lambda", "penalty-warmup-steps": 3}
       for name, method in (("penalty", PENALTY), ("penalty unit", UNIT), ("penalty exact", EXACT))},
    **{f"schedule {kind}, {w} steps of warm-up": {"schedule": kind, "warmup-steps": w} for kind in ("constant", "cosine", "step") for w in (0, 2)},
    "label smoothing": {**PENALTY, "label-smoothing": 0.1},
    "mse": {**PENALTY, "loss": "mse"},
    "mse exact": {**EXACT, "loss": "mse"},
    "averages": {**SAM, "ema": 0.6, "swa-from": 3},
}

# A network with batch norm, on few digits.
WITH_NORM = {
    "plain": {},
    "sam on norm": {**SAM, "perturb-only": "norm"},
    "sam on bias": {**SAM, "perturb-only": "bias"},
    "asam on norm": {**ASAM, "perturb-only": "norm"},
    "asam on weight": {**ASAM, "perturb-only": "weight"},
    "penalty exact": EXACT,
    "sam in groups of 50": {**SAM, "perturbation-group": 50},
    "muon": {**BASES["muon"], "clip-norm": 0.3},
    "averages": {**SAM, "ema": 0.6, "swa-from": 1, "batch-size": 50, "epochs": 2},
}

# Mini-batches.
STEPPED = {"sgd": {}, "sam": SAM, "penalty": PENALTY}

# Six smooth steps in double: sums in another order, 1e-15 of the gradient each, and what Adam's division by a small sqrt(v) makes of it.
SMOOTH = {"loss": 1e-11, "accuracy": 1e-12, "parameters": 1e-9, "statistics": 1e-10}
# On ReLU and in mini-batches; the clip of MOMENTUM keeps steps short: with long ones rounding grows up to a hundredfold a step on resnet20.
DOUBLE = {"loss": 1e-9, "accuracy": 1e-12, "parameters": 1e-7, "statistics": 1e-10}


def single(images):
    """Float on ReLU: rounding decides at a kink, where the gradient jumps, and on which side of a boundary one of `images` lies."""
    return {"loss": 1e-5, "accuracy": 1.01 / images, "parameters": 1e-3, "statistics": 1e-6}


def small_cifar10(source, folder):
    """The format with 256 images to train on (and one in each file behind) and 100 to test, so that evaluations are quick."""
    record = 3073
    folder.mkdir()
    for name, records in [("data_batch_1.bin", 256), *((f"data_batch_{i}.bin", 1) for i in range(2, 6)), ("test_batch.bin", 100)]:
        with open(pathlib.Path(source) / name, "rb") as file:
            (folder / name).write_bytes(file.read(record * records))
    return folder


def words(flags):
    result = []
    for key, value in flags.items():
        result += [f"--{key}"] if value is True else [f"--{key}", value]
    return result


class Comparison:
    def __init__(self, program, folder, only):
        self.program, self.folder, self.only, self.count = program, folder, only, 0

    def __call__(self, name, flags, tolerances):
        if self.only not in name:
            return
        self.count += 1
        out = self.folder / f"run{self.count}"
        run(self.program, "train", "--seed", self.count, "--checkpoint-every", 1000, *MACHINE, "--out", out, *words(flags))
        compare(name, out, tolerances)


def full_batches(compared):
    common = {"data": "digits", "model": "mlp:64-24-16-10", "activation": "tanh", "precision": "double", "batch-size": "all", "epochs": 6, "weight-decay": 0.001}
    for base, flags in BASES.items():
        for method, more in METHODS.items():
            compared(f"{base}, {method}", {**common, **flags, **more}, SMOOTH)
    for name, flags in VARIANTS.items():
        compared(name, {**common, **MOMENTUM, **flags}, SMOOTH)
    for name, flags in WITH_NORM.items():
        compared(f"resnet20, {name}", {**common, **MOMENTUM, "model": "resnet20", "activation": "relu", "data-limit": 120, **flags}, DOUBLE)


def mini_batches(compared, cifar10):
    common = {"epochs": 1, "batch-size": 64, "weight-decay": 0.001, **MOMENTUM}
    for precision in ("double", "float"):
        for method, flags in STEPPED.items():
            mlp = {**common, "data": "digits", "model": "mlp:64-32-16-10", "dropout": 0.3, "precision": precision, **flags}
            compared(f"mlp with dropout, {method}, {precision}", mlp, DOUBLE if precision == "double" else single(355))
            for augment in ("none", "standard") if cifar10 else ():
                resnet = {**common, "data": f"cifar10:{cifar10}", "data-limit": 256, "model": "resnet20", "augment": augment, "precision": precision, **flags}
                compared(f"resnet20 on cifar10, augment {augment}, {method}, {precision}", resnet, DOUBLE if precision == "double" else single(100))
    if not cifar10:
        print("skipped resnet20 on cifar10: no --cifar10 DIR with the binary version", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="path of sharpscape")
    parser.add_argument("--cifar10", help="folder with data_batch_1.bin ... test_batch.bin")
    parser.add_argument("--only", default="", help="only comparisons whose name holds this")
    given = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="sharpscape-compare-") as temporary:
        folder = pathlib.Path(temporary)
        compared = Comparison(given.program, folder, given.only)
        full_batches(compared)
        mini_batches(compared, given.cifar10 and small_cifar10(given.cifar10, folder / "cifar10"))
        check(f"runs compared: {compared.count}; none", int(compared.count == 0), 0)
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
