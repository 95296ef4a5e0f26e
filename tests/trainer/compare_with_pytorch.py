#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Training replayed with PyTorch from the run folder alone: data, start, order, losses, evaluations, parameters.

Needs torch, numpy and safetensors. Prints a line a check; exits 1 when one fails.
  compare_with_pytorch.py --program build/release/sharpscape
"""
import argparse
import csv
import gzip
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

DIGITS = pathlib.Path(__file__).resolve().parents[2] / "resources" / "data" / "digits.csv.gz"
MASK = (1 << 64) - 1
MACHINE = ["--device", "cpu", "--threads", 1, "--json"]
failures = 0


def check(name, difference, tolerance):
    global failures
    passed = difference <= tolerance  # False for NaN
    failures += not passed
    print(f"{'passed' if passed else 'FAILED'}  {name}: {difference:.2e} (at most {tolerance:.0e})", flush=True)


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def read_digits():
    """The 5th, 10th, ... image of each class in file order is test, the rest train: raw pixels and labels."""
    with gzip.open(DIGITS, "rt") as file:
        rows = numpy.array([[int(word) for word in line.split(",")] for line in file])
    seen = [0] * 10
    test = numpy.zeros(len(rows), dtype=bool)
    for i, label in enumerate(rows[:, -1]):
        seen[label] += 1
        test[i] = seen[label] % 5 == 0
    return rows[~test], rows[test]


def tensors(rows, normalisation, dtype):
    """x = (pixel / scale - mean) / std, [N,1,8,8]."""
    x = torch.tensor(rows[:, :-1], dtype=dtype).view(-1, 1, 8, 8)
    x = (x / normalisation["scale"] - normalisation["mean"][0]) / normalisation["std"][0]
    return x, torch.tensor(rows[:, -1])


class Mlp(nn.Module):
    def __init__(self, widths, activation):
        super().__init__()
        self.activation = activation
        self.depth = len(widths) - 1
        for i in range(1, len(widths)):
            setattr(self, f"fc{i}", nn.Linear(widths[i - 1], widths[i]))

    def forward(self, x):
        x = x.flatten(1)
        for i in range(1, self.depth + 1):
            x = getattr(self, f"fc{i}")(x)
            if i < self.depth:
                x = self.activation(x)
        return x


class Cnn(nn.Module):
    def __init__(self, activation):
        super().__init__()
        self.activation = activation
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4 * 4, 10)

    def forward(self, x):
        x = self.activation(self.conv2(self.activation(self.conv1(x))))
        return self.fc(functional.max_pool2d(x, 2).flatten(1))


def batches_by_hand(count, size, seed, epoch):
    """The documented order: FNV-1a of "order/<epoch>" folded into the seed, SplitMix64, Fisher-Yates from the top."""
    def mix(z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    name = 0xCBF29CE484222325
    for c in f"order/{epoch}".encode():
        name = ((name ^ c) * 0x100000001B3) & MASK
    state = mix(mix((seed + 0x9E3779B97F4A7C15) & MASK) ^ name)
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        bound = i + 1
        while True:
            state = (state + 0x9E3779B97F4A7C15) & MASK
            r = mix(state)
            if r >= (1 << 64) % bound:
                break
        order[i], order[r % bound] = order[r % bound], order[i]
    return [order[k:k + size] for k in range(0, count, size)]


def gradient(model, x, y, decay):
    """Loss and gradient of cross entropy + (decay/2) sum of squares of all parameters."""
    loss = functional.cross_entropy(model(x), y) + 0.5 * decay * sum(p.square().sum() for p in model.parameters())
    return loss.item(), torch.autograd.grad(loss, list(model.parameters()))


def norm(g):
    return math.sqrt(sum(t.double().square().sum().item() for t in g))


def step_gradient(model, x, y, spec):
    """The combined and clipped gradient of one step, with loss and gradient norm before it; parameters are put back from a copy."""
    decay = spec["weight_decay"]
    loss, g1 = gradient(model, x, y, decay)
    length = norm(g1)
    g = g1
    if spec["sharpness"] != "none":
        kept = [p.detach().clone() for p in model.parameters()]
        with torch.no_grad():
            for p, d in zip(model.parameters(), g1):
                p += spec["rho"] / length * d
        _, g2 = gradient(model, x, y, decay)
        with torch.no_grad():
            for p, k in zip(model.parameters(), kept):
                p.copy_(k)
        alpha = 1.0 if spec["sharpness"] == "sam" else spec["alpha"]
        reference = 1 / length if spec.get("reference_term") == "unit" else 1.0
        g = [(1 - alpha) * reference * a + alpha * b for a, b in zip(g1, g2)]
    clip = spec.get("clip_norm")
    if clip is not None:
        g = [min(1.0, clip / norm(g)) * t for t in g]
    return loss, length, g


def evaluate(model, x, y):
    with torch.no_grad():
        logits = model(x)
        return functional.cross_entropy(logits.double(), y).item(), (logits.argmax(1) == y).double().mean().item()


def read_csv(path):
    with open(path, newline="") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def replay(program, folder, name, make_model, flags, tolerances):
    out = folder / name
    summary = run(program, "train", "--data", "digits", "--epochs", 2, "--checkpoint-every", 1, *MACHINE, "--out", out, *flags)
    spec = json.loads((out / "spec.json").read_text())
    dtype = torch.float64 if spec["precision"] == "double" else torch.float32
    train_rows, test_rows = read_digits()
    x, y = tensors(train_rows, spec["normalisation"], dtype)
    x_test, y_test = tensors(test_rows, spec["normalisation"], dtype)
    steps, evaluations = read_csv(out / "steps.csv"), read_csv(out / "evals.csv")

    model = make_model().to(dtype)
    model.load_state_dict(load_file(out / "checkpoints" / "step_00000000.safetensors"), strict=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=spec["learning_rate"], momentum=spec["momentum"], nesterov=spec["nesterov"])
    losses, norms, rates, measured = [], [], [], [evaluate(model, x, y) + evaluate(model, x_test, y_test)]
    total = len(steps)
    for epoch in range(spec["epochs"]):
        for batch in run(program, "info", out, "--batches", epoch, "--json")["batches"]:
            loss, length, g = step_gradient(model, x[batch], y[batch], spec)
            rate = spec["learning_rate"]
            if spec["schedule"] == "cosine":
                rate *= 0.5 * (1 + math.cos(math.pi * len(losses) / total))
            optimizer.param_groups[0]["lr"] = rate
            for p, t in zip(model.parameters(), g):
                p.grad = t.clone()
            optimizer.step()
            losses.append(loss)
            norms.append(length)
            rates.append(rate)
        measured.append(evaluate(model, x, y) + evaluate(model, x_test, y_test))

    def worst(values, key):
        if len(values) != len(steps):
            return math.inf
        return max(abs(v - row[key]) / max(1.0, abs(v)) for v, row in zip(values, steps))

    check(f"{name}: loss of every step", worst(losses, "loss"), tolerances["loss"])
    check(f"{name}: gradient norm of every step", worst(norms, "gradient_norm"), tolerances["loss"])
    check(f"{name}: learning rate of every step", worst(rates, "learning_rate"), 1e-12)
    keys = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"]
    for k, key in enumerate(keys):
        difference = max(abs(row[k] - logged[key]) for row, logged in zip(measured, evaluations)) if len(measured) == len(evaluations) else math.inf
        # One image of 355 may sit on a boundary in float.
        check(f"{name}: {key} of every epoch", difference, tolerances["loss"] if key.endswith("loss") else tolerances["accuracy"])
    check(f"{name}: train loss in the summary", abs(summary["train_loss"] - evaluations[-1]["train_loss"]), 0)
    last = out / "checkpoints" / f"step_{total:08d}.safetensors"
    theirs = load_file(last)
    ours = model.state_dict()
    difference = max((theirs[k] - ours[k]).abs().max().item() for k in ours) if theirs.keys() == ours.keys() else math.inf
    check(f"{name}: parameters at the end", difference, tolerances["parameters"])
    with safe_open(last, "pt") as file:
        check(f"{name}: step in the checkpoint's metadata", abs(int(file.metadata()["step"]) - total), 0)
    buffers = load_file(last.with_name(f"step_{total:08d}.optimizer.safetensors"))
    difference = max((buffers[k] - optimizer.state[p]["momentum_buffer"]).abs().max().item() for k, p in model.named_parameters())
    check(f"{name}: momentum at the end", difference, tolerances["parameters"])
    _, g = gradient(model, x, y, spec["weight_decay"])
    check(f"{name}: gradient norm in the summary", abs(norm(g) - summary["gradient_norm"]), 10 * tolerances["loss"])
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="path of sharpscape")
    program = parser.parse_args().program
    torch.set_num_threads(1)
    train_rows, test_rows = read_digits()
    check("digits: images in train and test", abs(len(train_rows) - 1442) + abs(len(test_rows) - 355), 0)

    def mlp():
        return Mlp([64, 16, 10], torch.tanh)

    # Sums in another order, in double: 1e-15 a step, grown over 46 steps. In float 1e-7 a step, on a smooth network: at a kink of ReLU
    # rounding decides on which side a unit is, and the gradient jumps (2e-5 of its norm, seen in single steps), so ReLU is compared in double.
    double = {"loss": 1e-11, "parameters": 1e-11, "accuracy": 1e-12}
    single = {"loss": 1e-5, "parameters": 1e-4, "accuracy": 3e-3}
    flags = ["--model", "mlp:64-16-10", "--activation", "tanh", "--precision", "double", "--weight-decay", 0.001, "--learning-rate", 0.1]
    clip = ["--clip-norm", 0.5]
    with tempfile.TemporaryDirectory(prefix="sharpscape-compare-") as temporary:
        folder = pathlib.Path(temporary)
        out = replay(program, folder, "none", mlp, [*flags, *clip], double)
        spec = json.loads((out / "spec.json").read_text())
        pixels = train_rows[:, :-1] / 16.0
        check("digits: mean of the training part", abs(spec["normalisation"]["mean"][0] - pixels.mean()), 1e-12)
        check("digits: deviation of the training part", abs(spec["normalisation"]["std"][0] - pixels.std()), 1e-12)
        for epoch in range(2):
            printed = run(program, "info", out, "--batches", epoch, "--json")["batches"]
            check(f"batches of epoch {epoch} by hand", int(printed != batches_by_hand(1442, 64, spec["seed"], epoch)), 0)
        replay(program, folder, "nesterov", mlp, [*flags, "--nesterov", "--schedule", "constant", "--batch-size", 100, "--seed", 5], double)
        replay(program, folder, "sam", mlp, [*flags, *clip, "--sharpness", "sam", "--rho", 0.1], double)
        penalty = ["--sharpness", "penalty", "--rho", 0.2, "--alpha", 0.8]
        replay(program, folder, "penalty", mlp, [*flags, *clip, *penalty], double)
        replay(program, folder, "penalty unit", mlp, [*flags, *clip, *penalty, "--reference-term", "unit"], double)
        convolutional = ["--model", "cnn", "--weight-decay", 0.001, *clip, *penalty]
        replay(program, folder, "cnn", lambda: Cnn(torch.relu), [*convolutional, "--precision", "double"], double)
        replay(program, folder, "cnn, float", lambda: Cnn(torch.tanh), [*convolutional, "--activation", "tanh"], single)
    print("all passed" if failures == 0 else f"{failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
