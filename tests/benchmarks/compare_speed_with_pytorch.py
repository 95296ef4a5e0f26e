#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time of a training step against the same step in PyTorch (Python): pairs of short runs in turn, the median step of each, the median of the pairs' ratios.
PyTorch's side is channels last.

Needs torch and numpy, and for resnet20 a folder with CIFAR-10's binary batches.
  compare_speed_with_pytorch.py --program build/release/sharpscape-headless [--threads 2] [--pairs 20] [--cifar10 DIR] [--models cnn,lenet,resnet20] [--contiguous]
"""
import argparse
import csv
import gzip
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from torch.nn import functional

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "trainer"))
from replay_networks import build  # noqa: E402

METHODS = {"none": [], "sam": ["--sharpness", "sam", "--rho", "0.05"], "penalty": ["--sharpness", "penalty", "--rho", "0.1", "--alpha", "0.8"]}


def data_of(model, arguments):
    """The program's words for it, bytes [N,C,H,W], labels, scale, batch size."""
    if model == "cnn":
        rows = numpy.loadtxt(gzip.open(ROOT / "resources/data/digits.csv.gz", "rt"), delimiter=",", dtype=numpy.int64)
        return "digits", rows[:, :64].reshape(-1, 1, 8, 8).astype(numpy.uint8), rows[:, 64], 16, 64
    if model == "lenet":
        generator = numpy.random.default_rng(0)
        folder = pathlib.Path(arguments.work) / "idx"
        folder.mkdir(exist_ok=True)
        for part, count in (("train", 6000), ("t10k", 100)):
            images, labels = generator.integers(0, 256, (count, 28, 28), dtype=numpy.uint8), generator.integers(0, 10, count, dtype=numpy.uint8)
            labels[:10] = numpy.arange(10)
            (folder / f"{part}-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + numpy.array([count, 28, 28], dtype=">i4").tobytes() + images.tobytes())
            (folder / f"{part}-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01" + numpy.array([count], dtype=">i4").tobytes() + labels.tobytes())
            if part == "train":
                kept = images[:, None], labels.astype(numpy.int64)
        return f"idx:{folder}", *kept, 255, 128
    raw = numpy.frombuffer((pathlib.Path(arguments.cifar10) / "data_batch_1.bin").read_bytes(), dtype=numpy.uint8).reshape(-1, 3073)
    return f"cifar10:{arguments.cifar10}", raw[:, 1:].reshape(-1, 3, 32, 32), raw[:, 0].astype(numpy.int64), 255, 128


class PyTorchTraining:
    """SGD with momentum on data kept as bytes, logging loss and gradient norm each step, as the program does."""

    def __init__(self, model, images, labels, scale, batch, layout):
        self.model, self.batch, self.scale = build({"model": model, "precision": "float"}, images.shape[1], 10).to(memory_format=layout), batch, scale
        self.images, self.labels = torch.tensor(images).contiguous(memory_format=layout), torch.tensor(labels)
        mean, deviation = images.mean((0, 2, 3)) / scale, images.std((0, 2, 3)) / scale
        self.mean, self.deviation = (torch.tensor(v, dtype=torch.float32).view(1, -1, 1, 1) for v in (mean, deviation))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.05, momentum=0.9)

    def gradient(self, x, y):
        self.optimizer.zero_grad()
        loss = functional.cross_entropy(self.model(x), y)
        loss.backward()
        return loss

    def step(self, method, items):
        x = (self.images[items].float() / self.scale - self.mean) / self.deviation
        y = self.labels[items]
        loss = self.gradient(x, y)
        parameters = list(self.model.parameters())
        first = [p.grad.clone() for p in parameters]
        norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in first]))
        if method != "none":
            rho, alpha = (0.05, 1.0) if method == "sam" else (0.1, 0.8)
            kept = [p.detach().clone() for p in parameters]
            with torch.no_grad():
                for p, g in zip(parameters, first):
                    p.add_(g, alpha=rho / norm.item())
            self.gradient(x, y)
            with torch.no_grad():
                for p, k, g in zip(parameters, kept, first):
                    p.copy_(k)
                    if alpha < 1:
                        p.grad.mul_(alpha).add_(g, alpha=1 - alpha)
        self.optimizer.step()
        return loss.item(), norm.item()

    def median_step(self, method, steps):
        seconds = []
        order = torch.randperm(len(self.labels))
        for i in range(steps):
            items = order[i * self.batch:(i + 1) * self.batch]
            started = time.perf_counter()
            self.step(method, items)
            seconds.append(time.perf_counter() - started)
        return statistics.median(seconds[2:])


def our_median_step(arguments, words, model, batch, method, steps):
    with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
        out = pathlib.Path(folder) / "run"
        subprocess.run([arguments.program, "train", *words, "--model", model, "--data-limit", str(steps * batch), "--epochs", "1", "--batch-size", str(batch), *METHODS[method],
                        "--schedule", "constant", "--augment", "none", "--threads", str(arguments.threads), "--device", "cpu", "--quiet", "--out", out], check=True, stdout=subprocess.DEVNULL)
        at = [0.0] + [float(row["seconds"]) for row in csv.DictReader((out / "steps.csv").open())]
        return statistics.median([b - a for a, b in zip(at, at[1:])][2:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--cifar10")
    parser.add_argument("--contiguous", action="store_true", help="PyTorch's side in its usual layout instead of channels last")
    parser.add_argument("--models", default="cnn,lenet,resnet20")
    arguments = parser.parse_args()
    arguments.program = arguments.program.resolve()
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory(prefix="sharpscape-speed-") as arguments.work:
        for model in arguments.models.split(","):
            data, images, labels, scale, batch = data_of(model, arguments)
            theirs = PyTorchTraining(model, images, labels, scale, batch, torch.contiguous_format if arguments.contiguous else torch.channels_last)
            ours_by, theirs_by = {m: [] for m in METHODS}, {m: [] for m in METHODS}
            for _ in range(arguments.pairs):
                for method in METHODS:
                    ours_by[method].append(our_median_step(arguments, ["--data", data], model, batch, method, arguments.steps))
                    theirs_by[method].append(theirs.median_step(method, arguments.steps))
            for method in METHODS:
                ratio = statistics.median(a / b for a, b in zip(ours_by[method], theirs_by[method]))
                line = f"{model:9} {method:8} ours {1e3 * statistics.median(ours_by[method]):8.2f} ms  PyTorch {1e3 * statistics.median(theirs_by[method]):8.2f} ms  ratio {ratio:.2f}"
                if method != "none":
                    line += f"  of our plain step {statistics.median(a / b for a, b in zip(ours_by[method], ours_by['none'])):.2f}"
                print(line, flush=True)


if __name__ == "__main__":
    main()
