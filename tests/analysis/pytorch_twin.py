# SPDX-License-Identifier: GPL-3.0-or-later
"""The digits, two networks and their loss in PyTorch, and what a comparison prints: shared by compare_with_pytorch.py."""
import gzip
import json
import pathlib
import subprocess
import sys

import numpy
import torch
from safetensors.torch import load_file
from torch import nn
from torch.func import functional_call
from torch.nn import functional

DIGITS = pathlib.Path(__file__).resolve().parents[2] / "resources" / "data" / "digits.csv.gz"
MACHINE = ["--device", "cpu", "--threads", 1, "--json"]
failures = 0


def check(name, difference, tolerance):
    global failures
    passed = difference <= tolerance  # False for NaN
    failures += not passed
    print(f"{'passed' if passed else 'FAILED'}  {name}: {difference:.2e} (at most {tolerance:.1e})", flush=True)


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def read_digits(normalisation):
    """x = (pixel / scale - mean) / std [N,1,8,8] double, and labels; the 5th, 10th, ... image of each class in file order is test."""
    with gzip.open(DIGITS, "rt") as file:
        rows = numpy.array([[int(word) for word in line.split(",")] for line in file])
    seen = [0] * 10
    test = numpy.zeros(len(rows), dtype=bool)
    for i, label in enumerate(rows[:, -1]):
        seen[label] += 1
        test[i] = seen[label] % 5 == 0
    x = torch.tensor(rows[:, :-1], dtype=torch.float64).view(-1, 1, 8, 8)
    x = (x / normalisation["scale"] - normalisation["mean"][0]) / normalisation["std"][0]
    y = torch.tensor(rows[:, -1])
    return {"train": (x[~test], y[~test]), "test": (x[test], y[test])}


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 8)
        self.fc2 = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x.flatten(1))))


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4 * 4, 10)

    def forward(self, x):
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        return self.fc(functional.max_pool2d(x, 2).flatten(1))


class Problem:
    """The mean loss of a checkpoint as a function of a flat vector in double, in the state dict's order."""

    def __init__(self, folder, model, split):
        self.spec = json.loads((folder / "spec.json").read_text())
        self.data = read_digits(self.spec["normalisation"])
        self.x, self.y = self.data[split]
        self.model = model.double()
        last = sorted(p for p in (folder / "checkpoints").glob("step_*.safetensors") if ".optimizer." not in p.name)[-1]
        self.model.load_state_dict({k: v.double() for k, v in load_file(last).items()}, strict=True)
        self.names = [name for name, _ in self.model.named_parameters()]
        self.shapes = [p.shape for p in self.model.parameters()]
        self.theta = self.flat(dict(self.model.named_parameters()))

    def flat(self, tensors):
        return torch.cat([tensors[name].detach().double().flatten() for name in self.names])

    def logits(self, theta, x):
        pieces = torch.split(theta, [s.numel() for s in self.shapes])
        return functional_call(self.model, {n: p.view(s) for n, p, s in zip(self.names, pieces, self.shapes)}, (x,))

    def loss(self, theta):
        return functional.cross_entropy(self.logits(theta, self.x), self.y)

    def values(self, theta, split):
        x, y = self.data[split]
        with torch.no_grad():
            logits = self.logits(theta, x)
            return functional.cross_entropy(logits, y).item(), (logits.argmax(1) == y).double().mean().item()

    def product(self):
        """v -> H v, by double backward through a graph that is kept."""
        theta = self.theta.clone().requires_grad_()
        (g,) = torch.autograd.grad(self.loss(theta), theta, create_graph=True)
        return lambda v: torch.autograd.grad(g, theta, v, retain_graph=True)[0]

    def dense(self):
        h = torch.func.hessian(self.loss)(self.theta)
        return torch.linalg.eigvalsh((h + h.T) / 2)


def lanczos_ends(product, size, tolerance):
    """The largest and smallest eigenvalue and their residuals, by Lanczos with full re-orthogonalisation."""
    generator = torch.Generator().manual_seed(1)
    q = torch.randn(size, generator=generator, dtype=torch.float64)
    basis, alpha, beta = [q / q.norm()], [], []
    while len(alpha) < 400:
        w = product(basis[-1])
        alpha.append((w @ basis[-1]).item())
        matrix = torch.stack(basis)
        for _ in range(2):
            w = w - matrix.T @ (matrix @ w)
        beta.append(w.norm().item())
        if len(alpha) % 10 == 0:
            t = torch.diag(torch.tensor(alpha)) + torch.diag(torch.tensor(beta[:-1]), 1) + torch.diag(torch.tensor(beta[:-1]), -1)
            values, vectors = torch.linalg.eigh(t)
            residuals = (beta[-1] * vectors[-1]).abs()
            if max(residuals[0], residuals[-1]) <= tolerance * values.abs().max():
                break
        basis.append(w / beta[-1])
    return values[-1].item(), residuals[-1].item(), values[0].item(), residuals[0].item()
