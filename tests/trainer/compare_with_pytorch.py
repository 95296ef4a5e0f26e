#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Training replayed with PyTorch from the run folder alone: data, start, order, losses, evaluations, parameters, and what the summary says of them.

Needs torch, numpy and safetensors. Prints a line a check; exits 1 when one fails.
  compare_with_pytorch.py --program build/release/sharpscape
"""
import argparse
import pathlib
import sys
import tempfile

import torch
from safetensors import safe_open
from safetensors.torch import load_file

from replay_data import MACHINE, batches_of, check, conclude, read_digits, run
from replay_run import compare
from replay_steps import gradient, norm


def replay(program, folder, name, flags, tolerances):
    out = folder / name
    summary = run(program, "train", "--data", "digits", "--epochs", 2, "--checkpoint-every", 1, *MACHINE, "--out", out, *flags)
    trained = compare(name, out, tolerances)
    check(f"{name}: train loss in the summary", abs(summary["train_loss"] - trained.measured[""][-1][1]), tolerances["loss"])
    trained.net.eval()
    g = gradient(trained.net, trained.x, trained.y, trained.spec)[1]
    check(f"{name}: gradient norm in the summary", abs(norm(g) - summary["gradient_norm"]), 10 * tolerances["loss"])
    with safe_open(trained.file(trained.total), "pt") as file:
        check(f"{name}: step in the checkpoint's metadata", abs(int(file.metadata()["step"]) - trained.total), 0)
    kept, state = load_file(trained.file(trained.total, ".optimizer")), trained.base.optimizers[0].state
    momentum = [state[p]["momentum_buffer"] for p in trained.base.parameters]
    difference = [a - kept[f"momentum/{key}"] for a, (key, _) in zip(momentum, trained.net.named_parameters())]
    check(f"{name}: momentum at the end, relative", norm(difference) / norm(momentum), tolerances["parameters"])
    return trained


def check_digits(program, trained):
    train_rows, test_rows = read_digits()
    check("digits: images in train and test", abs(len(train_rows) - 1442) + abs(len(test_rows) - 355), 0)
    pixels, normalisation = train_rows[:, :-1] / 16.0, trained.spec["normalisation"]
    check("digits: mean of the training part", abs(normalisation["mean"][0] - pixels.mean()), 1e-12)
    check("digits: deviation of the training part", abs(normalisation["std"][0] - pixels.std()), 1e-12)
    for epoch in range(2):
        printed = run(program, "info", trained.folder, "--batches", epoch, "--json")["batches"]
        check(f"batches of epoch {epoch} by hand", int(printed != batches_of(1442, 64, trained.spec["seed"], epoch)), 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="path of sharpscape")
    program = parser.parse_args().program
    torch.set_num_threads(1)

    # Sums in another order, in double: 1e-15 a step, grown over 46 steps. In float 1e-7 a step, on a smooth network: at a kink of ReLU
    # rounding decides on which side a unit is, and the gradient jumps (2e-5 of its norm, seen in single steps), so ReLU is compared in double.
    # One image of 355 may sit on a boundary in float.
    double = {"loss": 1e-11, "parameters": 1e-11, "accuracy": 1e-12}
    single = {"loss": 1e-5, "parameters": 1e-4, "accuracy": 3e-3}
    flags = ["--model", "mlp:64-16-10", "--activation", "tanh", "--precision", "double", "--weight-decay", 0.001, "--learning-rate", 0.1]
    clip = ["--clip-norm", 0.5]
    with tempfile.TemporaryDirectory(prefix="sharpscape-compare-") as temporary:
        folder = pathlib.Path(temporary)
        check_digits(program, replay(program, folder, "none", [*flags, *clip], double))
        replay(program, folder, "nesterov", [*flags, "--nesterov", "--schedule", "constant", "--batch-size", 100, "--seed", 5], double)
        replay(program, folder, "sam", [*flags, *clip, "--sharpness", "sam", "--rho", 0.1], double)
        penalty = ["--sharpness", "penalty", "--rho", 0.2, "--alpha", 0.8]
        replay(program, folder, "penalty", [*flags, *clip, *penalty], double)
        replay(program, folder, "penalty unit", [*flags, *clip, *penalty, "--reference-term", "unit"], double)
        convolutional = ["--model", "cnn", "--weight-decay", 0.001, *clip, *penalty]
        replay(program, folder, "cnn", [*convolutional, "--precision", "double"], double)
        replay(program, folder, "cnn, float", [*convolutional, "--activation", "tanh"], single)
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
